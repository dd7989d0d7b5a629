"""Sheets, headings and rows: which table is which sheet, which column is which, and the rows in blocks.

The heading row is looked for among the first rows, because official forms put a title above it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from lika.collection.findings import Finding, FindingLog
from lika.collection.layouts.reading import FORM, Layout
from lika.collection.reading.cells import Parser, is_empty
from lika.collection.reading.tables import Block, Book, Table
from lika.collection.schema import Column, Sheet, sheets_read
from lika.core.errors import UserError
from lika.core.language import listed

BLOCK_ROWS = 20_000
_HEADING_ROWS = 8


@dataclass
class OpenSheet:
    """A table that was recognised as a sheet.

    Where a sheet comes in several tables, its rows are numbered on from one to the next: `offset` lies before this one.
    `label` is what the table is called, `layout` says what its headings and codes mean.
    """

    sheet: Sheet
    name: str
    source: Table
    offset: int
    several: bool
    label: str = ""
    layout: Layout = FORM
    heading_row: int = 0
    # Column name -> position in a row of the reader; letters as the spreadsheet has them.
    positions: dict[str, int] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    # Cells that hold a formula or an error value: row and column name. They were reported; their value is not read.
    unreadable: dict[int, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fixed = self.layout.fixed(self.label, self.sheet)
        self._own = self.layout.own(self.label, self.sheet)

    @property
    def columns(self) -> list[Column]:
        """The columns of the sheet of which the table tells something, in the order of the sheet."""
        return [column for column in self.sheet.columns if column.name in self.positions or column.name in self.fixed]

    def parser(self, column: Column) -> Parser | None:
        """How the cells of a column are read where not as the form's own; what holds for every row is ours already."""
        return None if column.name in self.fixed else self.layout.parser(self.label, self.sheet, column)

    def at(self, code: str, row: int, column: str, household: str = "", **params: str) -> Finding:
        """A finding in one cell of this sheet."""
        letter = self.letters.get(column, "")
        return Finding(self.sheet.key, row, letter, code, column, household, tuple(params.items()))

    def at_head(self, code: str, letter: str = "", column: str = "", **params: str) -> Finding:
        """A finding in the headings: it tells its file by itself, for rows of a table that is not read are nobody's."""
        named = {"field": column, **params} if column else params
        file = self.name if self.several else ""
        return Finding(self.sheet.key, self.heading_row, letter, code, column, "", tuple(named.items()), file)

    def blocks(self, size: int = BLOCK_ROWS) -> Iterator[Block]:
        """The data rows in blocks; rows without any value in a known column are passed over."""
        for found in self.source.blocks(self.positions, self.heading_row, size):
            block = found if self._own is None else found.where_told(self._own)
            block.cells |= {name: [value] * len(block.rows) for name, value in self.fixed.items()}
            block.rows = [self.offset + row for row in block.rows]
            block.torn = [self.offset + row for row in block.torn]
            self._blank_unreadable(block.rows, block.cells)
            yield block

    def _blank_unreadable(self, rows: list[int], cells: dict[str, list[Any]]) -> None:
        if self.unreadable:
            for index, row in enumerate(rows):
                for name in self.unreadable.get(row, ()):
                    cells[name][index] = ""

    @property
    def height(self) -> int:
        """Rows of the sheet, headings included."""
        return self.source.height


def require_sheets(book: Book, layout: Layout = FORM) -> None:
    """Raise COL-024 where of files without a frame around them none is named as a sheet."""
    if book.parts and not any(layout.sheets_in(book.label(name)) for name in book.names):
        raise UserError(
            "COL-024",
            _("No file is named as a sheet of the form."),
            remedy=_("Name the files %(names)s, as in the template.") % {"names": listed(layout.table_names())},
        )


def open_sheets(
    book: Book,
    log: FindingLog,
    last_row: Callable[[str], int],
    after: tuple[str, str] | None = None,
    layout: Layout = FORM,
) -> Iterator[OpenSheet]:
    """The known sheets of a book in the order of the schema; one table is loaded at a time.

    `layout` says whose words the book uses. Unknown sheets and headings are reported. A sheet whose headings are not
    usable is reported and not given. `last_row` tells the last row read of a sheet: where the rows of its next table
    are numbered on. Who goes on with a book names sheet and table `after` which; what was to be said of all before
    and of the book is said.
    """
    sheets = sheets_read()
    if after is None:
        for code in book.remarks:
            log.add(Finding("", 0, "", code))
    named = _by_schema(book, log if after is None else FindingLog(), layout)
    tables = [(sheet, name) for sheet in sheets for name in named.get(sheet.key, [])]
    start = 0 if after is None else 1 + [(sheet.key, name) for sheet, name in tables].index(after)
    for sheet, name in tables[start:]:
        source = book.table(name)
        if source is None:
            continue  # not even headings
        several, label = len(named[sheet.key]) > 1, book.label(name)
        opened = OpenSheet(sheet, name, source, last_row(sheet.key), several=several, label=label, layout=layout)
        if _read_headings(opened, log):
            _report_merged(opened, log)
            _report_suspects(opened, log)
            yield opened


def _by_schema(book: Book, log: FindingLog, layout: Layout) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in book.names:
        keys = layout.sheets_in(book.label(name))
        if keys is None:
            if FORM.sheets_in(book.label(name)) != ():  # notes, lists of codes and of faults
                log.add(Finding(name, 0, "", "COL-010"))
            continue
        for key in keys:
            if key in found and not book.parts:
                log.add(Finding(key, 0, "", "COL-015"))
            else:
                found.setdefault(key, []).append(name)
    return found


def _read_headings(opened: OpenSheet, log: FindingLog) -> bool:
    """Find the columns; whether they are usable."""
    first = list(islice(opened.source.rows(), _HEADING_ROWS))
    matches = [sum(_named(opened, cell) is not None for cell in row if not is_empty(cell)) for row in first]
    if not matches or max(matches) == 0:
        if any(not is_empty(cell) for row in first for cell in row):
            log.add(opened.at_head("COL-014"))
        return False
    at = matches.index(max(matches))
    opened.heading_row = at + 1
    cells = [(position, cell) for position, cell in enumerate(first[at]) if not is_empty(cell)]
    refused = [position for position, cell in cells if not _take(opened, position, cell, log)]
    missing = [] if refused else _missing(opened)
    for column in missing:
        log.add(opened.at_head("COL-012", "", column.name))
    return not refused and not missing


def _named(opened: OpenSheet, heading: Any) -> Column | None:
    return opened.layout.column(opened.label, opened.sheet, str(heading))


def _take(opened: OpenSheet, position: int, heading: Any, log: FindingLog) -> bool:
    """Note which column stands at a position; False where the sheet cannot be read for it."""
    column, letter = _named(opened, heading), xl_col_to_name(opened.source.left + position)
    strange = opened.source.unreadable().get(position)
    if column is None:
        if not opened.layout.passes_over(opened.label, str(heading)):
            log.add(opened.at_head("COL-011", letter))
        return True
    if strange is not None:
        log.add(opened.at_head("COL-020", letter, column.name, type=strange))
        return False
    if column.name in opened.positions:
        log.add(opened.at_head("COL-013", letter, column.name))
        return False
    opened.positions[column.name] = position
    opened.letters[column.name] = letter
    return True


def _missing(opened: OpenSheet) -> list[Column]:
    told = {column.name for column in opened.columns}
    return [column for column in opened.sheet.columns if column.required and column.name not in told]


def _report_merged(opened: OpenSheet, log: FindingLog) -> None:
    names = {letter: name for name, letter in opened.letters.items()}
    for (top, left), (bottom, right) in opened.source.merged():
        touched = [names.get(xl_col_to_name(column)) for column in range(left, right + 1)]
        known = next((name for name in touched if name), None)
        if bottom + 1 > opened.heading_row and known is not None:
            range_ = f"{xl_col_to_name(left)}{top + 1}:{xl_col_to_name(right)}{bottom + 1}"
            first = opened.offset + max(top + 1, opened.heading_row + 1)
            log.add(opened.at("COL-102", first, known, range=range_))
            log.faulty_rows.update((opened.sheet.key, row) for row in range(first, opened.offset + bottom + 2))


def _report_suspects(opened: OpenSheet, log: FindingLog) -> None:
    names = {letter: name for name, letter in opened.letters.items()}
    codes = {"formula": "COL-101", "error": "COL-103"}
    for kind, letters, place in opened.source.suspects():
        name = names.get(letters)
        if name is None or place <= opened.heading_row:
            continue
        row = opened.offset + place
        if name not in opened.unreadable.setdefault(row, set()):
            opened.unreadable[row].add(name)
            log.add(opened.at(codes[kind], row, name))
