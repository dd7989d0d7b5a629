"""Pairing in a browser: a unit, its helper, an assignment, the agreement, what the helper then sees. 演示数据"""

import pytest
from playwright.sync_api import Page, expect

from lika.accounts.choices import Role
from lika.accounts.models import Official
from tests import factories as make
from tests.e2e.cases import enter, holder, whole

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def county(transactional_db: None) -> None:
    """Two villages with three registered households, and the offices."""
    make.make_household(number="A1", head="石甲")
    make.make_household(number="A2", head="石乙")
    make.make_household(make.OTHER_VILLAGE, number="B1", head="石丙")
    for name, role, division in (
        ("xian", Role.COUNTY, make.COUNTY),
        ("zhen", Role.TOWNSHIP, make.TOWNSHIP),
        ("bang", Role.HELPER, make.TOWNSHIP),
    ):
        holder(name, role, division)


def test_from_the_unit_to_what_the_helper_sees(page: Page, live_server) -> None:
    enter(page, live_server.url, "xian")
    page.get_by_role("link", name="结对帮扶").click()
    expect(page.get_by_text("有3户没有帮扶责任人。")).to_be_visible()
    assert whole(page) == []
    page.get_by_role("link", name="单位和帮扶责任人").click()
    assert whole(page) == []
    page.get_by_role("link", name="登记单位").first.click()
    page.get_by_label("单位名称").fill("演示县农业农村局")
    assert whole(page) == []
    page.get_by_role("button", name="录入").click()
    page.get_by_text("选择村").click()
    page.get_by_label("石磊村").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("联系村已保存。")).to_be_visible()
    helper = Official.objects.get(user__username="bang")
    page.get_by_label("人员", exact=True).select_option(str(helper.pk))
    page.get_by_label("职务").fill("科员")
    page.get_by_role("button", name="选派").click()
    expect(page.get_by_role("rowheader", name="演示·bang")).to_be_visible()
    assert whole(page) == []

    enter(page, live_server.url, "zhen")
    page.get_by_role("link", name="结对帮扶").click()
    page.get_by_role("link", name="测算分配方案").click()
    expect(page.get_by_text("非联系村")).to_have_count(1)
    assert whole(page) == []
    page.get_by_role("button", name="提出方案").click()
    expect(page.get_by_text("待县扶贫攻坚指挥部同意")).to_be_visible()
    expect(page.get_by_role("button", name="同意")).to_have_count(0)
    assert whole(page) == []

    enter(page, live_server.url, "xian")
    page.locator(".waiting-line", has_text="1个结对调整方案待同意").get_by_role("link").click()
    assert whole(page) == []
    page.get_by_role("table").get_by_role("link").first.click()
    page.get_by_role("button", name="同意").click()
    expect(page.get_by_text("已同意并生效").first).to_be_visible()
    page.get_by_role("link", name="石甲").click()
    expect(page.get_by_role("rowheader", name="演示·bang")).to_be_visible()
    assert whole(page) == []
    page.get_by_role("link", name="结对帮扶").click()
    page.get_by_role("link", name="结对关系").click()
    expect(page.get_by_text("共3条结对关系")).to_be_visible()
    assert whole(page) == []

    enter(page, live_server.url, "bang")
    page.get_by_role("link", name="农户", exact=True).first.click()
    expect(page.get_by_role("link", name="石丙")).to_be_visible()
