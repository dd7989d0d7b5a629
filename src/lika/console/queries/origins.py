"""Where the facts of a household, a village or a county were recorded: sheet, data year, day, and who wrote them last.

The register holds what is so now, the snapshot what was so then: a value that is another one by now has no writer here.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any

from django.utils import timezone

from lika.accounts.queries import names_of
from lika.collection.schema.columns import Sheet
from lika.collection.schema.sheets import COUNTY_YEARS, HOUSEHOLD_YEARS, HOUSEHOLDS, PERSONS, VILLAGE_YEARS
from lika.core import facts as registry
from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.engine.amounts import told_exactly
from lika.engine.messages import Words
from lika.engine.schema import LAG_MARK
from lika.engine.shown import FactShown, Origin
from lika.register.facts import areas, persons
from lika.register.queries import HouseholdView, YearView, county_years, village_years
from lika.snapshots.explanations import Origins


def origins_of(household: HouseholdView, data_year: int) -> Origins:
    """Tells of a fact of the household where the register holds it; nothing of what is worked out, or not recorded.

    `data_year` is that of the snapshot: a fact some years earlier stands in the row of that year. Of a member that is
    what was lived in this household. One query.
    """
    lived = {str(member.id): member.years for member in household.members}
    names = _writers(chain(household.years, *lived.values()))
    own = _origins("household", household.years, data_year, names, HOUSEHOLDS, HOUSEHOLD_YEARS)
    members = {member: _origins("person", years, data_year, names, PERSONS, PERSONS) for member, years in lived.items()}

    def origin(fact: FactShown, row: str) -> Origin | None:
        if not row:
            return own(fact, row)
        return members[row](fact, row) if row in members else None

    return origin


def origins_of_area(by: Actor, place: Division, data_year: int) -> Origins | None:
    """As `origins_of`, of the yearly form of a village or county; None for levels that have none, or out of sight.

    What the form holds is public; who wrote it is told where the register is read. At most three queries.
    """
    if not by.sees(Permission.REGISTER_VIEW).covers(place.code):
        return None
    if place.level == Level.VILLAGE:
        rows = village_years(place.code)
        return _origins("village", rows, data_year, _writers(rows), VILLAGE_YEARS, VILLAGE_YEARS)
    if place.level == Level.COUNTY:
        rows = county_years(place.code)
        return _origins("county", rows, data_year, _writers(rows), COUNTY_YEARS, COUNTY_YEARS)
    return None


def _writers(rows: Iterable[YearView]) -> Mapping[str, str]:
    """The officials who wrote some yearly rows, by account; a program is none. One query."""
    return names_of(
        {each.recorded_by for each in rows if each.recorded_by and not each.recorded_by.startswith("system:")}
    )


def _origins(
    unit: str, rows: Iterable[YearView], data_year: int, names: Mapping[str, str], base: Sheet, yearly: Sheet
) -> Origins:
    """`base` is the sheet of what no year holds, `yearly` that of the years."""
    years = {each.data_year: each for each in rows}

    def origin(fact: FactShown, _row: str) -> Origin | None:
        name, _mark, lag = fact.column.partition(LAG_MARK)
        if fact.unit != unit or not fact.known:
            return None
        if name in _BASE[unit]:
            return Origin(_form(base), None, None, "")
        year = years.get(data_year - int(lag or 0))
        return _of_year(year, name, fact, names, yearly) if year is not None else None

    return origin


def _of_year(year: YearView, name: str, shown: FactShown, names: Mapping[str, str], sheet: Sheet) -> Origin | None:
    values = {**year.values, **{item.name: value for item, value in year.items}}
    declared = registry.schema().units[shown.unit].get(name)
    if name not in values or (declared is not None and declared.formula is not None):
        return None
    day = timezone.localtime(year.recorded_at).date() if year.recorded_at else None
    changed = _exactly(values[name]) != shown.exact
    who = "" if changed else names.get(year.recorded_by, "")
    return Origin(_form(sheet), year.data_year, day, who, changed)


def _exactly(value: Any) -> bool | str | None:
    """A value of the register as explanations tell it."""
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return told_exactly(Fraction(value) if number else value)


def _form(sheet: Sheet) -> Words:
    return Words(sheet.zh, sheet.en)


def _names(columns: Iterable[object]) -> frozenset[str]:
    return frozenset(getattr(column, "name", "") for column in columns)


# What the sheets hold that no year does.
_BASE = {
    "household": _names(HOUSEHOLDS.columns) - _names(HOUSEHOLD_YEARS.columns),
    "person": _names(PERSONS.columns) - _names(persons.YEARLY),
    "village": frozenset(fact.name for fact in areas.VILLAGE_STATUS),
    "county": frozenset(fact.name for fact in areas.COUNTY_STATUS),
}
