"""Rows of the register by sheet, as `workbook.write` takes them: column names to our codes, numbers, dates and texts.

Households are read through the actor's scope. Members are those who belong to the household now.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Model

from lika.collection.schema import Column, Kind, Sheet
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.privacy import Privacy
from lika.register.actions.bulk.items import UNIT_OF_SHEET
from lika.register.choices import lists
from lika.register.models import (
    AreaStatus,
    CountyYear,
    Household,
    HouseholdYear,
    Membership,
    Person,
    PersonYear,
    VillageYear,
)
from lika.register.queries import whole

Row = dict[str, Any]
_OPEN = frozenset((Privacy.PUBLIC, Privacy.INTERNAL))
_HEALTHY, _CHRONIC, _SERIOUS, _DISABLED = (item.code for item in lists.HEALTH.items)
# Models whose fields a sheet's columns show, and the field whose class counts where the names differ.
_SHOWS: Mapping[str, tuple[type[Model], ...]] = {
    "households": (Household,),
    "persons": (Person, Membership, PersonYear),
    "household_years": (Household, HouseholdYear),
    "village_years": (AreaStatus, VillageYear),
    "county_years": (AreaStatus, CountyYear),
}
_STANDS_FOR = {
    "longitude": "position", "latitude": "position", "poverty_on": "poverty_status", "natural_village": "village",
    "monitoring_on": "monitoring_status", "poor_area_on": "poor_area", "health": "disabled", "person_number": "number",
}  # fmt: skip


def columns_of(sheet: Sheet, *, personal: bool) -> tuple[Column, ...]:
    """The columns of a sheet that may leave: all of them, or those that tell of nobody."""
    return sheet.columns if personal else tuple(column for column in sheet.columns if _is_open(sheet.key, column))


def _is_open(sheet: str, column: Column) -> bool:
    if column.collected:
        return False
    name = _STANDS_FOR.get(column.name, column.name)
    declared: list[Mapping[str, Privacy]] = [getattr(model, "privacy", {}) for model in _SHOWS[sheet]]
    classes = [privacy[name] for privacy in declared if name in privacy]
    return bool(classes) and all(each in _OPEN for each in classes)


class Admit(Protocol):
    """Which households and yearly rows may leave."""

    def households(self, block: list[Household]) -> list[Household]:
        """Those of a block that may."""

    def year(self, row: PersonYear | HouseholdYear) -> bool:
        """Whether a yearly row may."""


class Rows:
    """What the register holds of an area and a data year, sheet by sheet, in the order of villages and numbers."""

    def __init__(self, *, by: Actor, area: Area, year: int, admit: Admit | None = None) -> None:
        """`admit` keeps of a block of households those that are to leave, and of yearly rows those that may."""
        self._by, self._area, self._year, self._admit = by, area, year, admit

    def of(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a sheet; what a column does not hold is None."""
        readers: dict[str, Callable[[Sheet], Iterator[Row]]] = {
            "households": self._of_households,
            "persons": self._of_persons,
            "household_years": self._of_household_years,
            "village_years": lambda sheet: self._of_areas(sheet, VillageYear),
            "county_years": lambda sheet: self._of_areas(sheet, CountyYear),
        }
        return readers[sheet.key](sheet)

    def _blocks(self) -> Iterator[list[Household]]:
        blocks = whole.blocks_of_households(by=self._by, area=self._area)
        return blocks if self._admit is None else map(self._admit.households, blocks)

    def _told(self, year: PersonYear | HouseholdYear) -> bool:
        return self._admit is None or self._admit.year(year)

    def _of_households(self, sheet: Sheet) -> Iterator[Row]:
        for households in self._blocks():
            natural, since = whole.natural_villages_of(households), whole.statuses_since(households)
            for household in households:
                longitude, _comma, latitude = household.position.partition(",")
                yield _shown(sheet, household) | {
                    "natural_village": natural.get(household.id),
                    "poverty_on": since.get((household.id, "poverty")),
                    "monitoring_on": since.get((household.id, "monitoring")),
                    "longitude": longitude or None,
                    "latitude": latitude or None,
                }

    def _of_persons(self, sheet: Sheet) -> Iterator[Row]:
        for households in self._blocks():
            members = whole.members_of(households, self._year)
            items = _items(sheet, [year.id for _household, _member, year in members if year is not None])
            for household, member, year in members:
                row = _shown(sheet, member.person)
                if year is not None and self._told(year):
                    row |= (
                        _shown(sheet, year)
                        | items.get(year.id, {})
                        | {"health": health(year.chronic_illness, year.serious_illness, year.disabled)}
                    )
                yield row | {
                    "number": household.number,
                    "person_number": member.person.number or None,
                    "relation": member.relation,
                }

    def _of_household_years(self, sheet: Sheet) -> Iterator[Row]:
        for households in self._blocks():
            years = whole.years_of(households, self._year)
            items = _items(sheet, [year.id for _household, year in years])
            for household, year in filter(lambda found: self._told(found[1]), years):
                yield _shown(sheet, year) | items.get(year.id, {}) | {"number": household.number}

    def _of_areas(self, sheet: Sheet, model: type[VillageYear] | type[CountyYear]) -> Iterator[Row]:
        key = "village" if model is VillageYear else "county"
        for found in whole.area_years(model, area=self._area, data_year=self._year):
            items = _items(sheet, [each.year.id for each in found])
            for each in found:
                status = {key: each.code, "poor_area": each.poor_area, "poor_area_on": each.since}
                yield _shown(sheet, each.year) | items.get(each.year.id, {}) | status


def _shown(sheet: Sheet, record: Model) -> Row:
    """The fields of a record that the sheet has columns for; an empty text is no value."""
    names = {field.name for field in record._meta.concrete_fields}
    return {
        column.name: value if (value := getattr(record, column.name)) != "" else None
        for column in sheet.columns
        if column.name in names and not column.collected
    }


def health(chronic: bool | None, serious: bool | None, disabled: bool | None) -> tuple[str, ...] | None:
    """The cell of 健康状况: one of the three unknown leaves it empty."""
    flags = {_CHRONIC: chronic, _SERIOUS: serious, _DISABLED: disabled}
    if None in flags.values():
        return None
    return tuple(code for code, held in flags.items() if held) or (_HEALTHY,)


def _items(sheet: Sheet, years: Sequence[UUID]) -> dict[UUID, Row]:
    """What was collected beyond the common form, by yearly row."""
    kinds = {column.name: column.kind for column in sheet.columns if column.collected}
    return {
        year: {name: value == "yes" if kinds[name] is Kind.BOOLEAN else value for name, value in values.items()}
        for year, values in whole.items_of(UNIT_OF_SHEET[sheet.key], years, list(kinds)).items()
    }
