"""Sheets, headings and rows: which table is which sheet, which column is which, and the rows in blocks.

The heading row is looked for among the first rows, because official forms put a title above it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from lika.collection.findings import Finding, FindingLog
from lika.collection.reading.cells import is_empty
from lika.collection.reading.tables import Block, Book, Table
from lika.collection.schema import IGNORED_SHEETS, Column, Sheet, plain, sheets_read
from lika.core.errors import UserError
from lika.core.language import chosen, listed

BLOCK_ROWS = 20_000
_HEADING_ROWS = 8


@dataclass
class OpenSheet:
    """A table that was recognised as a sheet.

    Where a sheet comes in several tables, its rows are numbered on from one to the next: `offset` lies before this one.
    """

    sheet: Sheet
    name: str
    source: Table
    offset: int
    several: bool
    heading_row: int = 0
    # Column name -> position in a row of the reader; letters as the spreadsheet has them.
    positions: dict[str, int] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    # Cells that hold a formula or an error value: row and column name. They were reported; their value is not read.
    unreadable: dict[int, set[str]] = field(default_factory=dict)

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
        for block in self.source.blocks(self.positions, self.heading_row, size):
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


def require_sheets(book: Book) -> None:
    """Raise COL-024 where of files without a frame around them none is named as a sheet."""
    words = {plain(word) for sheet in sheets_read() for word in sheet.names}
    if book.parts and not any(plain(book.label(name)) in words for name in book.names):
        raise UserError(
            "COL-024",
            _("No file is named as a sheet of the form."),
            remedy=_("Name the files %(names)s, as in the template.")
            % {"names": listed([chosen(sheet.zh, sheet.en) for sheet in sheets_read()])},
        )


def open_sheets(book: Book, log: FindingLog, last_row: Callable[[str], int]) -> Iterator[OpenSheet]:
    """The known sheets of a book in the order of the schema; one table is loaded at a time.

    Unknown sheets and headings are reported. A sheet whose headings are not usable is reported and not given.
    `last_row` tells the last row read of a sheet: where the rows of its next table are numbered on.
    """
    for code in book.remarks:
        log.add(Finding("", 0, "", code))
    sheets = sheets_read()
    named = _by_schema(sheets, book, log)
    for sheet in sheets:
        names = named.get(sheet.key, [])
        for name in names:
            source = book.table(name)
            if source is None:
                continue  # not even headings
            opened = OpenSheet(sheet, name, source, last_row(sheet.key), several=len(names) > 1)
            if _read_headings(opened, log):
                _report_merged(opened, log)
                _report_suspects(opened, log)
                yield opened


def _by_schema(sheets: Sequence[Sheet], book: Book, log: FindingLog) -> dict[str, list[str]]:
    words = {plain(word): sheet for sheet in sheets for word in sheet.names}
    ignored = {plain(name) for name in IGNORED_SHEETS}
    found: dict[str, list[str]] = {}
    for name in book.names:
        sheet = words.get(plain(book.label(name)))
        if sheet is None:
            if plain(book.label(name)) not in ignored:
                log.add(Finding(name, 0, "", "COL-010"))
        elif sheet.key in found and not book.parts:
            log.add(Finding(sheet.key, 0, "", "COL-015"))
        else:
            found.setdefault(sheet.key, []).append(name)
    return found


def _read_headings(opened: OpenSheet, log: FindingLog) -> bool:
    """Find the columns; whether they are usable."""
    sheet = opened.sheet
    first = list(islice(opened.source.rows(), _HEADING_ROWS))
    matches = [sum(sheet.by_heading(str(cell)) is not None for cell in row if not is_empty(cell)) for row in first]
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


def _take(opened: OpenSheet, position: int, heading: Any, log: FindingLog) -> bool:
    """Note which column stands at a position; False where the sheet cannot be read for it."""
    column, letter = opened.sheet.by_heading(str(heading)), xl_col_to_name(opened.source.left + position)
    strange = opened.source.unreadable().get(position)
    if column is None:
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
    return [column for column in opened.sheet.columns if column.required and column.name not in opened.positions]


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
