"""Signatures that count no more."""

import datetime as dt
from collections.abc import Collection

from lika.casework.choices import VoidReason
from lika.casework.models import Case, RosterEntry, Signature
from lika.policy.queries.procedures import Procedure


def void_from(procedure: Procedure, cases: Collection[Case], stage: str, *, at: dt.datetime) -> None:
    """Cases go back to a stage: what was signed there and later is void, on the cases and on their rosters' lines."""
    order = [each.id for each in procedure.stages]
    later = order[order.index(stage) :]
    given = {"void_at": at, "void_reason": VoidReason.RETURNED}
    Signature.objects.filter(case__in=cases, stage__in=later, void_at=None).update(**given)
    RosterEntry.objects.filter(case__in=cases, stage__in=later, void_at=None).update(**given)
