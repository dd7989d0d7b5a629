"""Files in the words of the national system (演示数据), written from rows of ours by a profile turned round."""

from pathlib import Path
from typing import Any

import openpyxl

from lika.collection.layouts.model import ForeignTable, Profile
from lika.collection.layouts.words import writer_of
from lika.collection.schema import SHEETS_BY_KEY
from tests.collection import workbooks

Cells = list[list[Any]]


def tables(profile: Profile, rows: workbooks.Rows) -> dict[str, Cells]:
    """The tables of a profile, headings first; a table of several sheets joins their rows by the household number."""
    return {table.name: [[column.heading for column in table.columns], *_rows(table, rows)] for table in profile.tables}


def _rows(table: ForeignTable, rows: workbooks.Rows) -> Cells:
    first, *others = table.sheets
    by_number = {key: {row["number"]: row for row in rows[key]} for key in others}
    return [
        [
            _cell(table, at, {first: row, **{key: found.get(row["number"], {}) for key, found in by_number.items()}})
            for at in range(len(table.columns))
        ]
        for row in rows[first]
    ]


def _cell(table: ForeignTable, at: int, ours: dict[str, dict[str, Any]]) -> Any:
    column = table.columns[at]
    sheet, name = column.places[0]
    value = ours[sheet].get(name)
    return None if value is None else writer_of(column, SHEETS_BY_KEY[sheet].column(name))(value)


def save(path: Path, found: dict[str, Cells]) -> Path:
    """Write tables as a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells in found.items():
        page = book.create_sheet(name)
        for row in cells:
            page.append([str(cell) if isinstance(cell, int) and cell > 10**11 else cell for cell in row])
    book.save(path)
    return path
