"""All checks of a loaded workbook. Every rule of `lika.collection.rules` is found by a reader or by one of these."""

import datetime as dt

from lika.collection.checks import places, quality, standing, status, structure
from lika.collection.checks.areas import bounds
from lika.collection.checks.runner import run
from lika.collection.findings import FindingLog
from lika.collection.reading.loading import Loaded
from lika.core.actors import Actor
from lika.core.permissions import Permission

__all__ = ["check"]


def check(loaded: Loaded, log: FindingLog, *, by: Actor, today: dt.date) -> None:
    """Find everything that is wrong with the staged rows; `bulk.match` has run."""
    arguments = (
        {"today": today, "moves": status.allowed_moves()}
        | quality.arguments()
        | bounds("import", by.area_for(Permission.REGISTER_IMPORT))
        | bounds("status", by.area_for(Permission.REGISTER_STATUS))
    )
    for group in (structure, places, standing, status, quality):
        run(group.CHECKS, loaded, log, arguments)
