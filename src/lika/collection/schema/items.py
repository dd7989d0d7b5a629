"""The sheets with what jurisdictions collect beyond the common form: their packs' items as columns at the end."""

from collections.abc import Iterable
from dataclasses import replace

from lika.collection.schema.columns import Column, Sheet, of_fact
from lika.collection.schema.sheets import SHEETS, SHEETS_BY_KEY
from lika.core.areas import Area
from lika.policy.collected import Collected, collected
from lika.register.actions.bulk.items import UNIT_OF_SHEET
from lika.register.choices import lists

_LISTS = {code_list.id: code_list for code_list in lists.CODE_LISTS}


def sheets_with(items: Iterable[Collected]) -> tuple[Sheet, ...]:
    """The five sheets; the items of a unit stand behind the columns that its sheet has everywhere."""
    listed = tuple(items)
    return tuple(
        _with(sheet, [item for item in listed if item.unit == UNIT_OF_SHEET.get(sheet.key)]) for sheet in SHEETS
    )


def _with(sheet: Sheet, items: list[Collected]) -> Sheet:
    if not items:
        return sheet
    more = tuple(replace(of_fact(item.fact, _LISTS), collected=True) for item in items)
    return Sheet(sheet.key, sheet.zh, sheet.en, (*sheet.columns, *more), sheet.aliases)


def sheets_read() -> tuple[Sheet, ...]:
    """The sheets that a workbook may bring: with every item that some active pack collects."""
    return sheets_with(collected())


def sheets_asked(area: Area) -> tuple[Sheet, ...]:
    """The sheets that an area is asked to fill: with the items that are collected somewhere in it."""
    return sheets_with(item for item in collected() if item.area.meet(area))


def column_of(sheet_key: str, name: str) -> Column:
    """The column of a sheet, the items of active packs included. Raises KeyError."""
    try:
        return SHEETS_BY_KEY[sheet_key].column(name)
    except KeyError:
        for item in collected(UNIT_OF_SHEET.get(sheet_key, "")):
            if item.fact.name == name:
                return of_fact(item.fact, _LISTS)
        raise
