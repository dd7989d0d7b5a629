"""The workbook that people download and fill in: headings, choices, formats, and a sheet that explains it.

Required columns carry a star. Code columns offer their list. Identity numbers, accounts and codes are
formatted as text, so that a spreadsheet does not round them.
"""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from lika.collection.schema import (
    CODES_SHEET,
    NOTES_SHEET,
    SHEETS,
    TEXT_KINDS,
    Column,
    Kind,
    Sheet,
)
from lika.engine.schema import CodeList
from lika.register.choices import lists

LAST_ROW = 1_048_575  # of a sheet, counted from 0
YES_NO = [item.zh for item in lists.YES_NO.items]

Notes = Sequence[tuple[str, str]]  # lines in Chinese and English

FILLING: Notes = (
    ("建档立卡数据采集表", "County workbook of the register"),
    (
        "每张表第一行为标题；带 * 的为必填。列的顺序可以改变，也可以用英文标题。",
        (
            "The first row of each sheet holds the headings; those with * are required. Columns may be moved; English "
            "headings are accepted."
        ),
    ),
    (
        "“户信息”每户一行；“家庭成员”每人一行，户编号须在“户信息”或系统中已有，每户有且只有一名户主。",
        (
            "Households: one row each. Members: one row each; the household number must stand in Households or in the "
            "register already; each household has exactly one head."
        ),
    ),
    (
        "“户年度数据”每户每个数据年度一行；标准时期止即标准时点。",
        "Household years: one row per household and data year; the end of the period is the standard time point.",
    ),
    (
        "代码列请从下拉列表选择，全部取值见“代码表”；健康状况可多选，用顿号分开。",
        "Choose code cells from their list (all values are in Codes); Health may hold several, separated by 、.",
    ),
    (
        "证件号码、银行账号、联系电话、区划代码一律为文本格式；数字格式会丢失末尾几位。",
        "Identity numbers, accounts, telephones and division codes are text: as numbers they lose their last digits.",
    ),
    (
        "不要使用公式和合并单元格；日期写成 2016-12-31。空格表示未知，不表示“否”。",
        "Use no formulas and no merged cells; write dates as 2016-12-31. An empty cell means unknown, not no.",
    ),
    (
        "同一文件再次导入不会产生重复数据；改动后的文件只更新有差异的内容；已锁定的年度不可导入修改。",
        "The same file imported again changes nothing; an edited one changes the differences; locked years are closed.",
    ),
)


def build(sheets: Sequence[Sheet] = SHEETS, about: Notes = (), notes: Notes = FILLING) -> bytes:
    """The empty workbook, as the bytes of an XLSX file; `sheets` may carry what a jurisdiction collects besides.

    `about` stands above the notes on how to fill it in, whose first line is the title.
    """
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        lay_out(book, sheets, about, notes)
    return memory.getvalue()


def lay_out(
    book: xlsxwriter.Workbook, sheets: Sequence[Sheet] = SHEETS, about: Notes = (), notes: Notes = FILLING
) -> dict[str, Any]:
    """Add all sheets with their headings, formats and choices; returns the data sheets by key."""
    formats = Formats(book)
    _write_notes(book, formats, about, notes)
    places = {code_list.id: position for position, code_list in enumerate(_used_lists(sheets))}
    pages = {sheet.key: _data_sheet(book, formats, sheet, places) for sheet in sheets}
    _write_codes(book, formats, sheets)
    return pages


def heading_of(column: Column) -> str:
    """The heading as the template writes it: official words, unit, star when required."""
    unit = f"({column.unit_zh})" if column.unit_zh else ""
    return f"{column.zh}{unit}{'*' if column.required else ''}"


class Formats:
    """The cell formats of a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        head = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "num_format": "@"}
        self.text = book.add_format({"num_format": "@"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.number = book.add_format()
        self.head = book.add_format({**head, "bg_color": "#E6EEF7"})
        self.required = book.add_format({**head, "bg_color": "#FCE4D6"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def of(self, kind: Kind) -> Any:
        """The format of the cells of a column."""
        if kind in TEXT_KINDS:
            return self.text
        return self.day if kind is Kind.DATE else self.number


def _data_sheet(book: xlsxwriter.Workbook, formats: Formats, sheet: Sheet, places: dict[str, int]) -> Any:
    page = book.add_worksheet(sheet.zh)
    page.freeze_panes(1, 1)
    page.set_row(0, 45)
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, _width(column), formats.of(column.kind))
        page.write_string(0, number, heading_of(column), formats.required if column.required else formats.head)
        page.write_comment(0, number, _hint(column), {"x_scale": 1.6})
        if choices := _choices(column, places):
            rule = {"validate": "list", "source": choices, "error_type": "stop", "error_message": "请从列表中选择"}
            page.data_validation(1, number, LAST_ROW, number, rule)
    return page


def _width(column: Column) -> int:
    if column.kind is Kind.IDENTITY:
        return 22
    if column.kind in TEXT_KINDS:
        return 18
    return max(10, min(18, 2 * len(column.zh)))


def _hint(column: Column) -> str:
    """What stands behind a heading: English, unit, meaning, in both languages."""
    unit = f" ({column.unit_en})" if column.unit_en else ""
    return "\n".join(filter(None, (f"{column.en}{unit}", column.note_zh, column.note_en)))


def _choices(column: Column, places: dict[str, int]) -> Any:
    if column.kind is Kind.BOOLEAN:
        return YES_NO
    if column.kind is not Kind.CODE or column.code_list is None:
        return None
    letter = xlsxwriter.utility.xl_col_to_name(2 * places[column.code_list.id])
    return f"={CODES_SHEET[0]}!${letter}$3:${letter}${2 + len(column.code_list.items)}"


def _used_lists(sheets: Sequence[Sheet]) -> list[CodeList]:
    """The code lists that some column uses, each once."""
    found = {column.code_list.id: column.code_list for sheet in sheets for column in sheet.columns if column.code_list}
    return list(found.values())


def _write_notes(book: xlsxwriter.Workbook, formats: Formats, about: Notes, notes: Notes) -> None:
    page = book.add_worksheet(NOTES_SHEET[0])
    page.set_column(0, 0, 60, formats.wrapped)
    page.set_column(1, 1, 70, formats.wrapped)
    for row, (chinese, english) in enumerate((*about, *notes)):
        style = formats.title if row == len(about) else formats.wrapped
        page.write_string(row, 0, chinese, style)
        page.write_string(row, 1, english, style)


def _write_codes(book: xlsxwriter.Workbook, formats: Formats, sheets: Sequence[Sheet]) -> None:
    page = book.add_worksheet(CODES_SHEET[0])
    for position, code_list in enumerate(_used_lists(sheets)):
        left = 2 * position
        page.set_column(left, left + 1, 18, formats.text)
        page.write_string(0, left, code_list.zh, formats.head)
        page.write_string(0, left + 1, code_list.en, formats.head)
        for row, item in enumerate(code_list.items, start=2):
            page.write_string(row, left, item.zh)
            page.write_string(row, left + 1, item.en)
