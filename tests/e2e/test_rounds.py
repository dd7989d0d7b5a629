"""A year is collected: filled, handed in, returned, mended, passed and locked, by three people. 演示数据

One browser for the three, on an office screen and on a telephone; every page is held to WCAG 2.2 AA.
"""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from lika.accounts.choices import Role
from lika.collection.rounds import actions
from lika.collection.rounds.actions import Dates
from lika.collection.rounds.choices import SubmissionState
from lika.collection.rounds.models import Round
from lika.register.models import HouseholdYear
from tests import factories as make
from tests.collection.rounds.conftest import YEAR, with_last_year
from tests.console.officials import official
from tests.e2e.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "yanshi-mima-2016"


@pytest.fixture
def opened(live_server: object) -> Round:
    """One village with two households in an open round, and the three people who carry it."""
    with_last_year(make.make_household(number="62122310000081", head="石甲演", members=2))
    with_last_year(make.make_household(number="62122310000082", head="石乙演"))
    for role in (Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY):
        user = official(role)
        user.username = role.value
        user.set_password(PASSWORD)
        user.save(update_fields=["username", "password"])
    due = timezone.localdate() + dt.timedelta(days=9)
    dates = Dates(due, due + dt.timedelta(days=20))
    return actions.open_round(by=make.make_actor(), division=make.TOWNSHIP, period=YEAR, dates=dates)


def enter(page: Page, address: str, role: Role) -> None:
    """Sign in as the one who holds a role; whoever was signed in is forgotten."""
    page.context.clear_cookies()
    page.goto(address)
    page.get_by_label("用户名").fill(role)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("#menu")).to_be_attached()


def fill(page: Page) -> None:
    """The village: one household by its form, one as unchanged, its own figures, handed in."""
    page.get_by_role("link", name="填报", exact=True).click()
    assert violations(page) == []
    page.get_by_role("link", name="填报下一户").click()
    expect(page.get_by_text("上年：12,000.00")).to_be_visible()
    page.get_by_label("工资性收入").fill("13000")
    assert violations(page) == []
    page.get_by_role("button", name="完成，填下一户").click()
    expect(page.get_by_role("heading", level=1, name="石乙演户 2017 年度采集表")).to_be_visible()
    page.get_by_role("button", name="无变化，确认").click()
    expect(page.get_by_text("已确认无变化。")).to_be_visible()
    page.get_by_role("link", name="填写村级采集表").click()
    page.get_by_label("农村户数").fill("210")
    page.get_by_role("button", name="完成", exact=True).click()
    hand_in(page)


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="上报乡镇").click()
    expect(page.get_by_text("已上报，待乡镇审核。")).to_be_visible()


def give_back(page: Page) -> None:
    """The township: one remark at a field, returned."""
    page.get_by_role("link", name="审核", exact=True).click()
    page.get_by_role("link", name="与上年不同").click()
    page.get_by_role("link", name="石甲演").click()
    assert violations(page) == []
    page.get_by_label("指标").select_option(label="工资性收入")
    page.get_by_label("问题").fill("请附务工证明")
    page.get_by_role("button", name="记下意见").click()
    page.get_by_role("link", name="全部农户").click()
    page.get_by_label("整改期限").fill((timezone.localdate() + dt.timedelta(days=5)).isoformat())
    assert violations(page) == []
    page.get_by_role("button", name="退回村里").click()
    expect(page.get_by_text("已退回，村里可在相应指标处看到意见。")).to_be_visible()


def mend(page: Page) -> None:
    """The village: the value at the remark, handed in again."""
    page.get_by_role("link", name="填报", exact=True).click()
    page.get_by_role("link", name="填报下一户").click()
    expect(page.get_by_text("请附务工证明")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("工资性收入").fill("12500")
    page.get_by_role("button", name="完成，填下一户").click()
    hand_in(page)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_year_from_the_village_to_the_lock(page: Page, live_server, opened: Round, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    enter(page, live_server.url, Role.VILLAGE)
    expect(page.get_by_text("2017 年度还有 2 户待填报")).to_be_visible()
    fill(page)
    enter(page, live_server.url, Role.TOWNSHIP)
    give_back(page)
    enter(page, live_server.url, Role.VILLAGE)
    mend(page)
    enter(page, live_server.url, Role.TOWNSHIP)
    page.get_by_role("link", name="审核", exact=True).click()
    page.get_by_role("button", name="审核通过").click()
    expect(page.get_by_text("审核通过，待县级锁定。")).to_be_visible()
    enter(page, live_server.url, Role.COUNTY)
    page.get_by_text("1 个村审核通过，待锁定").locator("xpath=ancestor::li").get_by_role("link").click()
    page.get_by_role("button", name="锁定本年度数据").click()
    expect(page.get_by_text("已锁定，今后只能按更正程序修改。")).to_be_visible()
    page.goto(f"{live_server.url}/rounds/")
    expect(page.get_by_text("已结束")).to_be_visible()
    assert violations(page) == []
    opened.refresh_from_db()
    assert (opened.submissions.get().state, opened.closed_at is not None) == (SubmissionState.LOCKED, True)
    wages = HouseholdYear.objects.filter(data_year=2017, state="locked").order_by("household__number")
    assert [row.wage for row in wages] == [12500, 12000]
