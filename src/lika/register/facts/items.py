"""Collected items as facts: which provider gives them, and their values as Python and SQL hold them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from lika.core.facts import Provider
from lika.engine.schema import Fact
from lika.engine.types import BooleanType, CodeType, DateType, IntegerType, TextType
from lika.register.facts.households import EVER_HERE
from lika.register.models.items import ITEM_TABLES, ItemRow

Value = bool | int | Decimal | dt.date | str

YES, NO = "yes", "no"
# Which units of a kind are asked for: persons and households wherever they stood, divisions in the range.
_SCOPE = {
    "person": "y.person_id IN (SELECT m.person_id FROM register_membership m WHERE m.household_id IN ({here}))",
    "household": "y.household_id IN ({here})",
    "village": "y.village BETWEEN %(low)s AND %(high)s",
    "county": "y.county BETWEEN %(low)s AND %(high)s",
}
_KEYS = {"person": "person_id", "household": "household_id"}


def column_of(fact: Fact) -> str:
    """The column of the item tables that holds values of a fact."""
    match fact.type:
        case BooleanType() | CodeType():
            return "code"
        case DateType():
            return "day"
        case TextType():
            return "text"
    return "number"


def stored(value: Value, fact: Fact) -> Mapping[str, Value]:
    """A checked value as the columns of an item row."""
    held = (YES if value else NO) if isinstance(fact.type, BooleanType) else value
    return {column_of(fact): held}


def value_of(row: ItemRow, fact: Fact) -> Value:
    """The value that an item row holds."""
    held: Value = getattr(row, column_of(fact))
    if isinstance(fact.type, BooleanType):
        return held == YES
    return int(held) if isinstance(fact.type, IntegerType) and isinstance(held, Decimal) else held


def provider_of(unit: str, facts: Iterable[Fact]) -> Provider:
    """What gives the items of a unit to snapshots: one row per yearly row, empty where nothing was collected."""
    chosen = tuple(facts)
    key = _KEYS.get(unit, unit)
    columns = ", ".join(f'{_aggregate(fact)} AS "{fact.name}"' for fact in chosen)
    table = ITEM_TABLES[unit]._meta
    years = table.get_field("year").related_model._meta.db_table
    sql = f"""
SELECT y.{key}, {columns}
FROM {years} y LEFT JOIN {table.db_table} i ON i.year_id = y.id
WHERE y.data_year = %(year)s AND {_SCOPE[unit].format(here=EVER_HERE)}
GROUP BY y.{key}
"""  # noqa: S608 - made of our own names, and of ids that packs may have: letters, digits and _
    return Provider(unit, f"{unit}_items", chosen, sql, yearly=True)


def _aggregate(fact: Fact) -> str:
    """The one value of an item among the rows of a year."""
    value = f"i.code = '{YES}'" if isinstance(fact.type, BooleanType) else f"i.{column_of(fact)}"
    whole = "::bigint" if isinstance(fact.type, IntegerType) else ""
    gather = "bool_or" if isinstance(fact.type, BooleanType) else "max"
    return f"({gather}({value}) FILTER (WHERE i.item = '{fact.name}')){whole}"
