"""What a locked reduction plan takes: each village's number, who is planned to exit by it, who may be listed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lika.casework.choices import LIVE_STATES, CampaignKind, CampaignState
from lika.casework.models import Campaign, Case, Quota
from lika.casework.queries.cases import procedures_fitting
from lika.casework.queries.quotas import quotas_visible
from lika.core.actors import Actor
from lika.core.areas import Area, range_of
from lika.divisions.choices import Level
from lika.register import queries as register
from lika.register.choices import Axis, PovertyStatus
from lika.register.models import Household
from lika.register.queries import HouseholdRow
from lika.register.queries.sets import kept_by
from lika.register.queries.whole import statuses_since

LISTED_FROM = (PovertyStatus.POOR, PovertyStatus.RETURNED)


@dataclass(frozen=True)
class VillageLine:
    """A village's number of persons in the plan, and how many of it are listed."""

    quota: Quota
    listed: int

    @property
    def left(self) -> int:
        """Persons that the number has room for; the household that crosses it may take it below zero."""
        return self.quota.allocated - self.listed


@dataclass(frozen=True)
class ExitList:
    """A village's households: those listed by the plan, and those that may be, both by number.

    `removable` are the ids of those listed that may be taken off again: planned to exit, and no case is under way.
    """

    listed: Sequence[HouseholdRow]
    fitting: Sequence[HouseholdRow]
    removable: AbstractSet[UUID]


def lists_exits(plan: Campaign) -> bool:
    """Whether households are listed by a campaign: a reduction plan whose numbers are locked."""
    return plan.kind == CampaignKind.REDUCTION and plan.state == CampaignState.LOCKED


def crossing_of(plan: Campaign) -> bool | None:
    """Whether the household with which a village's number is passed is listed, by the rule of the plan's procedure.

    None where no document says so, or its pack has procedures that say different things: whoever lists them decides.
    """
    rules = {each.crossing for each in procedures_fitting(plan) if plan.procedure in ("", each.id)}
    return rules.pop() if len(rules) == 1 else None


def villages_of(by: Actor, plan: Campaign) -> QuerySet[Quota]:
    """The numbers of a plan's villages in sight, by code. Raises ACC-001."""
    return quotas_visible(by).filter(campaign=plan, division__level=Level.VILLAGE).order_by("number")


def lines_of(by: Actor, plan: Campaign, quotas: Iterable[Quota]) -> list[VillageLine]:
    """Some villages' numbers with what is listed. One query. Raises ACC-001."""
    found = list(quotas)
    listed = persons_listed(by, plan, [each.number for each in found])
    return [VillageLine(each, listed.get(each.number, 0)) for each in found]


def persons_listed(by: Actor, plan: Campaign, villages: Collection[int]) -> Mapping[int, int]:
    """The persons of the households listed by a plan, by village where these stand now. One query."""
    inside = register.households_visible_to(by).filter(village__in=list(villages))
    found: dict[int, int] = defaultdict(int)
    for each in with_persons(inside.filter(listed_by(plan))):
        found[each.village] += persons(each)
    return found


def exit_list(by: Actor, plan: Campaign, village: str) -> ExitList:
    """The households of a village by what the plan may do with them. At most seven queries. Raises ACC-001."""
    inside = register.households_visible_to(by).filter(Area((range_of(village),)).where("village"))
    open_here = with_persons(inside)
    listed = listed_by(plan)
    standing = open_here.exclude(listed).filter(poverty_status__in=[*LISTED_FROM, PovertyStatus.IDENTIFIED])
    whole = [each for each in standing if persons(each)]
    earlier = set(identified_before(plan, whole))
    fitting = [each.pk for each in whole if each.poverty_status in LISTED_FROM or each.pk in earlier]
    on_list = _rows(by, inside.filter(listed, closed_on=None))
    planned = {each.id for each in on_list if each.poverty_status == PovertyStatus.PLANNED}
    removable = planned - cases_under_way(planned).keys()
    return ExitList(on_list, _rows(by, inside.filter(pk__in=fitting)), removable)


def listed_by(plan: Campaign) -> Q:
    """Households that a plan lists: planned to exit by it, or exited since; not who was taken off again."""
    return kept_by(plan.pk, PovertyStatus.PLANNED, undone_to=PovertyStatus.POOR)


def cases_under_way(households: Collection[UUID]) -> Mapping[UUID, str]:
    """The number of the case that is under way, by household. One query."""
    live = Case.objects.filter(household_id__in=list(households), state__in=LIVE_STATES)
    return {household: number for household, number in live.values_list("household_id", "number") if household}


def with_persons(households: QuerySet[Household]) -> QuerySet[Household]:
    """The households that are in the register now, with how many belong to them (`persons`)."""
    return households.filter(closed_on=None).annotate(persons=Count("memberships", filter=Q(memberships__left_on=None)))


def persons(household: Household) -> int:
    """How many belong to a household of `with_persons`."""
    return int(household.persons)  # type: ignore[attr-defined]  # annotated there


def identified_before(plan: Campaign, rows: Sequence[Household]) -> list[UUID]:
    """Those of some households that are newly identified since an earlier year than the plan's. One query."""
    newly = [each for each in rows if each.poverty_status == PovertyStatus.IDENTIFIED]
    since = statuses_since(newly)
    years = {each.id: since[each.id, Axis.POVERTY].year for each in newly if (each.id, Axis.POVERTY) in since}
    return [key for key, year in years.items() if year < plan.year]


def _rows(by: Actor, households: QuerySet[Household]) -> Sequence[HouseholdRow]:
    return register.rows_of(households.order_by("number"), by=by, year=0)
