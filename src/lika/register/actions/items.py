"""The collected items of one yearly row, written with it and told in its audit row."""

from collections.abc import Mapping
from typing import Any

from lika.core.areas import range_of
from lika.engine.schema import Fact
from lika.policy.collected import collected
from lika.register.facts.items import stored, value_of
from lika.register.models.items import ITEM_TABLES, VALUES
from lika.register.models.years import YearRow

Values = dict[str, Any]


def asked(unit: str, place: int) -> Mapping[str, Fact]:
    """The items that are collected of a unit in a village, or in a county as a whole, by name."""
    return {item.fact.name: item.fact for item in collected(unit, within=range_of(f"{place:012d}"))}


def carry(unit: str, row: YearRow, values: Mapping[str, Any], facts: Mapping[str, Fact]) -> tuple[Values, Values]:
    """Write checked values of items; an empty one takes the item away. Returns what differed, before and after."""
    table = ITEM_TABLES[unit]
    held = {each.item: each for each in table._default_manager.filter(year_id=row.pk, item__in=list(values))}
    before = {name: value_of(each, facts[name]) for name, each in held.items()}
    changed = {name: value for name, value in values.items() if before.get(name) != value}
    for name, value in changed.items():
        if value is None:
            held[name].delete()
            continue
        columns = dict.fromkeys(VALUES) | dict(stored(value, facts[name]))
        table._default_manager.update_or_create(year_id=row.pk, item=name, defaults=columns)
    return {name: before.get(name) for name in changed}, changed
