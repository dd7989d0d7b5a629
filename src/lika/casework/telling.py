"""Whom casework tells of what happens to notices and objections: apps above it, which it does not import.

They enter themselves when they are ready, as apps give their facts and lists. Each is called within the transaction of
the act, so that what everyone reads is told with it or not at all.
"""

import datetime as dt
from collections.abc import Callable

from lika.casework.choices import ObjectionVerb
from lika.casework.models import Notice, Objection
from lika.core.actors import Actor

# A notice hangs no more: it ended, or was taken down as void.
NOTICE_OVER: list[Callable[[Actor, Notice], None]] = []
# A step on an objection was taken at a moment.
OBJECTION_STEP: list[Callable[[Actor, Objection, ObjectionVerb, dt.datetime], None]] = []


def notice_over(by: Actor, notice: Notice) -> None:
    """Tell that a notice hangs no more."""
    for told in NOTICE_OVER:
        told(by, notice)


def objection_step(by: Actor, objection: Objection, verb: ObjectionVerb, at: dt.datetime) -> None:
    """Tell of a step on an objection."""
    for told in OBJECTION_STEP:
        told(by, objection, verb, at)
