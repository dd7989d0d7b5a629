"""Identity numbers: what is repaired, what is refused, and that a fault never repeats the number. 演示数据"""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from lika.core.errors import UserError
from lika.register.identity import Identity, account_index, check_identity, identity_index

TODAY = dt.date(2016, 12, 31)


def sound(first17: str) -> str:
    return first17 + ric.calc_check_digit(first17 + "0")


WOMAN = sound("62122319800229002")  # born on a leap day, even order: a woman
WITH_X = next(number for order in range(1, 999) if (number := sound(f"62122319800101{order:03}")).endswith("X"))


def test_a_sound_number_says_birth_and_sex():
    assert check_identity(WOMAN, on=TODAY) == Identity(
        id_type="01",
        number=WOMAN,
        citizen_number=WOMAN,
        original="",
        birth_date=dt.date(1980, 2, 29),
        sex="2",
    )


@pytest.mark.parametrize(
    "typed",
    [
        WITH_X.lower(),
        f" {WITH_X} ",
        f"{WITH_X[:6]} {WITH_X[6:14]} {WITH_X[14:]}",
        f"'{WITH_X}",
        "".join(chr(ord(character) + 0xFEE0) for character in WITH_X),
        f"{WITH_X}\u3000",
    ],
)
def test_the_ways_of_typing_one_number_are_repaired(typed):
    assert check_identity(typed, on=TODAY) == check_identity(WITH_X, on=TODAY)
    assert check_identity(typed, on=TODAY).number == WITH_X


def test_a_15_digit_number_is_converted_and_kept():
    old = "621223800229002"

    assert check_identity(old, on=TODAY) == Identity("01", WOMAN, WOMAN, old, dt.date(1980, 2, 29), "2")


@pytest.mark.parametrize("tail", ["43", "43B1"])
def test_a_disability_certificate_names_its_person_kind_and_grade(tail):
    found = check_identity(WOMAN + tail, on=TODAY)

    assert (found.id_type, found.number, found.citizen_number) == ("02", WOMAN + tail, WOMAN)
    assert (found.disability_type, found.disability_grade) == ("4", "3")


@pytest.mark.django_db
def test_card_and_certificate_of_one_person_have_one_index():
    card, certificate = check_identity(WOMAN, on=TODAY), check_identity(WOMAN + "43", on=TODAY)

    assert identity_index(card.citizen_number) == identity_index(certificate.citizen_number)
    assert identity_index(card.citizen_number) != identity_index(WITH_X)
    assert account_index("6217 0000 1111 222") == account_index("６２１７000011112２2")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "REG-101"),
        ("　 ", "REG-101"),
        ("1.23E+17", "REG-102"),
        ("6.21223e17", "REG-102"),
        ("621223198001011000", "REG-103"),
        ("621223198001011234.0", "REG-103"),
        ("62122319800101100000", "REG-103"),
        ("62122319800101", "REG-105"),
        ("不详", "REG-105"),
        ("X" * 18, "REG-105"),
        (sound("62122319810229002"), "REG-106"),  # 1981 was no leap year
        (sound("62122320170101002"), "REG-106"),  # not yet born
        (sound("62122300000101002"), "REG-106"),
        (WOMAN[:-1] + str((int(WOMAN[-1]) + 1) % 10), "REG-107"),
        (WOMAN + "83", "REG-109"),
        (WOMAN + "45", "REG-109"),
        (WOMAN + "43C1", "REG-109"),
    ],
)
def test_faults_have_a_code_each_and_do_not_repeat_the_number(typed, code):
    fault = check_identity(typed, on=TODAY)

    assert isinstance(fault, UserError)
    assert fault.code == code
    assert str(fault.remedy)
    assert not [piece for piece in typed.split() if len(piece) > 3 and piece in str(fault)]


@given(
    area=st.integers(110000, 829999),
    birth=st.dates(dt.date(1900, 1, 1), TODAY),
    order=st.integers(0, 999),
    place=st.integers(0, 16),
    shift=st.integers(1, 9),
)
def test_one_wrong_digit_is_always_found(area, birth, order, place, shift):
    number = sound(f"{area}{birth:%Y%m%d}{order:03}")
    wrong = f"{number[:place]}{(int(number[place]) + shift) % 10}{number[place + 1 :]}"

    assert isinstance(check_identity(number, on=TODAY), Identity)
    assert isinstance(check_identity(wrong, on=TODAY), UserError)
