"""The household list: filter, search, sort, page. At most five queries whatever the number of rows.

A list that leaves as a file is read by blocks.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast

from lika.accounts.queries import Scope
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, Area
from lika.core.leaving.files import BLOCK, in_blocks
from lika.core.permissions import Permission
from lika.core.privacy import mask_name
from lika.divisions.codes import full_code
from lika.divisions.models import Division
from lika.register.choices import Axis
from lika.register.models import Household, HouseholdYear, Placement
from lika.register.queries.ages import latest_time_point, told_since
from lika.register.queries.asof import held_on
from lika.register.queries.counts import status_counts
from lika.register.queries.ordering import (
    PERSONAL_KEYS,
    Order,
    head,
    page_counted,
    page_found,
    status_on,
    then,
    year_row,
)
from lika.register.queries.scope import households_visible_to, scope_of, seen_in_full
from lika.register.queries.searching import matching

PAGE_SIZE = 50
LARGEST_PAGE = 500


@dataclass(frozen=True)
class HouseholdFilter:
    """What to list. Empty fields do not filter; `year` is the data year shown (0: the latest in sight).

    `as_of` lists the households of an earlier day: where they stood, who belonged to them, their status and the latest
    data year up to then. The search text is looked for among the names and numbers of now. `untold_since` keeps those
    of which nothing on or after a day is recorded (`lika.register.queries.ages`).
    """

    division: str = ""
    poverty: frozenset[str] = frozenset()
    monitoring: frozenset[str] = frozenset()
    cause: str = ""
    text: str = ""
    year: int = 0
    sort: str = "number"
    as_of: dt.date | None = None
    untold_since: dt.date | None = None


@dataclass(frozen=True)
class HouseholdRow:
    """A line of the list. `head` is masked without `register.personal`; income and cause are those of the data year.

    Where its reader does not hold that permission `in_full` is False: income, cause and monitoring are left out.
    `net_income_per_capita` is in yuan, over the members at that year's time point; None where unknown. `data_on` is
    the time point of its latest yearly data.
    """

    id: UUID
    number: str
    head: str
    village: int
    village_name: str
    members: int
    poverty_status: str
    monitoring_status: str
    net_income_per_capita: Decimal | None
    main_cause: str | None
    in_full: bool = True
    data_on: dt.date | None = None


@dataclass(frozen=True)
class HouseholdList:
    """One page: the rows, how many there are in all, and the data year shown (0: no yearly rows yet)."""

    rows: tuple[HouseholdRow, ...]
    total: int
    page: int
    size: int
    year: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))


def list_households(
    *,
    by: Actor,
    wanted: HouseholdFilter | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
    condition: Q | None = None,
) -> HouseholdList:
    """A page of the households in sight.

    Raises ACC-001 (also for what `PERSONAL_KEYS` or the filters would tell of persons), DIV-001, REG-002 (unknown
    sort key).

    A filter by such a thing finds only what the actor sees in full; an order by it puts the rest last.
    `condition` narrows the list further by what the apps above know of a household (verdicts).
    """
    wanted = wanted or HouseholdFilter()
    size = min(max(size, 1), LARGEST_PAGE)
    year = wanted.year or latest_year(by, wanted.as_of)
    found = _filtered(households_visible_to(by), wanted, year, by)
    order = Order(wanted.sort, year, wanted.as_of, by)
    # What is dear to ask for (a condition of verdicts, an earlier day) is asked for once, and all of it counted.
    if condition or wanted.as_of is not None:
        keys, total, page = page_counted(order.of(found.filter(condition or Q())), page, size)
    else:
        keys, total, page = page_found(order.parts(found), lambda: _count(found, wanted, by), page, size)
    # First the keys alone: what a line shows would be worked out for every line passed over on the way to a late page.
    shown = _shown(Household.objects.filter(pk__in=keys), year, by, wanted.as_of).in_bulk() if keys else {}
    rows = tuple(_row(shown[key]) for key in keys)
    return HouseholdList(rows, total, page, size, year)


def _count(found: QuerySet[Household], wanted: HouseholdFilter, by: Actor) -> int:
    """How many households the filters leave; by the numbers that are kept where these say it."""
    scope = scope_of(by)
    area = Area.of([full_code(wanted.division)[:CODE_LENGTH]]) if wanted.division else scope.area
    narrowed = wanted.text or wanted.cause or wanted.monitoring or wanted.untold_since
    if narrowed or scope.area.meet(area) != area:
        return found.count()
    counts = status_counts(area)
    kept = counts.of(wanted.poverty)[0] if wanted.poverty else counts.total[0]
    if wanted.division or not scope.households:
        return kept
    return kept + found.filter(pk__in=scope.households).exclude(area.where()).count()


def find_households(*, by: Actor, wanted: HouseholdFilter | None = None) -> QuerySet[Household]:
    """The same households as a queryset: for exports and for the apps above, which add their own conditions."""
    wanted = wanted or HouseholdFilter()
    visible = households_visible_to(by)
    return _filtered(visible, wanted, wanted.year or (latest_year(by, wanted.as_of) if wanted.cause else 0), by)


def rows_of(
    households: QuerySet[Household], *, by: Actor, year: int, as_of: dt.date | None = None
) -> tuple[HouseholdRow, ...]:
    """The lines of some households in the order of the queryset, which must come from this module."""
    return tuple(_row(household) for household in _shown(households, year, by, as_of))


def heads_of(households: QuerySet[Household], *, by: Actor) -> dict[UUID, str]:
    """The names of the heads of some households, as `HouseholdRow.head` has them. One query, and no more of a line."""
    found = households.order_by().annotate(head=head(None), in_full=_in_full(by))
    rows = found.values_list("pk", "head__person__name", "in_full")
    return {pk: (name or "") if in_full or not name else mask_name(name) for pk, name, in_full in rows}


def household_blocks(
    *, by: Actor, wanted: HouseholdFilter | None = None, condition: Q | None = None, size: int = BLOCK
) -> Iterator[tuple[HouseholdRow, ...]]:
    """All lines of `list_households` in its order, `size` at a time: no more of them are in memory.

    The keys come by a cursor of the database, the lines of each block by one query. Must be read to its end inside one
    transaction. Raises as `list_households`.
    """
    wanted = wanted or HouseholdFilter()
    year = wanted.year or latest_year(by, wanted.as_of)
    found = _filtered(households_visible_to(by), wanted, year, by).filter(condition or Q())
    keys = Order(wanted.sort, year, wanted.as_of, by).of(found).values_list("pk", flat=True)
    for block in in_blocks(keys.iterator(chunk_size=size), size):
        shown = _shown(Household.objects.filter(pk__in=block), year, by, wanted.as_of).in_bulk()
        yield tuple(_row(shown[key]) for key in block)


def moved_away_since(by: Actor, division: str, day: dt.date) -> int:
    """How many households stood in a division on a day that are in sight no more: their villages of now show them."""
    area = Area.of([full_code(division)[:CODE_LENGTH]]) if division else scope_of(by).area
    stood = Placement.objects.filter(area.meet(scope_of(by).area).where(), held_on("started_on", "ended_on", day))
    return stood.exclude(household_id__in=households_visible_to(by).values("id")).count()


def latest_year(by: Actor | Scope, as_of: dt.date | None = None) -> int:
    """The latest data year of the households in sight, up to a day; 0 where there is none."""
    rows = HouseholdYear.objects.filter(scope_of(by).where(household="household_id"))
    if as_of is not None:
        rows = rows.filter(period_to__lte=as_of)
    return rows.aggregate(latest=Max("data_year"))["latest"] or 0


def _filtered(visible: QuerySet[Household], wanted: HouseholdFilter, year: int, by: Actor) -> QuerySet[Household]:
    if wanted.monitoring or wanted.cause or wanted.sort.removeprefix("-") in PERSONAL_KEYS:
        by.require(Permission.REGISTER_PERSONAL)
    found = visible.filter(matching(wanted.text, by))
    if wanted.monitoring or wanted.cause:
        found = found.filter(seen_in_full(by).where())
    found = _standing(found, wanted)
    if wanted.poverty:
        found = found.filter(**{f"{_status_column(wanted, Axis.POVERTY)}__in": sorted(wanted.poverty)})
    if wanted.monitoring:
        found = found.filter(**{f"{_status_column(wanted, Axis.MONITORING)}__in": sorted(wanted.monitoring)})
    if wanted.cause:
        caused = HouseholdYear.objects.filter(data_year=year, main_cause=wanted.cause)
        found = found.filter(id__in=caused.values("household_id"))
    return found if wanted.untold_since is None else found.exclude(told_since(wanted.untold_since))


def _standing(found: QuerySet[Household], wanted: HouseholdFilter) -> QuerySet[Household]:
    """Those that stand, or on the day stood, in the division; what is closed stands nowhere."""
    area = Area.of([full_code(wanted.division)[:CODE_LENGTH]]) if wanted.division else None
    if wanted.as_of is None:
        found = found.filter(closed_on=None)
        return found if area is None else found.filter(area.where())
    stood = Placement.objects.filter(held_on("started_on", "ended_on", wanted.as_of), household=OuterRef("pk"))
    found = found.filter(Exists(stood if area is None else stood.filter(area.where())))
    return found.annotate(
        **{f"{axis.value}_on_day": status_on(axis, wanted.as_of) for axis in (Axis.POVERTY, Axis.MONITORING)}
    )


def _status_column(wanted: HouseholdFilter, axis: Axis) -> str:
    return f"{axis.value}_status" if wanted.as_of is None else f"{axis.value}_on_day"


def _shown(found: QuerySet[Household], year: int, by: Actor, as_of: dt.date | None = None) -> QuerySet[Household]:
    """The households with what a line shows, by joins: no query per row."""
    village = Division.objects.filter(code=Cast(OuterRef("village_then"), CharField()))
    return found.annotate(
        **then(as_of),
        head=head(as_of),
        year=year_row(year),
        head_name=F("head__person__name"),
        main_cause=F("year__main_cause"),
        income_per_head=F("year__income_per_head"),
        in_full=_in_full(by),
        data_on=latest_time_point(as_of),
    ).annotate(village_name=Subquery(village.values("name")))


def _in_full(by: Actor) -> Case | Value:
    """Whether the actor sees a household in full; one answer for all where the whole sight is alike."""
    named = seen_in_full(by)
    if named == scope_of(by):
        return Value(True, output_field=BooleanField())
    return Case(When(named.where(), then=Value(True)), default=Value(False), output_field=BooleanField())


def _row(household: Household) -> HouseholdRow:
    shown = vars(household)
    in_full = shown["in_full"]
    head = shown["head_name"] or ""
    return HouseholdRow(
        id=household.id,
        number=household.number,
        head=head if in_full or not head else mask_name(head),
        village=shown["village_then"],
        village_name=shown["village_name"] or str(shown["village_then"]),
        members=shown["members_then"],
        poverty_status=shown["poverty_then"],
        monitoring_status=shown["monitoring_then"] if in_full else "",
        net_income_per_capita=shown["income_per_head"] if in_full else None,
        main_cause=shown["main_cause"] if in_full else None,
        in_full=in_full,
        data_on=shown["data_on"],
    )
