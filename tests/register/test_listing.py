"""The household list: who sees what, filter, search, order, pages and the number of queries. 演示数据"""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Q

from lika.accounts.choices import GrantKind, Role
from lika.accounts.models import Grant, Official, Post, User
from lika.accounts.queries import Scope, actor_of
from lika.config.wall import DOORS
from lika.core.areas import Area
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.register.models import Household, Person
from lika.register.queries import (
    HouseholdFilter,
    HouseholdRow,
    find_households,
    household_visible_to,
    households_visible_to,
    list_households,
    persons_visible_to,
    rows_of,
)
from lika.register.queries.searching import persons_named
from tests import factories as make

pytestmark = pytest.mark.django_db

MASKED = (Permission.REGISTER_VIEW,)


def numbers(by=None, **wanted) -> list[str]:
    found = list_households(by=by or make.make_actor(), wanted=HouseholdFilter(**wanted))
    assert found.total == len(found.rows)
    return [row.number for row in found.rows]


@pytest.fixture
def three() -> list[Household]:
    """Three households of two villages, and one of another county."""
    first = make.make_household(number="A1", head="曾三丰", members=3, poverty="20")
    second = make.make_household(make.OTHER_VILLAGE, number="A2", head="吕𬍛㛃", members=1, poverty="30")
    third = make.make_household(number="B1", head="买买提·艾力", members=2, poverty="00", monitoring="2")
    make.make_household(make.ELSEWHERE, number="A9", head="曾三丰")
    make.make_household_year(first, wage=Decimal("24624.90"), main_cause="01")
    make.make_household_year(second, wage=Decimal(5000), expense_operating=Decimal(6000), main_cause="03")
    make.make_household_year(third, 2015, wage=Decimal(1))
    return [first, second, third]


def test_a_line_says_who_where_how_many_and_how_poor(three):
    found = list_households(by=make.make_actor())

    assert (found.total, found.page, found.pages, found.year) == (3, 1, 1, 2016)
    assert found.rows == (
        HouseholdRow(
            id=three[0].id,
            number="A1",
            head="曾三丰",
            village=int(make.VILLAGE),
            village_name="石磊村村民委员会",
            members=3,
            poverty_status="20",
            monitoring_status="0",
            net_income_per_capita=Decimal("8208.30"),
            main_cause="01",
            data_on=dt.date(2016, 12, 31),
        ),
        HouseholdRow(
            id=three[1].id,
            number="A2",
            head="吕𬍛㛃",
            village=int(make.OTHER_VILLAGE),
            village_name="坡头村村民委员会",
            members=1,
            poverty_status="30",
            monitoring_status="0",
            net_income_per_capita=Decimal("-1000.00"),
            main_cause="03",
            data_on=dt.date(2016, 12, 31),
        ),
        HouseholdRow(
            id=three[2].id,
            number="B1",
            head="买买提·艾力",
            village=int(make.VILLAGE),
            village_name="石磊村村民委员会",
            members=2,
            poverty_status="00",
            monitoring_status="2",
            net_income_per_capita=None,
            main_cause=None,
            data_on=dt.date(2015, 12, 31),
        ),
    )


def test_names_are_masked_without_the_permission_for_personal_data(three):
    found = list_households(by=make.make_actor(permissions=MASKED))

    assert [row.head for row in found.rows] == ["曾**", "吕**", "买*****"]
    assert {(row.in_full, row.monitoring_status, row.net_income_per_capita, row.main_cause) for row in found.rows} == {
        (False, "", None, None)
    }


@pytest.mark.parametrize("wanted", [{"sort": "head"}, {"sort": "-income"}, {"sort": "cause"}, {"cause": "01"}])
def test_neither_order_nor_filter_tells_what_is_masked(three, wanted):
    with pytest.raises(PermissionRefused):
        list_households(by=make.make_actor(permissions=MASKED), wanted=HouseholdFilter(**wanted))


def test_income_per_head_counts_the_members_of_that_year_and_is_rounded_half_up():
    household = make.make_household(members=2)
    make.make_person(household, joined_on=dt.date(2017, 3, 1))
    make.make_household_year(household, wage=Decimal("100.01"))
    empty = make.make_household(members=0)
    make.make_household_year(empty, wage=Decimal(100))

    rows = {row.id: row for row in list_households(by=make.make_actor()).rows}
    assert (rows[household.id].members, rows[household.id].net_income_per_capita) == (3, Decimal("50.01"))
    assert (rows[empty.id].members, rows[empty.id].net_income_per_capita) == (0, None)


@pytest.mark.parametrize(("households", "queries"), [(1, 3), (3, 3), (50, 4)])
def test_a_list_seen_whole_is_not_counted_and_a_longer_one_takes_one_query_more(
    households, queries, django_assert_num_queries
):
    for _ in range(households):
        make.make_household_year(make.make_household(members=2))
    actor = make.make_actor()

    with django_assert_num_queries(queries):
        found = list_households(by=actor, wanted=HouseholdFilter(text="石", cause="", division=make.COUNTY))
    assert (len(found.rows), found.total, found.page) == (households, households, 1)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"division": make.OTHER_VILLAGE}, ["A2"]),
        ({"division": "621223100"}, ["A1", "A2", "B1"]),
        ({"division": make.ELSEWHERE}, []),
        ({"poverty": frozenset({"20", "30"})}, ["A1", "A2"]),
        ({"monitoring": frozenset({"2"})}, ["B1"]),
        ({"cause": "01"}, ["A1"]),
        ({"cause": "01", "year": 2015}, []),
        ({"text": "曾三丰"}, ["A1"]),
        ({"text": "三丰"}, ["A1"]),
        ({"text": "丰三"}, []),
        ({"text": "𬍛"}, ["A2"]),
        ({"text": "买买提•艾力"}, ["B1"]),
        ({"text": "zengsan"}, ["A1"]),
        ({"text": "Zeng San"}, ["A1"]),
        ({"text": "zsf"}, ["A1"]),
        ({"text": "ceng"}, []),
        ({"text": "A"}, []),
        ({"text": "a1"}, []),
        ({"text": "Ａ1"}, ["A1"]),
        ({"text": "B1 "}, ["B1"]),
        ({"text": "%"}, []),
        ({"text": "_"}, []),
        ({"text": "三丰", "poverty": frozenset({"30"})}, []),
    ],
)
def test_filters_and_search_narrow_the_list(three, wanted, expected):
    assert numbers(**wanted) == expected


def test_search_finds_any_member_of_now_by_name_and_identity_number(three):
    number = make.make_id_number()
    make.make_person(three[1], name="李演示", id_number=number)
    make.make_person(three[0], name="李演示", left_on=dt.date(2015, 1, 1))

    assert numbers(text="李演示") == ["A2"]
    assert numbers(text=number) == numbers(text=f"{number[:6]} {number[6:]}".lower()) == ["A2"]
    assert numbers(text=f"{number[:-1]}{'1' if number[-1] != '1' else '2'}") == []


def test_whoever_sees_masked_names_cannot_search_by_them(three):
    number = make.make_id_number()
    make.make_person(three[1], name="李演示", id_number=number)
    masked = make.make_actor(permissions=MASKED)

    assert [numbers(masked, text=text) for text in ("曾三丰", "zsf", number)] == [[], [], []]
    assert numbers(masked, text="A1") == ["A1"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("number", ["A1", "A2", "B1"]),
        ("-number", ["B1", "A2", "A1"]),
        ("head", ["A2", "B1", "A1"]),
        ("village", ["A1", "B1", "A2"]),
        ("-members", ["A1", "B1", "A2"]),
        ("poverty", ["B1", "A1", "A2"]),
        ("income", ["A2", "A1", "B1"]),
        ("-income", ["A1", "A2", "B1"]),
        ("cause", ["A1", "A2", "B1"]),
        ("-cause", ["A2", "A1", "B1"]),
    ],
)
def test_the_list_is_sorted_with_the_unknown_last(three, sort, expected):
    assert numbers(sort=sort) == expected


def test_an_unknown_sort_key_is_refused(three):
    with pytest.raises(UserError) as refused:
        list_households(by=make.make_actor(), wanted=HouseholdFilter(sort="village; drop"))
    assert refused.value.code == "REG-002"


def test_pages_hold_what_the_total_says(three):
    actor = make.make_actor()
    first, last = (list_households(by=actor, page=page, size=2) for page in (1, 99))

    assert ([row.number for row in first.rows], first.total, first.pages) == (["A1", "A2"], 3, 2)
    assert ([row.number for row in last.rows], last.page) == (["B1"], 2)


def test_an_empty_area_is_an_empty_list():
    found = list_households(by=make.make_actor())

    assert (found.rows, found.total, found.pages, found.year) == ((), 0, 1, 0)


def test_an_app_above_narrows_the_list_by_its_own_condition(three):
    found = list_households(by=make.make_actor(), condition=Q(id__in=[three[0].id, three[2].id]), size=1)

    assert (found.total, [row.number for row in found.rows]) == (2, ["A1"])


def test_the_queryset_and_its_lines_are_those_of_the_list(three):
    actor = make.make_actor()
    wanted = HouseholdFilter(poverty=frozenset({"20", "00"}))

    chosen = find_households(by=actor, wanted=wanted).order_by("number")
    assert rows_of(chosen, by=actor, year=2016) == list_households(by=actor, wanted=wanted).rows


# Who sees which households


def test_an_actor_sees_the_area_and_nothing_else(three):
    def seen(*codes: str) -> set[str]:
        return set(households_visible_to(make.make_actor(*codes)).values_list("number", flat=True))

    assert seen(make.COUNTY) == {"A1", "A2", "B1"}
    assert seen(make.OTHER_VILLAGE) == {"A2"}
    assert seen("621202") == {"A9"}
    assert seen("6212") == {"A1", "A2", "B1", "A9"}
    assert set(households_visible_to(Scope(Area())).values_list("number", flat=True)) == set()


def test_without_the_permission_nobody_sees_a_household(three):
    with pytest.raises(PermissionRefused) as refused:
        households_visible_to(make.make_actor(permissions=[Permission.AUDIT_VIEW]))
    assert refused.value.code == "ACC-001"


def test_a_helper_sees_the_granted_household_alone(three):
    official = Official.objects.create(user=User.objects.create(username="helper"), name="演示帮扶人")
    Post.objects.create(official=official, role=Role.HELPER, division_id=make.COUNTY, valid_from=dt.date(2016, 1, 1))
    helper = actor_of(official.user)
    assert set(households_visible_to(helper)) == set()

    Grant.objects.create(
        official=official,
        kind=GrantKind.HOUSEHOLD,
        household_id=three[1].id,
        village=three[1].village,
        purpose="帮扶",
        valid_from=dt.date(2016, 1, 1),
    )
    helper = actor_of(official.user)
    assert set(households_visible_to(helper)) == {three[1]}
    assert set(persons_visible_to(helper).values_list("name", flat=True)) == {"吕𬍛㛃"}
    assert [row.number for row in list_households(by=helper).rows] == ["A2"]


def test_a_household_out_of_sight_and_one_that_is_not_are_told_apart_to_nobody(three):
    elsewhere = Household.objects.get(number="A9")
    answers = []
    for asked in (elsewhere.id, "A9", str(elsewhere.id), "no such number"):
        with pytest.raises(NotFound) as refused:
            household_visible_to(make.make_actor(), asked)
        answers.append(str(refused.value))

    assert len(set(answers)) == 1
    assert answers[0].startswith("REG-001")
    assert household_visible_to(make.make_actor(), three[0].id) == three[0]
    assert household_visible_to(make.make_actor(), str(three[0].id)) == three[0]
    assert household_visible_to(make.make_actor(), "A1") == three[0]


def test_names_are_found_by_the_index_on_their_characters(three):
    others = [f"{first}{second}演示" for first in "赵钱孙孔周吴郑王" * 20 for second in "甲乙丙丁戊己庚辛壬癸" * 5]
    Person.objects.bulk_create([Person(name=name, sex="1", no_id_reason="9") for name in others])
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('person_name_characters')")
        cursor.execute("ANALYZE register_person")
        (door,) = [door for door in DOORS if door.signature.startswith("lika_persons_named")]
        body = door.body.replace("characters", "%s").replace("part", "%s")
        cursor.execute(f"EXPLAIN {body}", [["三", "丰"], "三丰"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "person_name_characters" in plan

    found = persons_named("三丰")
    assert [person.name for person in found] == ["曾三丰", "曾三丰"]
