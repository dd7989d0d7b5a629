"""The yearly collection of a village: its households with what is there of a year, and one of them, field by field.

Who belongs to a household is told of the standard time point: whoever belonged to it on that day.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lika.core.actors import Actor
from lika.core.areas import Area, range_of
from lika.core.permissions import Permission
from lika.engine.schema import Fact
from lika.policy.collected import collected
from lika.register.choices import HEAD
from lika.register.facts import areas, households, persons
from lika.register.models import CountyYear, Household, HouseholdYear, Membership, PersonYear, VillageYear
from lika.register.models.years import YearRow
from lika.register.queries.items import collected_items
from lika.register.queries.scope import household_visible_to, households_visible_to

_FACTS: Mapping[str, tuple[Fact, ...]] = {
    "household": (*households.INCOME, *households.CONDITIONS),
    "person": persons.YEARLY,
    "village": areas.VILLAGE_YEARLY,
    "county": areas.COUNTY_YEARLY,
}


@dataclass(frozen=True)
class HouseholdLine:
    """A household of a village and what is there of a year.

    `written` counts the members whose row is there; a household without `state` has no row of its own.
    """

    id: UUID
    number: str
    head: str
    members: int
    written: int
    state: str

    @property
    def is_whole(self) -> bool:
        """Whether the household and every member have their row (整户)."""
        return bool(self.state) and self.written == self.members


@dataclass(frozen=True)
class YearPart:
    """The year of a household, a member, a village or a county: what stands for it now, and what the last year held.

    `now` is None where nothing is recorded; `before_year` is 0 where there is no year before. `id` is that of the unit,
    None of a village or county.
    """

    unit: str
    id: UUID | None
    name: str
    relation: str
    birth_date: dt.date | None
    sex: str
    before_year: int
    before: Mapping[str, Any]
    now: Mapping[str, Any] | None
    state: str

    def shown(self, name: str) -> Any:
        """What a form begins with: the value of this year, before it is recorded that of the last."""
        return (self.before if self.now is None else self.now).get(name)

    def differs(self, name: str) -> bool:
        """Whether a value recorded for this year is another than that of the last; without a last year nothing is."""
        return bool(self.before_year) and self.now is not None and self.now.get(name) != self.before.get(name)


@dataclass(frozen=True)
class WholeYear:
    """A household with whoever belonged to it at the time point; the first part is the household's own."""

    id: UUID
    number: str
    village: int
    parts: tuple[YearPart, ...]
    facts: Mapping[str, tuple[Fact, ...]]

    @property
    def own(self) -> YearPart:
        """The household's part."""
        return self.parts[0]

    @property
    def members(self) -> tuple[YearPart, ...]:
        """The members' parts, the head first."""
        return self.parts[1:]

    @property
    def head(self) -> str:
        """The name of the head."""
        return next((part.name for part in self.members if part.relation == HEAD), "")

    @property
    def differences(self) -> int:
        """How many values differ from last year."""
        return sum(part.differs(fact.name) for part in self.parts for fact in self.facts[part.unit])

    @property
    def may_be_unchanged(self) -> bool:
        """Whether all of it had a last year and nothing else is recorded: then it can be confirmed as it was."""
        return all(part.before_year for part in self.parts) and not self.differences


def yearly_facts(unit: str, place: int) -> tuple[Fact, ...]:
    """What the yearly form of a unit asks in a village (of a county, in the county), items of the place last."""
    asked = collected(unit, within=range_of(f"{place:012d}"))
    return (*_FACTS[unit], *(item.fact for item in asked))


def households_to_collect(*, by: Actor, village: int, data_year: int, at: dt.date) -> list[HouseholdLine]:
    """The open households of a village, by number. Four queries.

    Raises ACC-001, ACC-002 (without `register.personal` there).
    """
    by.require(Permission.REGISTER_PERSONAL, village=village)
    homes = list(
        households_visible_to(by).filter(village=village, closed_on=None).order_by("number").values_list("id", "number")
    )
    ids = [identifier for identifier, _number in homes]
    belonged: dict[UUID, set[UUID]] = defaultdict(set)
    heads: dict[UUID, str] = {}
    lived = _on(Membership.objects.filter(household__in=ids), at)
    for home, person, relation, name in lived.values_list("household", "person", "relation", "person__name"):
        belonged[home].add(person)
        if relation == HEAD:
            heads[home] = name
    states = dict(
        HouseholdYear.objects.filter(household__in=ids, data_year=data_year).values_list("household", "state")
    )
    everybody = {person for group in belonged.values() for person in group}
    written = set(PersonYear.objects.filter(person__in=everybody, data_year=data_year).values_list("person", flat=True))
    return [
        HouseholdLine(
            home, number, heads.get(home, ""), len(belonged[home]), len(belonged[home] & written), states.get(home, "")
        )
        for home, number in homes
    ]


def whole_year(*, by: Actor, household: UUID, data_year: int, at: dt.date) -> WholeYear:
    """A household with its members, this year and the last one before it.

    Raises ACC-001, ACC-002 (without `register.personal` there), REG-001.
    """
    record = household_visible_to(by, household)
    by.require(Permission.REGISTER_PERSONAL, village=record.village)
    (whole,) = _wholes([record], record.village, data_year, at)
    return whole


def whole_years(*, by: Actor, village: int, data_year: int, at: dt.date) -> list[WholeYear]:
    """The open households of a village as `whole_year` tells them, by number. So many queries however many there are.

    Raises ACC-001, ACC-002.
    """
    by.require(Permission.REGISTER_PERSONAL, village=village)
    homes = households_visible_to(by).filter(village=village, closed_on=None).order_by("number")
    return _wholes(list(homes), village, data_year, at)


def _wholes(records: Sequence[Household], village: int, data_year: int, at: dt.date) -> list[WholeYear]:
    facts = {unit: yearly_facts(unit, village) for unit in ("household", "person")}
    lived = _on(Membership.objects.filter(household__in=records), at).select_related("person")
    members: dict[UUID, list[Membership]] = defaultdict(list)
    for each in lived.order_by("relation", "person__birth_date", "id"):
        members[each.household_id].append(each)
    own = _sides(
        HouseholdYear.objects.filter(household__in=records, data_year__lte=data_year).order_by("-data_year"),
        data_year,
        lambda row: row.household_id,
    )
    persons = [each.person_id for group in members.values() for each in group]
    theirs = _sides(
        PersonYear.objects.filter(person__in=persons, data_year__lte=data_year).order_by("-data_year"),
        data_year,
        lambda row: row.person_id,
    )
    held = _values("household", own.values(), facts["household"]) | _values("person", theirs.values(), facts["person"])
    return [
        WholeYear(
            record.id,
            record.number,
            record.village,
            (
                _part("household", record.id, None, own.get(record.id, _NOTHING), held),
                *(
                    _part("person", each.person_id, each, theirs.get(each.person_id, _NOTHING), held)
                    for each in members[record.id]
                ),
            ),
            facts,
        )
        for record in records
    ]


def village_year(village: int, data_year: int) -> tuple[YearPart, tuple[Fact, ...]]:
    """The form of a village, this year and the last one before it, and what it asks. Public values."""
    return _area_year("village", village, VillageYear.objects.filter(village=village), data_year)


def county_year(county: int, data_year: int) -> tuple[YearPart, tuple[Fact, ...]]:
    """The form of a county (12-digit code), as `village_year`."""
    return _area_year("county", county, CountyYear.objects.filter(county=county), data_year)


def _area_year(unit: str, place: int, rows: QuerySet[Any], data_year: int) -> tuple[YearPart, tuple[Fact, ...]]:
    facts = yearly_facts(unit, place)
    found = rows.filter(data_year__lte=data_year).order_by("-data_year")
    sides = _sides(found, data_year, lambda row: None)
    held = _values(unit, sides.values(), facts)
    return _part(unit, None, None, sides.get(None, _NOTHING), held), facts


_Sides = tuple[YearRow | None, YearRow | None]  # the row of the year, and the last one before
_NOTHING: _Sides = (None, None)


def _sides(rows: Iterable[Any], data_year: int, key: Any) -> dict[Any, _Sides]:
    """Of each unit the row of the year and the last one before; rows come latest first."""
    found: dict[Any, _Sides] = {}
    for row in rows:
        now, before = found.get(key(row), _NOTHING)
        if row.data_year == data_year:
            now = row
        else:
            before = before or row
        found[key(row)] = (now, before)
    return found


def _values(unit: str, sides: Iterable[_Sides], facts: Sequence[Fact]) -> dict[UUID, dict[str, Any]]:
    """The values of rows by row, items of the place among them."""
    rows = [row for pair in sides for row in pair if row is not None]
    items = {row: {fact.name: value for fact, value in shown} for row, shown in collected_items(unit, rows).items()}
    return {
        row.pk: {
            fact.name: items.get(row.pk, {}).get(fact.name) if not hasattr(row, fact.name) else getattr(row, fact.name)
            for fact in facts
        }
        for row in rows
    }


def _part(
    unit: str, identifier: UUID | None, member: Membership | None, sides: _Sides, held: Mapping[UUID, Mapping[str, Any]]
) -> YearPart:
    now, before = sides
    return YearPart(
        unit=unit,
        id=identifier,
        name=member.person.name if member else "",
        relation=member.relation if member else "",
        birth_date=member.person.birth_date if member else None,
        sex=member.person.sex if member else "",
        before_year=before.data_year if before else 0,
        before=held[before.pk] if before else {},
        now=held[now.pk] if now else None,
        state=now.state if now else "",
    )


def _on(found: Any, day: dt.date) -> Any:
    """The memberships that held on a day."""
    return found.filter(Q(joined_on=None) | Q(joined_on__lte=day), Q(left_on=None) | Q(left_on__gt=day))


def counted_households(area: Area) -> dict[int, int]:
    """How many open households stand in each village of an area that has any. Counts name nobody."""
    standing = Household.objects.filter(area.where(), closed_on=None).order_by()
    return dict(standing.values_list("village").annotate(Count("pk")))
