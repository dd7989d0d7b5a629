"""Which policy reached which household and person, counted and listed alike. 演示数据"""

from decimal import Decimal

import pytest
from django.db.models import QuerySet

from lika.core import facts
from lika.core.areas import Area
from lika.register.choices import PovertyStatus
from lika.register.models import Household
from lika.register.queries import households_within, reach
from lika.register.queries.reach import Reached
from tests import factories as make

pytestmark = pytest.mark.django_db


def inside() -> QuerySet[Household]:
    return households_within(make.make_actor(make.VILLAGE), Area.of([make.VILLAGE]))


def numbers(name: str) -> tuple[int, int, int]:
    found = next(each for each in reach.coverage(inside(), make.YEAR) if each.policy.name == name)
    return found.yes, found.no, found.unknown


def listed(name: str, answer: Reached) -> list[str]:
    found = reach.households_reached(inside(), make.YEAR, reach.policy_named(name), answer)
    return list(found.values_list("number", flat=True))


@pytest.fixture
def village() -> dict[str, Household]:
    """Five households for whom help is meant or not, three of them with a year."""
    made = {
        "A1": make.make_household(number="A1"),
        "A2": make.make_household(number="A2", poverty=PovertyStatus.EXITED),
        "A3": make.make_household(number="A3"),
        "B1": make.make_household(number="B1", poverty=PovertyStatus.NONE),
        "B2": make.make_household(number="B2", poverty=PovertyStatus.REMOVED),
        "C1": make.make_household(make.OTHER_VILLAGE, number="C1"),
    }
    make.make_household_year(made["A1"], dibao_listed=True, property_dividend=Decimal("120.50"))
    make.make_household_year(made["A2"], dibao_listed=False)
    make.make_household_year(made["A3"], year=2015, dibao_listed=True)  # of another year: nothing is told of this one
    for number in ("B1", "B2", "C1"):
        make.make_household_year(made[number], dibao_listed=True)
    return made


def test_households_are_counted_and_listed_alike(village: dict[str, Household]) -> None:
    assert numbers("dibao_listed") == (1, 1, 1)
    assert [listed("dibao_listed", answer) for answer in Reached] == [["A1"], ["A2"], ["A3"]]


def test_money_above_nothing_is_help_that_came(village: dict[str, Household]) -> None:
    assert numbers("property_dividend") == (1, 1, 1)
    assert [listed("property_dividend", answer) for answer in Reached] == [["A1"], ["A2"], ["A3"]]


def test_one_of_two_insurances_is_enough_and_one_no_is_not_enough_to_say_no(village: dict[str, Household]) -> None:
    for name, told in (
        ("甲", {"medical_resident": True}),
        ("乙", {"medical_resident": False, "medical_employee": True}),
        ("丙", {"medical_resident": False, "medical_employee": False}),
        ("丁", {"medical_resident": False}),
    ):
        make.make_person_year(make.make_person(village["A1"], name=f"演示{name}"), **told)
    # The heads of A1, A2 and A3 have no year of their own.
    assert numbers("basic_medical") == (2, 1, 4)
    policy = reach.policy_named("basic_medical")
    found = {
        answer: sorted(each.person.name for each in reach.members_reached(inside(), make.YEAR, policy, answer))
        for answer in Reached
    }
    assert found == {
        Reached.YES: ["演示乙", "演示甲"],
        Reached.NO: ["演示丙"],
        Reached.UNKNOWN: ["演示丁", "石演示", "石演示", "石演示"],
    }


def test_somebody_who_left_counts_no_more(village: dict[str, Household]) -> None:
    gone = make.make_person(village["A1"], name="演示去", left_on=make.AT)
    make.make_person_year(gone, dibao=True)
    assert numbers("dibao") == (0, 0, 3)


def test_every_policy_names_a_fact_and_columns_that_exist() -> None:
    assert len({policy.name for policy in reach.POLICIES}) == len(reach.POLICIES)
    known = facts.schema().units
    assert [policy.name for policy in reach.POLICIES if policy.name not in known[policy.unit]] == []
    assert all(set(policy.answers()) == {Reached.YES, Reached.NO} for policy in reach.POLICIES)
    assert reach.policy_named("none") is None
