"""The register of an area from end to end, block by block: for what leaves as a file."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, QuerySet

from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL, Area
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.register.models import (
    ITEM_TABLES,
    AreaStatus,
    CountyYear,
    Household,
    HouseholdYear,
    Membership,
    PersonYear,
    Placement,
    StatusEvent,
    VillageYear,
)
from lika.register.queries.scope import households_visible_to

BLOCK = 2_000
_TOWNSHIP = 10 ** (CODE_LENGTH - DIGITS_OF_LEVEL[Level.TOWNSHIP])

Value = Any  # of an item: a number, a day, a code or a text


@dataclass(frozen=True)
class AreaYear:
    """A year of a village or county with its poor-area status and the day since which it holds."""

    code: int
    year: VillageYear | CountyYear
    poor_area: str | None
    since: date | None


def blocks_of_households(*, by: Actor, area: Area) -> Iterator[list[Household]]:
    """The households of an area that the actor sees, by village and number. Raises ACC-001."""
    return _blocks(households_visible_to(by).filter(area.where()).order_by("village", "number"))


def natural_villages_of(households: Sequence[Household]) -> Mapping[UUID, str | None]:
    """Where households stand within their villages."""
    found = Placement.objects.filter(household__in=households, ended_on=None)
    return dict(found.values_list("household", "natural_village__name"))


def natural_village_of_each(households: Collection[UUID]) -> dict[UUID, Division | None]:
    """The natural village where each household stands; None where the record names none. One query."""
    found = Placement.objects.filter(household__in=households, ended_on=None).select_related("natural_village")
    return {each.household_id: each.natural_village for each in found}


def statuses_since(households: Sequence[Household]) -> Mapping[tuple[UUID, str], date]:
    """The day since which a status holds, by household and axis."""
    found = StatusEvent.objects.filter(household_id__in=[household.id for household in households])
    return {
        (household, axis): day
        for household, axis, day in found.values_list("household_id", "axis").annotate(Max("effective_on")).order_by()
    }


def members_of(
    households: Sequence[Household], data_year: int
) -> list[tuple[Household, Membership, PersonYear | None]]:
    """Who belongs to the households now, in their order, heads first, with their yearly rows."""
    order = {household.id: position for position, household in enumerate(households)}
    members = sorted(
        Membership.objects.filter(household__in=households, left_on=None).select_related("person"),
        key=lambda member: (order[member.household_id], member.relation, member.id),
    )
    persons = [member.person_id for member in members]
    years = {row.person_id: row for row in PersonYear.objects.filter(person__in=persons, data_year=data_year)}
    return [(households[order[member.household_id]], member, years.get(member.person_id)) for member in members]


def years_of(households: Sequence[Household], data_year: int) -> list[tuple[Household, HouseholdYear]]:
    """The yearly rows of the households that have one, in their order."""
    found = {
        row.household_id: row for row in HouseholdYear.objects.filter(household__in=households, data_year=data_year)
    }
    return [(household, found[household.id]) for household in households if household.id in found]


def any_in_state(area: Area, data_year: int, states: Collection[str]) -> bool:
    """Whether a household of an area has a yearly row in one of the states."""
    return HouseholdYear.objects.filter(area.where(), data_year=data_year, state__in=states).exists()


def townships_in_state(
    area: Area,
    data_year: int,
    states: Collection[str],
    *,
    only: Mapping[str, Collection[str]],
    besides: QuerySet[Any] | None = None,
) -> Counter[int]:
    """How many yearly rows of an area are in one of the states, by township. One query.

    `only` gives the values that a household's columns may have; `besides` are ids of households that do not count.
    """
    rows = HouseholdYear.objects.filter(area.where(), data_year=data_year, state__in=states, household__closed_on=None)
    rows = rows.filter(**{f"household__{name}__in": sorted(codes) for name, codes in only.items()})
    if besides is not None:
        rows = rows.exclude(household__in=besides)
    grouped = rows.annotate(township=F("village") / _TOWNSHIP * _TOWNSHIP).values_list("township").order_by()
    return Counter(dict(grouped.annotate(Count("pk"))))


def area_years(model: type[VillageYear] | type[CountyYear], *, area: Area, data_year: int) -> Iterator[list[AreaYear]]:
    """The years of the villages or counties of an area."""
    key = "village" if model is VillageYear else "county"
    for rows in _blocks(model._default_manager.filter(area.where(key), data_year=data_year).order_by(key)):
        codes = [getattr(row, key) for row in rows]
        status = dict(AreaStatus.objects.filter(division__in=codes).values_list("division", "poor_area"))
        events = StatusEvent.objects.filter(division__in=codes).values_list("division")
        since = dict(events.annotate(Max("effective_on")).order_by())
        yield [AreaYear(code, row, status.get(code), since.get(code)) for row, code in zip(rows, codes, strict=True)]


def items_of(unit: str, years: Sequence[UUID], names: Sequence[str]) -> Mapping[UUID, Mapping[str, Value]]:
    """What was collected beyond the common form, by yearly row and item; yes and no are codes."""
    found: dict[UUID, dict[str, Value]] = defaultdict(dict)
    if names:
        for cell in ITEM_TABLES[unit]._default_manager.filter(year__in=years, item__in=names):
            values = (cell.number, cell.day, cell.code, cell.text)
            found[cell.year_id][cell.item] = next(value for value in values if value is not None)
    return found


def _blocks(found: QuerySet[Any]) -> Iterator[list[Any]]:
    iterator = found.iterator(chunk_size=BLOCK)
    while block := list(islice(iterator, BLOCK)):
        yield block
