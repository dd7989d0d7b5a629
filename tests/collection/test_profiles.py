"""Files in the words of other systems: what a profile says, refuses, reads, and how faults speak. 演示数据"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from lika.collection import marking
from lika.collection.actions import import_register
from lika.collection.choices import BatchState
from lika.collection.layouts import queries
from lika.collection.layouts.actions import save_profile
from lika.collection.layouts.notation import as_data, profile_of
from lika.collection.layouts.shipped import shipped
from lika.collection.models import ImportBatch, MappingProfile
from lika.collection.report import ImportReport
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.models import AuditEntry
from lika.register.models import Household, HouseholdYear, Membership, PersonYear
from tests.collection import national, workbooks
from tests.collection.workbooks import H1, H2, LI, clean
from tests.factories import COUNTY, ELSEWHERE, VILLAGE, make_actor, make_division

OTHER_COUNTY = f"{ELSEWHERE[:6]}000000"
NATIONAL = "national-2018"
COUNTY_FORM: dict[str, Any] = {
    "name": "县台账",
    "zh": "某县台账（演示）",
    "en": "A county's ledger (demonstration)",
    "system": "县扶贫台账",
    "year": 2016,
    "tables": [
        {
            "name": "台账",
            "columns": [
                {"heading": "编号", "fields": ["households.number", "household_years.number"]},
                {"heading": "村", "field": "households.village"},
                {"heading": "状态", "field": "households.poverty_status", "codes": {"20": ["1", "贫困"], "30": "2"}},
                {"heading": "状态日期", "field": "households.poverty_on"},
                {"heading": "年收入(万元)", "field": "household_years.wage", "factor": "10000"},
                {"heading": "原因", "field": "household_years.main_cause",
                 "codes": {"03": ["1", "学"], "01": ["3", "病"]}},
                {"heading": "住房", "field": "household_years.housing_grade"},
                {"heading": "饮水", "field": "household_years.safe_water", "codes": {"yes": "1", "no": "2"}},
            ],
            "fixed": {
                "households.kind": "建档立卡户",
                "household_years.data_year": 2016,
                "household_years.period_from": "2015-10-01",
                "household_years.period_to": "2016-09-30",
            },
            "ignored": ["序号"],
        }
    ],
}  # fmt: skip
LEDGER_HEAD = ["序号", "编号", "村", "状态", "状态日期", "年收入(万元)", "原因", "住房", "饮水"]


def code_of(run: Callable[[], object]) -> str:
    with pytest.raises(UserError) as error:
        run()
    return error.value.code


def found(report: ImportReport) -> list[tuple[str, str, int, str]]:
    return [(f.code, f.sheet_label, f.row, f.field_label) for f in report.findings]


@pytest.fixture
def registered(officer: Actor, tmp_path: Path) -> None:
    """The clean workbook, imported."""
    report = import_register(by=officer, path=workbooks.save(tmp_path / "演示.xlsx", clean()))
    assert report.state == BatchState.PUBLISHED


def test_every_shipped_profile_is_sound_and_names_its_sources() -> None:
    assert {label: bool(profile.sources) for label, profile in shipped().items()} == {(NATIONAL, 1): True}
    for profile in shipped().values():
        assert profile_of(as_data(profile)).tables == profile.tables
        assert all(column.source for table in profile.tables for column in table.columns)


def test_the_national_layout_says_what_the_form_says(registered: None, officer: Actor, tmp_path: Path) -> None:
    path = national.save(tmp_path / "国家.xlsx", national.tables(queries.profile(NATIONAL), clean()))
    report = import_register(by=officer, path=path, profile=NATIONAL)
    assert (found(report), report.state) == ([], BatchState.UNCHANGED)
    assert dict(report.rows) == {"households": 2, "persons": 4, "household_years": 2}
    assert (report.profile, ImportBatch.objects.latest("created_at").profile) == ("national-2018@1", "national-2018@1")


def test_an_empty_register_is_filled_from_national_files(officer: Actor, tmp_path: Path) -> None:
    path = national.save(tmp_path / "国家.xlsx", national.tables(queries.profile(NATIONAL), clean()))
    report = import_register(by=officer, path=path, profile="national-2018@1")
    assert (found(report), report.state) == ([], BatchState.PUBLISHED)
    year = HouseholdYear.objects.get(household__number=H1)
    assert (year.wage, year.main_cause, year.safe_water) == (Decimal("9000.50"), "09", True)
    assert Membership.objects.get(household__number=H1, relation="01").person.id_number == LI
    ill = PersonYear.objects.get(person__memberships__household__number=H2)
    assert (ill.chronic_illness, ill.serious_illness, ill.disabled) == (True, False, True)


def test_a_household_without_a_year_gets_none(officer: Actor, tmp_path: Path) -> None:
    rows = clean()
    rows["household_years"].pop()
    path = national.save(tmp_path / "国家.xlsx", national.tables(queries.profile(NATIONAL), rows))
    report = import_register(by=officer, path=path, profile=NATIONAL)
    assert (found(report), report.rows["household_years"]) == ([], 1)
    assert set(HouseholdYear.objects.values_list("household__number", flat=True)) == {H1}


def ledger(path: Path, *rows: list[Any]) -> Path:
    return national.save(path, {"台账": [LEDGER_HEAD, *rows], "备注": [["随便"]]})


def ledger_row(number: str = H1, **cells: Any) -> list[Any]:
    sound = [1, number, VILLAGE, "1", "2014-12-31", 1.23456, "1", "B级（基本安全）", 2]
    row = dict(zip(LEDGER_HEAD, sound, strict=True))
    return list((row | cells).values())


@pytest.fixture
def kept(officer: Actor) -> str:
    """A county's own profile, saved."""
    return save_profile(by=officer, division=COUNTY, data=COUNTY_FORM).label


def test_codes_and_units_of_a_county_become_ours(registered: None, kept: str, officer: Actor, tmp_path: Path) -> None:
    report = import_register(by=officer, path=ledger(tmp_path / "台账.xlsx", ledger_row()), profile=kept)
    assert (found(report), report.state) == ([("COL-010", "备注", 0, "")], BatchState.PUBLISHED)
    year = HouseholdYear.objects.get(household__number=H1)
    assert (year.wage, year.main_cause, year.housing_grade, year.safe_water, str(year.period_from)) == (
        Decimal("12345.60"), "03", "B", False, "2015-10-01",
    )  # fmt: skip
    assert year.operating == Decimal(4000)  # what the file does not tell stays


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"原因": "01"}, ("COL-126", "原因 (主要致贫原因)", "3 病、1 学")),  # ours, and not theirs
        ({"状态": "3"}, ("COL-126", "状态 (脱贫属性)", "1 贫困、2")),
        ({"饮水": "是"}, ("COL-126", "饮水 (饮水是否安全)", "1、2")),
        ({"年收入(万元)": "-1"}, ("COL-107", "年收入(万元) (工资性收入)", "")),
        ({"村": "1"}, ("COL-120", "村 (行政村代码)", "")),
        ({"状态日期": ""}, ("COL-218", "状态日期 (脱贫属性日期)", "")),
        ({"住房": "2"}, ("COL-126", "住房 (房屋安全等级)", None)),
    ],
)
def test_faults_speak_in_the_words_of_the_file(
    cells: dict[str, Any], wanted: tuple[str, str, str | None], kept: str, officer: Actor, tmp_path: Path
) -> None:
    path = ledger(tmp_path / "台账.xlsx", ledger_row(**cells))
    report = import_register(by=officer, path=path, profile=kept, dry_run=True)
    fault = next(each for each in report.findings if each.code == wanted[0])
    assert (fault.sheet_label, fault.row, fault.field_label) == ("台账", 2, wanted[1])
    if wanted[2]:
        assert (dict(fault.params)["allowed"], wanted[2] in fault.remedy) == (wanted[2], True)
    if wanted[0] == "COL-107":
        assert dict(fault.params)["low"] == "0" or "…" in dict(fault.params)["low"]
    stored = ImportBatch.objects.get(pk=report.batch_id).findings
    assert wanted[1] in {type(fault).from_json(each).field_label for each in stored}


def test_the_limits_of_a_number_are_told_in_the_unit_of_the_file(kept: str, officer: Actor, tmp_path: Path) -> None:
    path = ledger(tmp_path / "台账.xlsx", ledger_row(**{"年收入(万元)": "999999999"}))
    report = import_register(by=officer, path=path, profile=kept, dry_run=True)
    fault = next(each for each in report.findings if each.code == "COL-107")
    assert dict(fault.params)["high"] == "99999999.999999"


def test_a_missing_required_column_and_an_unknown_one_are_told(kept: str, officer: Actor, tmp_path: Path) -> None:
    path = national.save(tmp_path / "台账.xlsx", {"台账": [["编号", "状态", "秘密"], [H1, "1", "x"]]})
    report = import_register(by=officer, path=path, profile=kept)
    assert [(f.code, f.column, f.message) for f in report.findings if f.sheet == "households"] == [
        ("COL-012", "", "缺少必填列“村 (行政村代码)”。"),
        ("COL-011", "C", "无法识别该标题，此列未读取。"),
    ]
    assert report.state == BatchState.REFUSED


def test_the_marked_workbook_is_the_file_itself(kept: str, officer: Actor, tmp_path: Path) -> None:
    path = ledger(tmp_path / "台账.xlsx", ledger_row(原因="01"))
    report = import_register(by=officer, path=path, profile=kept, dry_run=True)
    whole = marking.write(path, path.name, tmp_path / "m.xlsx", report.findings, queries.layout_of(kept))
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    page = book["1 台账"]
    assert (whole, [cell.value for cell in page[1]]) == (True, LEDGER_HEAD)
    comment = page["G2"].comment
    assert comment is not None
    assert comment.text.startswith("COL-126")


def test_a_change_is_a_new_version_and_the_old_one_stays(officer: Actor) -> None:
    first = save_profile(by=officer, division=COUNTY, data=COUNTY_FORM)
    same = save_profile(by=officer, division=COUNTY, data=COUNTY_FORM)
    second = save_profile(by=officer, division=COUNTY, data={**COUNTY_FORM, "zh": "改过的台账（演示）"})
    assert [first.label, same.label, second.label] == ["县台账@1", "县台账@1", "县台账@2"]
    assert (queries.profile("县台账").zh, queries.profile("县台账@1").zh) == ("改过的台账（演示）", "某县台账（演示）")
    assert list(MappingProfile.objects.order_by("version").values_list("version", "by_name", "division")) == [
        (1, officer.name, int(COUNTY)),
        (2, officer.name, int(COUNTY)),
    ]
    assert AuditEntry.objects.filter(action="profile.saved").count() == 2
    assert [(line.profile.label, line.latest) for line in queries.lines(officer)] == [
        ("national-2018@1", True), ("县台账@2", True), ("县台账@1", False),
    ]  # fmt: skip
    assert [label for label, _title in queries.choices(officer)] == ["national-2018@1", "县台账@2"]


def test_names_belong_to_one_office(officer: Actor) -> None:
    save_profile(by=officer, division=COUNTY, data=COUNTY_FORM)
    neighbour = make_actor(OTHER_COUNTY, name="neighbour")
    make_division(ELSEWHERE)

    def saved(name: str, by: Actor = officer, division: str = COUNTY) -> str:
        return code_of(lambda: save_profile(by=by, division=division, data={**COUNTY_FORM, "name": name}))

    assert saved("县台账", neighbour, OTHER_COUNTY) == "COL-052"
    assert saved("别的", neighbour) == "ACC-002"
    assert [saved(NATIONAL), saved("a@b"), saved("a b"), saved("x")] == ["COL-052"] * 4


@pytest.mark.parametrize("label", ["none", "national-2018@9", "national-2018@x", "县台账@7", "县台账@", "@1"])
def test_there_is_no_such_profile(label: str, kept: str, officer: Actor, tmp_path: Path) -> None:
    if label == "县台账@":
        assert queries.profile(label).label == kept
        return
    path = ledger(tmp_path / "台账.xlsx", ledger_row())
    assert code_of(lambda: import_register(by=officer, path=path, profile=label)) == "COL-051"
    assert not ImportBatch.objects.exists()


def spoilt(**table: Any) -> dict[str, Any]:
    return {**COUNTY_FORM, "version": 1, "tables": [{**COUNTY_FORM["tables"][0], **table}]}


COLUMNS: list[dict[str, Any]] = COUNTY_FORM["tables"][0]["columns"]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({**COUNTY_FORM, "version": 1, "rules": []}, {"allowed"}),
        ({**COUNTY_FORM, "version": 1, "system": ""}, set()),
        (spoilt(columns=[{"heading": "编号", "field": "households.nummer"}]), {"sheet", "field"}),
        (spoilt(columns=COLUMNS[1:]), {"sheet", "field"}),  # nothing tells the number
        (spoilt(columns=[*COLUMNS, COLUMNS[0]]), {"sheet"}),
        (spoilt(columns=[*COLUMNS, {"heading": "另一村", "field": "households.village"}]), {"sheet"}),
        (spoilt(columns=[*COLUMNS, {"heading": "无", "fields": []}]), {"sheet", "column"}),
        (spoilt(columns=[*COLUMNS, {"heading": "b", "field": "household_years.tv", "factor": 2}]), {"sheet", "column"}),
        (spoilt(columns=[*COLUMNS, {"heading": "b", "field": "household_years.operating", "factor": "0"}]),
         {"sheet", "column"}),
        (spoilt(columns=[*COLUMNS, {"heading": "b", "field": "household_years.fuel", "codes": {"77": "1"}}]),
         {"sheet", "column"}),
        (spoilt(columns=[*COLUMNS, {"heading": "b", "field": "household_years.fuel", "codes": {"01": "1", "02": "1"}}]),
         {"sheet", "column"}),
        (spoilt(columns=[*COLUMNS, {"heading": "b", "field": "household_years.operating", "codes": {"01": "1"}}]),
         {"sheet", "column"}),
        (spoilt(fixed={**COUNTY_FORM["tables"][0]["fixed"], "household_years.tv": "也许"}), {"sheet", "field"}),
    ],
)  # fmt: skip
def test_a_faulty_profile_is_refused_with_its_place(data: dict[str, Any], where: set[str]) -> None:
    with pytest.raises(UserError) as error:
        profile_of(data)
    assert (error.value.code, set(error.value.where)) == ("COL-050", where)


def test_by_command(registered: None, kept: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import", "profiles")
    assert [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()] == ["national-2018@1", "县台账@1"]
    path = ledger(tmp_path / "台账.xlsx", ledger_row())
    call_command("import", "register", str(path), "--profile", "县台账", "--marked", str(tmp_path / "m.xlsx"))
    assert (Household.objects.count(), ImportBatch.objects.latest("created_at").profile) == (2, kept)
