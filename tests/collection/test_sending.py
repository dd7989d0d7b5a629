"""To the national system and back: audited rows alone, receipts, what changed since, differences. 演示数据"""

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lika.accounts.queries import actor_of
from lika.collection.actions import import_register
from lika.collection.choices import BatchState, ComparisonState, ExportFormat, ExportState
from lika.collection.exporting import actions, comparisons, sending
from lika.collection.layouts import queries
from lika.collection.models import Export, SentHousehold
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.models import AuditEntry
from lika.register.choices import YearState
from lika.register.models import Household, HouseholdYear, Person, PersonYear
from tests.collection import national, workbooks
from tests.collection.test_exporting import named
from tests.collection.workbooks import H1, H2, LI, clean
from tests.console.officials import Role
from tests.factories import COUNTY, VILLAGE

TOWNSHIP = VILLAGE[:9] + "000"
NATIONAL = "national-2018"


def code_of(run: Callable[[], object]) -> str:
    with pytest.raises(UserError) as error:
        run()
    return error.value.code


@pytest.fixture
def registered(officer: Actor, tmp_path: Path) -> None:
    """The clean workbook, imported: two households of the register, a year each, drafts."""
    report = import_register(by=officer, path=workbooks.save(tmp_path / "演示.xlsx", clean()))
    assert report.state == BatchState.PUBLISHED


@pytest.fixture
def asker(registered: None) -> Actor:
    return actor_of(named(Role.COUNTY, COUNTY, "county-one"))


@pytest.fixture
def second(registered: None) -> Actor:
    return actor_of(named(Role.COUNTY, COUNTY, "county-two"))


def audit(*numbers: str, state: str = YearState.CONFIRMED) -> None:
    """What the township's audit leaves of the years of households."""
    HouseholdYear.objects.filter(household__number__in=numbers).update(state=state)
    PersonYear.objects.filter(person__memberships__household__number__in=numbers).update(state=state)


def sent(asker: Actor, second: Actor, kind: ExportFormat = ExportFormat.XLSX) -> tuple[Export, bytes]:
    """An export in the national layout: asked for, agreed, made, taken."""
    export = actions.ask(
        by=asker, division=COUNTY, data_year=2016, kind=kind, personal=False, reason="录入系统", layout=NATIONAL
    )
    assert (export.state, export.personal) == (ExportState.ASKED, True)
    actions.decide(by=second, export=export.id, agree=True)
    actions.make(export.id)
    return actions.take(by=asker, export=export.id)


def test_nothing_leaves_before_the_audit(asker: Actor) -> None:
    refusal = code_of(
        lambda: actions.ask(
            by=asker,
            division=COUNTY,
            data_year=2016,
            kind=ExportFormat.CSV,
            personal=True,
            reason="录入",
            layout=NATIONAL,
        )
    )
    assert (refusal, Export.objects.exists()) == ("COL-055", False)


@pytest.mark.parametrize("kind", ExportFormat)
def test_what_left_comes_back_and_changes_nothing(
    kind: ExportFormat, asker: Actor, second: Actor, officer: Actor, tmp_path: Path
) -> None:
    audit(H1, state=YearState.CONFIRMED)
    audit(H2, state=YearState.LOCKED)
    export, content = sent(asker, second, kind)
    path = tmp_path / export.file_name
    path.write_bytes(content)
    report = import_register(by=officer, path=path, profile=export.layout)
    assert (report.findings, report.state) == ((), BatchState.UNCHANGED)
    assert dict(report.rows) == {"households": 2, "persons": 4, "household_years": 2}


def test_audited_rows_alone_in_national_columns_and_codes(asker: Actor, second: Actor) -> None:
    audit(H1)
    Household.objects.filter(number=H2).update(kind="ordinary")
    _export, content = sent(asker, second)
    book = openpyxl.load_workbook(io.BytesIO(content))
    head, *rows = book["贫困户信息"].iter_rows(values_only=True)
    household = dict(zip(head, rows[0], strict=True))
    assert [row[0] for row in rows] == [H1]
    wanted = {
        "aac001": H1,
        "aac007": "09",
        "aac073": 9000.5,
        "脱贫属性": "未脱贫贫困户",
        "aac312": "是",
        "aar040": "2016",
    }
    assert {heading: household[heading] for heading in wanted} == wanted
    head, *rows = book["家庭成员信息"].iter_rows(values_only=True)
    members = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(each["姓名"], each["aab006"], each["aab017"]) for each in members] == [
        ("李演示", "01", "01"), ("王演示", "02", "01"), ("李小演", "03", "01"),
    ]  # fmt: skip
    assert members[0]["aab004"] == LI


def test_a_members_year_that_is_a_draft_stays_here(asker: Actor, second: Actor) -> None:
    audit(H1)
    PersonYear.objects.filter(person__name="王演示").update(state=YearState.DRAFT)
    _export, content = sent(asker, second)
    head, *rows = openpyxl.load_workbook(io.BytesIO(content))["家庭成员信息"].iter_rows(values_only=True)
    told = {row[head.index("姓名")]: row[head.index("aab008")] for row in rows}
    assert told == {"李演示": "03", "王演示": None, "李小演": None}


def test_a_receipt_says_what_left(asker: Actor, second: Actor) -> None:
    audit(H1)
    Person.objects.filter(name="王演示").update(sex="2")
    export, _content = sent(asker, second)
    export.refresh_from_db()
    assert export.told == {"states": {"confirmed": 1}, "households": 1, "waiting": 1, "without_code": {}}
    assert (export.rows, export.by_name, export.decided_by, len(export.file_sha256)) == (
        {"贫困户信息": 1, "家庭成员信息": 3}, "county-one", "county-two", 64,
    )  # fmt: skip
    assert export.receipt == f"{COUNTY}-2016-{export.id.hex[-8:].upper()}"
    assert AuditEntry.objects.filter(action="export.receipt").count() == 1


def test_a_code_that_the_other_system_lacks_is_left_empty_and_counted(asker: Actor, second: Actor) -> None:
    audit(H1)
    HouseholdYear.objects.filter(household__number=H1).update(housing_grade="B")
    PersonYear.objects.filter(person__name="李演示").update(political="99")
    export, _content = sent(asker, second)
    export.refresh_from_db()
    assert export.told["without_code"] == {"aak033": 1}


def test_the_queue_tells_what_changed_since(asker: Actor, second: Actor) -> None:
    audit(H1)

    def queue() -> tuple[list[tuple[str, str, str]], int, int]:
        found = sending.queue(by=asker, profile=queries.profile(NATIONAL), division=TOWNSHIP, data_year=2016)
        return [(line.number, line.why, line.receipt) for line in found.lines], found.unaudited, found.sent

    assert queue() == ([(H1, "new", "")], 1, 0)
    export, _content = sent(asker, second)
    export.refresh_from_db()
    assert queue() == ([], 1, 1)
    HouseholdYear.objects.filter(household__number=H1).update(wage=Decimal(1))
    audit(H2)
    assert queue() == ([(H1, "changed", export.receipt), (H2, "new", "")], 0, 1)
    audit(H1, state=YearState.DRAFT)
    assert queue() == ([(H1, "gone", export.receipt), (H2, "new", "")], 1, 1)
    assert SentHousehold.objects.count() == 1


def test_the_queue_is_of_ones_own_area(asker: Actor) -> None:
    township = actor_of(named(Role.TOWNSHIP, TOWNSHIP, "township"))
    village = actor_of(named(Role.VILLAGE, VILLAGE, "village"))
    profile = queries.profile(NATIONAL)

    def ask(by: Actor, division: str) -> str:
        return code_of(lambda: sending.queue(by=by, profile=profile, division=division, data_year=2016))

    assert (ask(township, COUNTY), ask(village, VILLAGE)) == ("ACC-002", "ACC-001")


def changed(content: bytes, sheet: str, row: int, **cells: object) -> bytes:
    """A workbook with cells changed, by heading."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book[sheet]
    head = [cell.value for cell in page[1]]
    for heading, value in cells.items():
        page.cell(row, head.index(heading) + 1, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def compared(by: Actor, content: bytes, tmp_path: Path) -> list[tuple[str, str, str, str, str, str]]:
    file = SimpleUploadedFile("国家.xlsx", content)
    kept = comparisons.keep(by=by, file=file, profile=NATIONAL, data_year=2016)
    made = comparisons.make(kept.id)
    assert made.state == ComparisonState.READY
    return [
        (each.kind, each.household, each.person, each.field, each.ours, each.theirs)
        for each in comparisons.differences(made)
    ]


def test_a_file_that_says_the_same_has_no_difference(asker: Actor, second: Actor, tmp_path: Path) -> None:
    audit(H1, H2)
    _export, content = sent(asker, second)
    assert compared(asker, content, tmp_path) == []


def test_differences_are_told_by_household_and_field_and_nothing_is_written(
    asker: Actor, second: Actor, tmp_path: Path
) -> None:
    audit(H1, H2)
    _export, content = sent(asker, second)
    content = changed(content, "贫困户信息", 2, aac073=100, aac007="01", aar012="13911112222")
    content = changed(content, "家庭成员信息", 3, aab008="04", 姓名="王改名")
    content = changed(content, "贫困户信息", 3, aac001="62122310000099")
    before = list(HouseholdYear.objects.order_by("id").values())
    assert compared(asker, content, tmp_path) == [
        ("value", H1, "", "phone", "139****0001", "139****2222"),
        ("theirs", "62122310000099", "", "", "", ""),
        ("ours", H2, "", "", "", ""),
        ("value", H1, "王演示", "name", "王演示", "王改名"),
        ("value", H1, "王演示", "education", "初中", "高中"),
        ("value", H1, "", "wage", "9000.5", "100"),
        ("value", H1, "", "main_cause", "缺资金", "因病"),
        ("theirs", "62122310000099", "", "", "", ""),
        ("ours", H2, "", "", "", ""),
    ]  # fmt: skip
    assert list(HouseholdYear.objects.order_by("id").values()) == before


def test_a_household_that_they_lost_is_told_where_its_village_is_in_the_file(
    asker: Actor, second: Actor, tmp_path: Path
) -> None:
    Household.objects.filter(number=H2).update(village=int(VILLAGE))
    audit(H1, H2)
    _export, content = sent(asker, second)
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["贫困户信息"].delete_rows(3)
    book["家庭成员信息"].delete_rows(5)
    out = io.BytesIO()
    book.save(out)
    assert compared(asker, out.getvalue(), tmp_path) == [
        ("ours", H2, "", "", "", ""), ("ours", H2, "赵演示", "", "", ""), ("ours", H2, "", "", "", ""),
    ]  # fmt: skip


def test_a_comparison_is_its_askers_alone_and_lies_sealed(asker: Actor, second: Actor, tmp_path: Path) -> None:
    audit(H1)
    _export, content = sent(asker, second)
    kept = comparisons.keep(by=asker, file=SimpleUploadedFile("a.xlsx", content), profile=NATIONAL, data_year=2016)
    comparisons.make(kept.id)
    assert code_of(lambda: comparisons.own(second, kept.id)) == "COL-056"
    assert not comparisons.path_of(kept, "file").exists()
    assert H1.encode() not in comparisons.path_of(kept, "found").read_bytes()
    comparisons.path_of(kept, "found").unlink()
    assert code_of(lambda: comparisons.differences(kept)) == "COL-057"


def test_a_file_of_another_kind_is_refused_in_words(asker: Actor, tmp_path: Path) -> None:
    content = national.save(tmp_path / "x.xlsx", {"别的表": [["甲", "乙"], ["1", "2"]]}).read_bytes()
    kept = comparisons.keep(by=asker, file=SimpleUploadedFile("a.xlsx", content), profile=NATIONAL, data_year=2016)
    assert code_of(lambda: comparisons.make(kept.id)) == "COL-058"
    kept.refresh_from_db()
    assert (kept.state, kept.fault) == (ComparisonState.FAILED, "COL-058")
