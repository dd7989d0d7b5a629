import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("snapshots", "0004_summary"),
    ]

    operations = [
        migrations.CreateModel(
            name="StatusRollUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division", models.BigIntegerField()),
                ("level", models.PositiveSmallIntegerField()),
                ("status", models.CharField(help_text="CL-POVSTAT.", max_length=2)),
                ("persons", models.PositiveIntegerField()),
                ("met", models.PositiveIntegerField()),
                ("not_met", models.PositiveIntegerField()),
                ("unknown", models.PositiveIntegerField()),
                (
                    "screening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="status_rollups",
                        to="snapshots.screening",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("screening", "level", "division", "status"), name="statusrollup_once"
                    )
                ],
            },
        ),
    ]
