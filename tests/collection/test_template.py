"""The template: what a person finds when they open it, and that it is what the reader expects."""

import io
from decimal import Decimal

import openpyxl
import pytest

from lika.collection import template, workbook
from lika.collection.rules import RULES
from lika.collection.schema import CODES_SHEET, NOTES_SHEET, SHEETS, Kind
from lika.register.actions import bulk
from lika.register.models import CountyYear, Household, HouseholdYear, Person, PersonYear, VillageYear


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(template.build()))


def test_sheets_in_the_official_order(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [NOTES_SHEET[0], *(sheet.zh for sheet in SHEETS), CODES_SHEET[0]]
    assert [book[sheet.zh].max_row for sheet in SHEETS] == [1] * len(SHEETS)


def test_headings_are_found_again_and_required_ones_starred(book: openpyxl.Workbook) -> None:
    for sheet in SHEETS:
        cells = [str(cell.value) for cell in book[sheet.zh][1]]
        assert [sheet.by_heading(text) for text in cells] == list(sheet.columns)
        assert [text.endswith("*") for text in cells] == [column.required for column in sheet.columns]


def test_identity_numbers_are_text_and_codes_offer_their_list(book: openpyxl.Workbook) -> None:
    page = book["家庭成员"]
    columns = {column.name: number for number, column in enumerate(SHEETS[1].columns, start=1)}
    letter = openpyxl.utils.get_column_letter
    assert page.column_dimensions[letter(columns["id_number"])].number_format == "@"
    offered = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in page.data_validations.dataValidation}
    relation = offered[f"{letter(columns['relation'])}2"]
    name, cells = relation.replace("$", "").split("!")
    words = [row[0].value for row in book[name][cells]]
    assert words[:3] == ["户主", "配偶", "之子"]
    assert offered[f"{letter(columns['dibao'])}2"] == '"是,否"'


def test_every_column_of_the_register_that_is_collected_has_a_heading() -> None:
    offered = {sheet.key: {column.name for column in sheet.columns} for sheet in SHEETS}
    health = {"chronic_illness", "serious_illness", "disabled"}
    assert set(bulk.value_columns(HouseholdYear)) <= offered["household_years"]
    assert set(bulk.value_columns(PersonYear)) - health <= offered["persons"]
    assert set(bulk.value_columns(VillageYear)) <= offered["village_years"]
    assert set(bulk.value_columns(CountyYear)) <= offered["county_years"]
    kept_otherwise = {"id", "recorded_at", "bank_account_index", "phone_index", "position", "members", "closed_on"}
    assert {field.name for field in Household._meta.concrete_fields} - kept_otherwise <= offered["households"]
    derived = {"id", "recorded_at", "pinyin", "initials", "id_original", "id_index"}
    assert {field.name for field in Person._meta.concrete_fields} - derived <= offered["persons"]


def test_a_code_that_is_not_in_its_list_is_not_written(tmp_path) -> None:
    with pytest.raises(KeyError):
        workbook.write(tmp_path / "x.xlsx", {"persons": [{"relation": "77"}]})


def test_values_are_written_as_people_read_them(tmp_path) -> None:
    path = tmp_path / "x.xlsx"
    row = {"number": "0012", "wage": Decimal("1234.50"), "safe_water": False, "main_cause": "01", "data_year": 2016}
    workbook.write(path, {"household_years": [row]})
    page = openpyxl.load_workbook(path)["户年度数据"]
    place = {column.name: number for number, column in enumerate(SHEETS[2].columns, start=1)}
    assert [page.cell(2, place[name]).value for name in row] == ["0012", 1234.5, "否", "因病", 2016]


def test_rules_are_one_table_with_a_remedy_each() -> None:
    assert all(code == rule.code and str(rule.message) and str(rule.remedy) for code, rule in RULES.items())
    assert {code[:5] for code in RULES} == {"COL-0", "COL-1", "COL-2", "COL-3", "COL-4"}


def test_every_code_column_has_a_list() -> None:
    coded = [column for sheet in SHEETS for column in sheet.columns if column.kind in (Kind.CODE, Kind.HEALTH)]
    assert [column.name for column in coded if column.code_list is None] == []
