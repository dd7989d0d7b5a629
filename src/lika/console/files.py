"""Lists as files: XLSX for office programs, CSV for everything else."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

import xlsxwriter

Cell = str | int | Decimal | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def to_csv(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a mark, as spreadsheet programs want it; a text that a program would run as a formula is quoted."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int]) -> bytes:
    """One sheet with a frozen, filtered heading. Texts are written as texts: numbers of people stay whole."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"constant_memory": True, "in_memory": False, "strings_to_formulas": False})
    bold = book.add_format({"bold": True, "bg_color": "#E7F0F6", "text_wrap": True, "valign": "vcenter"})
    money = book.add_format({"num_format": "#,##0.00"})
    sheet = book.add_worksheet(title[:31])
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_row(0, 0, heading, bold)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, last, column, cell, money)
    sheet.autofilter(0, 0, last, len(heading) - 1)
    book.close()
    return content.getvalue()


def _write(sheet: "xlsxwriter.worksheet.Worksheet", row: int, column: int, cell: Cell, money: object) -> None:
    if isinstance(cell, Decimal):
        sheet.write_number(row, column, cell, money)
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell)
    elif cell:
        sheet.write_string(row, column, cell)


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
