"""The marked workbook: cells coloured and commented, a list of all faults, values as they were."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import translation

from lika.collection import marking
from lika.collection.actions import import_register
from lika.collection.choices import BatchState
from lika.collection.workbook import AsTyped
from lika.core.actors import Actor
from tests.collection import workbooks
from tests.collection.workbooks import H1, H2, LI, changed

RED, YELLOW = "FFFFC7CE", "FFFFEB9C"
FAULTY: dict[str, Any] = {
    "persons__2__id_number": LI[:16],
    "household_years__2__wage": AsTyped("很多"),
    "households__3__phone": None,
}


@pytest.fixture
def marked(officer: Actor, tmp_path: Path) -> Path:
    source = workbooks.save(tmp_path / "演示.xlsx", changed(**FAULTY))
    with translation.override("zh-hans"):
        report = import_register(by=officer, path=source, dry_run=True)
        marking.write(source, source.name, tmp_path / "标注.xlsx", report.findings)
    return tmp_path / "标注.xlsx"


def colours(sheet: Any) -> dict[str, str]:
    return {
        cell.coordinate: cell.fill.start_color.rgb
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if cell.fill.fill_type == "solid"
    }


def test_cells_are_coloured_and_commented(marked: Path) -> None:
    book = openpyxl.load_workbook(marked)
    assert colours(book["家庭成员"]) == {"F2": RED}
    assert colours(book["户年度数据"]) == {"E2": RED}
    assert colours(book["户信息"]) == {"E3": YELLOW}
    assert book["家庭成员"]["F2"].comment.text == "COL-122 证件号码格式不正确。 请对照证件重新填写。"
    assert book["户年度数据"]["E2"].value == "很多"


def test_every_fault_is_listed(marked: Path) -> None:
    sheet = openpyxl.load_workbook(marked)["错误清单"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows == [
        ["代码", "级别", "表", "文件", "行", "列", "字段", "户编号", "问题", "怎么办"],
        ["COL-407", "提示", "户信息", None, 3, "E", "联系电话", H2, "该户没有联系电话。", "请填写成员或邻居的电话。"],
        ["COL-122", "错误", "家庭成员", None, 2, "F", "证件号码", H1, "证件号码格式不正确。", "请对照证件重新填写。"],
        ["COL-106", "错误", "户年度数据", None, 2, "E", "工资性收入", H1, "不是数字。", "请只填数字，不要写文字。"],
    ]
    assert sheet["A1"].value == "工作簿全部行，问题已标注。"


def test_a_corrected_copy_can_be_imported(marked: Path, officer: Actor) -> None:
    book = openpyxl.load_workbook(marked)
    book["家庭成员"]["F2"].value = LI
    book["户年度数据"]["E2"].value = 9000.5
    book.save(marked)
    report = import_register(by=officer, path=marked)
    assert ([f.code for f in report.findings], report.state) == (["COL-407"], BatchState.PUBLISHED)


def test_a_large_workbook_is_cut_to_the_households_with_faults(
    officer: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "WHOLE_ROWS", 5)
    source = workbooks.save(tmp_path / "演示.xlsx", changed(persons__2__id_number=LI[:16]))
    report = import_register(by=officer, path=source, dry_run=True)
    assert marking.write(source, source.name, tmp_path / "标注.xlsx", report.findings) is False
    book = openpyxl.load_workbook(tmp_path / "标注.xlsx")
    assert [book[name].max_row for name in ("户信息", "家庭成员", "户年度数据")] == [2, 4, 2]
    assert {row[0].value for row in book["家庭成员"].iter_rows(min_row=2)} == {H1}
    assert colours(book["家庭成员"]) == {"F2": RED}


def test_text_is_never_a_formula_in_the_copy(officer: Actor, tmp_path: Path) -> None:
    source = workbooks.save(
        tmp_path / "演示.xlsx", changed(households__2__address='=HYPERLINK("a")', persons__2__sex=None)
    )
    report = import_register(by=officer, path=source, dry_run=True)
    marking.write(source, source.name, tmp_path / "标注.xlsx", report.findings)
    cell = openpyxl.load_workbook(tmp_path / "标注.xlsx")["户信息"]["D2"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("a")', "s")
