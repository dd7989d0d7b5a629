"""Pages of a list, found from either end: together they are the list, whatever it is sorted by. 演示数据"""

import datetime as dt
from decimal import Decimal

import pytest

from lika.accounts.choices import GrantKind, Role
from lika.accounts.models import Grant, Official, Post, User
from lika.accounts.queries import actor_of
from lika.core.actors import Actor
from lika.register.models import Household
from lika.register.queries import SORT_KEYS, HouseholdFilter, households_visible_to, list_households
from lika.register.queries.ordering import Order
from tests import factories as make

pytestmark = pytest.mark.django_db

SORTS = [f"{sign}{key}" for key in SORT_KEYS for sign in ("", "-")]


@pytest.fixture
def seven() -> list[Household]:
    """Seven households of two villages; two of the incomes are alike, two are not known, one household has no head."""
    made = []
    for number, (village, members, poverty, wage, cause) in enumerate(
        [
            (make.VILLAGE, 3, "20", 9000, "01"),
            (make.OTHER_VILLAGE, 1, "30", 3000, None),
            (make.VILLAGE, 2, "00", None, None),
            (make.OTHER_VILLAGE, 2, "20", -50, "03"),
            (make.VILLAGE, 1, "30", 3000, "02"),
            (make.VILLAGE, 0, "20", 100, "01"),
            (make.OTHER_VILLAGE, 4, "90", None, "05"),
        ]
    ):
        made.append(make.make_household(village, number=f"A{6 - number}", members=members, poverty=poverty))
        if wage is not None or cause is not None:
            wages = {} if wage is None else {"wage": Decimal(wage)}
            make.make_household_year(made[-1], main_cause=cause, **({"wage": None} | wages))
    return made


def pages(by: Actor, sort: str, size: int, **wanted: object) -> list[str]:
    """The numbers on all pages, one after the other."""
    found, page, shown = None, 0, []
    while found is None or page < found.pages:
        page += 1
        found = list_households(by=by, wanted=HouseholdFilter(sort=sort, **wanted), page=page, size=size)
        assert found.page == page
        shown += [row.number for row in found.rows]
    assert len(shown) == found.total
    return shown


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_the_pages_together_are_the_list(seven: list[Household], sort: str, size: int) -> None:
    by = make.make_actor()
    whole = Order(sort, 2016, None, by).of(households_visible_to(by)).values_list("number", flat=True)
    assert pages(by, sort, size) == list(whole)
    assert len(whole) == len(seven)


@pytest.mark.parametrize("sort", SORTS)
def test_an_order_does_not_tell_what_is_masked(seven: list[Household], sort: str) -> None:
    """A village officer who is granted households elsewhere as an evaluator reads names in the own village alone."""
    official = Official.objects.create(user=User.objects.create(username="two"), name="演示两岗")
    for role, place in ((Role.VILLAGE, make.VILLAGE), (Role.PREFECTURE, make.COUNTY[:4] + "00000000")):
        make.make_division(place)
        Post.objects.create(official=official, role=role, division_id=place, valid_from=dt.date(2016, 1, 1))
    by = actor_of(official.user)
    whole = Order(sort, 2016, None, by).of(households_visible_to(by)).values_list("number", flat=True)
    assert pages(by, sort, 2) == list(whole)
    if sort.removeprefix("-") in {"income", "head", "cause"}:
        elsewhere = [each.number for each in seven if each.village == int(make.OTHER_VILLAGE)]
        assert [number for number in whole if number in elsewhere] == sorted(elsewhere)


def test_the_total_is_that_of_the_rows_with_households_granted_beside_the_area(seven: list[Household]) -> None:
    official = Official.objects.create(user=User.objects.create(username="helper"), name="演示帮扶人")
    Post.objects.create(official=official, role=Role.VILLAGE, division_id=make.VILLAGE, valid_from=dt.date(2016, 1, 1))
    Post.objects.create(official=official, role=Role.HELPER, division_id=make.COUNTY, valid_from=dt.date(2016, 1, 1))
    for each in seven[:2]:  # one of the own village, one of the other
        Grant.objects.create(
            official=official, kind=GrantKind.HOUSEHOLD, household_id=each.id, village=each.village, purpose="帮扶",
            valid_from=dt.date(2016, 1, 1),
        )  # fmt: skip
    by = actor_of(official.user)
    assert sorted(pages(by, "number", 1)) == ["A1", "A2", "A4", "A5", "A6"]
    assert sorted(pages(by, "number", 1, poverty=frozenset({"20", "30"}))) == ["A1", "A2", "A5", "A6"]
    assert sorted(pages(by, "number", 1, division=make.VILLAGE)) == ["A1", "A2", "A4", "A6"]


def test_a_page_past_the_end_is_the_last(seven: list[Household]) -> None:
    found = list_households(by=make.make_actor(), wanted=HouseholdFilter(sort="-income"), page=99, size=3)
    assert (found.page, found.total, [row.number for row in found.rows]) == (3, 7, ["A4"])


@pytest.mark.parametrize(
    "wanted",
    [{"text": "石"}, {"cause": "01"}, {"monitoring": frozenset({"0"})}, {"untold_since": dt.date(2016, 6, 1)}],
)
def test_a_filter_that_no_kept_number_knows_is_counted(seven: list[Household], wanted: dict[str, object]) -> None:
    by = make.make_actor()
    (whole,) = [list_households(by=by, wanted=HouseholdFilter(**wanted), size=50)]
    assert pages(by, "number", 1, **wanted) == [row.number for row in whole.rows]
    assert whole.total > 0
