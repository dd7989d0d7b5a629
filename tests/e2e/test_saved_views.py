"""A saved view in a browser: kept, opened, shared by its link, renamed, deleted. 演示数据"""

import pytest
from playwright.sync_api import Page, expect

from lika.register.models import Household
from tests.e2e.test_accessibility import violations
from tests.e2e.test_journey import county, sign_in  # noqa: F401 - the county is a fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_view_of_the_households_is_kept_opened_renamed_and_deleted(page: Page, live_server, county: Household):  # noqa: F811
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/households/")
    chips = page.get_by_role("navigation", name="已保存的视图")
    expect(chips.get_by_role("button")).to_have_count(0)

    page.get_by_label("脱贫属性").select_option("poor")
    chips.get_by_role("button", name="保存为视图").click()
    expect(page.locator("#view-name")).to_be_focused()
    assert violations(page) == []
    page.locator("#view-name").fill("贫困户")
    page.locator("#view-save").get_by_role("button", name="保存").click()
    expect(chips.get_by_role("link", name="贫困户")).to_have_attribute("aria-current", "true")

    page.goto(f"{live_server.url}/households/")
    chips.get_by_role("link", name="贫困户").click()
    expect(page.get_by_label("脱贫属性")).to_have_value("poor")

    page.set_viewport_size({"width": 390, "height": 900})
    chips.get_by_role("button", name="改名、共享或删除").click()
    assert violations(page) == []
    page.locator("#view-name").fill("全部贫困户")
    page.get_by_label("共享给其他人").check()
    page.locator("#view-change").get_by_role("button", name="保存").click()
    expect(chips.get_by_role("link", name="全部贫困户")).to_be_visible()

    chips.get_by_role("button", name="改名、共享或删除").click()
    link = page.get_by_label("视图链接").input_value()
    page.goto(link)
    expect(page).to_have_url(f"{live_server.url}/households/?poverty=poor")

    chips.get_by_role("button", name="改名、共享或删除").click()
    page.get_by_role("button", name="删除视图").click()
    expect(chips.get_by_role("link", name="全部贫困户")).to_have_count(0)
    expect(page.get_by_label("脱贫属性")).to_have_value("poor")
