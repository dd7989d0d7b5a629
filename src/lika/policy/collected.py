"""What jurisdictions collect beyond the common form: the items of the active packs, as facts, and where each is asked.

The tables that hold the values are the register's; this is what declares them. An item stays known while any
active pack declares it, also outside the pack's days: a past year may be entered later.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from uuid import UUID

from lika.core import facts as registry
from lika.core.areas import Area
from lika.engine.schema import Fact
from lika.policy.choices import ItemUnit
from lika.policy.models import PackVersion
from lika.policy.resolve import fact_of_item


@dataclass(frozen=True)
class Collected:
    """An item: the unit whose yearly form it belongs to, its fact, and the area where it is asked."""

    unit: ItemUnit
    fact: Fact
    area: Area


def collected(unit: str | None = None, *, within: tuple[int, int] | None = None) -> tuple[Collected, ...]:
    """The items of the active packs, of one unit or of all, in the order of the packs.

    `within`, a closed range of village codes, leaves out those that are asked nowhere in it.
    """
    found: dict[tuple[str, str], Collected] = {}
    for key, sha256 in PackVersion.objects.filter(active=True).order_by("pack_id").values_list("pk", "sha256"):
        for item in _items_of(key, sha256):
            known = found.setdefault((item.unit, item.fact.name), item)
            found[item.unit, item.fact.name] = replace(known, area=_joined((known.area, item.area)))
    wanted = (item for item in found.values() if unit is None or item.unit == unit)
    return tuple(item for item in wanted if within is None or item.area.meet(Area((within,))))


def _joined(areas: Iterable[Area]) -> Area:
    return Area.joined(part for area in areas for part in area.ranges)


@lru_cache(maxsize=64)
def _items_of(key: UUID, sha256: str) -> tuple[Collected, ...]:
    """The items of a loaded version, which never changes."""
    pack = PackVersion.objects.get(pk=key, sha256=sha256).pack()
    lists = registry.schema().code_lists
    return tuple(Collected(item.unit, fact_of_item(item, lists), pack.area) for item in pack.items)
