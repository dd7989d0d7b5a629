"""From the sign-in page to a reason and back to the register, as an official of the county does it. 演示数据"""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lika.accounts.choices import Role
from lika.divisions.models import Division
from lika.register.models import Household
from lika.snapshots import actions
from tests import factories as make
from tests.collection import workbooks
from tests.conftest import OwnProcesses
from tests.console.officials import official

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "yanshi-mima-2016"
MIDDLE_OF_THE_COUNTY = (Decimal("104.39"), Decimal("34.04"))


@pytest.fixture
def county(live_server: object, own_processes: OwnProcesses, tmp_path: Path, pack: object) -> Household:
    """A village on the map with a household that has no safe water, screened; and an account of the county office."""
    own_processes(tmp_path)
    household = make.make_household(number="62122310000077", head="石演示", members=2)
    make.make_household_year(household, wage=Decimal(9000), safe_water=False)
    longitude, latitude = MIDDLE_OF_THE_COUNTY
    Division.objects.filter(code=make.VILLAGE).update(longitude=longitude, latitude=latitude, position_invented=True)
    make.make_division(make.OTHER_VILLAGE)
    by = make.make_actor(make.COUNTY)
    taken = actions.take(by=by, at=make.AT, division=make.COUNTY)
    actions.screen(by=by, snapshot=taken.pk, pack=pack)
    user = official(Role.COUNTY)
    user.username = "xianban"
    user.set_password(PASSWORD)
    user.save(update_fields=["username", "password"])
    return household


def sign_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("用户名").fill("xianban")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="宕昌县", exact=True)).to_be_visible()


def click_on_the_map(page: Page, longitude: float, latitude: float) -> None:
    """Click where the map draws a position."""
    chart = page.locator("[data-map][data-drawn]")
    expect(chart).to_be_visible()
    x, y = page.evaluate(
        """([longitude, latitude]) => echarts.getInstanceByDom(document.querySelector("[data-map]"))
           .convertToPixel("geo", [longitude, latitude])""",
        [longitude, latitude],
    )
    chart.click(position={"x": x, "y": y})


def test_from_sign_in_to_a_reason(page: Page, live_server, county: Household):
    sign_in(page, live_server.url)

    click_on_the_map(page, *map(float, MIDDLE_OF_THE_COUNTY))
    expect(page).to_have_url(re.compile(rf"/households/\?division={make.VILLAGE}&"))
    expect(page.get_by_text("共 1 户")).to_be_visible()

    page.get_by_role("link", name="石演示").click()
    expect(page.get_by_role("heading", name="石演示 户")).to_be_visible()
    why = page.locator("#why")
    expect(why.locator(".why-head")).to_contain_text("不符合")

    why.locator(".why-open").get_by_role("link", name="饮水").click()
    water = page.locator("#criterion-water")
    expect(water).to_contain_text("饮水是否安全：否")
    expect(water.locator("blockquote")).to_contain_text("安全饮水")

    page.get_by_text("查看完整信息").click()
    page.get_by_label("查看内容").select_option(label="石演示的证件号码")
    page.get_by_label("文字说明").fill("核对户口")
    page.locator("#reveal").get_by_role("button", name="查看", exact=True).click()
    expect(page.locator(".revealed")).to_contain_text("已记入审计日志")


def test_a_faulty_workbook_is_refused_corrected_and_imported(
    page: Page, live_server, county: Household, tmp_path: Path
):
    faulty = workbooks.save(tmp_path / "演示-有错误.xlsx", workbooks.changed(persons__2__sex="2"))
    sound = workbooks.save(tmp_path / "演示-已更正.xlsx", workbooks.clean())
    sign_in(page, live_server.url)

    page.goto(f"{live_server.url}/import/")
    upload(page, faulty)
    found = page.get_by_role("row").filter(has_text="性别")
    expect(found.first).to_be_visible()
    with page.expect_download() as marked:
        page.locator("a[href$='marked.xlsx']").click()
    assert marked.value.suggested_filename.startswith("演示-有错误")

    page.goto(live_server.url)
    expect(page.locator("section[aria-labelledby=waiting]")).to_contain_text("演示-有错误.xlsx")

    page.goto(f"{live_server.url}/import/")
    upload(page, sound)
    expect(page.get_by_role("row").filter(has_text="性别")).to_have_count(0)
    page.locator("button[name=mode][value=import]").click(timeout=STARTED)
    expect(page.locator("button[name=mode]")).to_have_count(0)

    page.goto(f"{live_server.url}/households/")
    expect(page.get_by_text("共 3 户")).to_be_visible()


# Milliseconds: a small file is waited for by the page, and its process starts slowly where others have the machine.
STARTED = 60_000


def upload(page: Page, workbook: Path) -> None:
    page.locator("input[type=file]").set_input_files(workbook)
    page.locator("form[enctype] button[type=submit]").click(timeout=STARTED)
    expect(page.locator("form[enctype]")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_no_page_is_wider_than_the_screen(page: Page, live_server, county: Household, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url)
    for path in ("/", "/households/", f"/households/{county.id}/", "/import/", "/screenings/", "/policy/", "/help/"):
        page.goto(f"{live_server.url}{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path
