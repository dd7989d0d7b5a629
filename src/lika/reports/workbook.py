"""A counted table as a workbook: the table with its title, day and filters, and every cell with what it is made of."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from lika.reports.queries.tables import Cell, Table
from lika.snapshots.queries.analysis import What

_HEAD_ROWS = 2


@dataclass(frozen=True)
class Caption:
    """What stands above the table: the title, and lines such as the day, the filters and the notes."""

    title: str
    lines: Sequence[str]


def to_xlsx(table: Table, caption: Caption, row_title: str) -> bytes:
    """Two sheets: the table as on the screen, and its cells one by one. Numbers are numbers, shares are percentages."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    formats = _Formats(book, table)
    _write_table(book.add_worksheet(_("Table")), table, caption, row_title, formats)
    _write_cells(book.add_worksheet(_("Cells")), table, row_title, formats)
    book.close()
    return content.getvalue()


class _Formats:
    def __init__(self, book: Any, table: Table) -> None:
        places = f".{'0' * table.places}" if table.places else ""
        number = "0.0%" if table.is_share else f"#,##0{places}"
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"font_color": "#46525C"})
        self.head = book.add_format({"bold": True, "bg_color": "#E7F0F6", "text_wrap": True, "valign": "vcenter"})
        self.whole = book.add_format({"num_format": "#,##0"})
        self.value = book.add_format({"num_format": number})
        self.total = book.add_format({"num_format": number, "bold": True, "top": 1})
        self.total_word = book.add_format({"bold": True, "top": 1})


def _write_table(sheet: Any, table: Table, caption: Caption, row_title: str, formats: _Formats) -> None:
    sheet.write_string(0, 0, caption.title, formats.title)
    for row, words in enumerate(caption.lines, start=1):
        sheet.write_string(row, 0, words, formats.note)
    top = len(caption.lines) + _HEAD_ROWS
    heads = [row_title, *(heading.label for heading in table.columns)]
    for column, head in enumerate(heads):
        sheet.write_string(top, column, head, formats.head)
    for row, line in enumerate(table.lines, start=top + 1):
        total = line.heading.total
        sheet.write_string(row, 0, line.heading.label, formats.total_word if total else None)
        for column, cell in enumerate(line.cells, start=1):
            _write_value(sheet, row, column, cell.value, formats.total if total else formats.value)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, len(table.columns), 14)
    sheet.freeze_panes(top + 1, 1)


def _write_cells(sheet: Any, table: Table, row_title: str, formats: _Formats) -> None:
    heads = [row_title, _("Column"), _("Value"), _("Units"), _("Known"), _("Unknown value"), _("Persons")]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, formats.head)
    row = 0
    for line in table.lines:
        for heading, cell in zip(table.columns, line.cells, strict=True):
            row += 1
            sheet.write_string(row, 0, line.heading.label)
            sheet.write_string(row, 1, heading.label)
            _write_value(sheet, row, 2, cell.value, formats.value)
            for column, number in enumerate(_numbers(table, cell), start=3):
                _write_value(sheet, row, column, number, formats.whole)
    sheet.set_column(0, 1, 28)
    sheet.set_column(2, len(heads) - 1, 12)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, row, len(heads) - 1)


def _numbers(table: Table, cell: Cell) -> tuple[int | None, ...]:
    known = None if table.what in {What.COUNT, What.PERSONS} else cell.counted.known
    return (cell.counted.units, known, None if known is None else cell.unknown, cell.counted.persons)


def _write_value(sheet: Any, row: int, column: int, value: int | Decimal | None, style: Any) -> None:
    if value is not None:
        sheet.write_number(row, column, value, style)
