"""Where snapshots and verdict files lie on disk."""

from pathlib import Path

from django.conf import settings

from lika.snapshots.models import Screening, Snapshot


def snapshots_folder() -> Path:
    """The folder of all snapshots of this installation."""
    return Path(settings.LIKA.data_dir) / "snapshots"


def folder_of(snapshot: Snapshot) -> Path:
    """The folder of one snapshot."""
    return snapshots_folder() / snapshot.folder


def screenings_folder() -> Path:
    """The folder of the verdict files of all screenings."""
    return Path(settings.LIKA.data_dir) / "screenings"


def verdicts_of(screening: Screening) -> Path:
    """The folder of the verdict files of one screening."""
    return screenings_folder() / str(screening.pk)
