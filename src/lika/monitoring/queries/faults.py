"""Faults in the sight of a reader: lists by rule, division and state; one with its history."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import Area, range_of
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.monitoring.choices import OVER, WAITING, FaultState
from lika.monitoring.models import QualityFault


@dataclass(frozen=True)
class Asked:
    """What a list of faults is narrowed to; empty is everything in sight that is not over."""

    rule: str = ""
    division: str = ""
    state: str = ""
    severity: str = ""


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
    if asked.division:
        rows = rows.filter(Area((range_of(asked.division),)).where("village"))
    return rows.order_by("deadline", "village", "rule", "id")


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
