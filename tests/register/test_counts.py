"""Counts of an area: by status, by division, by cause; years and status of areas. 演示数据"""

import datetime as dt
from decimal import Decimal

import pytest

from lika.core.areas import NOWHERE, Area
from lika.divisions.choices import Level
from lika.register.choices import Axis
from lika.register.queries import (
    DivisionCounts,
    StatusCounts,
    cause_counts,
    county_years,
    data_years,
    division_counts,
    poor_area_statuses,
    rural_by_year,
    status_counts,
    village_years,
)
from tests import factories as make

pytestmark = pytest.mark.django_db

COUNTY = Area.of([make.COUNTY])


@pytest.fixture(autouse=True)
def county() -> None:
    """Poor: 2 households with 5 people; exited: one with 1; not poor: one with 2; and a county beside it."""
    first = make.make_household(members=3, poverty="20")
    second = make.make_household(make.OTHER_VILLAGE, members=2, poverty="21")
    third = make.make_household(members=1, poverty="30")
    fourth = make.make_household(members=2, poverty="00")
    make.make_person(first, left_on=dt.date(2016, 1, 1))
    for household, cause in ((first, "01"), (second, "01"), (third, "03"), (fourth, None)):
        make.make_household_year(household, main_cause=cause)
    make.make_household_year(first, 2015, main_cause="05")
    make.make_household(make.ELSEWHERE, members=7)


def test_households_and_people_are_counted_by_status():
    counts = status_counts(COUNTY)

    assert counts == StatusCounts({"00": 1, "20": 1, "21": 1, "30": 1}, {"00": 2, "20": 3, "21": 2, "30": 1})
    assert (counts.total, counts.poor, counts.of(["30", "90"])) == ((4, 8), (2, 5), (1, 1))
    assert status_counts(NOWHERE) == StatusCounts({}, {})


def test_the_numbers_of_the_divisions_below_add_up_to_the_whole():
    make.make_division("621223100204", "空村")
    villages = division_counts(COUNTY, Level.VILLAGE)

    assert villages == [
        DivisionCounts(
            make.VILLAGE, "石磊村村民委员会", StatusCounts({"00": 1, "20": 1, "30": 1}, {"00": 2, "20": 3, "30": 1})
        ),
        DivisionCounts(make.OTHER_VILLAGE, "坡头村村民委员会", StatusCounts({"21": 1}, {"21": 2})),
        DivisionCounts("621223100204", "空村", StatusCounts({}, {})),
    ]
    assert [(row.code, row.name, row.counts) for row in division_counts(COUNTY, Level.TOWNSHIP)] == [
        (make.TOWNSHIP, "城关镇", status_counts(COUNTY))
    ]
    prefecture = Area.of(["621200000000"])
    assert [(row.code, row.counts.total) for row in division_counts(prefecture, Level.COUNTY)] == [
        ("621202000000", (1, 7)),
        (make.COUNTY, (4, 8)),
    ]


def test_the_counts_take_two_queries_and_one(django_assert_num_queries):
    with django_assert_num_queries(2):
        division_counts(COUNTY, Level.VILLAGE)
    with django_assert_num_queries(1):
        status_counts(COUNTY)


def test_causes_are_counted_for_a_year_the_most_frequent_first():
    assert list(cause_counts(COUNTY, 2016).items()) == [("01", 2)]
    assert list(cause_counts(COUNTY, 2016, ["20", "21", "30", "00"]).items()) == [("01", 2), ("03", 1), ("", 1)]
    assert cause_counts(COUNTY, 2015) == {"05": 1}
    assert cause_counts(NOWHERE, 2016) == {}


def test_the_data_years_of_an_area_latest_first():
    assert data_years(COUNTY) == [2016, 2015]
    assert data_years(Area.of([make.ELSEWHERE])) == []


def test_the_years_and_the_status_of_areas():
    make.make_village_year(rural_registered_population=800)
    make.make_village_year(year=2015, rural_registered_population=790)
    make.make_county_year(compulsory_retention_rate=Decimal("93.50"))
    make.make_status(make.make_division(), Axis.POOR_AREA, "1", on=dt.date(2014, 12, 31))

    assert [(year.data_year, year.values["rural_registered_population"]) for year in village_years(make.VILLAGE)] == [
        (2016, 800),
        (2015, 790),
    ]
    (year,) = county_years(make.COUNTY)
    assert year.values["compulsory_retention_rate"] == Decimal("93.50")
    assert "county" not in year.values
    assert poor_area_statuses([make.VILLAGE, make.COUNTY]) == {make.VILLAGE: "1", make.COUNTY: "0"}


def test_a_year_in_which_a_village_gave_no_form_is_not_summed():
    for year, village, population in (
        (2014, make.VILLAGE, 90), (2015, make.VILLAGE, 100), (2015, make.OTHER_VILLAGE, 50), (2016, make.VILLAGE, None),
        (2016, make.OTHER_VILLAGE, 60),
    ):  # fmt: skip
        make.make_village_year(village, year, rural_registered_population=population)
    for year, population in ((2015, 400), (2016, 410)):
        make.make_county_year(year=year, rural_registered_population=population)
    assert rural_by_year(Area.of([make.TOWNSHIP]), Level.TOWNSHIP) == {2015: 150}
    assert rural_by_year(Area.of([make.VILLAGE]), Level.VILLAGE) == {2014: 90, 2015: 100}
    assert rural_by_year(COUNTY, Level.COUNTY) == {2015: 400, 2016: 410}
    assert rural_by_year(NOWHERE, Level.COUNTY) == {}
