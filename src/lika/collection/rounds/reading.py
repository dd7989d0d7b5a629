"""A round's workbook that comes back: its rows by sheet, and what cannot be read, each fault in its cell."""

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lika.collection.findings import FindingLog
from lika.collection.reading import books
from lika.collection.reading.columns import ColumnReader
from lika.collection.reading.sheets import OpenSheet, open_sheets
from lika.collection.reading.sources import MAX_FILE_BYTES, too_large
from lika.collection.rounds.workbook import HEALTH
from lika.collection.schema import Column, Kind
from lika.core.errors import UserError

_SHEETS = frozenset({"household_years", "persons", "village_years"})
# Said of the workbook of a county; a round's has columns and sheets of its own choice.
_NO_MATTER = frozenset({"COL-010", "COL-011"})


@dataclass(frozen=True)
class Row:
    """A row of a sheet: where it stands, and its values by column as the register takes them; an empty cell is None."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """What is wrong where, and what to do; `row` 0 where no single row is meant."""

    sheet: str
    row: int
    field: str
    household: str
    code: str
    message: str
    remedy: str


@dataclass
class Told:
    """What a workbook says: rows by sheet, problems, and the households that are left out for a fault of a cell."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    faulty: frozenset[str] = frozenset()


def read(content: bytes, name: str) -> Told:
    """The yearly rows of a workbook.

    Raises COL-001 … COL-003, COL-017, COL-018 for what is no workbook, COL-002 for one too large, RND-040 where no
    sheet can be read.
    """
    if len(content) > MAX_FILE_BYTES:
        raise too_large()
    log, last, told = FindingLog(), dict[str, int](), Told()
    with books.opened(io.BytesIO(content), name) as book:
        for opened in open_sheets(book, log, lambda key: last.get(key, 0)):
            if opened.sheet.key in _SHEETS:
                told.rows[opened.sheet.key] = list(_rows(opened, log))
    faulty = {(sheet, row) for sheet, row in log.faulty_rows if row}
    numbers = {
        str(row.values["number"])
        for sheet, rows in told.rows.items()
        for row in rows
        if (sheet, row.number) in faulty and row.values.get("number")
    }
    told.faulty = frozenset(numbers | log.faulty_households)
    told.problems = [
        Problem(each.sheet_label, each.row, each.field_label, each.household, each.code, each.message, each.remedy)
        for each in log.in_order({}, lambda finding: finding)
        if each.code not in _NO_MATTER
    ]
    if not told.rows and not told.problems:
        raise UserError(
            "RND-040",
            _("The file holds no sheet of this round."),
            remedy=_("Use the workbook that this page gives out."),
            field="file",
        )
    return told


def _rows(opened: OpenSheet, log: FindingLog) -> Iterator[Row]:
    readers = [ColumnReader(column, opened.parser(column)) for column in opened.columns]
    for block in opened.blocks():
        texts: dict[str, list[str | None]] = {}
        for reader in readers:
            column = reader.column
            text, faults = reader.read(block.cells[column.name])
            texts[column.name] = text.to_pylist()
            for at, fault in faults.items():
                number = texts.get("number", [])
                household = (number[at] or "") if number else ""
                log.add(opened.at(fault.code, block.rows[at], column.name, household, **fault.params))
        for at, row in enumerate(block.rows):
            values: dict[str, Any] = {}
            for column in opened.columns:
                values |= _typed(column, texts[column.name][at])
            yield Row(row, values)


def _typed(column: Column, text: str | None) -> dict[str, Any]:
    """A cell of the staging notation as the register takes it; 健康状况 is three answers."""
    if column.kind is Kind.HEALTH:
        return dict(zip(HEALTH, (None,) * 3 if text is None else (each == "t" for each in text), strict=True))
    if text is None:
        return {column.name: None}
    match column.kind:
        case Kind.BOOLEAN:
            return {column.name: text == "t"}
        case Kind.INTEGER:
            return {column.name: int(Decimal(text))}
        case Kind.DECIMAL:
            return {column.name: Decimal(text)}
        case Kind.DATE:
            return {column.name: dt.date.fromisoformat(text)}
    return {column.name: text}
