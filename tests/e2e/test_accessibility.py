"""Every page by axe-core (WCAG 2.2 AA), wide and narrow, in both languages; and a walk by keyboard alone. 演示数据"""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lika.register.models import Household
from lika.snapshots.models import Screening
from tests.e2e.test_journey import county, sign_in  # noqa: F401 - the county is a fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATHS = ("/", "/households/", "/import/", "/screenings/", "/policy/", "/help/", "/design/")


def violations(page: Page, width: int) -> list[tuple[str, int, str, list[str]]]:
    """What axe finds on the page (address, width, rule, elements), and whether it is wider than the screen."""
    page.wait_for_load_state("networkidle")
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    found = page.evaluate("(rules) => axe.run(document, { runOnly: rules })", RULES)
    faults = [
        (page.url, width, each["id"], [" ".join(map(str, node["target"])) for node in each["nodes"]])
        for each in found["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append((page.url, width, "wider than the screen", []))
    return faults


@pytest.mark.parametrize(("language", "widths"), [("zh-hans", (1440, 390)), ("en", (390,))], ids=["zh-hans", "en"])
def test_no_page_breaks_a_rule(page: Page, live_server, county: Household, language: str, widths: tuple[int, ...]):  # noqa: F811
    sign_in(page, live_server.url)
    if language == "en":
        page.evaluate("document.querySelector('form.language button[value=en]').click()")
        expect(page.locator("html")).to_have_attribute("lang", "en")
    screening = Screening.objects.get()
    found = []
    for path in (*PATHS, f"/households/{county.id}/", f"/screenings/{screening.pk}/"):
        assert page.goto(f"{live_server.url}{path}").ok, path
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            found += violations(page, width)
    assert found == []


@pytest.mark.parametrize("width", [1440, 390])
def test_neither_sign_in_nor_an_error_breaks_a_rule(
    page: Page, live_server, db: None, width: int, complaints: list[str]
):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/accounts/login/")
    assert violations(page, width) == []
    assert page.goto(f"{live_server.url}/no-such-page/").status == 404
    assert violations(page, width) == []
    assert [complaint for complaint in complaints if "404" not in complaint] == []
    complaints.clear()  # the browser says that the page does not exist: so it was meant


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands on what the selector names; every stop must be seen."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            assert page.evaluate("document.activeElement.getClientRects().length") > 0
            return
    raise AssertionError(f"not reached by keyboard: {selector}")


def test_from_home_to_a_household_by_keyboard(page: Page, live_server, county: Household):  # noqa: F811
    sign_in(page, live_server.url)

    page.goto(live_server.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"

    page.goto(live_server.url)
    tab_to(page, ".account-button")
    page.keyboard.press("Enter")
    expect(page.locator(".topbar .dropdown-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".topbar .dropdown-menu")).to_be_hidden()

    page.goto(live_server.url)
    tab_to(page, ".sidebar a[href='/households/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/households/")
    tab_to(page, f"a[href='/households/{county.id}/']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="石演示 户")).to_be_visible()
    tab_to(page, "details.criterion > summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is True


def test_a_dialog_keeps_the_focus_and_gives_it_back(page: Page, live_server, county: Household):  # noqa: F811
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/design/")
    tab_to(page, "[data-dialog=sample-dialog]")
    page.keyboard.press("Enter")
    expect(page.locator("#sample-dialog")).to_be_visible()
    assert page.evaluate("document.activeElement.closest('dialog') !== null") is True
    page.keyboard.press("Escape")
    expect(page.locator("#sample-dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement.dataset.dialog") == "sample-dialog"


def test_paper_shows_what_is_folded_and_no_menu(page: Page, live_server, county: Household):  # noqa: F811
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/households/{county.id}/")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".sidebar")).to_be_hidden()
    assert page.evaluate("document.querySelectorAll('main details:not([open])').length") == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.querySelectorAll('details.criterion[open]').length") == 0
