"""Statuses in a workbook against those of the register: which moves there are, and who may enter them. 演示数据"""

import datetime as dt
from typing import Any

import pytest

from lika.collection.choices import BatchState
from lika.collection.report import ImportReport
from lika.core.permissions import Permission
from lika.register.models import AreaStatus, Household, StatusEvent
from tests.collection import workbooks
from tests.collection.conftest import Import
from tests.collection.workbooks import H1, changed
from tests.factories import COUNTY, OTHER_VILLAGE, VILLAGE, make_actor

DAY = dt.date(2016, 3, 31)
IMPORTER = (Permission.REGISTER_IMPORT,)


def places(report: ImportReport) -> list[tuple[str, str, int, str]]:
    return [(found.code, found.sheet, found.row, found.field) for found in report.findings]


def household(axis: str, status: str, on: dt.date = DAY) -> dict[str, Any]:
    return {f"households__2__{axis}_status": status, f"households__2__{axis}_on": on}


def village(status: str, on: dt.date = DAY) -> dict[str, Any]:
    return {"village_years__2__poor_area": status, "village_years__2__poor_area_on": on}


def county(status: str) -> dict[str, Any]:
    return {"county_years__2__poor_area": status, "county_years__2__poor_area_on": DAY}


NO_MOVES = {
    "an exit without a plan": (household("poverty", "30"), ("households", 2, "poverty_status")),
    "a risk cleared that never was": (household("monitoring", "8"), ("households", 2, "monitoring_status")),
    "a village that was never poor": (village("0"), ("village_years", 2, "poor_area")),
}


@pytest.mark.parametrize(("cells", "place"), NO_MOVES.values(), ids=NO_MOVES)
def test_a_status_moves_only_as_the_procedure_does(cells: dict[str, Any], place: Any, import_rows: Import) -> None:
    import_rows(workbooks.clean())
    report = import_rows(changed(**cells))
    assert places(report) == [("COL-303", *place)]
    assert report.state == BatchState.REFUSED


def test_a_county_that_was_poor_was_always_poor(import_rows: Import) -> None:
    import_rows(changed(**county("1")))
    report = import_rows(changed(**county("0") | {"county_years__2__poor_area_on": dt.date(2016, 12, 31)}))
    assert places(report) == [("COL-303", "county_years", 2, "poor_area")]


MOVES = {
    "poverty": (household("poverty", "21"), ("households", 2, "poverty_status")),
    "monitoring": (household("monitoring", "2"), ("households", 2, "monitoring_status")),
    "the village": (village("3"), ("village_years", 2, "poor_area")),
    "the county": (county("1"), ("county_years", 2, "poor_area")),
}


@pytest.mark.parametrize(("cells", "place"), MOVES.values(), ids=MOVES)
def test_who_may_not_enter_a_status_does_not_move_it_by_a_workbook(
    cells: dict[str, Any], place: Any, import_rows: Import
) -> None:
    import_rows(workbooks.clean())
    before = (StatusEvent.objects.count(), Household.objects.get(number=H1).poverty_status, AreaStatus.objects.count())
    refused = import_rows(changed(**cells), by=make_actor(COUNTY, permissions=IMPORTER))
    assert places(refused) == [("COL-310", *place)]
    assert (
        StatusEvent.objects.count(), Household.objects.get(number=H1).poverty_status, AreaStatus.objects.count()
    ) == before  # fmt: skip
    assert import_rows(changed(**cells)).state == BatchState.PUBLISHED
    assert StatusEvent.objects.count() == before[0] + 1


def test_who_may_not_enter_a_status_brings_new_households_with_theirs(import_rows: Import) -> None:
    rows = {name: workbooks.clean()[name] for name in ("households", "persons", "household_years")}
    assert import_rows(rows, by=make_actor(VILLAGE, OTHER_VILLAGE, permissions=IMPORTER)).findings == ()
    assert set(Household.objects.values_list("poverty_status", flat=True)) == {"20"}
    again = import_rows(rows, by=make_actor(VILLAGE, OTHER_VILLAGE, permissions=IMPORTER))
    assert again.state == BatchState.UNCHANGED


def test_an_area_may_come_with_a_status_whose_beginning_nobody_recorded(import_rows: Import) -> None:
    assert import_rows(changed(**village("3"))).findings == ()
    assert AreaStatus.objects.get().poor_area == "3"
