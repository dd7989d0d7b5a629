"""All checks of a loaded workbook. Every rule of `lika.collection.rules` is found by a reader or by one of these.

Last come the rules of quality of the packs.
"""

import datetime as dt
from collections.abc import Iterator

from lika.collection.checks import items, library, places, quality, standing, status, structure
from lika.collection.checks.areas import bounds
from lika.collection.checks.runner import run
from lika.collection.findings import FindingLog
from lika.collection.reading.onward import Loaded
from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.policy.collected import collected

__all__ = ["CHECK_STEPS", "check"]


_GROUPS = (structure, places, items, standing, status, quality)
CHECK_STEPS = len(_GROUPS) + 1


def check(loaded: Loaded, log: FindingLog, *, by: Actor, today: dt.date) -> Iterator[None]:
    """Find all that is wrong with the staged rows; `bulk.match` has run. Yields `CHECK_STEPS` times on the way."""
    arguments = (
        {"today": today, "moves": status.allowed_moves()}
        | bounds("import", by.area_for(Permission.REGISTER_IMPORT))
        | bounds("status", by.area_for(Permission.REGISTER_STATUS))
        | items.arguments(collected())
    )
    for group in _GROUPS:
        yield
        run(group.CHECKS, loaded, log, arguments)
    yield
    library.run(loaded, log, today=today)
