"""Search by name, pinyin and initials, or a number in full: grouped, within sight, few queries. 演示数据"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lika.core.permissions import Permission
from lika.register import actions
from lika.register.identity import phone_index
from lika.register.models import Household
from lika.register.queries import Hit, search
from tests import factories as make

pytestmark = pytest.mark.django_db

PHONE = "13912345678"


def asked(text: str, by=None) -> list[tuple[str, list[tuple[str, str]]]]:
    """The groups found: their kind, and household number and person of each hit."""
    return [
        (group.kind.value, [(hit.number, hit.person) for hit in group.hits])
        for group in search(by=by or make.make_actor(), text=text)
    ]


@pytest.fixture
def homes() -> dict[str, Household]:
    reached = {"phone": PHONE, "phone_index": phone_index(PHONE)}
    found = {
        "A1": make.make_household(number="62122300001", head="曾三丰", **reached),
        "A2": make.make_household(make.OTHER_VILLAGE, number="A2", head="石甲"),
        "A9": make.make_household(
            make.ELSEWHERE, number="A9", head="曾三丰", phone=PHONE, phone_index=phone_index(PHONE)
        ),
    }
    make.make_person(found["A2"], name="曾三妹")
    return found


def test_a_hit_says_whom_where_and_how_poor(homes) -> None:
    (group,) = search(by=make.make_actor(), text="曾三妹")
    assert (group.kind, group.more) == ("name", False)
    assert group.hits == (Hit(homes["A2"].pk, "A2", "石甲", "曾三妹", "坡头村村民委员会", homes["A2"].poverty_status),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("曾三", [("name", [("62122300001", "曾三丰"), ("A2", "曾三妹")])]),
        ("zengsanf", [("name", [("62122300001", "曾三丰")])]),
        ("ZSF", [("name", [("62122300001", "曾三丰")])]),
        ("62122300001", [("number", [("62122300001", "")])]),
        ("6212230000", []),
        ("A2", [("number", [("A2", "")])]),
        (PHONE, [("phone", [("62122300001", "")])]),
        ("+86 139-1234-5678", [("phone", [("62122300001", "")])]),
        ("１３９１２３４５６７８", [("phone", [("62122300001", "")])]),
        ("1391234567", []),
        ("3912345678", []),
        ("A9", []),
        ("没有", []),
        ("  ", []),
        ("%", []),
    ],
)
def test_names_by_their_beginning_and_numbers_in_full(homes, text: str, expected) -> None:
    assert asked(text) == expected


def test_an_identity_number_is_found_whole_and_names_its_person(homes) -> None:
    number = make.make_id_number()
    make.make_person(homes["A2"], name="李演示", id_number=number)
    assert asked(number) == [("identity", [("A2", "李演示")])]
    assert asked(number[:-1]) == asked(f"{number[:6]}{number[8:]}") == []


def test_whoever_sees_masked_names_finds_households_by_number_alone(homes) -> None:
    masked = make.make_actor(permissions=(Permission.REGISTER_VIEW,))
    assert [asked(text, masked) for text in ("曾三丰", "zsf", PHONE)] == [[], [], []]
    (group,) = search(by=masked, text="62122300001")
    assert [(hit.head, hit.person) for hit in group.hits] == [("曾**", "")]


def test_a_telephone_follows_the_record(homes) -> None:
    by = make.make_actor()
    actions.change_household(by=by, household=homes["A2"].pk, values={"phone": "0939-6123456"})
    assert asked("09396123456") == [("phone", [("A2", "")])]
    actions.change_household(by=by, household=homes["A2"].pk, values={"phone": ""})
    assert (asked("09396123456"), Household.objects.get(pk=homes["A2"].pk).phone_index) == ([], None)


def test_at_most_twenty_are_told_and_that_there_are_more() -> None:
    for _each in range(21):
        make.make_household(head="石重名")
    (group,) = search(by=make.make_actor(), text="石重名")
    assert (len(group.hits), group.more) == (20, True)


@pytest.mark.parametrize(("text", "queries"), [("石", 1), ("shi", 2), (PHONE, 2), ("A1", 1)])
def test_each_group_is_one_query_however_much_it_finds(text: str, queries: int) -> None:
    by = make.make_actor()
    make.make_household(number="A1", head="石甲", phone=PHONE, phone_index=phone_index(PHONE))
    with CaptureQueriesContext(connection) as one:
        search(by=by, text=text)
    for _each in range(2):
        make.make_household(make.OTHER_VILLAGE, head="石乙", members=3, phone=PHONE, phone_index=phone_index(PHONE))
    with CaptureQueriesContext(connection) as three:
        search(by=by, text=text)
    assert len(one) == len(three) == queries
