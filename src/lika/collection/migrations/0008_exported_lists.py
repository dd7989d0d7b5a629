from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collection", "0007_found_differences")]

    operations = [
        migrations.AddField(
            model_name="export",
            name="definition",
            field=models.TextField(blank=True, help_text="Of a list: what its address chose. It names nobody."),
        ),
        migrations.AddField(
            model_name="export",
            name="page",
            field=models.CharField(blank=True, help_text="Of a list: its name; empty: the register.", max_length=20),
        ),
    ]
