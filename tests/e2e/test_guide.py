"""The guided path of a demonstration in a browser: in by one click, ten steps, each on its screen. 演示数据"""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lika.accounts.choices import Role
from lika.core import sealing
from lika.demo import accounts, guide
from lika.snapshots import actions
from tests import factories as make
from tests.conftest import OwnProcesses
from tests.console.officials import official

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def number(criterion: str, result: str) -> str:
    return next(one.number for one in guide.shown() if one.expect.get(criterion) == result)


@pytest.fixture
def demonstration(live_server: object, own_processes: OwnProcesses, tmp_path: Path, pack: Any, settings: Any) -> None:
    """The two households of the tour that the guide shows, screened; the county office with the known password."""
    own_processes(tmp_path)
    settings.LIKA = dataclasses.replace(settings.LIKA, demo=True)
    for which, water in ((number("income", "not_met"), False), (number("exit", "unknown"), None)):
        household = make.make_household(number=which, head="演示", members=2)
        make.make_household_year(household, safe_water=water)
    by = make.make_actor(make.COUNTY)
    actions.screen(by=by, snapshot=actions.take(by=by, at=make.AT, division=make.COUNTY).pk, pack=pack)
    user = official(Role.COUNTY)
    user.username = accounts.username_of(Role.COUNTY)
    user.set_password(accounts.PASSWORD)
    user.save(update_fields=["username", "password"])
    sealing.seal(by=make.make_actor(make.COUNTY))


def test_ten_steps(page: Page, live_server: Any, demonstration: None):
    page.goto(live_server.url)
    page.get_by_role("button", name="县扶贫办 宕昌县").first.click()
    bar = page.get_by_role("complementary", name="导览")
    for step, (title, address) in enumerate(
        (
            ("全县一览", r"/$"),
            ("一户没有达标", r"/households/[0-9a-f-]+/$"),
            ("一户无法判定", r"/households/[0-9a-f-]+/$"),
            ("一份有错误的工作簿", r"/import/$"),
            ("同一份工作簿，已更正", r"/import/$"),
            ("换一条标准", r"/screenings/try/\?criterion=income$"),
            ("一个村的名单等待签字", r"/$"),  # no case is in this register: the home page
            ("一份正在公示的名单", r"/$"),
            ("一件办结案件的申诉卷宗", r"/$"),
            ("审计链", r"/audit/$"),
        ),
        start=1,
    ):
        expect(bar).to_contain_text(f"第{step}步，共10步")
        expect(bar.locator("strong")).to_contain_text(title)
        expect(page).to_have_url(re.compile(address))
        if step < 10:
            bar.get_by_role("link", name="下一步", exact=True).click()

    word = page.locator(".term-word").first
    note = page.get_by_role("tooltip")
    expect(note.first).to_be_hidden()
    word.focus()
    expect(note.first).to_contain_text("对链尾签名")
    page.keyboard.press("Escape")
    expect(note.first).to_be_hidden()

    bar.get_by_role("button", name="收起导览").click()
    expect(page.get_by_role("link", name="继续导览")).to_be_visible()
