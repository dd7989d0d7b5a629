"""Sheets, headings and rows: which sheet is which, which column is which, and the rows in blocks.

The heading row is looked for among the first rows, because official forms put a title above it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook
from xlsxwriter.utility import xl_col_to_name

from lika.collection.findings import Finding, FindingLog
from lika.collection.reading.archive import Archive
from lika.collection.reading.cells import is_empty
from lika.collection.schema import IGNORED_SHEETS, Column, Sheet, plain, sheets_read

BLOCK_ROWS = 5_000
_HEADING_ROWS = 8


@dataclass
class Block:
    """Some rows: their numbers in the spreadsheet, and the cells by column name."""

    rows: list[int]
    cells: dict[str, list[Any]]


@dataclass
class OpenSheet:
    """A sheet of the workbook that was recognised."""

    sheet: Sheet
    source: CalamineSheet
    heading_row: int
    # Column name -> position in a row of the reader; letters as the spreadsheet has them.
    positions: dict[str, int] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    # Cells that hold a formula or an error value: row and column name. They were reported; their value is not read.
    unreadable: dict[int, set[str]] = field(default_factory=dict)

    def at(self, code: str, row: int, column: str, household: str = "", **params: str) -> Finding:
        """A finding in one cell of this sheet."""
        letter = self.letters.get(column, "")
        return Finding(self.sheet.key, row, letter, code, column, household, tuple(params.items()))

    def blocks(self, size: int = BLOCK_ROWS) -> Iterator[Block]:
        """The data rows in blocks; rows without any value in a known column are passed over."""
        first, *others = self.positions.values()
        numbered = islice(enumerate(self.source.iter_rows(), start=1), self.heading_row, None)
        data = (
            (number, row)
            for number, row in numbered
            if not is_empty(row[first]) or any(not is_empty(row[position]) for position in others)
        )
        while chunk := list(islice(data, size)):
            rows = [number for number, _row in chunk]
            columns = list(zip(*(row for _number, row in chunk), strict=True))
            cells = {name: list(columns[position]) for name, position in self.positions.items()}
            self._blank_unreadable(rows, cells)
            yield Block(rows, cells)

    def _blank_unreadable(self, rows: list[int], cells: dict[str, list[Any]]) -> None:
        if self.unreadable:
            for index, row in enumerate(rows):
                for name in self.unreadable.get(row, ()):
                    cells[name][index] = ""

    @property
    def height(self) -> int:
        """Rows of the sheet, headings included."""
        return self.source.total_height


def open_sheets(book: CalamineWorkbook, archive: Archive, log: FindingLog) -> Iterator[OpenSheet]:
    """The known sheets of a workbook in the order of the schema; one is loaded at a time.

    Unknown sheets and headings are reported. A sheet whose headings are not usable is reported and not given.
    """
    sheets = sheets_read()
    named = _by_schema(sheets, book.sheet_names, log)
    for sheet in sheets:
        if sheet.key in named:
            name = named[sheet.key]
            source = book.get_sheet_by_name(name)
            if source.start is None:
                continue  # not even headings
            opened = _with_headings(sheet, source, log)
            if opened is not None:
                _report_merged(opened, log)
                _report_suspects(opened, archive.suspects(name), log)
                yield opened


def _by_schema(sheets: Sequence[Sheet], names: list[str], log: FindingLog) -> dict[str, str]:
    words = {plain(word): sheet for sheet in sheets for word in sheet.names}
    ignored = {plain(name) for name in IGNORED_SHEETS}
    found: dict[str, str] = {}
    for name in names:
        sheet = words.get(plain(name))
        if sheet is None:
            if plain(name) not in ignored:
                log.add(Finding(name, 0, "", "COL-010"))
        elif sheet.key in found:
            log.add(Finding(sheet.key, 0, "", "COL-015"))
        else:
            found[sheet.key] = name
    return found


def _with_headings(sheet: Sheet, source: CalamineSheet, log: FindingLog) -> OpenSheet | None:
    first = list(islice(source.iter_rows(), _HEADING_ROWS))
    matches = [sum(sheet.by_heading(str(cell)) is not None for cell in row if not is_empty(cell)) for row in first]
    if not matches or max(matches) == 0:
        if any(not is_empty(cell) for row in first for cell in row):
            log.add(Finding(sheet.key, 0, "", "COL-014"))
        return None
    heading_row = matches.index(max(matches))
    opened = OpenSheet(sheet, source, heading_row + 1)
    left = source.start[1] if source.start else 0
    usable = True
    for position, cell in enumerate(first[heading_row]):
        if is_empty(cell):
            continue
        column, letter = sheet.by_heading(str(cell)), xl_col_to_name(left + position)
        if column is None:
            log.add(Finding(sheet.key, opened.heading_row, letter, "COL-011"))
        elif column.name in opened.positions:
            log.add(
                Finding(sheet.key, opened.heading_row, letter, "COL-013", column.name, "", (("field", column.name),))
            )
            usable = False
        else:
            opened.positions[column.name] = position
            opened.letters[column.name] = letter
    for column in _missing(opened):
        log.add(Finding(sheet.key, opened.heading_row, "", "COL-012", column.name, "", (("field", column.name),)))
        usable = False
    return opened if usable else None


def _missing(opened: OpenSheet) -> list[Column]:
    return [column for column in opened.sheet.columns if column.required and column.name not in opened.positions]


def _report_merged(opened: OpenSheet, log: FindingLog) -> None:
    names = {letter: name for name, letter in opened.letters.items()}
    for (top, left), (bottom, right) in opened.source.merged_cell_ranges or ():
        touched = [names.get(xl_col_to_name(column)) for column in range(left, right + 1)]
        known = next((name for name in touched if name), None)
        if bottom + 1 > opened.heading_row and known is not None:
            range_ = f"{xl_col_to_name(left)}{top + 1}:{xl_col_to_name(right)}{bottom + 1}"
            first = max(top + 1, opened.heading_row + 1)
            log.add(opened.at("COL-102", first, known, range=range_))
            log.faulty_rows.update((opened.sheet.key, row) for row in range(first, bottom + 2))


def _report_suspects(opened: OpenSheet, suspects: Iterator[tuple[str, str, int]], log: FindingLog) -> None:
    names = {letter: name for name, letter in opened.letters.items()}
    codes = {"formula": "COL-101", "error": "COL-103"}
    for kind, letters, row in suspects:
        name = names.get(letters)
        if name is None or row <= opened.heading_row:
            continue
        if name not in opened.unreadable.setdefault(row, set()):
            opened.unreadable[row].add(name)
            log.add(opened.at(codes[kind], row, name))
