"""`lika import`."""

import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from lika.core.errors import NotFound, PermissionRefused
from lika.register.models import Household
from tests.collection import workbooks
from tests.collection.workbooks import H1, LI, changed
from tests.console.officials import Role, official
from tests.factories import OTHER_VILLAGE


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def saved(tmp_path: Path, **cells: object) -> Path:
    return workbooks.save(tmp_path / "演示.xlsx", changed(**cells))


def test_the_report_in_words(corner: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import", "register", str(saved(tmp_path, households__2__phone=None)))
    lines = capsys.readouterr().out.splitlines()
    assert lines[-7] == (
        "COL-407 Warning  Households E2 Telephone: The household has no telephone. "
        "Enter the number of a member or a neighbour."
    )
    assert lines[-6:] == [
        "户信息: 2 new, 0 changed, 0 unchanged, 0 left out",
        "家庭成员: 4 new, 0 changed, 0 unchanged, 0 left out",
        "户年度数据: 2 new, 0 changed, 0 unchanged, 0 left out",
        "村年度数据: 1 new, 0 changed, 0 unchanged, 0 left out",
        "县年度数据: 1 new, 0 changed, 0 unchanged, 0 left out",
        "0 errors, 1 warning. Published.",
    ]
    assert any(line.startswith("Reading the workbook") and line.endswith("100 %") for line in lines)


def test_what_a_workbook_brought_along_does_not_steer_the_terminal(
    corner: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(tmp_path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("备注\u202e表").append(["\u200f"])
    book.save(path)
    call_command("import", "register", str(path), "--dry-run")
    out = capsys.readouterr().out
    assert "COL-010 Warning  备注\\u202e表" in out
    assert "\u202e" not in out


def test_errors_give_exit_code_1_and_a_marked_workbook(corner: None, tmp_path: Path) -> None:
    path, marked = saved(tmp_path, persons__2__id_number=LI[:16]), tmp_path / "标注.xlsx"
    with pytest.raises(CommandError) as error:
        call_command("import", "register", str(path), "--marked", str(marked))
    assert error.value.returncode == 1
    assert openpyxl.load_workbook(marked)["家庭成员"]["F2"].fill.fill_type == "solid"
    assert Household.objects.count() == 0


def test_good_rows_as_json(corner: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(tmp_path, persons__2__id_number=LI[:16])
    call_command("import", "register", str(path), "--good-rows", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["state"], report["left_out"], report["errors"]) == ("published", [H1], 1)
    (finding,) = report["findings"]
    assert finding == {
        "sheet": "persons", "row": 2, "column": "F", "code": "COL-122", "field": "id_number", "household": H1,
        "params": {}, "severity": "error", "message": "The number is not made as an identity number is.",
        "remedy": "Copy it from the document again.", "file": "",
    }  # fmt: skip


def test_a_dry_run_with_errors_fails_and_one_without_does_not(corner: None, tmp_path: Path) -> None:
    call_command("import", "register", str(saved(tmp_path)), "--dry-run", "--json")
    assert Household.objects.count() == 0
    with pytest.raises(CommandError):
        call_command("import", "register", str(saved(tmp_path, persons__2__sex=None)), "--dry-run", "--json")


def test_as_a_user_within_their_area(corner: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    user = official(Role.VILLAGE, OTHER_VILLAGE)
    with pytest.raises(CommandError):
        call_command("import", "register", str(saved(tmp_path)), "--user", user.username, "--json")
    report = json.loads(capsys.readouterr().out)
    assert [(f["code"], f["sheet"], f["row"]) for f in report["findings"]] == [
        ("COL-212", "households", 2), ("COL-212", "village_years", 2), ("COL-212", "county_years", 2),
    ]  # fmt: skip


def test_users_who_may_not_or_do_not_exist(corner: None, tmp_path: Path) -> None:
    with pytest.raises(PermissionRefused):
        call_command("import", "register", str(saved(tmp_path)), "--user", official(Role.AUDITOR).username)
    with pytest.raises(NotFound) as error:
        call_command("import", "register", str(saved(tmp_path)), "--user", "nobody")
    assert error.value.code == "COL-009"


def test_the_template_needs_no_database(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    call_command("import", "template", str(path), stdout=io.StringIO())
    assert openpyxl.load_workbook(path).sheetnames[1:3] == ["户信息", "家庭成员"]
