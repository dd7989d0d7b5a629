"""Where the facts of a household were recorded: the sheet, the data year, the day, and who wrote them last.

The register holds what is so now, the snapshot what was so then: a value that is another one by now has no writer here.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone

from lika.accounts.queries import names_of
from lika.collection.schema.columns import Sheet
from lika.collection.schema.sheets import HOUSEHOLD_YEARS, HOUSEHOLDS
from lika.core import facts as registry
from lika.engine.amounts import told_exactly
from lika.engine.messages import Words
from lika.engine.schema import LAG_MARK
from lika.engine.shown import FactShown, Origin
from lika.register.queries import HouseholdView, YearView
from lika.snapshots.explanations import Origins


def origins_of(household: HouseholdView, data_year: int) -> Origins:
    """Tells of a fact of the household where the register holds it; nothing of what is worked out, or not recorded.

    `data_year` is that of the snapshot: a fact some years earlier stands in the row of that year. One query.
    """
    years = {each.data_year: each for each in household.years}
    writers = {each.recorded_by for each in household.years}
    names = names_of(name for name in writers if name and not name.startswith("system:"))

    def origin(fact: FactShown) -> Origin | None:
        name, _mark, lag = fact.column.partition(LAG_MARK)
        if fact.unit != "household" or not fact.known:
            return None
        if name in _BASE:
            return Origin(_form(HOUSEHOLDS), None, None, "")
        year = years.get(data_year - int(lag or 0))
        return _of_year(year, name, fact, names) if year is not None else None

    return origin


def _of_year(year: YearView, name: str, shown: FactShown, names: dict[str, str]) -> Origin | None:
    values = {**year.values, **{item.name: value for item, value in year.items}}
    declared = registry.schema().units["household"].get(name)
    if name not in values or (declared is not None and declared.formula is not None):
        return None
    day = timezone.localtime(year.recorded_at).date() if year.recorded_at else None
    changed = _exactly(values[name]) != shown.exact
    who = "" if changed else names.get(year.recorded_by, "")
    return Origin(_form(HOUSEHOLD_YEARS), year.data_year, day, who, changed)


def _exactly(value: Any) -> bool | str | None:
    """A value of the register as explanations tell it."""
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return told_exactly(Fraction(value) if number else value)


def _form(sheet: Sheet) -> Words:
    return Words(sheet.zh, sheet.en)


def _names(columns: Iterable[object]) -> frozenset[str]:
    return frozenset(getattr(column, "name", "") for column in columns)


# What the sheet of households holds that no year does.
_BASE = _names(HOUSEHOLDS.columns) - _names(HOUSEHOLD_YEARS.columns)
