"""A lead through two hands, on an office screen and on a telephone: found, looked into, cleared, checked. 演示数据"""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect
from pytest_django import DjangoDbBlocker

from lika.accounts.choices import Role
from tests.e2e.axe import violations
from tests.e2e.place import Place
from tests.monitoring.planted import home, look, member, numbers_given

pytestmark = [pytest.mark.browser, pytest.mark.slow]

A_PROCESS = 120_000  # milliseconds that a program started by a page may take on a busy machine
WIDTHS = (1440, 390)


@pytest.fixture(scope="module", autouse=True)
def _two_doubles(served_place: Place, django_db_blocker: DjangoDbBlocker) -> None:
    """One person in two households, once for each width; found by a run."""
    with django_db_blocker.unblock():
        numbers_given()
        for width in WIDTHS:
            born = dt.date(1980, 1, 1) + dt.timedelta(days=width)
            home(f"一{width}", "石重复", born)
            member(home(f"二{width}", "李演示"), "石重复", born, id_number="")
        look()


def _enter(page: Page, place: Place, role: Role) -> None:
    page.context.clear_cookies()
    place.sign_in(page, role)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_lead_is_looked_into_by_the_township_and_checked_by_the_county(width: int, place: Place, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    _enter(page, place, Role.TOWNSHIP)
    page.get_by_role("listitem").filter(has_text="条疑似重复与违规线索待核实").get_by_role("link", name="打开").click()
    expect(page.get_by_role("heading", level=1, name="疑似重复与违规线索")).to_be_visible()
    assert violations(page) == []
    page.locator("#list").get_by_role("link", name="一人登记在两户").first.click()
    expect(page.get_by_text("姓名、出生日期、性别")).to_be_visible()
    expect(page.get_by_role("link", name="该户档案")).to_have_count(2)
    assert violations(page) == []
    page.get_by_label("处理意见").select_option("different")
    page.get_by_label("理由").fill("同名同日生的两人，已看户口簿")
    page.get_by_role("button", name="记录处理意见").click()
    expect(page.get_by_text("排除意见由您提出，须同事复核。")).to_be_visible()

    _enter(page, place, Role.COUNTY)
    page.get_by_role("listitem").filter(has_text="条线索拟排除，待您复核").get_by_role("link", name="打开").click()
    page.locator("#list").get_by_role("link", name="一人登记在两户").first.click()
    expect(page.get_by_text("同名同日生的两人，已看户口簿")).to_be_visible()
    page.get_by_label("复核", exact=False).first.select_option("yes")
    page.get_by_role("button", name="记录复核意见").click()
    expect(page.get_by_text("已排除").first).to_be_visible()
    assert violations(page) == []


def test_the_county_looks_over_its_households_and_sees_the_run_through(place: Place, page: Page) -> None:
    _enter(page, place, Role.COUNTY)
    page.goto(f"{place.url}/quality/")
    page.get_by_role("link", name="疑似重复与违规线索").click()
    expect(page.get_by_role("heading", level=1, name="疑似重复与违规线索")).to_be_visible()
    runs = page.locator(".side-cards table tbody tr")
    before = runs.count()
    page.get_by_role("button", name="立即排查").click(timeout=A_PROCESS)
    expect(page.get_by_role("button", name="立即排查")).to_be_visible(timeout=A_PROCESS)
    expect(runs).to_have_count(before + 1)
