"""A notice as everybody reads it, without JavaScript: list, page, objection, receipt, closed page. 演示数据"""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from lika.casework.models import Notice
from lika.core.privacy import mask_name
from lika.disclosure import actions, receiving, sealing
from lika.disclosure.models import Inbox, NoticePage, NoticeTerm
from tests.casework.going import begun, place
from tests.casework.noticing import PHONE, brought, hung
from tests.e2e.conftest import TIMEOUT

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def shown(live_server: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NoticePage:
    """A notice of two households that hangs in the village and on the web."""
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path))
    monkeypatch.setattr(receiving, "TURNS", receiving.Turns())
    at = place(2)
    notice: Notice = hung(at.village, brought(begun(at), "first_notice"))
    return actions.open_notice_page(by=at.village, notice=notice.pk)


@pytest.fixture(params=[1440, 390])
def reader(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A computer or telephone that runs no script."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 900}, locale="zh-CN", java_script_enabled=False
    )
    context.set_default_timeout(TIMEOUT)
    yield context.new_page()
    context.close()


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen; told by the boxes, for no script runs."""
    box, size = page.locator("main").bounding_box(), page.viewport_size
    assert box is not None
    assert size is not None
    return box["x"] >= 0 and box["x"] + box["width"] <= size["width"]


def test_somebody_finds_the_notice_objects_and_gets_a_receipt(reader: Page, live_server, shown: NoticePage) -> None:
    reader.goto(f"{live_server.url}/open/")
    reader.get_by_role("link", name="正在公示").click()
    expect(reader.get_by_role("heading", level=1, name="正在公示")).to_be_visible()
    assert fits(reader)
    reader.get_by_role("searchbox").fill("没有这个村")
    reader.get_by_role("button", name="查找").click()
    expect(reader.get_by_text("目前没有正在公示的名单")).to_be_visible()
    reader.get_by_role("link", name="显示全部").click()
    reader.get_by_role("link", name=shown.title_zh).click()
    names = reader.locator("#list li")
    expect(names).to_have_text([mask_name(each) for each in ("石演示", "石演示")])
    expect(reader.get_by_role("link", name=PHONE)).to_have_attribute("href", f"tel:{PHONE}")
    assert fits(reader)
    name, phone = reader.get_by_label("您的姓名"), reader.get_by_label("您的电话")
    name.fill("演示·来信人")
    phone.fill("13877620001")
    reader.get_by_label("反映谁").fill("　 ")  # what a browser takes for written, and is not
    reader.get_by_role("button", name="提交异议").click()
    expect(reader.get_by_text("DIS-032")).to_be_visible()
    expect(name).to_have_value("演示·来信人")
    expect(phone).to_have_value("13877620001")
    assert not Inbox.objects.exists()
    reader.get_by_label("反映谁").fill("演示：第一户在县城有商品房")
    reader.get_by_role("button", name="提交异议").click()
    expect(reader.get_by_role("heading", level=1, name="您的异议已收到")).to_be_visible()
    assert fits(reader)
    code = reader.locator("#receipt code").inner_text()
    kept = Inbox.objects.get()
    assert (kept.code, kept.page_id) == (receiving.code_hash(code), shown.pk)
    assert json.loads(sealing.opened(bytes(kept.box))) == {
        "text": "演示：第一户在县城有商品房", "name": "演示·来信人", "phone": "13877620001",
    }  # fmt: skip


def test_a_closed_notice_says_so_and_takes_nothing(reader: Page, live_server, shown: NoticePage) -> None:
    address = f"{live_server.url}/open/notices/{shown.pk}/"
    reader.goto(address)
    reader.get_by_label("反映谁").fill("演示：晚了一步")
    NoticeTerm.objects.create(page=shown, until=dt.datetime(2014, 7, 1, tzinfo=dt.UTC))
    reader.get_by_role("button", name="提交异议").click()
    expect(reader.get_by_text("DIS-031")).to_be_visible()
    reader.goto(address)
    expect(reader.get_by_text("公示已结束")).to_be_visible()
    expect(reader.locator("#hash code")).to_have_text(shown.sha256)
    expect(reader.locator("#list")).to_have_count(0)
    expect(reader.get_by_role("button", name="提交异议")).to_have_count(0)
    assert fits(reader)
    assert not Inbox.objects.exists()
