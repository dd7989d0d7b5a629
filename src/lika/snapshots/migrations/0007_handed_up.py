import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("snapshots", "0006_drafts_left_out")]

    operations = [
        migrations.CreateModel(
            name="SnapshotSender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "division",
                    models.BigIntegerField(help_text="12-digit code of the sender's area, as a number."),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "fingerprint",
                    models.CharField(help_text="What tells its key from others.", max_length=32, unique=True),
                ),
                ("public_key", models.BinaryField(help_text="Ed25519, raw.", max_length=32)),
                ("added_by", models.CharField(max_length=150)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"verbose_name": "sender of snapshots", "ordering": ["division", "added_at"]},
        ),
        migrations.AddField(
            model_name="snapshot",
            name="made_of",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                default=list,
                help_text="The snapshots it was merged from.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="sender",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="snapshots.snapshotsender",
            ),
        ),
    ]
