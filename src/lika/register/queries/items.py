"""What only some places collect, read for screens."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from lika.engine.schema import Fact
from lika.policy.collected import Collected, collected
from lika.register.facts.items import value_of
from lika.register.models.items import ITEM_TABLES
from lika.register.models.years import YearRow

ItemsShown = tuple[tuple[Fact, Any], ...]


def collected_items(
    unit: str, rows: Iterable[YearRow], asked: Iterable[Collected] | None = None
) -> Mapping[UUID, ItemsShown]:
    """The items of some yearly rows of a unit, by the id of the row, in the order in which packs declare them.

    `asked` are the items of the active packs, of any unit, where they are read already. No query for values where no
    active pack collects anything of the unit.
    """
    facts = {item.fact.name: item.fact for item in (collected() if asked is None else asked) if item.unit == unit}
    if not facts:
        return {}
    held: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for each in ITEM_TABLES[unit]._default_manager.filter(year_id__in=[row.pk for row in rows], item__in=list(facts)):
        held[each.year_id][each.item] = value_of(each, facts[each.item])
    return {
        year: tuple((fact, values[name]) for name, fact in facts.items() if name in values)
        for year, values in held.items()
    }
