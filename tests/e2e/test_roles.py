"""Every role's way through a working day, on an office screen and on a telephone. 演示数据

In by name and password, what waits, down the map to a household, the role's own task, its help, the glossary, out
again. Every page on the way is held to WCAG 2.2 AA and to the width of the screen; the browser may not complain.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lika.accounts.choices import Role
from tests.collection import workbooks
from tests.e2e.axe import violations
from tests.e2e.place import DRY, POSITIONS, Place
from tests.factories import VILLAGE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

A_PROCESS = 120_000  # milliseconds that a program started by a page may take on a busy machine

MAY_REVEAL = {Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.AUDITOR}
NAMES_NOBODY = {Role.PREFECTURE, Role.PROVINCE}
SEES_NO_RESULTS = {Role.EVALUATOR, Role.HELPER}
# What waits at the top of the home page; nothing for the others.
WAITING = {
    Role.TOWNSHIP: "项职责空缺",
    Role.COUNTY: "项职责空缺",
    Role.VILLAGE: "您在石磊村的岗位将于",
    Role.ADMINISTRATOR: "1个一次性密码已过期，未使用",
}
# The divisions that clicks on the map open, one after the other, before the list of the village's households.
DRILLS: dict[Role, tuple[str, ...]] = {
    Role.PROVINCE: ("陇南市", "宕昌县"),
    Role.PREFECTURE: ("宕昌县",),
    Role.COUNTY: (),
    Role.DEPARTMENT: (),
    Role.AUDITOR: (),
    Role.TOWNSHIP: (),
    Role.VILLAGE: (),
    Role.EVALUATOR: (),
}


@dataclass(frozen=True)
class Visit:
    """A browser on the site, at one width (px); `folder` is for the files that it downloads or sends."""

    page: Page
    place: Place
    folder: Path
    width: int

    def check(self) -> None:
        """Hold the page to the rules."""
        assert violations(self.page) == []

    def menu(self, label: str) -> None:
        """Open a page from the main menu, which a telephone folds away."""
        self.unfold_menu()
        link = self.page.get_by_role("navigation", name="主菜单").get_by_role("link", name=label, exact=True)
        goal = link.get_attribute("href")
        link.click()
        self.page.wait_for_url(f"**{goal}")

    def unfold_menu(self) -> None:
        """On a telephone; while it unfolds, what is clicked moves away."""
        toggler = self.page.get_by_role("button", name="打开菜单")
        if toggler.is_visible():
            toggler.click()
            self.page.locator("#menu.collapse.show").wait_for()

    def title(self, name: str | re.Pattern[str]) -> Locator:
        """The title of the page."""
        return self.page.get_by_role("heading", level=1, name=name)


def drill(visit: Visit, divisions: tuple[str, ...]) -> None:
    """Click the village on the map of every level, down to the list of its households."""
    for division in divisions:
        click_on_map(visit.page)
        expect(visit.title(division)).to_be_visible()
        visit.check()
    click_on_map(visit.page)
    visit.page.wait_for_url(f"**/households/?division={VILLAGE}*")


def click_on_map(page: Page) -> None:
    """Click where the village lies, on the outline that holds it or on its point."""
    chart = page.locator("[data-map][data-drawn]")
    expect(chart).to_be_visible()
    x, y = page.evaluate(
        """(position) => {
             const chart = echarts.getInstanceByDom(document.querySelector("[data-map]"));
             return chart.convertToPixel((chart.getOption().geo || []).length ? "geo" : { seriesIndex: 0 }, position);
           }""",
        [float(degrees) for degrees in POSITIONS[VILLAGE]],
    )
    chart.click(position={"x": x, "y": y})


def look_at_household(visit: Visit, role: Role) -> None:
    """The household's page; whoever may reveals an identity number and gives a reason."""
    page = visit.page
    page.get_by_role("link", name=DRY).click()
    expect(visit.title(re.compile("石\\*+ 户" if role in NAMES_NOBODY else "石演示 户"))).to_be_visible()
    if role not in SEES_NO_RESULTS:
        expect(page.locator(".why-head")).to_contain_text("不符合")
    visit.check()
    unfold = page.locator("#reveal summary")
    if role not in MAY_REVEAL:
        expect(unfold).to_have_count(0)
        return
    unfold.click()
    page.get_by_label("查看内容").select_option(label="石演示的证件号码")
    page.get_by_label("文字说明").fill("核对户口")
    visit.check()
    page.locator("#reveal").get_by_role("button", name="查看", exact=True).click()
    expect(page.locator(".revealed")).to_contain_text("已记入审计日志")
    visit.check()


def upload(visit: Visit, workbook: Path) -> None:
    """Send a workbook and wait for what was found in it."""
    visit.menu("导入")
    visit.check()
    visit.page.locator("input[type=file]").set_input_files(workbook)
    visit.page.get_by_role("button", name="上传并检查").click(timeout=A_PROCESS)
    expect(visit.title(workbook.name)).to_be_visible()
    expect(visit.page.locator("#progress")).to_have_count(0)
    visit.check()


def find(visit: Visit, text: str) -> None:
    """Look for people from the head of the page."""
    search = visit.page.get_by_role("banner").get_by_role("search")
    search.get_by_role("searchbox").fill(text)
    search.get_by_role("button", name="查找").click()


def downloaded(visit: Visit, link: Locator) -> str:
    """Follow a link to a file; its name."""
    with visit.page.expect_download() as found:
        link.click()
    return found.value.suggested_filename


def exported(visit: Visit) -> str:
    """Take the list of the page as the kind of file that is offered first; its name."""
    visit.page.get_by_role("button", name="导出", exact=True).click()
    visit.check()
    return downloaded(visit, visit.page.get_by_role("button", name="下载文件"))


def total_of_list(page: Page) -> int:
    """How many households the list says it holds."""
    text = page.locator(".list-foot").inner_text()
    return int(re.search(r"共 ([\d,]+) 户", text)[1].replace(",", ""))


def lists_what_cannot_be_judged(visit: Visit) -> None:
    """Village officer: the households that cannot be judged, and what to ask of one on the next visit."""
    visit.menu("首页")
    undecided = visit.page.locator(".result-legend").get_by_role("link").last
    number = int(undecided.inner_text())
    undecided.click()
    expect(visit.title("农户")).to_be_visible()
    assert total_of_list(visit.page) == number > 0
    visit.page.get_by_role("link", name="石未知").click()
    expect(visit.page.get_by_text("无法判定").first).to_be_visible()
    find(visit, "石")
    expect(visit.title("查找")).to_be_visible()
    expect(visit.page.get_by_role("row").filter(has_text=DRY).first).to_be_visible()
    visit.check()


def sees_faults_and_discards(visit: Visit) -> None:
    """Township station: the faults of a workbook, the same workbook marked; then it is put away."""
    upload(visit, workbooks.save(visit.folder / "演示-有错误.xlsx", workbooks.changed(persons__2__sex="2")))
    expect(visit.page.get_by_text("性别").first).to_be_visible()
    assert downloaded(visit, visit.page.locator("a[href$='marked.xlsx']")).startswith("演示-有错误")
    visit.page.get_by_role("button", name="放弃").click()
    expect(visit.title("从工作簿导入").or_(visit.title("演示-有错误.xlsx"))).to_be_visible()
    expect(visit.page.locator("button[name=mode]")).to_have_count(0)


def imports(visit: Visit) -> None:
    """County office: a sound workbook into the register; the second time it changes nothing."""
    upload(visit, workbooks.save(visit.folder / "演示.xlsx", workbooks.clean()))
    visit.page.locator("button[name=mode][value=import]").click(timeout=A_PROCESS)
    expect(visit.page.get_by_text(re.compile("已导入|无变化")).first).to_be_visible()
    visit.check()


def exports_who_lacks_water(visit: Visit) -> None:
    """Line department: the households that do not meet its criterion, and the list of them as a workbook."""
    visit.menu("农户")
    visit.page.get_by_label("条件").select_option(label="饮水")
    visit.page.get_by_label("判定结果").select_option(label="不符合")
    visit.page.get_by_role("button", name="筛选").click()
    assert total_of_list(visit.page) == 1
    visit.check()
    visit.page.get_by_role("button", name="保存为视图").click()
    expect(visit.page.get_by_label("视图名称")).to_be_visible()
    visit.check()
    visit.page.keyboard.press("Escape")
    assert exported(visit).endswith(".xlsx")


def follows_a_number_of_the_screening(visit: Visit) -> None:
    """Prefecture office: a screening, by criterion and division; its number opens a list of that many."""
    visit.menu("筛查")
    visit.check()
    visit.page.get_by_role("link", name="测试退出标准").first.click()
    expect(visit.page.get_by_role("heading", name="宕昌县各项条件")).to_be_visible()
    visit.check()
    cell = visit.page.get_by_role("row", name=re.compile("^饮水")).get_by_role("link").first
    number = int(cell.inner_text())
    cell.click()
    expect(visit.title("农户")).to_be_visible()
    assert total_of_list(visit.page) == number == 2


def traces_a_criterion(visit: Visit) -> None:
    """Province office: where a criterion comes from, and what changed between two days."""
    visit.menu("政策包")
    visit.check()
    visit.page.get_by_role("link", name="测试退出标准").click()
    expect(visit.page.get_by_text("安全饮水").first).to_be_visible()
    visit.check()
    visit.page.get_by_role("link", name="参数取值沿革").click()
    expect(visit.page.get_by_text("2,736.10").first).to_be_visible()
    visit.check()
    visit.page.get_by_role("link", name="对照", exact=True).click()
    expect(visit.title("两包对照")).to_be_visible()
    visit.check()


def counts_and_opens_the_list(visit: Visit) -> None:
    """Evaluator: a table of the analysis; its number opens a list of that many; the table as a workbook."""
    visit.menu("统计分析")
    visit.check()
    visit.page.get_by_role("link", name="致贫原因是什么").click()
    expect(visit.page.locator("#analysis-chart[data-drawn]")).to_be_visible()
    visit.check()
    table = visit.page.url
    cell = visit.page.locator(".total-row").get_by_role("link").last
    number = int(cell.inner_text())
    cell.click()
    expect(visit.title("农户")).to_be_visible()
    assert total_of_list(visit.page) == number == 2
    visit.check()
    visit.page.goto(table)
    assert exported(visit).endswith(".xlsx")


def verifies_the_chain(visit: Visit) -> None:
    """Auditor: the audit log worked through again, row by row."""
    visit.menu("审计链")
    visit.check()
    visit.page.get_by_role("button", name="立即核验 宕昌县").click(timeout=A_PROCESS)
    expect(visit.page.get_by_text("未发现改动").first).to_be_visible(timeout=A_PROCESS)
    visit.check()


def finds_by_name(visit: Visit) -> None:
    """Helper: the granted household by a name, and the page to take along on paper."""
    visit.menu("首页")
    find(visit, "石演示")
    expect(visit.title("石演示 户")).to_be_visible()  # the only household found is opened at once
    visit.page.emulate_media(media="print")
    expect(visit.page.locator(".dossier-title")).to_be_visible()
    visit.page.emulate_media(media="screen")


def appoints(visit: Visit) -> None:
    """Administrator: an official with a post, an account with a one-time password; then the account is locked."""
    visit.menu("人员与账号")
    visit.check()
    visit.page.get_by_role("link", name="新增人员").click()
    visit.check()
    visit.page.get_by_label("姓名").fill("演示·新人")
    visit.page.get_by_label("角色").select_option(label="县扶贫办")
    visit.page.get_by_role("button", name="新增，岗位设在宕昌县").click()
    expect(visit.title("演示·新人")).to_be_visible()
    visit.check()
    visit.page.get_by_label("用户名").fill(f"xinren-{visit.width}")
    visit.page.get_by_role("button", name="开通账号").click()
    expect(visit.title("一次性密码")).to_be_visible()
    visit.check()
    visit.page.get_by_role("link", name="返回人员页面").click()
    visit.page.get_by_role("button", name="锁定账号").click()
    expect(visit.page.get_by_role("button", name="解锁账号")).to_be_visible()


TASKS: dict[Role, Callable[[Visit], None]] = {
    Role.VILLAGE: lists_what_cannot_be_judged,
    Role.TOWNSHIP: sees_faults_and_discards,
    Role.COUNTY: imports,
    Role.DEPARTMENT: exports_who_lacks_water,
    Role.PREFECTURE: follows_a_number_of_the_screening,
    Role.PROVINCE: traces_a_criterion,
    Role.EVALUATOR: counts_and_opens_the_list,
    Role.AUDITOR: verifies_the_chain,
    Role.HELPER: finds_by_name,
    Role.ADMINISTRATOR: appoints,
}


def read_help(visit: Visit, role: Role) -> None:
    """The help of the role, and a word of the glossary."""
    visit.menu("帮助")
    visit.check()
    visit.page.locator("#help-roles").get_by_role("link", name=str(role.label), exact=True).click()
    expect(visit.title(f"帮助：{role.label}")).to_be_visible()
    visit.check()
    visit.menu("帮助")
    visit.page.get_by_role("link", name="词汇表").click()
    glossary = visit.page.get_by_role("main")
    glossary.get_by_role("searchbox").fill("标准时点")
    glossary.get_by_role("button", name="查找").click()
    expect(visit.page.locator("#standard_time_point")).to_contain_text("数据所反映的那一天")
    visit.check()


def sign_out(visit: Visit) -> None:
    """By the menu of the account, which stands in the main menu on a telephone."""
    visit.unfold_menu()
    visit.page.locator(".account-button:visible").click()
    visit.page.get_by_role("button", name="退出登录").locator("visible=true").click()
    expect(visit.page.get_by_role("button", name="登录")).to_be_visible()
    visit.check()


def test_every_role_has_a_way():
    assert set(TASKS) == set(Role)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("role", Role)
def test_a_role_goes_its_way(page: Page, place: Place, role: Role, width: int, tmp_path: Path):
    page.set_viewport_size({"width": width, "height": 900})
    visit = Visit(page, place, tmp_path, width)
    place.sign_in(page, role)

    waiting = page.locator("section[aria-labelledby=waiting]")
    expect(waiting).to_have_count(1 if role in WAITING else 0)
    if role in WAITING:
        expect(waiting).to_contain_text(WAITING[role])
    visit.check()

    if role in DRILLS:
        drill(visit, DRILLS[role])
        visit.check()
    elif role != Role.ADMINISTRATOR:
        visit.menu("农户")
        visit.check()
    if role != Role.ADMINISTRATOR:
        look_at_household(visit, role)
    TASKS[role](visit)
    read_help(visit, role)
    sign_out(visit)
