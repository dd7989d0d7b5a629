from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("snapshots", "0002_verdictfile_sha256"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="rollup",
            index=models.Index(fields=["screening", "criterion", "level", "division"], name="rollup_by_criterion"),
        ),
    ]
