"""Verdict files are pinned by the SHA-256 of their bytes; those that exist are hashed as they lie."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.db import migrations, models


def hash_files(apps, schema_editor):
    """A file that is not there keeps an empty hash, which no file can match."""
    folder = Path(settings.LIKA.data_dir) / "screenings"
    for row in apps.get_model("snapshots", "VerdictFile").objects.iterator():
        path = folder / str(row.screening_id) / row.unit_kind / f"county={row.county:06d}.parquet"
        if path.is_file():
            row.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            row.save(update_fields=["sha256"])


class Migration(migrations.Migration):
    dependencies = [("snapshots", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="verdictfile",
            name="sha256",
            field=models.CharField(max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(hash_files, migrations.RunPython.noop),
    ]
