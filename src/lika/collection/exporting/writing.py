"""Sheets with rows as files: one workbook, or a ZIP of CSV or Parquet files that the import takes as it is.

Each carries a sheet of notes (`说明`) that says who took it, when, for what reason: a list that is found can be traced.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from lika.collection import workbook
from lika.collection.choices import ExportFormat
from lika.collection.exporting.rows import Row
from lika.collection.schema import NOTES_SHEET, Column, Kind, Sheet
from lika.core.leaving import harmless

_BLOCK = 20_000
Counted = dict[str, int]


def write(
    target: Path | io.BytesIO,
    kind: ExportFormat,
    sheets: Sequence[tuple[Sheet, Iterator[Row]]],
    notes: Sequence[tuple[str, str]],
) -> Counted:
    """Write the sheets, whose columns may be fewer than the form's; returns the rows by sheet key."""
    counts: Counted = {}
    counted = [(sheet, _counting(sheet.key, rows, counts)) for sheet, rows in sheets]
    if kind is ExportFormat.XLSX:
        workbook.write(target, {sheet.key: rows for sheet, rows in counted}, [sheet for sheet, _rows in counted], notes)
        return counts
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open(f"{NOTES_SHEET[0]}.csv", "w") as part:
            part.write(_csv(notes).encode("utf-8-sig"))
        for sheet, rows in counted:
            with archive.open(f"{sheet.zh}.{kind.value}", "w", force_zip64=True) as part:
                (_write_csv if kind is ExportFormat.CSV else _write_parquet)(part, sheet, rows)
    return counts


def _counting(key: str, rows: Iterator[Row], counts: Counted) -> Iterator[Row]:
    counts[key] = 0
    for row in rows:
        counts[key] += 1
        yield row


def _csv(rows: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _write_csv(part: IO[bytes], sheet: Sheet, rows: Iterator[Row]) -> None:
    shows = [(column.name, _shown(column)) for column in sheet.columns]
    part.write(_csv([[column.zh for column in sheet.columns]]).encode("utf-8-sig"))
    while block := list(islice(rows, _BLOCK)):
        part.write(_csv([[show(row.get(name)) for name, show in shows] for row in block]).encode())


def _shown(column: Column) -> Any:
    """How a value of a column stands in a CSV cell: official words, and nothing that a spreadsheet would run."""
    words = workbook.words_of(column)

    def show(value: Any) -> Any:
        if value is None:
            return ""
        if words is not None:
            return words(value)
        return harmless(value) if isinstance(value, str) else value

    return show


def _write_parquet(part: IO[bytes], sheet: Sheet, rows: Iterator[Row]) -> None:
    schema = pa.schema([(column.name, _TYPES[column.kind](column)) for column in sheet.columns])
    with pq.ParquetWriter(part, schema) as writer:
        while block := list(islice(rows, _BLOCK)):
            cells = {column.name: [_typed(column, row.get(column.name)) for row in block] for column in sheet.columns}
            writer.write_table(pa.table(cells, schema=schema))


def _typed(column: Column, value: Any) -> Any:
    if value is None:
        return None
    match column.kind:
        case Kind.HEALTH:
            return workbook.HEALTH_SEPARATOR.join(value)
        case Kind.DECIMAL:
            return Decimal(value)
        case Kind.INTEGER | Kind.BOOLEAN | Kind.DATE:
            return value
    return str(value)


def _text(_column: Column) -> pa.DataType:
    return pa.string()


_TYPES: Mapping[Kind, Any] = {
    **dict.fromkeys(Kind, _text),
    Kind.INTEGER: lambda _column: pa.int64(),
    Kind.DECIMAL: lambda column: pa.decimal128(18, column.places),
    Kind.BOOLEAN: lambda _column: pa.bool_(),
    Kind.DATE: lambda _column: pa.date32(),
}
