"""Named writes: taking a snapshot, screening it, making its verdicts current."""

from lika.snapshots.actions.screenings import screen
from lika.snapshots.actions.snapshots import take

__all__ = ["screen", "take"]
