"""The workbook again, with its faults marked: coloured cells with a comment, and a list of all faults.

Up to `WHOLE_ROWS` rows the copy is whole. A larger workbook is cut to the households that have a fault
(their row, all their members and years), so that it opens at once and can be corrected and imported by
itself; the list says so. Cells keep the value that was read: formulas become their last result.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from lika.collection.choices import Severity
from lika.collection.findings import Finding
from lika.collection.layouts.reading import FORM, Layout
from lika.collection.reading import books
from lika.collection.reading.cells import typed_text
from lika.collection.reading.sources import Source
from lika.collection.reading.tables import Book, Table
from lika.collection.schema import FAULTS_SHEET, SHEETS_BY_KEY

WHOLE_ROWS = 5_000
# A comment is a drawing; beyond this many the workbook opens slowly. Colours and the list stay complete.
_COMMENTS = 2_000
_HEADINGS = 8
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 22
Cells = list[Any]
Marks = dict[tuple[str, str, int, str], list[Finding]]  # by sheet, file, row and column

_ORDER = list(SHEETS_BY_KEY)


@dataclass(frozen=True)
class _Marked:
    """A table of the file: the sheets whose faults stand in it, and what it is called here."""

    name: str
    label: str
    sheets: Sequence[str]
    table: Table
    layout: Layout

    def page(self, tables: Sequence["_Marked"]) -> tuple[str, str]:
        """What its page is called, and the file that findings name where a sheet came in several."""
        parts = [each.name for each in tables if each.sheets == self.sheets]
        title = SHEETS_BY_KEY[self.sheets[0]].zh
        if self.layout.label:  # a name from outside: cut, without signs that a sheet's name may not have, and numbered
            title = f"{tables.index(self) + 1} {_NOT_IN_NAMES.sub('_', self.label)[:_LONGEST_NAME]}"
        return (title, "") if len(parts) == 1 else (f"{title}-{parts.index(self.name) + 1}", self.name)


def write(source: Source, name: str, target: Path, findings: Sequence[Finding], layout: Layout = FORM) -> bool:
    """Write the marked workbook; returns whether it is whole (else: only households with faults).

    `name` is what the file was called, `layout` says whose words it uses. Each of several files of a sheet becomes a
    sheet of its own.
    """
    with books.opened(source, name) as book:
        tables = sorted(_tables(book, layout), key=lambda each: _ORDER.index(each.sheets[0]))
        whole = sum(each.table.height for each in tables) <= WHOLE_ROWS
        with xlsxwriter.Workbook(
            target, {"default_date_format": "yyyy-mm-dd", "strings_to_urls": False, "strings_to_formulas": False}
        ) as out:
            looks = _Looks(out)
            _write_list(out, looks, findings, whole=whole)
            marks = _by_cell(findings)
            households = {finding.household for finding in findings if finding.household}
            comments = iter(range(_COMMENTS))
            for each in tables:
                title, file = each.page(tables)
                rows = _absolute(each.table)
                faulty = {row for key, of, row, _column in marks if key in each.sheets and of == file}
                chosen = rows if whole else _chosen(each, rows, faulty, households)
                _write_sheet(out.add_worksheet(title), looks, (each.sheets, file), chosen, marks, comments)
    return whole


def _tables(book: Book, layout: Layout) -> Iterator[_Marked]:
    for name in book.names:
        sheets = layout.sheets_in(book.label(name))
        table = book.table(name) if sheets else None
        if sheets and table is not None:
            yield _Marked(name, book.label(name), sheets, table, layout)


class _Looks:
    """Formats of the marked workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E6EEF7", "border": 1})
        self.plain = book.add_format({})
        self.text = book.add_format({"num_format": "@"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.of = {
            severity: {
                "text": book.add_format({"num_format": "@", "bg_color": colour}),
                "day": book.add_format({"num_format": "yyyy-mm-dd", "bg_color": colour}),
                "plain": book.add_format({"bg_color": colour}),
            }
            for severity, colour in ((Severity.ERROR, "#FFC7CE"), (Severity.WARNING, "#FFEB9C"))
        }


def _by_cell(findings: Iterable[Finding]) -> Marks:
    marks: Marks = {}
    for finding in findings:
        marks.setdefault((finding.sheet, finding.file, finding.row, finding.column), []).append(finding)
    return marks


def _absolute(table: Table) -> Iterator[tuple[int, Cells]]:
    """Rows by their number, cells from column A."""
    left = [""] * table.left
    return ((number, left + row) for number, row in enumerate(table.rows(), start=1))


def _chosen(
    each: _Marked, rows: Iterator[tuple[int, Cells]], faulty: set[int], households: set[str]
) -> Iterator[tuple[int, Cells]]:
    """The heading rows, the rows of households with a fault, and any other row with one."""
    key_column: int | None = None
    for number, cells in rows:
        if key_column is None and number <= _HEADINGS:
            key_column = next((at for at, cell in enumerate(cells) if _is_number(each, str(cell))), None)
            yield number, cells
        elif number in faulty or (
            key_column is not None and key_column < len(cells) and typed_text(cells[key_column]) in households
        ):
            yield number, cells


def _is_number(each: _Marked, heading: str) -> bool:
    column = each.layout.column(each.label, SHEETS_BY_KEY[each.sheets[0]], heading)
    return column is not None and column.name == "number"


def _write_sheet(
    page: Any,
    looks: _Looks,
    place: tuple[Sequence[str], str],
    rows: Iterable[tuple[int, Cells]],
    marks: Marks,
    comments: Iterator[int],
) -> None:
    sheets, file = place
    page.freeze_panes(1, 1)
    page.set_column(0, sum(len(SHEETS_BY_KEY[key].columns) for key in sheets), 14)
    for line, (number, cells) in enumerate(rows):
        for at, cell in enumerate(cells):
            letter = xlsxwriter.utility.xl_col_to_name(at)
            found = [each for key in sheets for each in marks.get((key, file, number, letter), ())]
            if not found and (cell == "" or cell is None):
                continue
            _write_cell(page, line, at, cell, looks, found)
            if found and next(comments, None) is not None:
                page.write_comment(line, at, "\n".join(_words(finding) for finding in found), {"x_scale": 2})


def _write_cell(page: Any, row: int, column: int, cell: Any, looks: _Looks, found: Sequence[Finding]) -> None:
    kind = "text" if isinstance(cell, str) else "day" if isinstance(cell, dt.date) else "plain"
    if not found:
        style = getattr(looks, kind)
    else:
        worst = Severity.ERROR if any(finding.is_error for finding in found) else Severity.WARNING
        style = looks.of[worst][kind]
    if isinstance(cell, str):
        page.write_string(row, column, cell, style)
    elif isinstance(cell, dt.date):
        page.write_datetime(row, column, cell, style)
    elif isinstance(cell, dt.time | dt.timedelta):
        page.write_string(row, column, str(cell), style)
    else:
        page.write(row, column, cell, style)


def _words(finding: Finding) -> str:
    return f"{finding.code} {finding.message} {finding.remedy}"


def _write_list(book: xlsxwriter.Workbook, looks: _Looks, findings: Sequence[Finding], *, whole: bool) -> None:
    page = book.add_worksheet(FAULTS_SHEET[0])
    page.set_column(0, 7, 14)
    page.set_column(8, 9, 50)
    about = (
        _("All rows of the workbook, the faults marked.")
        if whole
        else _("Only the households with a fault, whole; row numbers are those of the workbook that was imported.")
    )
    page.write_string(0, 0, about)
    headings = (
        _("Code"), _("Severity"), _("Sheet"), _("File"), _("Row"), _("Column"), _("Field"), _("Household number"),
        _("What is wrong"), _("What to do"),
    )  # fmt: skip
    for column, heading in enumerate(headings):
        page.write_string(1, column, heading, looks.head)
    for line, finding in enumerate(findings, start=2):
        label = str(Severity(finding.rule.severity).label)
        cells = (finding.code, label, finding.sheet_label, finding.file, finding.row, finding.column,
                 finding.field_label, finding.household, finding.message, finding.remedy)  # fmt: skip
        for column, value in enumerate(cells):
            page.write(line, column, value)
    page.autofilter(1, 0, max(2, 1 + len(findings)), len(headings) - 1)
