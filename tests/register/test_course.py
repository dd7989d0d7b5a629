"""How the numbers of households went: the same from behind the wall and through its door."""

import datetime as dt

import pytest

from lika.accounts.queries import actor_of
from lika.core.areas import Area
from lika.core.bounds import told
from lika.register.models import Household
from lika.register.queries import StatusCourse, status_course
from tests import factories as make
from tests.console.officials import Role, official
from tests.web_role import web_role

ELSEWHERE = "531102100201"


@pytest.fixture
def moved() -> None:
    """One household identified in 2014 and out in 2016, one identified in 2015, one closed, one far away."""
    for number, village, moves in (
        ("A1", make.VILLAGE, [("20", 2014), ("30", 2016)]),
        ("A2", make.VILLAGE, [("20", 2015)]),
        ("A3", make.VILLAGE, [("20", 2014)]),
        ("Z9", ELSEWHERE, [("20", 2014)]),
    ):
        household = make.make_household(village, number=number)
        before = "00"
        for status, year in moves:
            make.make_status(household, "poverty", status, on=dt.date(year, 6, 30), before=before)
            before = status
    Household.objects.filter(number="A3").update(closed_on=dt.date(2016, 1, 1))


@pytest.mark.django_db
@pytest.mark.usefixtures("moved")
def test_an_area_in_sight_is_counted_by_the_door_as_behind_the_wall() -> None:
    by = actor_of(official(Role.COUNTY))
    with web_role(), told(by.bounds):
        door, wall = status_course(by, Area.of([make.VILLAGE])), status_course(by, None)
    assert door == wall
    assert [door.moved_to("30", year) for year in (2014, 2015, 2016)] == [0, 0, 1]
    assert door.poor_at_end_of(2016) - door.poor_at_end_of(2015) == -1


@pytest.mark.django_db
@pytest.mark.usefixtures("moved")
def test_an_area_out_of_sight_counts_nothing() -> None:
    by = actor_of(official(Role.COUNTY))
    with web_role(), told(by.bounds):
        assert status_course(by, Area.of([ELSEWHERE])) == StatusCourse()
