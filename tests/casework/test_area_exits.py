"""The exit of a village and of a county of Gansu, from the sheet to the last stage, with every act of the documents.

演示数据
"""

from dataclasses import replace
from pathlib import Path

import pytest

from lika.casework.actions import days
from lika.casework.choices import CaseState
from lika.casework.models import Evidence, IndicatorCheck
from lika.register.models import AreaStatus, StatusEvent
from tests import factories as make
from tests.casework.driving import Course, course_of, items, walk
from tests.casework.villages import Exit, county_exit, operator, village_exit

pytestmark = pytest.mark.django_db(transaction=True)
VILLAGE = """self_evaluation village prepare, township_signatures township office, department_check county verify,
county_signatures county office, prefecture_signatures prefecture office, notice prefecture office, announcement
prefecture approve, filing province office"""
COUNTY = """application county prepare, prefecture_signatures prefecture office, provincial_check province review,
notice province office, approval province approve, announcement province approve"""


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path: Path) -> None:
    """A data folder of the test's own, for the papers."""
    settings.LIKA = replace(settings.LIKA, data_dir=tmp_path)


@pytest.mark.parametrize(
    ("begin", "place", "course", "checked"),
    [
        (village_exit, make.VILLAGE, VILLAGE, ["township_signatures", "department_check", "county_signatures"]),
        (county_exit, make.COUNTY, COUNTY, ["prefecture_signatures", "provincial_check"]),
    ],
)
def test_from_the_sheet_to_the_last_stage(begin, place: str, course: str, checked: list[str]):
    days.load_days(by=operator())
    at: Exit = begin()
    on = Course(place, at.batch.campaign, at.batch)
    stages = [stage.id for stage in on.procedure.stages]
    assert walk(on) == stages
    (case,) = on.cases
    assert (case.state, case.stage) == (CaseState.DONE, stages[-1])
    wanted = [each.split() for each in course.split(",")]
    assert course_of(case) == [
        (stages[0], "taken_in", "opener"),
        *((stage, "passed", f"{level} {duty}") for stage, level, duty in wanted),
    ]
    assert list(AreaStatus.objects.values_list("division", "poor_area")) == [(int(place), "3")]
    event = StatusEvent.objects.get(decision_kind="case")
    assert (event.decision_label, event.to_status) == (case.number, "3")
    found = IndicatorCheck.objects.order_by("at", "id").values_list("stage", "indicator__criterion")
    assert list(found) == [(stage, item) for stage in checked for item in items(case)]
    shown = Evidence.objects.filter(indicator__isnull=False).order_by("indicator__position")
    assert list(shown.values_list("indicator__criterion", flat=True)) == items(case)
