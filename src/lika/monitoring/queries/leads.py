"""Leads in the sight of a reader: lists by pattern, division and state, what waits, and the runs that found them."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import Area, range_of
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.engine.screening.rollups import SPAN_OF_LEVEL
from lika.monitoring.choices import LEADS_WAITING, LeadState, RunState
from lika.monitoring.models import Lead, LeadCount, LeadDecision, LeadRun
from lika.snapshots.queries.snapshots import touching


@dataclass(frozen=True)
class AskedLeads:
    """What a list of leads is narrowed to; empty is everything in sight that waits."""

    pattern: str = ""
    division: str = ""
    state: str = ""


def in_area(area: Area) -> Q:
    """The condition that a side of a lead lies in an area."""
    return area.where("village") | area.where("other_village")


def visible_leads(by: Actor) -> QuerySet[Lead]:
    """The leads of which one side lies in the actor's area. Raises ACC-001."""
    by.require(Permission.QUALITY_VIEW)
    return Lead.objects.filter(in_area(by.area_for(Permission.QUALITY_VIEW)))


def leads(by: Actor, asked: AskedLeads) -> QuerySet[Lead]:
    """The leads asked for. Those of one pattern and village stand together."""
    rows = visible_leads(by)
    rows = rows.filter(state=asked.state) if asked.state in LeadState.values else rows.filter(state__in=LEADS_WAITING)
    if asked.pattern:
        rows = rows.filter(pattern=asked.pattern)
    if asked.division:
        rows = rows.filter(in_area(Area((range_of(asked.division),))))
    return rows.order_by("pattern", "village", "id")


def leads_of_household(by: Actor, household: UUID) -> QuerySet[Lead]:
    """The leads in sight with the household on one side that wait. Raises ACC-001."""
    sides = Q(household_id=household) | Q(other_household_id=household)
    return visible_leads(by).filter(sides, state__in=LEADS_WAITING).order_by("pattern", "id")


def lead_of(by: Actor, lead: UUID, *, lock: bool = False) -> Lead:
    """One lead in sight, locked for this transaction where asked. Raises LED-010."""
    rows = visible_leads(by)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.select_related("first_run", "last_run").filter(pk=lead).first()
    if found is None:
        raise NotFound("LED-010", _("There is no such lead in your area."), remedy=_("Look at the list of leads."))
    return found


def by_pattern(by: Actor, division: str) -> dict[str, Counter[str]]:
    """How many leads of each pattern stand where, of those with a side in a division."""
    found: dict[str, Counter[str]] = {}
    rows = visible_leads(by).filter(in_area(Area((range_of(division),))))
    for pattern, state, count in rows.values_list("pattern", "state").annotate(Count("id")).order_by():
        found.setdefault(pattern, Counter())[state] = count
    return found


def below(by: Actor, division: str, level: int) -> dict[int, int]:
    """The leads that wait in each division right below one (whose level is given), the most first.

    A pair across two of them counts in both.
    """
    span = SPAN_OF_LEVEL.get(level + 1)
    if span is None:
        return {}
    inside = Area((range_of(division),))
    rows = visible_leads(by).filter(in_area(inside), state__in=LEADS_WAITING)
    found: Counter[int] = Counter()
    for village, other in rows.values_list("village", "other_village"):
        found.update({code // span * span for code in (village, other) if code is not None and code in inside})
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True)
class LeadsWaiting:
    """What waits for somebody: leads to decide on, those that others referred to them, and what others would clear."""

    decide: int = 0
    referred: int = 0
    check: int = 0


def waiting_leads(by: Actor) -> LeadsWaiting:
    """The counts. One query; none for whoever decides on nothing."""
    if not by.has(Permission.LEADS_DECIDE):
        return LeadsWaiting()
    decides, checks = by.area_for(Permission.LEADS_DECIDE), by.area_for(Permission.LEADS_CHECK)
    # What brought a lead where it stands is the last decision on it: whoever took that does not take the next.
    last = LeadDecision.objects.filter(lead=OuterRef("pk")).order_by("-decided_at", "-id").values("decided_by")[:1]
    moved = (LeadState.REFERRED, LeadState.CLEARING)
    rows = visible_leads(by).filter(state__in=(LeadState.OPEN, *moved))
    rows = rows.annotate(last_by=Case(When(state__in=moved, then=Subquery(last))))
    others = Q(last_by__isnull=False) & ~Q(last_by=by.name)
    found = rows.aggregate(
        decide=Count("id", filter=in_area(decides) & Q(state=LeadState.OPEN)),
        referred=Count("id", filter=_wholly_in(_whole_counties(decides)) & Q(state=LeadState.REFERRED) & others),
        check=Count("id", filter=_wholly_in(checks) & Q(state=LeadState.CLEARING) & others),
    )
    return LeadsWaiting(**found)


def _wholly_in(area: Area) -> Q:
    """The condition that every side of a lead lies in an area."""
    return area.where("village") & (Q(other_village=None) | area.where("other_village"))


def _whole_counties(area: Area) -> Area:
    """The counties that lie wholly in an area: only who holds the county of each side decides what was referred."""
    span = SPAN_OF_LEVEL[Level.COUNTY]
    parts = ((-(-low // span) * span, (high + 1) // span * span - 1) for low, high in area.ranges)
    return Area(tuple((low, high) for low, high in parts if low < high))


def lead_runs(by: Actor) -> QuerySet[LeadRun]:
    """The runs whose area meets the actor's, newest first. Raises ACC-001."""
    by.require(Permission.QUALITY_VIEW)
    return LeadRun.objects.filter(touching(by.area_for(Permission.QUALITY_VIEW)))


def run_of(by: Actor, run: UUID) -> LeadRun:
    """One run in sight. Raises LED-011."""
    found = lead_runs(by).filter(pk=run).first()
    if found is None:
        raise no_such_run()
    return found


def no_such_run() -> NotFound:
    """LED-011: there is none, or it is out of sight."""
    return NotFound("LED-011", _("There is no such run in your area."), remedy=_("Look at the page of leads."))


def trend(by: Actor, division: str, most: int) -> list[tuple[LeadRun, int]]:
    """The runs that looked at a whole division, oldest first, each with what it found there."""
    low, high = range_of(division)
    runs = list(lead_runs(by).filter(state=RunState.DONE, division__lte=low, last__gte=high)[:most])
    sums = dict(
        LeadCount.objects.filter(run__in=runs, village__range=(low, high))
        .values_list("run")
        .annotate(found=Sum("found"))
        .order_by()
    )
    return [(run, sums.get(run.pk, 0)) for run in reversed(runs)]
