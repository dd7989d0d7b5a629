"""What the providers' SQL gives for rows in PostgreSQL: who counts where, at which moment. 演示数据"""

import datetime as dt
import random
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from lika.core import facts as registry
from lika.core.areas import range_of
from lika.engine.checker import check
from lika.engine.parser import parse
from lika.engine.reference import evaluate
from lika.register.choices import Axis
from lika.register.models import HouseholdYear
from tests import factories as make

pytestmark = pytest.mark.django_db


def provided(
    name: str, *, at: dt.date = make.AT, scope: str = make.COUNTY, year: int | None = None
) -> list[dict[str, Any]]:
    """The rows of one provider."""
    (provider,) = [
        provider
        for unit in ("person", "household", "village", "county")
        for provider in registry.providers(unit)
        if provider.name == name
    ]
    low, high = range_of(scope)
    with connection.cursor() as cursor:
        cursor.execute(provider.sql, {"at": at, "year": year or at.year, "low": low, "high": high})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize("unit", ["person", "household", "village", "county"])
def test_every_provider_gives_its_key_and_its_facts(unit):
    keys = {"person": ["person_id", "household_id", "village"], "household": ["household_id", "village"]}
    for provider in registry.providers(unit):
        with connection.cursor() as cursor:
            low, high = range_of(make.COUNTY)
            cursor.execute(provider.sql, {"at": make.AT, "year": 2016, "low": low, "high": high})
            names = [column.name for column in cursor.description]
        own = keys.get(unit, [unit]) if provider.spine else [f"{unit}_id" if unit in keys else unit]
        assert sorted(names) == sorted([*own, *(fact.name for fact in provider.facts)]), provider.name


def test_a_household_counts_where_it_stood_at_the_time_point():
    moved = make.make_household(make.VILLAGE)
    make.make_division(make.OTHER_VILLAGE)
    moved.placements.update(ended_on=dt.date(2016, 6, 1))
    moved.placements.create(
        division_id=make.OTHER_VILLAGE, village=int(make.OTHER_VILLAGE), started_on=dt.date(2016, 6, 1)
    )
    later = make.make_household(make.VILLAGE, since=dt.date(2017, 1, 1))
    elsewhere = make.make_household(make.ELSEWHERE)

    def villages(at: dt.date, scope: str = make.COUNTY) -> dict[Any, int]:
        return {row["household_id"]: row["village"] for row in provided("household_base", at=at, scope=scope)}

    assert villages(dt.date(2016, 5, 31)) == {moved.id: int(make.VILLAGE)}
    assert villages(dt.date(2016, 6, 1)) == {moved.id: int(make.OTHER_VILLAGE)}
    assert villages(dt.date(2017, 1, 1)) == {moved.id: int(make.OTHER_VILLAGE), later.id: int(make.VILLAGE)}
    assert villages(make.AT, make.VILLAGE) == {}
    assert villages(make.AT, make.ELSEWHERE) == {elsewhere.id: int(make.ELSEWHERE)}


def test_base_facts_are_empty_where_the_record_is():
    full = make.make_household(standard="1", attribute="02", identified_year=2014, planned_exit_year=2016)
    bare = make.make_household(kind="ordinary", poverty="00")

    assert {row.pop("household_id"): row for row in provided("household_base")} == {
        full.id: {
            "village": int(make.VILLAGE),
            "kind": "registered",
            "standard": "1",
            "attribute": "02",
            "identified_year": 2014,
            "planned_exit_year": 2016,
        },
        bare.id: {
            "village": int(make.VILLAGE),
            "kind": "ordinary",
            "standard": None,
            "attribute": None,
            "identified_year": None,
            "planned_exit_year": None,
        },
    }


def test_members_are_those_of_the_time_point():
    household = make.make_household(members=2)
    make.make_person(household, joined_on=dt.date(2016, 6, 1))
    make.make_person(household, left_on=dt.date(2016, 6, 1))
    make.make_person(household, joined_on=dt.date(2015, 1, 1), left_on=dt.date(2015, 3, 1))
    empty = make.make_household(members=0)

    def members(at: dt.date) -> dict[Any, int]:
        return {row["household_id"]: row["members"] for row in provided("household_state", at=at)}

    assert members(dt.date(2015, 2, 1)) == {household.id: 4, empty.id: 0}
    assert members(dt.date(2016, 5, 31)) == {household.id: 3, empty.id: 0}
    assert members(dt.date(2016, 6, 1)) == {household.id: 3, empty.id: 0}
    assert members(dt.date(2014, 12, 31)) == {household.id: 3, empty.id: 0}


@pytest.mark.parametrize(
    ("status", "poverty"),
    [
        ("00", "none"),
        ("10", "poor"),
        ("20", "poor"),
        ("21", "poor"),
        ("30", "exited"),
        ("40", "poor"),
        ("90", "removed"),
    ],
)
def test_poverty_follows_from_the_status(status, poverty):
    make.make_household(poverty=status)

    assert [(row["poverty_status"], row["poverty"]) for row in provided("household_state")] == [(status, poverty)]


def test_status_is_that_of_the_time_point_and_of_its_axis():
    household = make.make_household(poverty="20", status_on=dt.date(2014, 12, 31))
    make.make_status(household, Axis.POVERTY, "21", on=dt.date(2016, 1, 1), before="20")
    make.make_status(household, Axis.POVERTY, "30", on=dt.date(2016, 12, 31), before="21")
    make.make_status(household, Axis.MONITORING, "1", on=dt.date(2017, 3, 1), before="0")

    def status(at: dt.date) -> list[tuple[str, str]]:
        return [(row["poverty_status"], row["monitoring_status"]) for row in provided("household_state", at=at)]

    assert status(dt.date(2014, 12, 30)) == [("00", "0")]
    assert status(dt.date(2015, 12, 31)) == [("20", "0")]
    assert status(dt.date(2016, 12, 30)) == [("21", "0")]
    assert status(dt.date(2016, 12, 31)) == [("30", "0")]
    assert status(dt.date(2017, 3, 1)) == [("30", "1")]


def test_of_two_moves_on_one_day_the_later_written_holds():
    household = make.make_household(poverty="20")
    make.make_status(household, Axis.POVERTY, "21", on=make.AT, before="20")
    make.make_status(household, Axis.POVERTY, "30", on=make.AT, before="21")

    assert [row["poverty_status"] for row in provided("household_state")] == ["30"]


def test_an_earlier_year_is_found_wherever_the_household_stood_then():
    household = make.make_household(make.VILLAGE, members=2)
    household.placements.update(started_on=dt.date(2016, 1, 1))
    make.make_division(make.ELSEWHERE)
    household.placements.create(division_id=make.ELSEWHERE, village=int(make.ELSEWHERE), ended_on=dt.date(2016, 1, 1))
    HouseholdYear.objects.create(
        household=household, village=int(make.ELSEWHERE), wage=Decimal("1.50"), **make.period(2015)
    )

    before = dt.date(2015, 12, 31)
    assert [row["wage"] for row in provided("household_income", at=before)] == [Decimal("1.50")]
    assert [row["members"] for row in provided("household_state", at=before)] == [2]
    assert provided("household_income", at=make.AT) == []


def test_persons_belong_to_the_household_of_the_time_point():
    household, other = make.make_household(members=0), make.make_household(members=0)
    person = make.make_person(household, left_on=dt.date(2016, 6, 1), relation="03")
    person.memberships.create(
        household=other, village=other.village, relation="06", joined_on=dt.date(2016, 6, 1), join_reason="07"
    )

    def home(at: dt.date) -> list[tuple[Any, str]]:
        return [(row["household_id"], row["relation"]) for row in provided("person_base", at=at)]

    assert home(dt.date(2016, 5, 31)) == [(household.id, "03")]
    assert home(dt.date(2016, 6, 1)) == [(other.id, "06")]


@pytest.mark.parametrize(
    ("birth", "at", "age"),
    [
        (dt.date(2010, 12, 31), make.AT, 6),
        (dt.date(2011, 1, 1), make.AT, 5),
        (dt.date(2016, 12, 31), make.AT, 0),
        (dt.date(2017, 1, 1), make.AT, None),
        (dt.date(2000, 2, 29), dt.date(2015, 2, 28), 14),
        (dt.date(2000, 2, 29), dt.date(2015, 3, 1), 15),
        (dt.date(2000, 2, 29), dt.date(2016, 2, 29), 16),
        (None, make.AT, None),
    ],
)
def test_age_is_the_full_years_at_the_time_point(birth, at, age):
    make.make_person(make.make_household(members=0), birth_date=birth)

    assert [row["age"] for row in provided("person_base", at=at)] == [age]


def test_a_person_year_is_found_by_its_year():
    person = make.make_person(make.make_household(members=0))
    make.make_person_year(person, 2016, out_of_school="yes", medical_resident=True, work_months=7)
    make.make_person_year(person, 2015, out_of_school="no")

    rows = provided("person_year")
    assert [(row["person_id"], row["out_of_school"], row["medical_resident"], row["work_months"]) for row in rows] == [
        (person.id, "yes", True, 7)
    ]
    assert [row["out_of_school"] for row in provided("person_year", year=2015)] == ["no"]


def test_villages_and_counties_wholly_in_scope_are_units_with_their_status():
    make.make_division(make.ELSEWHERE)
    village, county = make.make_division(make.VILLAGE), make.make_division(make.COUNTY)
    make.make_division(make.OTHER_VILLAGE)
    make.make_status(village, Axis.POOR_AREA, "1", on=dt.date(2014, 12, 31))
    make.make_status(village, Axis.POOR_AREA, "3", on=dt.date(2017, 1, 1), before="1")
    make.make_status(county, Axis.POOR_AREA, "1", on=dt.date(2012, 1, 1))

    assert {row["village"]: row["poor_area"] for row in provided("village_base")} == {
        int(make.VILLAGE): "1",
        int(make.OTHER_VILLAGE): "0",
    }
    assert provided("county_base") == [{"county": int(make.COUNTY), "poor_area": "1"}]
    assert provided("county_base", scope=make.TOWNSHIP) == []


def test_area_years_are_found_by_code_and_year():
    make.make_village_year(rural_registered_population=800, hard_road=True)
    make.make_village_year(make.OTHER_VILLAGE, 2015, rural_registered_population=1)
    make.make_county_year(compulsory_retention_rate=Decimal("93.50"))

    assert [
        (row["village"], row["rural_registered_population"], row["hard_road"]) for row in provided("village_year")
    ] == [(int(make.VILLAGE), 800, True)]
    assert [(row["county"], row["compulsory_retention_rate"]) for row in provided("county_year")] == [
        (int(make.COUNTY), Decimal("93.50"))
    ]


@pytest.mark.parametrize(
    "columns",
    [
        {"wage": Decimal("12000.10"), "operating": Decimal(3000), "expense_operating": Decimal("4500.35")},
        {name: Decimal(number) + Decimal("0.01") for number, name in enumerate(make.NO_INCOME, 1)},
        {"expense_operating": Decimal(900)},
        {"transfer_eco": None, "wage": Decimal(1)},
    ],
)
def test_the_stored_net_income_is_the_formula(columns):
    row = make.make_household_year(make.make_household(), **columns)
    row.refresh_from_db()
    schema = registry.schema()
    income = {name: getattr(row, name) for name in make.NO_INCOME}

    assert (
        evaluate(check(parse("net_income"), unit="household", schema=schema), {"household": income}) == row.net_income
    )


@pytest.mark.parametrize("seed", range(4))
def test_members_and_status_agree_with_a_count_by_hand(seed):
    draw = random.Random(seed)
    days = [dt.date(2014, 1, 1) + dt.timedelta(days=30 * step) for step in range(40)]
    homes = [make.make_household(members=0, poverty="00") for _ in range(5)]
    stays: list[tuple[Any, dt.date | None, dt.date | None]] = []
    moves: list[tuple[Any, dt.date, str]] = []
    for _ in range(12):
        person, cuts = make.make_person(), sorted(draw.sample(days, 3))
        for joined, left in pairwise([draw.choice([None, days[0]]), *cuts, None]):
            if draw.random() < 0.6 and joined != left:
                home = draw.choice(homes)
                reason = "08" if left else ""
                person.memberships.create(
                    household=home, village=home.village, joined_on=joined, left_on=left, leave_reason=reason
                )
                stays.append((home.id, joined, left))
    for home in homes:
        for day, status in zip(
            sorted(draw.sample(days, 4)), draw.sample(["10", "20", "21", "30", "90"], 4), strict=True
        ):
            make.make_status(home, Axis.POVERTY, status, on=day)
            moves.append((home.id, day, status))

    for at in draw.sample(days, 8):
        expected = {}
        for home in homes:
            inside = [
                1
                for where, joined, left in stays
                if where == home.id and (joined is None or joined <= at) and (left is None or at < left)
            ]
            reached = [(day, status) for where, day, status in moves if where == home.id and day <= at]
            expected[home.id] = (len(inside), max(reached)[1] if reached else "00")
        found = provided("household_state", at=at)
        assert {row["household_id"]: (row["members"], row["poverty_status"]) for row in found} == expected
