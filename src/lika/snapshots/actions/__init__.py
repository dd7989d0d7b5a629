"""Named writes: taking a snapshot, handing it up, taking one in, merging; screening; making verdicts current."""

from lika.snapshots.actions.handing import distrust, hand_up, receive, report_duplicates, trust
from lika.snapshots.actions.merging import merge
from lika.snapshots.actions.screenings import screen
from lika.snapshots.actions.snapshots import take

__all__ = ["distrust", "hand_up", "merge", "receive", "report_duplicates", "screen", "take", "trust"]
