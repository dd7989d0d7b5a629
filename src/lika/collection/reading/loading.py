"""Sheets into staging tables: parse every cell, report what cannot be read, copy the rest."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from lika.collection.findings import FindingLog, Part
from lika.collection.reading import persons, secrets
from lika.collection.reading.cells import Cells, parser_of
from lika.collection.reading.sheets import OpenSheet, open_sheets
from lika.collection.reading.tables import Block, Book
from lika.collection.schema import Column, Kind
from lika.register.actions import bulk

Values = dict[str, list[str | None]]

# A cache of cells that grew past this holds names or numbers, each seen once: it only costs memory.
_CACHE_LIMIT = 50_000

STAGES = {
    "households": bulk.HOUSEHOLDS,
    "persons": bulk.PERSONS,
    "household_years": bulk.HOUSEHOLD_YEARS,
    "village_years": bulk.VILLAGE_YEARS,
    "county_years": bulk.COUNTY_YEARS,
}


@dataclass
class Loaded:
    """What was read: rows and columns by sheet, and the letter of each column for later findings.

    `parts` are the tables of each sheet in the order read, `last` the last row of each sheet.
    """

    rows: dict[str, int] = field(default_factory=dict)
    present: dict[str, frozenset[str]] = field(default_factory=dict)
    letters: dict[str, dict[str, str]] = field(default_factory=dict)
    parts: dict[str, list[Part]] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Defaults:
    """What stands for an empty cell, if the person who imports said so."""

    data_year: int | None = None
    today: dt.date = field(default_factory=timezone.localdate)


def load(book: Book, log: FindingLog, defaults: Defaults, progress: Callable[[int, int], None]) -> Loaded:
    """Read all sheets into the staging tables; `progress(done, total)` counts bytes."""
    total = sum(book.size_of(name) for name in book.names) or 1
    done = 0
    loaded = Loaded()
    for opened in open_sheets(book, log, lambda sheet: loaded.last.get(sheet, 0)):
        size = book.size_of(opened.name)
        if _begin(opened, log, loaded):
            for share in _load_sheet(opened, log, defaults, loaded):
                progress(done + int(share * size), total)
        done += size
    progress(total, total)
    return loaded


def _begin(opened: OpenSheet, log: FindingLog, loaded: Loaded) -> bool:
    """Note a table as read; whether it has the columns that the sheet's other tables have."""
    key = opened.sheet.key
    columns = frozenset(opened.positions)
    if loaded.present.setdefault(key, columns) != columns:
        log.add(opened.at_head("COL-021"))
        return False
    loaded.letters.setdefault(key, opened.letters)
    loaded.rows.setdefault(key, 0)
    loaded.parts.setdefault(key, []).append(Part(opened.offset, opened.name))
    return True


def _load_sheet(opened: OpenSheet, log: FindingLog, defaults: Defaults, loaded: Loaded) -> Iterator[float]:
    sheet = opened.sheet
    loaded.last[sheet.key] = opened.offset + opened.heading_row
    reader = _Reader(opened, log)
    for block in opened.blocks():
        for row in block.torn:
            log.add(opened.at("COL-022", row, ""))
        values = reader.read(block)
        items = [(column, values.pop(column.name)) for column in reader.collected]
        _finish(opened, block, values, log, defaults)
        if "has_year" in values:
            _note_years(values["has_year"], [cells for _column, cells in items])
        _copy(STAGES[sheet.key], block.rows, values)
        _copy_items(sheet.key, block.rows, items)
        loaded.rows[sheet.key] += len(block.rows)
        loaded.last[sheet.key] = max((loaded.last[sheet.key], *block.rows, *block.torn))
        read = loaded.last[sheet.key] - opened.offset
        yield read / max(opened.height, read)


class _Reader:
    """Parses the blocks of one sheet."""

    def __init__(self, opened: OpenSheet, log: FindingLog) -> None:
        self._opened, self._log = opened, log
        self._columns = [column for column in opened.sheet.columns if column.name in opened.positions]
        self._cells = {column.name: Cells(parser_of(column)) for column in self._columns}
        self.collected = [column for column in self._columns if column.collected]

    def read(self, block: Block) -> Values:
        """The cells as staging text; faults are reported and leave nothing."""
        values: Values = {}
        for column in self._columns:
            cells = self._cells[column.name]
            if len(cells) > _CACHE_LIMIT:
                cells.clear()
            values[column.name] = [cells[raw] for raw in block.cells[column.name]]
        numbers = values.get("number") or [None] * len(block.rows)
        for column in self._columns:
            self._report(column, block, values[column.name], numbers)
        return values

    def _report(
        self, column: Column, block: Block, values: Sequence[str | None], numbers: Sequence[str | None]
    ) -> None:
        faults = self._cells[column.name].faults
        if not faults and not (column.required and None in values):
            return
        for index, raw in enumerate(block.cells[column.name]):
            row, household = block.rows[index], numbers[index] or ""
            fault = faults.get(raw)
            if fault is not None:
                self._log.add(self._opened.at(fault.code, row, column.name, household, **fault.params))
            elif column.required and values[index] is None:
                self._log.add(self._opened.at("COL-104", row, column.name, household, field=column.name))


def _finish(opened: OpenSheet, block: Block, values: Values, log: FindingLog, defaults: Defaults) -> None:
    """What a sheet needs beyond its cells: encryption, spelling, defaults."""
    match opened.sheet.key:
        case "households":
            secrets.encrypt_household(opened, block.rows, values, log)
        case "persons":
            persons.complete(opened, block, values, log, defaults.today)
            _default_year(values, defaults)
    for column in opened.sheet.columns:
        if column.kind is Kind.HEALTH and column.name in values:
            answers = values.pop(column.name)
            for position, name in enumerate(("chronic_illness", "serious_illness", "disabled")):
                values[name] = [None if answer is None else answer[position] for answer in answers]


def _note_years(has_year: list[str | None], items: Sequence[Sequence[str | None]]) -> None:
    """A member of whom only collected items are told has a year too."""
    for position in range(len(has_year)):
        if any(cells[position] is not None for cells in items):
            has_year[position] = "t"


def _default_year(values: Values, defaults: Defaults) -> None:
    if defaults.data_year is not None:
        year = str(defaults.data_year)
        given = values.get("data_year") or [None] * len(values["has_year"])
        values["data_year"] = [
            year if stated is None and has == "t" else stated
            for stated, has in zip(given, values["has_year"], strict=True)
        ]


def _copy_items(sheet: str, rows: list[int], items: Sequence[tuple[Column, list[str | None]]]) -> None:
    """Staged cell by cell; an empty cell too, for it may empty what the register holds."""
    for column, cells in items:
        kind = _VALUE_OF_KIND[column.kind]
        words = _YES_NO if column.kind is Kind.BOOLEAN else {}
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(
            (sheet, row, column.name, None if cell is None else words.get(cell, cell))
            for row, cell in zip(rows, cells, strict=True)
        )
        bulk.fill(bulk.ITEMS, ("sheet", "sheet_row", "item", kind), text.getvalue())


# Which column of the item tables holds a value of a kind; yes and no are codes there.
_VALUE_OF_KIND = {
    Kind.BOOLEAN: "code",
    Kind.CODE: "code",
    Kind.INTEGER: "number",
    Kind.DECIMAL: "number",
    Kind.DATE: "day",
    Kind.TEXT: "text",
}
_YES_NO = {"t": "yes", "f": "no"}


def _copy(stage: bulk.Stage, rows: list[int], values: Values) -> None:
    # No value is the empty text, so that an empty field can only mean NULL.
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(zip(rows, *values.values(), strict=True))
    bulk.fill(stage, ("sheet_row", *values), text.getvalue())
