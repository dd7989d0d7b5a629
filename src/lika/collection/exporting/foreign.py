"""The register in another system's layout: a profile turned round, table by table, in its codes and units."""

import csv
import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from lika.collection.choices import ExportFormat
from lika.collection.exporting.rows import Row, Rows
from lika.collection.layouts.model import ForeignColumn, ForeignTable, Place, Profile
from lika.collection.layouts.words import writer_of
from lika.collection.schema import NOTES_SHEET, Sheet
from lika.core.leaving import harmless

Cells = list[Any]
Notes = Sequence[tuple[str, str]]


class Foreign:
    """The rows of the register as the tables of a profile have them.

    `without_code` counts, by heading, cells left empty because the other system has no code for ours; `digests` sums up
    by household number what was written of it.
    """

    def __init__(self, profile: Profile, sheets: Sequence[Sheet], rows: Rows) -> None:
        self._profile, self._rows = profile, rows
        self._sheets = {sheet.key: sheet for sheet in sheets}
        self.without_code: Counter[str] = Counter()
        self.counts: dict[str, int] = {}
        self._sums: dict[str, Any] = {}

    @property
    def digests(self) -> Mapping[str, str]:
        """By household number, once all tables were read."""
        return {number: total.hexdigest() for number, total in self._sums.items()}

    def tables(self) -> Iterator[tuple[ForeignTable, Iterator[Cells]]]:
        """Each table with its rows, to be read to the end before the next."""
        for table in self._profile.tables:
            yield table, self._cells(table)

    def _cells(self, table: ForeignTable) -> Iterator[Cells]:
        writers = [(column, column.places[0], self._writer(column)) for column in table.columns]
        self.counts[table.name] = 0
        for number, row in self._joined(table):
            cells = [self._cell(column, row.get(place), write) for column, place, write in writers]
            total = self._sums.setdefault(number, hashlib.sha256(self._profile.name.encode()))
            total.update(repr((table.name, [str(cell) for cell in cells])).encode())
            self.counts[table.name] += 1
            yield cells

    def _joined(self, table: ForeignTable) -> Iterator[tuple[str, dict[Place, Any]]]:
        """The rows of the table's first sheet, with those that the others have of the same household."""
        first, *others = table.sheets
        more: dict[str, dict[str, Row]] = {
            key: {row["number"]: row for row in self._rows.of(self._sheets[key])} for key in others
        }
        for row in self._rows.of(self._sheets[first]):
            number = row.get("number") or ""
            joined = ((first, row), *((key, found.get(number, {})) for key, found in more.items()))
            yield number, {(key, name): value for key, told in joined for name, value in told.items()}

    def _writer(self, column: ForeignColumn) -> Callable[[Any], Any]:
        sheet, name = column.places[0]
        return writer_of(column, self._sheets[sheet].column(name))

    def _cell(self, column: ForeignColumn, value: Any, write: Callable[[Any], Any]) -> Any:
        if value is None:
            return None
        try:
            return write(value)
        except KeyError:
            self.without_code[column.heading] += 1
            return None


def write(kind: ExportFormat, foreign: Foreign, notes: Notes) -> bytes:
    """A workbook, or a ZIP of CSV or Parquet files, with the notes that say who took it and why."""
    target = io.BytesIO()
    if kind is ExportFormat.XLSX:
        _write_workbook(target, foreign, notes)
        return target.getvalue()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(f"{NOTES_SHEET[0]}.csv", _csv(notes).encode("utf-8-sig"))
        for table, rows in foreign.tables():
            head = [column.heading for column in table.columns]
            text = kind is ExportFormat.CSV
            content = _csv(chain([head], rows)).encode("utf-8-sig") if text else _parquet(head, rows)
            archive.writestr(f"{table.name}.{kind.value}", content)
    return target.getvalue()


def _write_workbook(target: io.BytesIO, foreign: Foreign, notes: Notes) -> None:
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        about = book.add_worksheet(NOTES_SHEET[0])
        for line, texts in enumerate(notes):
            about.write_row(line, 0, texts)
        text = book.add_format({"num_format": "@"})
        for table, rows in foreign.tables():
            page = book.add_worksheet(table.name)
            page.freeze_panes(1, 1)
            page.write_row(0, 0, [column.heading for column in table.columns])
            for line, cells in enumerate(rows, start=1):
                for at, cell in enumerate(cells):
                    if isinstance(cell, Decimal):
                        page.write_number(line, at, cell)
                    elif cell is not None:  # a 12-digit code and a year are words here too
                        page.write_string(line, at, _text(cell), text)


def _csv(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([harmless(_text(cell)) for cell in row] for row in rows)
    return text.getvalue()


def _parquet(head: Sequence[str], rows: Iterator[Cells]) -> bytes:
    listed = [[None if cell is None else _text(cell) for cell in row] for row in rows]
    columns = list(zip(*listed, strict=True)) or [()] * len(head)
    target = io.BytesIO()
    pq.write_table(pa.table([pa.array(cells, pa.string()) for cells in columns], names=list(head)), target)
    return target.getvalue()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
