"""The round's workbook: out with last year's values, back into the drafts, each fault in its cell. 演示数据"""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from lika.collection.rounds import actions
from lika.collection.rounds.brought import Brought
from lika.collection.rounds.choices import EntryState
from lika.core.errors import PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.register.models import HouseholdYear, PersonYear, VillageYear
from tests import factories as make
from tests.collection.rounds.conftest import Township, fill_all, filling, persons_of

pytestmark = pytest.mark.django_db
HOMES, MEMBERS, VILLAGE = "户年度数据", "家庭成员", "村年度数据"


def taken(by: Any, township: Township) -> openpyxl.Workbook:
    _found, content = actions.take_workbook(by=by, submission=township.submission().pk)
    return openpyxl.load_workbook(io.BytesIO(content))


def headings(sheet: Any) -> dict[str, int]:
    return {str(cell.value).rstrip("*").partition("(")[0]: cell.column for cell in sheet[1]}


def cell(book: openpyxl.Workbook, name: str, row: int, heading: str) -> Any:
    sheet = book[name]
    return sheet.cell(row, headings(sheet)[heading])


def brought(by: Any, township: Township, book: openpyxl.Workbook, **more: Any) -> Brought:
    memory = io.BytesIO()
    book.save(memory)
    return actions.bring_workbook(
        by=by, submission=township.submission().pk, content=memory.getvalue(), name="采集.xlsx", **more
    )


def entries(township: Township) -> dict[str, tuple[str, int]]:
    """State and differences of each household that was begun, by number."""
    rows = township.submission().entries.filter(household__isnull=False)
    return {row.household.number: (row.state, row.differences) for row in rows}


def test_last_years_values_stand_in_it_and_nothing_that_tells_of_more(township: Township, village):
    book = taken(village, township)
    assert [cell(book, HOMES, row, "户编号").value for row in (2, 3, 4)] == ["R1", "R2", None]
    assert [cell(book, MEMBERS, row, "户编号").value for row in (2, 3, 4, 5)] == ["R1", "R1", "R2", None]
    assert (cell(book, HOMES, 2, "工资性收入").value, cell(book, HOMES, 2, "数据年度").value) == (12000, 2017)
    assert (cell(book, MEMBERS, 2, "健康状况").value, cell(book, MEMBERS, 4, "姓名").value) == ("健康", "石乙演")
    assert {"证件号码", "证件类型", "人编号", "民族"} & set(headings(book[MEMBERS])) == set()
    assert "户信息" not in book.sheetnames
    audit = AuditEntry.objects.get(action="round.workbook_taken")
    assert audit.label == f"{make.VILLAGE} 2017"


def test_what_was_entered_this_year_stands_before_last_years(township: Township, village):
    found = township.submission()
    actions.fill_household(
        by=village, submission=found.pk, household=township.first.id, filling=filling(township.first, wage=13000)
    )
    assert cell(taken(village, township), HOMES, 2, "工资性收入").value == 13000


def test_only_whoever_fills_takes_it_and_only_while_it_is_filled(township: Township, village):
    found = township.submission()
    reader = make.make_actor(make.VILLAGE, permissions=(Permission.REGISTER_VIEW, Permission.ROUND_VIEW))
    with pytest.raises(PermissionRefused):
        actions.take_workbook(by=reader, submission=found.pk)
    actions.submit(by=village, submission=fill_all(village, township).pk)
    with pytest.raises(UserError, match="RND-010"):
        actions.take_workbook(by=village, submission=found.pk)


def test_it_lands_in_the_drafts_with_its_differences(township: Township, village):
    book = taken(village, township)
    cell(book, HOMES, 2, "工资性收入").value = 15500.5
    cell(book, MEMBERS, 3, "健康状况").value = "患有大病、残疾"
    cell(book, VILLAGE, 2, "农村户数").value = 210
    done = brought(village, township, book)
    assert (done.drafts, done.finished, done.differing, done.village, done.problems) == (2, 0, 1, True, [])
    assert entries(township) == {"R1": (EntryState.DRAFT, 3), "R2": (EntryState.DRAFT, 0)}
    year = HouseholdYear.objects.get(household=township.first, data_year=2017)
    assert (year.wage, year.state, year.recorded_by) == (Decimal("15500.50"), "draft", village.name)
    ill = PersonYear.objects.get(person=persons_of(township.first)[1], data_year=2017)
    assert (ill.chronic_illness, ill.serious_illness, ill.disabled) == (False, True, True)
    assert VillageYear.objects.get(data_year=2017).rural_households == 210
    assert HouseholdYear.objects.get(household=township.first, data_year=2016).wage == 12000


def test_finished_where_the_village_says_that_it_has_gone_through(township: Township, village):
    book = taken(village, township)
    cell(book, VILLAGE, 2, "农村户数").value = 210
    for column in range(6, 40):  # nothing is told of the one member of R2
        if book[MEMBERS].cell(1, column).value and column > headings(book[MEMBERS])["与户主关系"]:
            book[MEMBERS].cell(4, column).value = None
    done = brought(village, township, book, finish=True)
    assert entries(township)["R1"] == (EntryState.FILLED, 0)
    assert (done.finished, done.drafts) == (1, 1)


def test_brought_again_it_changes_nothing(township: Township, village):
    book = taken(village, township)
    brought(village, township, book, finish=True)
    audited = AuditEntry.objects.filter(action="household_year.recorded").count()
    done = brought(village, township, taken(village, township), finish=True)
    assert (done.same, done.drafts, done.finished) == (2, 0, 0)
    assert AuditEntry.objects.filter(action="household_year.recorded").count() == audited


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (lambda book: _set(book, HOMES, 2, "工资性收入", "很多"), ("COL-106", HOMES, 2, "R1")),
        (lambda book: _set(book, HOMES, 2, "主要燃料类型", "太阳"), ("COL-105", HOMES, 2, "R1")),
        (lambda book: _set(book, MEMBERS, 3, "姓名", "陌生人"), ("RND-042", MEMBERS, 3, "R1")),
        (lambda book: _set(book, HOMES, 2, "数据年度", 2016), ("RND-041", HOMES, 2, "R1")),
        (lambda book: _set(book, HOMES, 3, "户编号", "R1"), ("RND-043", HOMES, 3, "R1")),
        (lambda book: _set(book, HOMES, 2, "户编号", "R3"), ("RND-045", HOMES, 2, "R3")),
        (lambda book: _set(book, HOMES, 2, "工资性收入", "=1+1"), ("COL-101", HOMES, 2, "")),
    ],
)
def test_a_fault_leaves_its_household_out_and_names_the_cell(
    township: Township, village, fault: Callable[[openpyxl.Workbook], None], expected: tuple[Any, ...]
):
    book = taken(village, township)
    fault(book)
    done = brought(village, township, book)
    found = [(each.code, each.sheet, each.row, each.household) for each in done.problems]
    assert expected in found
    assert "R1" not in entries(township)
    assert not HouseholdYear.objects.filter(household=township.other, data_year=2017).exists()


def test_a_rule_that_blocks_leaves_the_household_as_it_was(township: Township, village):
    book = taken(village, township)
    _set(book, HOMES, 2, "主要致贫原因", "因病")
    _set(book, HOMES, 2, "其他致贫原因1", "因病")
    done = brought(village, township, book)
    assert [(each.code, each.household) for each in done.problems] == [("REG-034", "R1")]
    assert (set(entries(township)), done.drafts) == ({"R2"}, 1)


def test_what_is_no_workbook_or_no_longer_asked_is_refused(township: Township, village):
    asked = {"by": village, "submission": township.submission().pk, "name": "采集.xlsx"}
    with pytest.raises(UserError, match="COL-00"):
        actions.bring_workbook(**asked, content=b"PK\x03\x04 no workbook")
    other = openpyxl.Workbook()
    memory = io.BytesIO()
    other.save(memory)
    with pytest.raises(UserError, match="RND-040"):
        actions.bring_workbook(**asked, content=memory.getvalue())
    book = taken(village, township)
    actions.submit(by=village, submission=fill_all(village, township).pk)
    with pytest.raises(UserError, match="RND-010"):
        brought(village, township, book)


def _set(book: openpyxl.Workbook, name: str, row: int, heading: str, value: Any) -> None:
    cell(book, name, row, heading).value = value
