"""What one jurisdiction alone collects, through the spreadsheet door: template, reading, publishing, refusals."""

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from lika.collection import template, workbook
from lika.collection.actions import import_register
from lika.collection.choices import BatchState
from lika.collection.schema import sheets_asked, sheets_read
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.audit import told
from lika.core.models import AuditEntry
from lika.register.models import CountyItem, HouseholdItem, HouseholdYear, PersonItem, VillageItem
from tests import collected
from tests.collection import workbooks
from tests.collection.workbooks import H1
from tests.factories import COUNTY, ELSEWHERE, make_division

pytestmark = pytest.mark.django_db

FILLED = {
    "household_years__2__reservoir": True,
    "household_years__2__rooms": 4,
    "household_years__2__well_depth": Decimal("10.51"),
    "household_years__2__moved_on": dt.date(2008, 5, 12),
    "household_years__2__second_fuel": "03",
    "household_years__2__remark": "水库建成后迁来",
    "household_years__3__reservoir": False,
    "persons__3__returned_abroad": True,
    "village_years__2__wells": 3,
    "county_years__2__reservoirs": 1,
}


@pytest.fixture(autouse=True)
def _pack(corner: None, tmp_path: Path) -> None:
    collected.keep(tmp_path)


def bring(by: Actor, tmp_path: Path, **cells: object) -> object:
    path = tmp_path / "演示-采集项.xlsx"
    workbook.write(path, workbooks.changed(**cells), sheets_read())
    return import_register(by=by, path=path)


def values(model: type, **chosen: object) -> dict[str, tuple[object, ...]]:
    rows = model.objects.filter(**chosen).values_list("item", "number", "day", "code", "text")
    return {item: tuple(value for value in found if value is not None) for item, *found in rows}


def test_the_template_of_the_place_asks_for_them_and_that_of_another_does_not():
    def headings(code: str) -> list[str]:
        book = openpyxl.load_workbook(io.BytesIO(template.build(sheets_asked(Area.of([code])))))
        return [cell.value for cell in book["户年度数据"][1]]

    assert headings(COUNTY)[-6:] == ["水库移民", "房间数(间)", "井深(米)", "搬迁日期", "辅助燃料", "备注说明"]
    assert "水库移民" not in headings(ELSEWHERE)


def test_each_kind_of_value_is_kept_as_its_kind(officer: Actor, tmp_path: Path):
    report = bring(officer, tmp_path, **FILLED)
    assert (report.state, report.errors) == (BatchState.PUBLISHED, 0)
    assert values(HouseholdItem, year__household__number=H1) == {
        "reservoir": ("yes",),
        "rooms": (Decimal(4),),
        "well_depth": (Decimal("10.51"),),
        "moved_on": (dt.date(2008, 5, 12),),
        "second_fuel": ("03",),
        "remark": ("水库建成后迁来",),
    }
    assert values(HouseholdItem, year__household__number=workbooks.H2) == {"reservoir": ("no",)}
    assert values(PersonItem, year__person__name="王演示") == {"returned_abroad": ("yes",)}
    assert values(VillageItem) == {"wells": (Decimal(3),)}
    assert values(CountyItem) == {"reservoirs": (Decimal(1),)}


def test_the_same_workbook_again_changes_nothing(officer: Actor, tmp_path: Path):
    bring(officer, tmp_path, **FILLED)
    rows = set(HouseholdItem.objects.values_list("id", flat=True))
    assert bring(officer, tmp_path, **FILLED).state == BatchState.UNCHANGED
    assert set(HouseholdItem.objects.values_list("id", flat=True)) == rows


def test_a_changed_item_changes_its_year_and_is_told_in_the_audit(officer: Actor, tmp_path: Path):
    bring(officer, tmp_path, **FILLED)
    HouseholdYear.objects.update(state="confirmed")
    changed = FILLED | {"household_years__2__rooms": 5, "household_years__2__remark": None}
    report = bring(officer, tmp_path, **changed)
    assert report.counts["household_years"] == {"changed": 1, "unchanged": 1}
    held = values(HouseholdItem, year__household__number=H1)
    assert (held["rooms"], "remark" in held) == ((Decimal(5),), False)
    # What was confirmed is no longer what stands there.
    assert dict(HouseholdYear.objects.values_list("household__number", "state")) == {
        H1: "draft",
        workbooks.H2: "confirmed",
    }
    entry = AuditEntry.objects.filter(action="register.import", label=H1).latest("at")
    before, after = told(entry)
    assert (before["year 2016"], after["year 2016"]) == ({"rooms": 4, "remark": "水库建成后迁来"}, {"rooms": 5})


def test_a_locked_year_keeps_its_items(officer: Actor, tmp_path: Path):
    bring(officer, tmp_path, **FILLED)
    HouseholdYear.objects.filter(household__number=H1).update(state="locked")
    report = bring(officer, tmp_path, **(FILLED | {"household_years__2__rooms": 5}))
    assert [(finding.code, finding.row) for finding in report.findings] == [("COL-302", 2)]
    assert values(HouseholdItem, year__household__number=H1)["rooms"] == (Decimal(4),)


def test_a_workbook_without_the_columns_leaves_them(officer: Actor, tmp_path: Path):
    bring(officer, tmp_path, **FILLED)
    report = import_register(by=officer, path=workbooks.save(tmp_path / "旧.xlsx", workbooks.clean()))
    assert report.state == BatchState.UNCHANGED
    assert HouseholdItem.objects.count() == 7


def test_a_member_of_whom_only_an_item_is_told_has_a_year(officer: Actor, tmp_path: Path):
    rows = workbooks.clean()
    kept = ("number", "name", "sex", "id_type", "id_number", "relation", *workbooks.YEAR)
    rows["persons"][1] = {name: rows["persons"][1][name] for name in kept} | {"returned_abroad": False}
    path = tmp_path / "少.xlsx"
    workbook.write(path, rows, sheets_read())
    assert import_register(by=officer, path=path).errors == 0
    assert values(PersonItem, year__person__name="王演示") == {"returned_abroad": ("no",)}


def test_cells_are_held_to_what_the_pack_says(officer: Actor, tmp_path: Path):
    spoilt = {
        "household_years__2__rooms": workbook.AsTyped(100),
        "household_years__2__well_depth": workbook.AsTyped("10.512"),
        "household_years__2__second_fuel": workbook.AsTyped("核能"),
        "household_years__3__reservoir": workbook.AsTyped("也许"),
    }
    report = bring(officer, tmp_path, **spoilt)
    found = {(finding.code, finding.row, finding.field_label) for finding in report.findings}
    assert found == {
        ("COL-107", 2, "房间数"),
        ("COL-108", 2, "井深"),
        ("COL-105", 2, "辅助燃料"),
        ("COL-110", 3, "水库移民"),
    }


def test_an_item_is_refused_where_its_pack_does_not_rule(officer: Actor, tmp_path: Path):
    make_division(ELSEWHERE)
    report = bring(officer, tmp_path, **(FILLED | {"households__2__village": int(ELSEWHERE)}))
    refused = [finding for finding in report.findings if finding.code == "COL-224"]
    assert {(finding.sheet, finding.row, finding.message) for finding in refused} == {
        *(("household_years", 2, f"本地区不采集“{name}”。") for name in
          ("水库移民", "房间数", "井深", "搬迁日期", "辅助燃料", "备注说明")),
        ("persons", 3, "本地区不采集“归侨”。"),
    }  # fmt: skip
