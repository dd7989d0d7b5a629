"""A list as one file: its title, the marks that say who took what, the heading, the rows as they come.

However long the list is, a block of it is in memory. CSV is UTF-8 with a mark, as spreadsheet programs in China want
it; its texts are `harmless`. A workbook holds texts as texts, so that numbers of people stay whole. Parquet holds typed
columns under the keys of the fields, and title and marks in the metadata of its schema.
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeVar
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from django.utils import timezone

from lika.core.leaving.cells import Cell, Field, Kind, Row, exact, harmless

T = TypeVar("T")
BLOCK = 1_000  # rows in memory at a time
SHEET_ROWS = 1_048_576  # of a sheet of a workbook, as the format allows
_TAB_LENGTH = 31  # of the name of a sheet, as the format allows
_NOT_IN_TAB = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


class FileKind(StrEnum):
    """The kinds of file in which a list leaves."""

    XLSX = "xlsx"
    CSV = "csv"
    PARQUET = "parquet"


CONTENT_TYPES: Mapping[FileKind, str] = {
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.PARQUET: "application/vnd.apache.parquet",
}


@dataclass(frozen=True)
class Sheet:
    """What stands around the rows: the title, the marks as pairs of label and text, the columns."""

    title: str
    marks: Sequence[tuple[str, str]]
    fields: Sequence[Field]

    @property
    def heading(self) -> list[str]:
        """The labels of the columns."""
        return [str(field.label) for field in self.fields]


def write(target: IO[bytes], kind: FileKind, sheet: Sheet, rows: Iterable[Row]) -> int:
    """Write the file; returns how many rows it holds. `rows` are read once, block by block, as they are written."""
    return _WRITERS[kind](target, sheet, rows)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that stands under its name whole or not at all: what was there before stays until the new one is."""
    beside = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    try:
        with beside.open("xb") as target:
            yield target
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def room(kind: FileKind, sheet: Sheet) -> int | None:
    """How many rows of a list a file can hold beside its title, marks and heading; None: as many as there are."""
    return SHEET_ROWS - _top(sheet) - 1 if kind is FileKind.XLSX else None


def in_blocks(items: Iterable[T], size: int = BLOCK) -> Iterator[list[T]]:
    """The items in their order, some at a time."""
    rest = iter(items)
    while block := list(islice(rest, size)):
        yield block


def _write_csv(target: IO[bytes], sheet: Sheet, rows: Iterable[Row]) -> int:
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([harmless(sheet.title)])
    writer.writerows([harmless(label), harmless(told)] for label, told in sheet.marks)
    writer.writerow([])
    writer.writerow(sheet.heading)
    count = 0
    for row in rows:
        writer.writerow([_as_text(row.get(field.key)) for field in sheet.fields])
        count += 1
    text.flush()
    text.detach()
    return count


def _as_text(value: Cell) -> str | int | Decimal:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else value


def _write_xlsx(target: IO[bytes], sheet: Sheet, rows: Iterable[Row]) -> int:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        marks = "\n".join(f"{label}: {told}" for label, told in sheet.marks)
        book.set_properties({"title": sheet.title, "comments": marks})
        return _write_page(book, book.add_worksheet(sheet.title.translate(_NOT_IN_TAB)[:_TAB_LENGTH]), sheet, rows)


def _write_page(book: Any, page: Any, sheet: Sheet, rows: Iterable[Row]) -> int:
    head = book.add_format({"bold": True, "bg_color": "#E7F0F6", "text_wrap": True, "valign": "vcenter"})
    formats = {kind: book.add_format({"num_format": number}) for kind, number in _NUMBER_FORMATS.items()}
    for column, field in enumerate(sheet.fields):
        page.set_column(column, column, field.width)
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 14}))
    for line, (label, told) in enumerate(sheet.marks, start=1):
        page.write_string(line, 0, label)
        page.write_string(line, 1, told)
    top = _top(sheet)
    for column, label in enumerate(sheet.heading):
        page.write_string(top, column, label, head)
    page.freeze_panes(top + 1, 0)
    last = top
    for row in rows:
        last += 1
        for column, field in enumerate(sheet.fields):
            _write_cell(page, last, column, row.get(field.key), formats.get(field.kind))
    page.autofilter(top, 0, last, len(sheet.fields) - 1)
    return last - top


def _top(sheet: Sheet) -> int:
    """The line of a workbook's heading, from 0: below the title, the marks and an empty line."""
    return len(sheet.marks) + 2


_NUMBER_FORMATS = {
    Kind.SHARE: "0.0%",
    Kind.MONEY: "#,##0.00",
    Kind.DAY: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
}


def _write_cell(page: Any, row: int, column: int, value: Cell, style: Any) -> None:
    if isinstance(value, dt.datetime):
        page.write_datetime(row, column, timezone.localtime(value).replace(tzinfo=None), style)
    elif isinstance(value, dt.date):
        page.write_datetime(row, column, value, style)
    elif isinstance(value, int | Decimal):
        page.write_number(row, column, value, style)
    elif value:
        page.write_string(row, column, value)


def _write_parquet(target: IO[bytes], sheet: Sheet, rows: Iterable[Row]) -> int:
    about = {"title": sheet.title, "marks": json.dumps(list(map(list, sheet.marks)), ensure_ascii=False)}
    columns = [
        pa.field(field.key, _TYPES[field.kind], metadata={"label": label})
        for field, label in zip(sheet.fields, sheet.heading, strict=True)
    ]
    schema = pa.schema(columns, metadata=about)
    count = 0
    with pq.ParquetWriter(target, schema) as writer:
        for block in in_blocks(rows):
            cells = {field.key: [exact(field.kind, row.get(field.key)) for row in block] for field in sheet.fields}
            writer.write_table(pa.table(cells, schema=schema))
            count += len(block)
    return count


_TYPES: Mapping[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.SHARE: pa.float64(),
    Kind.MONEY: pa.decimal128(18, 2),
    Kind.DAY: pa.date32(),
    Kind.MOMENT: pa.timestamp("us", tz="UTC"),
}
_WRITERS = {FileKind.XLSX: _write_xlsx, FileKind.CSV: _write_csv, FileKind.PARQUET: _write_parquet}
