"""Named reads of rounds."""

from lika.collection.rounds.queries.lists import (
    Progress,
    RoundLine,
    VillageLine,
    progress,
    round_in_sight,
    rounds_in_sight,
    submission_in_sight,
)
from lika.collection.rounds.queries.villages import (
    Standing,
    StandingLine,
    history,
    lines_shown,
    remarks_on,
    village_standing,
)
from lika.collection.rounds.queries.waiting import RoundWaiting, submission_to_fill, waiting_rounds
from lika.collection.rounds.queries.workbooks import last_workbook

__all__ = [
    "Progress",
    "RoundLine",
    "RoundWaiting",
    "Standing",
    "StandingLine",
    "VillageLine",
    "history",
    "last_workbook",
    "lines_shown",
    "progress",
    "remarks_on",
    "round_in_sight",
    "rounds_in_sight",
    "submission_in_sight",
    "submission_to_fill",
    "village_standing",
    "waiting_rounds",
]
