"""Faults in the sight of a reader: lists by rule, division and state; one with its history."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.models import Official
from lika.accounts.queries import officials_holding
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, Area, range_of
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.monitoring.choices import OVER, TO_MEND, WAITING, FaultState
from lika.monitoring.models import QualityFault


@dataclass(frozen=True)
class Asked:
    """What a list of faults is narrowed to; empty is everything in sight that is not over.

    `mine` and `late` hold "1" where only those assigned to the reader, or only those whose day has passed, are wanted.
    """

    rule: str = ""
    division: str = ""
    state: str = ""
    severity: str = ""
    mine: str = ""
    late: str = ""


def visible(by: Actor) -> QuerySet[QualityFault]:
    """The faults in the actor's area, and those of granted households. Raises ACC-001."""
    by.require(Permission.QUALITY_VIEW)
    return QualityFault.objects.filter(by.area_for(Permission.QUALITY_VIEW).where("village"))


def faults(by: Actor, asked: Asked) -> QuerySet[QualityFault]:
    """The faults asked for, those with the nearest deadline first."""
    rows = visible(by).select_related("last_run__snapshot")
    rows = rows.filter(state=asked.state) if asked.state in FaultState.values else rows.exclude(state__in=OVER)
    if asked.rule:
        rows = rows.filter(rule=asked.rule)
    if asked.severity:
        rows = rows.filter(severity=asked.severity)
    if asked.mine:
        rows = rows.filter(assignee__in=[by.official_id], state__in=TO_MEND)  # None is nobody
    if asked.late:
        rows = rows.filter(late_on(timezone.localdate()))
    if asked.division:
        rows = rows.filter(Area((range_of(asked.division),)).where("village"))
    return rows.order_by("deadline", "village", "rule", "id")


def late_on(day: dt.date) -> Q:
    """The condition that a fault should have been mended before a day and is not."""
    return Q(deadline__lt=day, state__in=TO_MEND)


def count_late(by: Actor) -> int:
    """How many faults in sight are late. One query. Raises ACC-001."""
    return visible(by).filter(late_on(timezone.localdate())).count()


def may_mend(fault: QualityFault) -> QuerySet[Official]:
    """The officials to whom a fault may be assigned: who may mend it by a post today."""
    code = f"{fault.village:0{CODE_LENGTH}d}"
    return officials_holding(Permission.QUALITY_MEND, code, timezone.localdate())


@dataclass(frozen=True)
class FaultsWaiting:
    """What is assigned to an official and waits to be mended: how many, how many are late, the first day if any."""

    count: int = 0
    late: int = 0
    due: dt.date | None = None


def waiting_faults(by: Actor) -> FaultsWaiting:
    """For the official behind an account. One query."""
    if by.official_id is None or not by.has(Permission.QUALITY_MEND):
        return FaultsWaiting()
    mine = visible(by).filter(assignee=by.official_id, state__in=TO_MEND)
    late = Count("pk", filter=late_on(timezone.localdate()))
    return FaultsWaiting(**mine.aggregate(count=Count("pk"), late=late, due=Min("deadline")))


def faults_of_household(by: Actor, household: UUID) -> QuerySet[QualityFault]:
    """The faults of a household and its members in sight that wait for somebody, errors first. Raises ACC-001."""
    return visible(by).filter(household_id=household, state__in=WAITING).order_by("severity", "rule", "id")


def fault_of(by: Actor, fault: UUID, *, lock: bool = False) -> QualityFault | None:
    """One fault in sight, locked for this transaction where asked."""
    rows = visible(by)
    if lock:
        rows = rows.select_for_update(of=("self",))
    return rows.select_related("last_run__snapshot").filter(pk=fault).first()


def no_such_fault() -> NotFound:
    """QUA-010: there is none, or it is out of sight."""
    return NotFound("QUA-010", _("There is no such fault in your area."), remedy=_("Look at the list of faults."))


def states(by: Actor) -> dict[str, int]:
    """How many faults in sight stand where."""
    return dict(visible(by).values_list("state").annotate(count=Count("id")))


def worst_villages(by: Actor, most: int) -> list[tuple[int, int]]:
    """The villages in sight with the most faults that wait, and how many."""
    rows = visible(by).filter(Q(state__in=WAITING)).values_list("village").annotate(count=Count("id"))
    return list(rows.order_by("-count", "village")[:most])
