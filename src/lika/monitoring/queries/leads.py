"""Leads in the sight of a reader: lists by pattern, division and state, what waits, and the runs that found them."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import Area, range_of
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.engine.screening.rollups import SPAN_OF_LEVEL
from lika.monitoring.choices import LEADS_WAITING, LeadState, RunState
from lika.monitoring.models import Lead, LeadCount, LeadRun


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


def waiting_leads(by: Actor) -> tuple[int, int]:
    """What waits for the actor: leads to decide on, and what others would clear. (0, 0) for whoever does neither."""
    if not by.has(Permission.LEADS_DECIDE):
        return 0, 0
    to_decide = in_area(by.area_for(Permission.LEADS_DECIDE)) & Q(state=LeadState.OPEN)
    area = by.area_for(Permission.LEADS_CHECK)
    both = area.where("village") & (Q(other_village=None) | area.where("other_village"))
    to_check = both & Q(state=LeadState.CLEARING)
    own = Q(decisions__decided_by=by.name, decisions__agreed=None)
    found = visible_leads(by).aggregate(
        decide=Count("id", filter=to_decide, distinct=True), check=Count("id", filter=to_check & ~own, distinct=True)
    )
    return found["decide"], found["check"]


def lead_runs(by: Actor) -> QuerySet[LeadRun]:
    """The runs whose area meets the actor's, newest first. Raises ACC-001."""
    by.require(Permission.QUALITY_VIEW)
    meets = Q(pk__in=[])
    for low, high in by.area_for(Permission.QUALITY_VIEW).ranges:
        meets |= Q(division__lte=high, last__gte=low)
    return LeadRun.objects.filter(meets)


def latest_run(by: Actor) -> LeadRun | None:
    """The newest run that is over."""
    return lead_runs(by).filter(state=RunState.DONE).first()


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
