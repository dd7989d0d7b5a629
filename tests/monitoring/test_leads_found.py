"""The golden table of what is found across households: planted, and what looks alike and is not. 演示数据"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lika.monitoring.models import Lead
from lika.register.models import Household
from tests import factories as make
from tests.monitoring.planted import Found, found, head_of, home, look, member, moved, numbers_given

pytestmark = pytest.mark.django_db
BORN = dt.date(1985, 3, 2)
CHILD = dt.date(2008, 9, 9)
OLD = dt.date(1940, 1, 1)


def one_without_number() -> None:
    home("A", "石一", BORN)
    home("B", "李三")
    member(Household.objects.get(number="B"), "石一", BORN, id_number="")


def sounds_alike() -> None:
    home("A", "石伟", BORN)
    member(home("B", "李三"), "石玮", BORN, id_number="")


def fifteen_digits() -> None:
    home("A", "石一", BORN)
    member(home("B", "李三"), "石一", BORN, id_original="620000850302999")


def two_sound_numbers() -> None:
    home("A", "石一", BORN)
    member(home("B", "李三"), "石一", BORN)


def other_birth_date() -> None:
    home("A", "石一", BORN)
    member(home("B", "李三"), "石一", CHILD, id_number="")


def twins_in_one_household() -> None:
    first = home("A", "石一", BORN)
    member(first, "石一", BORN, id_number="")


def _other_document(person_name: str, born: dt.date) -> None:
    number = make.make_id_number(BORN, "1")
    home("A", "石一", BORN, id_number=number)
    other = member(home("B", "李三"), person_name, born, id_number="")
    other.id_type, other.id_number, other.no_id_reason = "09", f" {number[:6]} {number[6:]}", ""
    other.id_index = b"of-another-document"
    other.save()


def number_of_the_same() -> None:
    _other_document("石一", BORN)


def number_of_another() -> None:
    _other_document("王五", CHILD)


def one_account() -> None:
    home("A", "石一", bank_account="0000 1234 5678")
    home("B", "李三", bank_account="000012345678")
    home("C", "王五", bank_account="000012345678")


def one_door_and_telephone() -> None:
    home("A", "石一", phone="13800000001", address="石磊村 2组 5号")
    home("B", "李三", phone="13800000001", address="石磊村2组5号")


def one_telephone() -> None:
    home("A", "石一", phone="13800000001", address="石磊村2组5号")
    home("B", "李三", phone="13800000001", address="石磊村2组6号")


def all_members() -> None:
    for number in "AB":
        member(home(number, "石一", BORN), "石小", CHILD)


def one_head() -> None:
    member(home("A", "石一", BORN), "石小", CHILD)
    home("B", "石一", BORN, id_number="")


def split_before_identification() -> None:
    first = home("A", "石一", BORN)
    first_event = dt.date(2014, 12, 31)
    second = home("B", "石二", dt.date(1965, 1, 1))
    moved(head_of(second), first, on=first_event - dt.timedelta(days=60), relation="21")


def spouse_left_lately() -> None:
    first = home("A", "石一", BORN)
    second = home("B", "李二", dt.date(1986, 1, 1))
    moved(head_of(second), first, on=dt.date(2016, 6, 1), relation="02", reason="08")


def sister_left_lately() -> None:
    first = home("A", "石一", BORN)
    second = home("B", "石二", dt.date(1986, 1, 1))
    moved(head_of(second), first, on=dt.date(2016, 6, 1), relation="21", reason="08")


def split_long_ago() -> None:
    first = home("A", "石一", BORN)
    second = home("B", "石二", dt.date(1965, 1, 1))
    moved(head_of(second), first, on=dt.date(2005, 6, 1), relation="03")


def mother_lived_there() -> None:
    first = home("A", "石一", BORN)
    mother = head_of(home("B", "李婆", OLD))
    moved(mother, first, on=dt.date(2005, 6, 1), relation="12", reason="08")


def elder_at_the_same_door() -> None:
    home("A", "石一", BORN, address="石磊村2组5号")
    home("B", "石老", OLD, address="石磊村 2组5号")


def elder_elsewhere_in_the_village() -> None:
    home("A", "石一", BORN, address="石磊村2组5号")
    home("B", "石老", OLD, address="石磊村2组6号")


def elder_not_registered() -> None:
    home("A", "石一", BORN, address="石磊村2组5号")
    home("B", "石老", OLD, address="石磊村2组5号", poverty="00")


def nobody_is_a_member() -> None:
    make.make_household(number="A", members=0)


def all_are_away() -> None:
    first = home("A", "石一")
    make.make_household_year(first, power_life=True)
    make.make_person_year(head_of(first), resident_months=0, medical_resident=True)


def one_is_at_home() -> None:
    all_are_away()
    child = member(Household.objects.get(number="A"), "石小", CHILD)
    make.make_person_year(child, resident_months=12)


def nothing_was_collected() -> None:
    home("A", "石一")
    other = home("B", "李三")
    make.make_household_year(other)


def neither_power_nor_insurance() -> None:
    first = home("A", "石一")
    make.make_household_year(first, power_life=False)
    make.make_person_year(head_of(first), medical_resident=False, resident_months=12)


def insurance_not_known() -> None:
    first = home("A", "石一")
    make.make_household_year(first, power_life=False)
    make.make_person_year(head_of(first), resident_months=12)


def _amounts(*amounts: int) -> None:
    for order, amount in enumerate(amounts):
        household = home(f"A{order}", f"石{'甲乙丙丁戊己庚辛壬癸'[order]}", dt.date(1960 + order, 1, 1))
        make.make_household_year(household, transfer_other=Decimal(amount), wage=Decimal(10_000 + order))


def six_of_ten_alike() -> None:
    _amounts(600, 600, 600, 600, 600, 600, 1, 2, 3, 4)


def five_of_ten_alike() -> None:
    _amounts(600, 600, 600, 600, 600, 7, 1, 2, 3, 4)


def nine_of_nine_alike() -> None:
    _amounts(*[600] * 9)


def nothing_for_all() -> None:
    _amounts(*[0] * 10)


AB = frozenset({"A", "B"})
PERSON, NUMBER, HOUSEHOLD = "same_person", "same_number", "same_household"
# What is planted -> the leads that come of it, all of them.
TABLE: list[tuple[Callable[[], None], Found]] = [
    (one_without_number, {(PERSON, AB)}),
    (sounds_alike, {(PERSON, AB)}),
    (fifteen_digits, {(PERSON, AB)}),
    (number_of_the_same, {(PERSON, AB)}),
    (two_sound_numbers, set()),
    (other_birth_date, set()),
    (twins_in_one_household, set()),
    (number_of_another, {(NUMBER, AB)}),
    (one_account, {(HOUSEHOLD, AB), (HOUSEHOLD, frozenset({"A", "C"}))}),
    (one_door_and_telephone, {(HOUSEHOLD, AB)}),
    (one_telephone, set()),
    (all_members, {(HOUSEHOLD, AB)}),
    (one_head, {(HOUSEHOLD, AB)}),
    (split_before_identification, {("split", AB)}),
    (spouse_left_lately, {("split", AB)}),
    (sister_left_lately, set()),
    (split_long_ago, set()),
    (mother_lived_there, {("separated_elder", AB)}),
    (elder_at_the_same_door, {("separated_elder", AB)}),
    (elder_elsewhere_in_the_village, set()),
    (elder_not_registered, set()),
    (nobody_is_a_member, set()),  # no data of any year: nothing is asked of a register just begun
    (all_are_away, {("empty", frozenset({"A"}))}),
    (one_is_at_home, set()),
    (nothing_was_collected, {("empty", frozenset({"A"}))}),
    (neither_power_nor_insurance, {("empty", frozenset({"A"}))}),
    (insurance_not_known, set()),
    (six_of_ten_alike, {("equal_shares", frozenset({make.VILLAGE}))}),
    (five_of_ten_alike, set()),
    (nine_of_nine_alike, set()),
    (nothing_for_all, set()),
]


@pytest.mark.parametrize(("plant", "expected"), TABLE, ids=[plant.__name__ for plant, _expected in TABLE])
def test_what_is_planted_is_found_and_nothing_else(plant: Callable[[], None], expected: Found) -> None:
    numbers_given()
    plant()
    assert found(look()) == expected


def test_what_agrees_and_differs_is_told_by_name_and_never_by_value() -> None:
    numbers_given()
    sounds_alike()
    look()
    lead = Lead.objects.get()
    assert lead.evidence == {"agrees": ["pinyin", "birth_date", "sex"], "differs": ["name", "no_number"]}
    assert "石" not in f"{lead.evidence}{lead.key}{lead.facts}"


def test_a_search_without_its_number_is_not_run() -> None:
    elder_at_the_same_door()
    run = look()
    assert (found(run), sorted(run.searched)) == (set(), [HOUSEHOLD, NUMBER, PERSON])


def test_a_pair_across_the_border_of_the_area_is_not_told() -> None:
    home("A", "石一", BORN)
    member(home("B", "李三", village=make.ELSEWHERE), "石一", BORN, id_number="")
    assert found(look()) == set()
    assert found(look(division="6212")) == {(PERSON, AB)}


NAMES = st.sampled_from(["石一", "石二", "李三", "王五"])
BIRTHS = st.sampled_from([BORN, CHILD, OLD])
PEOPLE = st.lists(st.tuples(NAMES, BIRTHS, st.sampled_from("12")), min_size=1, max_size=3)


class Unaffected(TestCase):
    """People with sound numbers of their own, however alike, in households that share no member list."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(PEOPLE, min_size=2, max_size=6, unique_by=lambda people: tuple(sorted(people))), st.data())
    def test_yield_nothing_and_one_without_number_yields_exactly_its_doubles(
        self, homes: list[list[tuple[str, dt.date, str]]], data: st.DataObject
    ) -> None:
        for order, people in enumerate(homes):
            household = make.make_household(number=f"H{order}", members=0)
            for place, (name, born, sex) in enumerate(people):
                member(household, name, born, sex=sex, relation="01" if place == 0 else "03")
        assert found(look()) == set()
        order = data.draw(st.integers(0, len(homes) - 1))
        name, born, sex = data.draw(st.sampled_from(homes[order]))
        guest = make.make_household(number="guest", members=1, head="司马客")
        member(guest, name, born, sex=sex, id_number="")
        doubles = {f"H{place}" for place, people in enumerate(homes) if (name, born, sex) in people}
        assert found(look()) == {(PERSON, frozenset({"guest", double})) for double in doubles}
