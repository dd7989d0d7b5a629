"""What the journeys of casework share: officials who sign in by name, and small acts on a page. 演示数据"""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from lika.accounts.choices import Role
from lika.accounts.models import Official, User
from lika.casework.models import Case
from tests.console.officials import official
from tests.e2e.axe import violations
from tests.files import picture

PASSWORD = "yanshi-mima-2016"
WIDTHS = (1440, 390)


def holder(name: str, role: Role, division: str) -> Official:
    """An official who signs in by this name; the name shown is 演示· and it."""
    user = official(role, division)
    user.username = name
    user.set_password(PASSWORD)
    user.save(update_fields=["username", "password"])
    Official.objects.filter(user=user).update(name=f"演示·{name}")
    return User.objects.get(username=name).official


def enter(page: Page, address: str, name: str) -> None:
    """Sign in; whoever was signed in is forgotten."""
    page.context.clear_cookies()
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("#menu")).to_be_attached()


def to_the_batch(page: Page, address: str, name: str) -> None:
    """Sign in, and go from what waits on the home page to the one batch."""
    enter(page, address, name)
    page.locator(".waiting-line", has_text="1批案件待您办理").get_by_role("link").click()
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_text("轮到您办理")).to_be_visible()


def in_row(page: Page, case: Case, column: str) -> Locator:
    """An input of a case's line."""
    return page.get_by_label(f"{column} {case.number}")


def photograph_in(folder: Path, name: str, colour: str) -> Path:
    """A photograph on the disk of the office, unlike one of another colour."""
    target = folder / name
    target.write_bytes(picture(colour=colour))
    return target


def add_paper(page: Page, paper: str, file: Path) -> None:
    """Keep a paper of the stage by the form of the batch's page."""
    page.get_by_text("上传照片或材料").click()
    page.get_by_label("材料名称").select_option(label=paper)
    page.get_by_label("照片或文件").set_input_files(file)
    page.get_by_role("button", name="上传", exact=True).click()


def whole(page: Page, widths: Sequence[int] = WIDTHS) -> list:
    """What breaks a rule of accessibility or is too wide on screens of these widths; the width stays as it was."""
    before = page.viewport_size
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found += violations(page)
    if before:
        page.set_viewport_size(before)
    return found
