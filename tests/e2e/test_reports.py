"""A report in a browser: asked for, worked out by a process of its own, as a file, to the list. 演示数据"""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from lika.accounts.choices import Role
from tests.e2e.axe import violations
from tests.e2e.place import Place

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_report_from_the_button_to_the_file(page: Page, place: Place):
    place.sign_in(page, Role.COUNTY)
    page.goto(f"{place.url}/analysis/")
    page.get_by_role("link", name="报表").click()
    card = page.locator(".report-card", has_text="进出")
    expect(card).to_contain_text("尚未统计")
    card.get_by_role("button", name="统计").click(timeout=60_000)  # a process of its own works it out meanwhile
    expect(page.locator("#made")).to_contain_text("摘要", timeout=60_000)
    assert page.locator("h1").inner_text().startswith("进出")
    stayed = page.locator("#matrix td.spread-own a").nth(0)
    number = stayed.inner_text()
    assert violations(page) == []

    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.set_viewport_size({"width": 1440, "height": 900})

    page.get_by_role("button", name="导出", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载文件").click()
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert sheet is not None
    assert sheet["A1"].value == "进出"

    stayed.click()
    page.wait_for_url("**/households/?analysis=*")
    found = re.search(r"共 ([\d,]+) 户", page.locator(".list-foot").first.inner_text())
    assert found is not None
    assert found[1] == number

    page.goto(f"{place.url}/analysis/reports/")
    expect(page.locator(".report-card", has_text="进出")).to_contain_text("完成")
    # A village opens the report in its own area; this one is told of counties alone.
    page.context.clear_cookies()
    place.sign_in(page, Role.VILLAGE)
    page.goto(f"{place.url}/analysis/reports/")
    expect(page.locator(".report-card", has_text="贫困发生率")).to_contain_text("由负责整个地区的机关统计")
    assert page.get_by_role("button", name="统计").count() == 0
