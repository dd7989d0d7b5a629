"""Workbooks as people make them: titles above the headings, moved columns, formulas, merged cells, typed dates."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from lika.collection.actions import import_register
from lika.collection.choices import BatchState
from lika.collection.reading.archive import Archive
from lika.collection.reading.cells import CellFault, parser_of
from lika.collection.reading.sources import readable
from lika.collection.schema import HOUSEHOLD_YEARS, HOUSEHOLDS, PERSONS, SHEETS
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.register.models import Household, HouseholdYear, Membership
from tests.collection import workbooks
from tests.collection.workbooks import H1, H2, LI


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return workbooks.save(tmp_path / "演示.xlsx", workbooks.clean())


def headings(sheet: Any) -> dict[str, int]:
    return {str(cell.value).split("(")[0].rstrip("*"): cell.column for cell in sheet[1]}


READ: list[tuple[Any, str, Any, str | None]] = [
    # Dates as they are typed.
    (PERSONS, "birth_date", "2016-12-31", "2016-12-31"),
    (PERSONS, "birth_date", "2016年12月31日", "2016-12-31"),
    (PERSONS, "birth_date", "2016.12.31", "2016-12-31"),
    (PERSONS, "birth_date", "2016/1/2", "2016-01-02"),
    (PERSONS, "birth_date", "２０１６－０１－０２", "2016-01-02"),
    (PERSONS, "birth_date", "20161231", "2016-12-31"),
    (PERSONS, "birth_date", 20161231.0, "2016-12-31"),
    (PERSONS, "birth_date", 42735.0, "2016-12-31"),
    (PERSONS, "birth_date", "2016-12-31 00:00:00", "2016-12-31"),
    (PERSONS, "birth_date", dt.datetime(2016, 12, 31), "2016-12-31"),
    (PERSONS, "birth_date", "  ", None),
    # Numbers.
    (HOUSEHOLD_YEARS, "wage", "1,234.50", "1234.5"),
    (HOUSEHOLD_YEARS, "wage", "１２３４．５", "1234.5"),
    (HOUSEHOLD_YEARS, "wage", "3000元", "3000"),
    (HOUSEHOLD_YEARS, "wage", 2736.1000000000004, "2736.1"),
    (HOUSEHOLD_YEARS, "wage", 0.0, "0"),
    (HOUSEHOLD_YEARS, "income_channels", 2.0, "2"),
    # Words of code lists.
    (PERSONS, "relation", "户主", "01"),
    (PERSONS, "relation", " 户 主 ", "01"),
    (PERSONS, "relation", "01", "01"),
    (PERSONS, "relation", 1.0, "01"),
    (PERSONS, "relation", "Head", "01"),
    (PERSONS, "relation", "01 户主", "01"),
    (PERSONS, "work_status", "乡（镇）内务工", "01"),
    (PERSONS, "health", "长期慢性病、残疾", "tft"),
    (PERSONS, "health", "健康", "fff"),
    (PERSONS, "health", "患有大病, 残疾", "ftt"),
    # Yes and no.
    (PERSONS, "dibao", "是", "t"),
    (PERSONS, "dibao", "√", "t"),
    (PERSONS, "dibao", False, "f"),
    (PERSONS, "dibao", 0.0, "f"),
    (PERSONS, "dibao", "No", "f"),
    # Text and digits.
    (PERSONS, "name", "张 三", "张三"),
    (PERSONS, "name", "\u200c\u200d", None),
    (PERSONS, "name", "买买提•艾力", "买买提·艾力"),
    (HOUSEHOLDS, "number", 62122310000001.0, "62122310000001"),
    (HOUSEHOLDS, "number", "６２１２２３", "621223"),
    (HOUSEHOLDS, "address", "城关镇，1号", "城关镇，1号"),
    (HOUSEHOLDS, "phone", "139-0000-0001", "13900000001"),
    (HOUSEHOLDS, "phone", 13900000001.0, "13900000001"),
    (HOUSEHOLDS, "village", 621223100201.0, "621223100201"),
    (HOUSEHOLDS, "bank_account", "6228 0000 0000 0001", "6228000000000001"),
]


@pytest.mark.parametrize(("sheet", "column", "typed", "read"), READ)
def test_what_people_type_is_read(sheet: Any, column: str, typed: Any, read: str | None) -> None:
    assert parser_of(sheet.column(column))(typed) == read


REFUSED: list[tuple[Any, str, Any, str]] = [
    (PERSONS, "birth_date", "去年", "COL-109"),
    (PERSONS, "birth_date", "2016-13-01", "COL-109"),
    (PERSONS, "birth_date", 1980.0, "COL-109"),
    (PERSONS, "birth_date", 42735.5, "COL-109"),
    (HOUSEHOLD_YEARS, "wage", "约3000", "COL-106"),
    (HOUSEHOLD_YEARS, "wage", dt.date(2016, 1, 1), "COL-106"),
    (HOUSEHOLD_YEARS, "income_channels", 2.5, "COL-108"),
    (PERSONS, "relation", "亲戚", "COL-105"),
    (PERSONS, "dibao", "享受", "COL-110"),
    (HOUSEHOLDS, "bank_account", "6.228E+15", "COL-112"),
    (HOUSEHOLDS, "village", "621223", "COL-120"),
    (HOUSEHOLDS, "number", 6.2122310000000123e15, "COL-112"),
]


@pytest.mark.parametrize(("sheet", "column", "typed", "code"), REFUSED)
def test_what_cannot_be_read_is_named(sheet: Any, column: str, typed: Any, code: str) -> None:
    with pytest.raises(CellFault) as fault:
        parser_of(sheet.column(column))(typed)
    assert fault.value.code == code


def test_no_two_columns_of_a_sheet_share_a_heading() -> None:
    for sheet in SHEETS:
        words = [heading for column in sheet.columns for heading in column.headings]
        assert len({sheet.by_heading(word) for word in words}) == len(sheet.columns)


def test_titles_moved_columns_and_english_headings(path: Path, officer: Actor) -> None:
    book = workbooks.edit(path)
    sheet = book["户信息"]
    place = headings(sheet)
    sheet.cell(1, place["联系电话"]).value = "Telephone"
    sheet.cell(1, place["开户银行"]).value = "bank_name"
    sheet.move_range(f"A1:A{sheet.max_row}", cols=30)
    sheet.insert_rows(1, 2)
    sheet["A1"] = "宕昌县建档立卡户信息表(演示数据)"
    book["家庭成员"].title = "Members"
    book.save(path)
    report = import_register(by=officer, path=path)
    assert report.findings == ()
    assert Household.objects.get(number=H1).phone == "13900000001"
    again = import_register(by=officer, path=path)
    assert again.state == BatchState.UNCHANGED


def test_unknown_sheets_and_headings_are_reported_and_passed_over(path: Path, officer: Actor) -> None:
    book = workbooks.edit(path)
    book.create_sheet("备注")["A1"] = "随便写的"
    sheet = book["户信息"]
    sheet.cell(1, sheet.max_column + 1).value = "心情"
    letter = sheet.cell(1, sheet.max_column).column_letter
    book.save(path)
    report = import_register(by=officer, path=path)
    assert [(f.code, f.sheet, f.row, f.column) for f in report.findings] == [
        ("COL-010", "备注", 0, ""), ("COL-011", "households", 1, letter),
    ]  # fmt: skip
    assert report.state == BatchState.PUBLISHED


def test_missing_and_double_headings_stop_the_import(path: Path, officer: Actor) -> None:
    book = workbooks.edit(path)
    persons, years = book["家庭成员"], book["户年度数据"]
    persons.delete_cols(headings(persons)["性别"])
    years.cell(1, headings(years)["通宽带"]).value = "工资性收入"
    book.save(path)
    report = import_register(by=officer, path=path)
    assert [(f.code, f.sheet, f.row, f.field) for f in report.findings] == [
        ("COL-012", "persons", 1, "sex"), ("COL-013", "household_years", 1, "wage"),
    ]  # fmt: skip
    assert report.state == BatchState.REFUSED
    assert Household.objects.count() == 0


def test_a_sheet_without_headings_and_one_that_is_there_twice(path: Path, officer: Actor) -> None:
    book = workbooks.edit(path)
    book.create_sheet("Households")
    book["村年度数据"].delete_rows(1)
    book.save(path)
    report = import_register(by=officer, path=path)
    assert [(f.code, f.sheet) for f in report.findings] == [("COL-015", "households"), ("COL-014", "village_years")]


def test_formulas_and_errors_are_faults_where_data_are_expected(path: Path, officer: Actor) -> None:
    book = workbooks.edit(path)
    years = book["户年度数据"]
    place = headings(years)
    years.cell(2, place["工资性收入"]).value = "=9000+0.5"
    years.cell(3, place["住房面积"]).value = "#REF!"
    years.cell(3, years.max_column + 3).value = "=1+1"  # outside the table: nobody's business
    book.save(path)
    report = import_register(by=officer, path=path)
    assert [(f.code, f.sheet, f.row, f.field, f.household) for f in report.findings] == [
        ("COL-101", "household_years", 2, "wage", H1), ("COL-103", "household_years", 3, "house_area", H2),
    ]  # fmt: skip


def test_a_formula_keeps_its_household_out_of_the_good_rows(path: Path, officer: Actor) -> None:
    book = workbooks.edit(path)
    years = book["户年度数据"]
    years.cell(2, headings(years)["工资性收入"]).value = "=9000+0.5"
    book.save(path)
    report = import_register(by=officer, path=path, good_rows=True)
    assert report.left_out == (H1,)
    assert HouseholdYear.objects.count() == 1


def test_merged_cells_are_a_fault_of_every_row_they_cover(path: Path, officer: Actor) -> None:
    book = workbooks.edit(path)
    persons = book["家庭成员"]
    column = headings(persons)["民族"]
    persons.merge_cells(start_row=4, end_row=5, start_column=column, end_column=column)
    letter = persons.cell(4, column).column_letter
    book.save(path)
    report = import_register(by=officer, path=path, good_rows=True)
    assert [(f.code, f.row, f.field, dict(f.params)) for f in report.findings] == [
        ("COL-102", 4, "ethnicity", {"range": f"{letter}4:{letter}5"})
    ]
    assert report.left_out == (H1, "62122310000002")


def test_a_title_over_merged_cells_is_no_fault(path: Path, officer: Actor) -> None:
    book = workbooks.edit(path)
    sheet = book["户信息"]
    sheet.insert_rows(1)
    sheet["A1"] = "户信息(演示数据)"
    sheet.merge_cells("A1:F1")
    book.save(path)
    assert import_register(by=officer, path=path).findings == ()


def test_empty_rows_between_and_below_are_passed_over(path: Path, officer: Actor) -> None:
    book = workbooks.edit(path)
    persons = book["家庭成员"]
    persons.insert_rows(3, 2)
    persons.cell(200, 1).value = "   "
    book.save(path)
    report = import_register(by=officer, path=path)
    assert (report.findings, report.rows["persons"]) == ((), 4)


def test_a_number_typed_as_text_with_full_width_digits(path: Path, officer: Actor) -> None:
    book = workbooks.edit(path)
    persons = book["家庭成员"]
    full = LI.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789X"})
    persons.cell(2, headings(persons)["证件号码"]).value = f" {full} "
    book.save(path)
    assert import_register(by=officer, path=path).findings == ()
    assert Membership.objects.get(household__number=H1, relation="01").person.id_number == LI


class TestFiles:
    def refused(self, path: Path) -> str:
        with pytest.raises(UserError) as error, readable(path) as stream:
            Archive(stream)
        return error.value.code

    def test_what_is_no_workbook(self, tmp_path: Path) -> None:
        text = tmp_path / "a.xlsx"
        text.write_text("户编号,姓名\n", encoding="utf-8")
        old = tmp_path / "b.xlsx"
        old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
        assert self.refused(text) == "COL-001"
        assert self.refused(old) == "COL-003"
        assert self.refused(tmp_path / "none.xlsx") == "COL-005"

    def test_another_zip_file(self, tmp_path: Path) -> None:
        import zipfile

        path = tmp_path / "c.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("word/document.xml", "<w/>")
        assert self.refused(path) == "COL-001"

    def test_entities_are_not_opened(self, tmp_path: Path) -> None:
        import zipfile

        source, path = tmp_path / "d.xlsx", tmp_path / "e.xlsx"
        Workbook().save(source)
        with zipfile.ZipFile(source) as good, zipfile.ZipFile(path, "w") as bad:
            for name in good.namelist():
                text = good.read(name)
                if name == "xl/workbook.xml":
                    text = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text
                bad.writestr(name, text)
        assert self.refused(path) == "COL-001"

    def test_what_is_too_large(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = workbooks.save(tmp_path / "f.xlsx", workbooks.clean())
        monkeypatch.setattr("lika.collection.reading.sources.MAX_UNPACKED_BYTES", 1000)
        assert self.refused(path) == "COL-002"
        monkeypatch.setattr("lika.collection.reading.sources.MAX_FILE_BYTES", 1000)
        assert self.refused(path) == "COL-002"
