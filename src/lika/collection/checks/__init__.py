"""All checks of a loaded workbook. Every rule of `lika.collection.rules` is found by a reader or by one of these."""

import datetime as dt

from lika.collection.checks import places, quality, standing, structure
from lika.collection.checks.runner import run
from lika.collection.findings import FindingLog
from lika.collection.reading.loading import Loaded
from lika.core.areas import Area
from lika.register.choices.states import POVERTY_MOVES

__all__ = ["check"]


def check(loaded: Loaded, log: FindingLog, *, area: Area, today: dt.date) -> None:
    """Find everything that is wrong with the staged rows; `bulk.match` has run."""
    arguments = quality.arguments() | {
        "today": today,
        "low": [low for low, _high in area.ranges],
        "high": [high for _low, high in area.ranges],
        "moves": [f"{old}>{new}" for old, targets in POVERTY_MOVES.items() for new in targets],
    }
    for group in (structure, places, standing, quality):
        run(group.CHECKS, loaded, log, arguments)
