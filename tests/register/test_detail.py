"""The household page's data: complete, in order, masked by who reads. 演示数据"""

import datetime as dt
import re
from decimal import Decimal

import pytest

from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.register.choices import Axis
from lika.register.models import Household
from lika.register.queries import PlacementView, StatusView, household_detail
from tests import factories as make

pytestmark = pytest.mark.django_db

MASKED = (Permission.REGISTER_VIEW,)
ID = make.make_id_number(dt.date(2008, 3, 4), "2")


@pytest.fixture
def home() -> Household:
    """A family of three that moved once and exited; one of them has left."""
    household = make.make_household(
        number="A1",
        head="石三丰",
        poverty="20",
        since=dt.date(2015, 1, 1),
        address="石磊村三社演示路12号",
        phone="13800001111",
        bank_name="演示银行",
        bank_account="6217000011112222",
        attribute="02",
    )
    make.make_division(make.OTHER_VILLAGE)
    household.placements.create(
        division_id=make.OTHER_VILLAGE, village=int(make.OTHER_VILLAGE), ended_on=dt.date(2015, 1, 1)
    )
    child = make.make_person(
        household, name="石小演", relation="04", birth=dt.date(2008, 3, 4), sex="2", id_number=ID, ethnicity="03"
    )
    make.make_person(household, name="石老演", relation="11", left_on=dt.date(2016, 2, 1))
    make.make_status(household, Axis.POVERTY, "21", on=dt.date(2016, 1, 1), before="20")
    make.make_household_year(household, 2015, wage=Decimal(100))
    make.make_household_year(household, 2016, wage=Decimal(200), safe_water=True)
    make.make_person_year(child, 2016, out_of_school="no", serious_illness=True)
    make.make_person_year(child, 2015, out_of_school="yes")
    return household


def test_the_page_holds_the_base_record_with_sealed_values_masked(home):
    view = household_detail(by=make.make_actor(), household=home.id)

    assert (view.id, view.number, view.village, view.head) == (home.id, "A1", int(make.VILLAGE), "石三丰")
    assert view.village_path == "甘肃省 陇南市 宕昌县 城关镇 石磊村村民委员会"
    assert (view.kind, view.poverty_status, view.attribute, view.standard) == ("registered", "20", "02", "")
    assert (view.address, view.phone) == ("石磊村三社演…", "138****1111")
    assert (view.bank_name, view.bank_account) == ("演示银行", "621***********22")


def test_members_stand_head_first_and_those_who_left_last(home):
    view = household_detail(by=make.make_actor(), household="A1")

    assert [(member.name, member.relation, member.is_open) for member in view.members] == [
        ("石三丰", "01", True),
        ("石小演", "04", True),
        ("石老演", "11", False),
    ]
    child = view.members[1]
    assert (child.birth_date, child.sex, child.ethnicity) == (dt.date(2008, 3, 4), "2", "03")
    assert child.id_number == f"{ID[:3]}*************{ID[-2:]}"
    assert (child.year.data_year, child.year.values["out_of_school"], child.year.values["serious_illness"]) == (
        2016,
        "no",
        True,
    )
    assert view.members[0].year is None


def test_years_history_and_places_are_told_whole(home):
    view = household_detail(by=make.make_actor(), household=home.id)

    assert [(year.data_year, year.state, year.values["wage"], year.values["net_income"]) for year in view.years] == [
        (2016, "draft", Decimal(200), Decimal(200)),
        (2015, "draft", Decimal(100), Decimal(100)),
    ]
    assert view.years[0].values["safe_water"] is True
    assert view.years[0].period_to == dt.date(2016, 12, 31)
    assert not {"id", "household", "village", "state", "recorded_at"} & set(view.years[0].values)
    assert view.history == (
        StatusView("poverty", "", "20", dt.date(2014, 12, 31), "", None, "", ""),
        StatusView("poverty", "20", "21", dt.date(2016, 1, 1), "", None, "", ""),
    )
    assert view.placements == (
        PlacementView(int(make.VILLAGE), view.village_path, "", dt.date(2015, 1, 1), None),
        PlacementView(
            int(make.OTHER_VILLAGE), "甘肃省 陇南市 宕昌县 城关镇 坡头村村民委员会", "", None, dt.date(2015, 1, 1)
        ),
    )


def test_without_the_permission_persons_stay_hidden(home):
    view = household_detail(by=make.make_actor(permissions=MASKED), household=home.id)

    assert view.head == "石**"
    assert [member.name for member in view.members] == ["石**", "石**", "石**"]
    assert [member.is_open for member in view.members] == [True, True, False]
    nothing = ("", None, "", "", "", None, None, "", "", None)
    assert {
        (m.sex, m.birth_date, m.relation, m.ethnicity, m.id_number, m.joined_on, m.left_on, m.join_reason,
         m.leave_reason, m.year) for m in view.members
    } == {nothing}  # fmt: skip
    assert [(year.data_year, year.values) for year in view.years] == [(2016, {}), (2015, {})]
    assert (view.attribute, view.monitoring_status, view.address, view.phone, view.bank_name, view.bank_account) == (
        "", "", "", "", "", "",
    )  # fmt: skip
    text = re.sub(r"UUID\('[^']*'\)", "", repr(view))  # an identifier may hold any digits
    assert [
        secret for secret in ("三丰", "小演", "2008", ID, "13800001111", "6217000011112222") if secret in text
    ] == []


@pytest.mark.parametrize("members", [1, 9])
def test_the_page_takes_eight_queries_whatever_its_size(members, django_assert_num_queries):
    household = make.make_household(members=members)
    for membership in household.memberships.all():
        make.make_person_year(membership.person)
    for year in range(2016 - members, 2016):
        make.make_household_year(household, year)
    actor = make.make_actor()

    with django_assert_num_queries(8):  # one of them asks which packs collect items
        view = household_detail(by=actor, household=household.id)
    assert (len(view.members), len(view.years)) == (members, members)


def test_a_household_out_of_sight_has_no_page(home):
    with pytest.raises(NotFound) as refused:
        household_detail(by=make.make_actor(make.ELSEWHERE), household=home.id)
    assert refused.value.code == "REG-001"
