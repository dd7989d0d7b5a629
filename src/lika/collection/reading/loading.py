"""Sheets into staging tables: parse every cell, report what cannot be read, copy the rest."""

import io
from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from lika.collection.findings import FindingLog, Part
from lika.collection.layouts.reading import FORM, Layout
from lika.collection.reading import persons, secrets
from lika.collection.reading.columns import ColumnReader, Faults
from lika.collection.reading.onward import STAGES, Defaults, Loaded, Onward
from lika.collection.reading.sheets import OpenSheet, open_sheets
from lika.collection.reading.tables import Block, Book
from lika.collection.schema import Column, Kind
from lika.register.actions import bulk

# Staging text by column: strings, nothing for NULL.
Values = dict[str, pa.Array]


def load(
    book: Book,
    log: FindingLog,
    defaults: Defaults,
    progress: Callable[[int, int], None],
    onward: Onward,
    layout: Layout = FORM,
) -> tuple[Loaded, FindingLog]:
    """Read all sheets into the staging tables; `progress(done, total)` counts bytes; `layout`: whose words they use.

    Goes on behind the tables that an earlier run has read; gives what was read and found by both.
    """
    loaded, log = onward.begun(log)
    total = sum(book.size_of(name) for name in book.names) or 1
    done = sum(book.size_of(name) for _sheet, name in onward.passed)
    for opened in open_sheets(book, log, lambda sheet: loaded.last.get(sheet, 0), onward.after, layout):
        size = book.size_of(opened.name)
        if _begin(opened, log, loaded):
            for share in _load_sheet(opened, log, defaults, loaded):
                progress(done + int(share * size), total)
        done += size
        onward.note(loaded, log, (opened.sheet.key, opened.name))
    onward.note(loaded, log)
    progress(total, total)
    return loaded, log


def _begin(opened: OpenSheet, log: FindingLog, loaded: Loaded) -> bool:
    """Note a table as read; whether it has the columns that the sheet's other tables have."""
    key = opened.sheet.key
    columns = frozenset(column.name for column in opened.columns)
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
    with bulk.filling() as fill:
        for block in opened.blocks():
            for row in block.torn:
                log.add(opened.at("COL-022", row, ""))
            values = reader.read(block)
            items = [(column, values.pop(column.name)) for column in reader.collected]
            _finish(opened, block, values, log, defaults)
            if "has_year" in values:
                _note_years(values, [cells for _column, cells in items])
            _fill(fill, STAGES[sheet.key], block.rows, values)
            _fill_items(fill, sheet.key, block.rows, items)
            loaded.rows[sheet.key] += len(block.rows)
            loaded.last[sheet.key] = max((loaded.last[sheet.key], *block.rows, *block.torn))
            read = loaded.last[sheet.key] - opened.offset
            yield read / max(opened.height, read)


class _Reader:
    """Parses the blocks of one sheet."""

    def __init__(self, opened: OpenSheet, log: FindingLog) -> None:
        self._opened, self._log = opened, log
        self._readers = [ColumnReader(column, opened.parser(column)) for column in opened.columns]
        self.collected = [reader.column for reader in self._readers if reader.column.collected]

    def read(self, block: Block) -> Values:
        """The cells as staging text; faults are reported and leave nothing."""
        read = {reader.column.name: reader.read(block.cells[reader.column.name]) for reader in self._readers}
        values = {name: text for name, (text, _faults) in read.items()}
        for reader in self._readers:
            self._report(reader.column, block, values, read[reader.column.name][1])
        return values

    def _report(self, column: Column, block: Block, values: Values, faults: Faults) -> None:
        text = values[column.name]
        missing = pc.indices_nonzero(text.is_null()).to_pylist() if column.required and text.null_count else ()
        for at in sorted({*faults, *missing}):
            row, household = block.rows[at], _number_at(values, at)
            fault = faults.get(at)
            if fault is not None:
                self._log.add(self._opened.at(fault.code, row, column.name, household, **fault.params))
            else:
                self._log.add(self._opened.at("COL-104", row, column.name, household, field=column.name))


def _number_at(values: Values, at: int) -> str:
    """The number of the household of a row, as far as it has one."""
    numbers = values.get("number")
    return "" if numbers is None else numbers[at].as_py() or ""


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
                values[name] = pc.utf8_slice_codeunits(answers, position, position + 1)


def _note_years(values: Values, items: Sequence[pa.Array]) -> None:
    """A member of whom only collected items are told has a year too."""
    for cells in items:
        values["has_year"] = pc.if_else(cells.is_valid(), "t", values["has_year"])


def _default_year(values: Values, defaults: Defaults) -> None:
    if defaults.data_year is not None:
        has = pc.equal(values["has_year"], "t")
        given = values.get("data_year", pa.nulls(len(has), pa.string()))
        values["data_year"] = pc.if_else(pc.and_(has, given.is_null()), str(defaults.data_year), given)


def _fill_items(fill: bulk.Fill, sheet: str, rows: Sequence[int], items: Sequence[tuple[Column, pa.Array]]) -> None:
    """Staged cell by cell; an empty cell too, for it may empty what the register holds."""
    for column, cells in items:
        if column.kind is Kind.BOOLEAN:
            cells = pc.if_else(pc.equal(cells, "t"), "yes", pc.if_else(pc.equal(cells, "f"), "no", cells))  # noqa: PLW2901
        count = len(rows)
        named = {
            "sheet": pa.repeat(sheet, count), "sheet_row": pa.array(rows, pa.int32()),
            "item": pa.repeat(column.name, count), _VALUE_OF_KIND[column.kind]: cells,
        }  # fmt: skip
        fill(bulk.ITEMS, tuple(named), _csv(named))


# Which column of the item tables holds a value of a kind; yes and no are codes there.
_VALUE_OF_KIND = {
    Kind.BOOLEAN: "code",
    Kind.CODE: "code",
    Kind.INTEGER: "number",
    Kind.DECIMAL: "number",
    Kind.DATE: "day",
    Kind.TEXT: "text",
}


def _fill(fill: bulk.Fill, stage: bulk.Stage, rows: Sequence[int], values: Values) -> None:
    named = {"sheet_row": pa.array(rows, pa.int32()), **values}
    fill(stage, tuple(named), _csv(named))


def _csv(columns: dict[str, pa.Array]) -> bytes:
    """Texts stand in quotation marks, and no value is the empty text: an empty field can only mean NULL."""
    text = io.BytesIO()
    pa_csv.write_csv(pa.table(columns), text, pa_csv.WriteOptions(include_header=False))
    return text.getvalue()
