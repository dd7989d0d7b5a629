"""The service window in a browser: registered, receipt, assigned, answered by the village, told and closed. 演示数据"""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from lika.accounts.choices import Role
from lika.accounts.models import Official, User
from tests import factories as make
from tests.console.officials import official
from tests.e2e.axe import violations
from tests.e2e.test_journey import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def officials(transactional_db: None) -> None:
    """The township's window and the village's officer, each with a name to sign in with."""
    make.make_household(number="A1")
    for role, name, shown in ((Role.TOWNSHIP, "chuangkou", "演示·窗口"), (Role.VILLAGE, "cungan", "演示·村干部")):
        user = official(role)
        Official.objects.filter(user=user).update(name=shown)
        user.username = name
        user.set_password(PASSWORD)
        user.save(update_fields=["username", "password"])
    assert User.objects.count() == 2


def sign_in(page: Page, address: str, name: str) -> None:
    page.context.clear_cookies()
    page.goto(address)
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("#menu")).to_be_attached()


def test_from_the_window_to_the_answer(page: Page, live_server, officials: None) -> None:
    today = timezone.localdate()
    sign_in(page, live_server.url, "chuangkou")
    page.get_by_role("link", name="基层工作").click()
    expect(page).to_have_url(f"{live_server.url}/service/")
    page.get_by_role("link", name="登记事项").click()
    page.get_by_label("事项类别").select_option("change")
    page.get_by_label("申请人").fill("演示申请人")
    page.get_by_label("联系电话").fill("13800001234")
    page.get_by_role("textbox", name="户编号").fill("A1")
    page.get_by_label("诉求内容").fill("演示：孩子出生，要求增加人口")
    page.get_by_label("答复期限").fill((today + dt.timedelta(days=7)).isoformat())
    assert violations(page) == []
    page.get_by_role("button", name="登记", exact=True).click()
    number = f"621223100-{today.year}-0001"
    expect(page.locator("h1")).to_contain_text("家庭信息变更")
    expect(page.get_by_text(number).first).to_be_visible()
    assert violations(page) == []

    page.get_by_role("link", name="受理回执").click()
    expect(page.locator(".paper")).to_contain_text(number)
    assert violations(page) == []
    page.go_back()
    page.get_by_label("交办对象").select_option(label="演示·村干部")
    page.get_by_role("button", name="交办").click()
    expect(page.locator("h1")).to_contain_text("办理中")

    page.set_viewport_size({"width": 390, "height": 900})
    sign_in(page, live_server.url, "cungan")
    page.locator(".waiting-line", has_text="1件群众诉求待您办理").get_by_role("link", name="打开").click()
    page.get_by_role("link", name=number).click()
    page.get_by_label("办理结果").select_option("done")
    page.get_by_label("答复内容").fill("演示：已登记人口增加")
    assert violations(page) == []
    page.get_by_role("button", name="登记答复").click()
    expect(page.locator("h1")).to_contain_text("已答复，待告知")

    sign_in(page, live_server.url, "chuangkou")
    page.goto(f"{live_server.url}/service/?state=replied")
    page.get_by_role("link", name=number).click()
    page.get_by_label("告知方式").select_option("telephone")
    page.get_by_role("button", name="办结").click()
    expect(page.locator("h1")).to_contain_text("已办结")
