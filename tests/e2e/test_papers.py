"""A village officer photographs a house on a telephone and enters an income; the township confirms it. 演示数据"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lika.accounts.choices import Role
from tests import files
from tests.e2e.place import Place
from tests.e2e.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TELEPHONE = {"width": 390, "height": 844}


def test_a_photograph_and_an_income_by_telephone(place: Place, page: Page, browser: Browser, tmp_path: Path):
    picture = tmp_path / "IMG_0001.jpg"
    picture.write_bytes(files.photograph())
    page.set_viewport_size(TELEPHONE)
    place.sign_in(page, Role.VILLAGE)
    page.goto(f"{place.url}/households/{place.household}/#documents")
    papers = page.locator("#documents")
    papers.get_by_text("添加材料或照片").click()
    papers.get_by_label("材料类别").select_option("04")
    papers.get_by_label("拍照").set_input_files(picture)
    papers.get_by_label("标题").fill("堂屋")
    papers.get_by_role("button", name="上传").click()
    expect(papers.get_by_text("材料已保存。")).to_be_visible()
    shown = papers.get_by_role("img", name="查看堂屋")
    shown.scroll_into_view_if_needed()
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 320)
    assert violations(page) == []

    page.get_by_role("link", name="收支台账").click()
    page.get_by_label("收支科目").select_option("wage")
    page.get_by_label("收到或支出日期").fill("2016-05-01")
    page.get_by_label("金额").fill("8000.00")
    page.get_by_role("button", name="录入", exact=True).click()
    expect(page.get_by_text("已录入，他人确认后计入合计。")).to_be_visible()
    expect(page.locator("#entries").get_by_text("待他人确认")).to_be_visible()
    expect(page.get_by_role("button", name="确认", exact=True)).to_have_count(0)
    assert violations(page) == []
    ledger = page.url

    office = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    try:
        desk = office.new_page()
        place.sign_in(desk, Role.TOWNSHIP)
        expect(desk.get_by_text("有1笔收支待确认")).to_be_visible()
        desk.goto(ledger)
        desk.get_by_role("button", name="确认", exact=True).click()
        expect(desk.locator("#entries").get_by_text("已确认", exact=True)).to_be_visible()
        assert violations(desk) == []
    finally:
        office.close()
