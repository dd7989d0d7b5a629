"""Where the facts of a household were recorded: the sheet, the data year, the day, and who wrote them last."""

from collections.abc import Iterable

from django.utils import timezone

from lika.accounts.queries import names_of
from lika.collection.schema.columns import Sheet
from lika.collection.schema.sheets import HOUSEHOLD_YEARS, HOUSEHOLDS
from lika.engine.explain import FactShown, Origin
from lika.engine.messages import Words
from lika.engine.schema import LAG_MARK
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
        return _of_year(year, name, names) if year is not None else None

    return origin


def _of_year(year: YearView, name: str, names: dict[str, str]) -> Origin | None:
    if name not in {*year.values, *(fact.name for fact, _value in year.items)}:
        return None
    day = timezone.localtime(year.recorded_at).date() if year.recorded_at else None
    return Origin(_form(HOUSEHOLD_YEARS), year.data_year, day, names.get(year.recorded_by, ""))


def _form(sheet: Sheet) -> Words:
    return Words(sheet.zh, sheet.en)


def _names(columns: Iterable[object]) -> frozenset[str]:
    return frozenset(getattr(column, "name", "") for column in columns)


# What the sheet of households holds that no year does.
_BASE = _names(HOUSEHOLDS.columns) - _names(HOUSEHOLD_YEARS.columns)
