"""Collected items: each is asked only where its pack rules."""

from collections.abc import Sequence

from lika.collection.checks.runner import Check
from lika.policy.collected import Collected
from lika.register.actions.bulk import items


def arguments(collected: Sequence[Collected]) -> dict[str, list[object]]:
    """Where each item is asked, as parallel lists: a line for each range."""
    lines = [(item.unit, item.fact.name, low, high) for item in collected for low, high in item.area.ranges]
    return {
        "item_unit": [unit for unit, *_ in lines],
        "item_name": [name for _unit, name, *_ in lines],
        "item_low": [low for *_, low, _high in lines],
        "item_high": [high for *_, high in lines],
    }


# ruff: noqa: S608 - statements are made of our own names; every value is a parameter or a staged column
_ASKED = """
    EXISTS (SELECT 1 FROM unnest(%(item_unit)s::text[], %(item_name)s::text[], %(item_low)s::bigint[],
                                 %(item_high)s::bigint[]) AS asked (unit, name, low, high)
            WHERE asked.unit = '{unit}' AND asked.name = i.item AND {place} BETWEEN asked.low AND asked.high)
"""


def _elsewhere(sheet: str, number: str, place: str, join: str = "") -> Check:
    unit = items.UNIT_OF_SHEET[sheet]
    return Check(
        "COL-224", sheet, "",
        f"""SELECT i.sheet_row, {number}, i.item FROM stage_item i
            JOIN {items.STAGE_OF_SHEET[sheet]} s USING (sheet_row) {join}
            WHERE i.sheet = '{sheet}' AND num_nonnulls(i.number, i.day, i.code, i.text) = 1
              AND {place} IS NOT NULL AND NOT {_ASKED.format(unit=unit, place=place)}
            ORDER BY i.sheet_row, i.item""",
        param="field",
    )  # fmt: skip


_UNIT = "JOIN stage_unit u ON u.number = s.number"
CHECKS = (
    _elsewhere("household_years", "s.number", "u.village", _UNIT),
    _elsewhere("persons", "s.number", "u.village", _UNIT),
    _elsewhere("village_years", "NULL", "s.village"),
    _elsewhere("county_years", "NULL", "s.county"),
)
