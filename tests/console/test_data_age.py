"""How old the data shown is: on the page of a household and in the list, and the filter that finds it. 演示数据"""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lika.accounts.choices import Role
from lika.policy.ages import AgeLevel, Limits
from lika.register.choices import ChangeKind, ChangeState, YearState
from lika.register.models import Change, Household, HouseholdYear
from tests import factories as make
from tests.console.officials import signed_in
from tests.governance import packs

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def county() -> Client:
    return signed_in(Role.COUNTY)


def with_data(number: str, days: int, state: str = YearState.DRAFT) -> Household:
    """A household whose latest yearly row has a time point so many days ago."""
    household = make.make_household(number=number)
    year = make.make_household_year(household)
    on = TODAY - dt.timedelta(days=days)
    HouseholdYear.objects.filter(pk=year.pk).update(period_from=on, period_to=on, state=state)
    return household


def age_line(client: Client, household: Household) -> str:
    page = client.get(f"/households/{household.id}/").content.decode()
    found = re.search(r"<dt>数据截至</dt><dd>([^<]*)</dd>", page)
    return found[1] if found else ""


def listed(client: Client, asked: str = "") -> list[str]:
    return re.findall(r"A\d(?=</a></td>)", client.get(f"/households/{asked}").content.decode())


@pytest.mark.parametrize(
    ("days", "level"), [(0, "fresh"), (30, "fresh"), (31, "ageing"), (90, "ageing"), (91, "old"), (4000, "old")]
)
def test_the_limits_themselves_are_fresh_and_ageing(days: int, level: str) -> None:
    assert Limits(30, 90).level_of(days) == level


def test_without_limits_nobody_judges(county: Client) -> None:
    household = with_data("A1", 40)
    on = TODAY - dt.timedelta(days=40)
    assert age_line(county, household) == (
        f"截至{on.year}年{on.month}月{on.day}日，距今40天（时限待补充依据）；尚未确认"
    )
    assert Limits(fresh=30).level_of(0) is AgeLevel.NOT_JUDGED
    assert age_line(county, make.make_household(number="A2")) == ""


def test_a_pack_says_what_is_old(county: Client, tmp_path) -> None:
    packs.give(tmp_path, data_fresh_days=30, data_old_days=90)
    told = [age_line(county, with_data(f"A{days}", days, YearState.CONFIRMED)) for days in (30, 31, 91)]
    assert [re.sub(r"^.*（(.*)）；", r"\1 ", line) for line in told] == [
        f"{level} 最近确认2016年度数据" for level in ("有效", "将过期", "已过期")
    ]
    page = county.get("/households/").content.decode()
    assert [word in page for word in ("有效", "将过期", "已过期")] == [True] * 3


def test_the_list_finds_what_was_not_updated_since(county: Client) -> None:
    with_data("A1", 100)
    with_data("A2", 10)
    changed = with_data("A3", 100)
    make.make_household(number="A4")  # of which no year is recorded at all
    Change.objects.create(
        kind=ChangeKind.CORRECT, state=ChangeState.APPLIED, household=changed, village=changed.village,
        effective_on=TODAY - dt.timedelta(days=5), needs_check=False, recorder="a", closer="a",
        closed_at=timezone.now(),
    )  # fmt: skip
    assert listed(county) == ["A1", "A2", "A3", "A4"]
    day = (TODAY - dt.timedelta(days=50)).isoformat()
    assert listed(county, f"?untold_since={day}") == ["A1", "A4"]
    assert listed(county, f"?untold_since={(TODAY - dt.timedelta(days=100)).isoformat()}") == ["A4"]
    assert listed(county, "?untold_since=gestern") == ["A1", "A2", "A3", "A4"]


def test_several_counties_in_a_list_ask_no_more_than_one() -> None:
    province = signed_in(Role.PROVINCE)
    with_data("A1", 10)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert province.get("/households/").status_code == 200
        return len(captured)

    asked()  # what a process keeps is read once
    one = asked()
    elsewhere = make.make_household(make.ELSEWHERE, number="A2")
    make.make_household_year(elsewhere)
    assert asked() == one
