"""Every page by axe-core (WCAG 2.2 AA), wide and narrow, in both languages; and a walk by keyboard alone. 演示数据"""

import dataclasses

import pytest
from playwright.sync_api import Page, expect

from lika.accounts.choices import Role
from tests.e2e.axe import violations
from tests.e2e.place import Place

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = {
    Role.COUNTY: (
        "/",
        "/households/",
        "/households/{household}/",
        "/households/{household}/changes/",
        "/households/{household}/changes/new/join/",
        "/households/{household}/changes/new/year/",
        "/changes/",
        "/import/",
        "/import/exports/",
        "/screenings/",
        "/screenings/{screening}/",
        "/screenings/{screening}/?unit=village",
        "/screenings/{screening}/units/?unit=village&criterion=few_poor&result=unknown",
        "/screenings/try/?criterion=income",
        "/quality/",
        "/quality/faults/",
        "/quality/duplicates/",
        "/quality/duplicates/?state=cleared",
        "/analysis/",
        "/analysis/?r=village&c=poverty",
        "/analysis/?m=share&v=safe_water&r=township&add=attribute&f=poverty:poor",
        "/analysis/?r=overlap",
        "/analysis/reports/",
        "/analysis/?r=net_income_per_capita",  # asks for the bands
        "/analysis/villages/?analysis=u%3Dvillage%26m%3Dsum%26v%3Dcollective_income&part=unknown",
        "/policy/",
        "/policy/test/exit/",
        "/policy/test/exit/?show=values",
        "/policy/test/exit/?show=cases",
        "/policy/compare/?one=test/exit@1&one_on=2016-01-01&other=test/exit@1&other_on=2017-01-01",
        "/audit/",
        "/disclosure/",
        "/disclosure/{publication}/",
        "/open/",
        "/open/help/",
        "/open/{publication}/",
        "/help/",
        "/help/county/",
        "/help/data-protection/",
        "/help/glossary/",
        "/help/glossary/?q=没有这个词",
        "/design/",
    ),
    Role.ADMINISTRATOR: (
        "/",
        "/officials/",
        "/officials/?text=没有此人",
        "/officials/add/?division=621223100201",
        "/officials/{official}/",
        "/audit/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/sessions/",
    ),
}


def address(place: Place, path: str) -> str:
    return place.url + path.format(**dataclasses.asdict(place))


@pytest.mark.parametrize("role", PAGES)
@pytest.mark.parametrize(("language", "widths"), [("zh-hans", (1440, 390)), ("en", (390,))], ids=["zh-hans", "en"])
def test_no_page_breaks_a_rule(page: Page, place: Place, language: str, widths: tuple[int, ...], role: Role):
    place.sign_in(page, role)
    if language == "en":
        page.evaluate("document.querySelector('form.language button[value=en]').click()")
        expect(page.locator("html")).to_have_attribute("lang", "en")
    found = []
    for path in PAGES[role]:
        assert page.goto(address(place, path)).ok, path
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            found += violations(page)
    assert found == []


@pytest.mark.parametrize("width", [1440, 390])
def test_neither_sign_in_nor_an_error_breaks_a_rule(page: Page, place: Place, width: int, complaints: list[str]):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{place.url}/accounts/login/")
    assert violations(page) == []
    assert page.goto(f"{place.url}/no-such-page/").status == 404
    assert violations(page) == []
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


def test_from_home_to_a_household_by_keyboard(page: Page, place: Place):
    place.sign_in(page, Role.COUNTY)

    page.goto(place.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"

    page.goto(place.url)
    tab_to(page, ".account-button")
    page.keyboard.press("Enter")
    expect(page.locator(".topbar .dropdown-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".topbar .dropdown-menu")).to_be_hidden()

    page.goto(place.url)
    tab_to(page, ".sidebar a[href='/households/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/households/")
    tab_to(page, f"a[href='/households/{place.household}/']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="石演示 户")).to_be_visible()
    tab_to(page, "details.criterion > summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is True


def test_a_dialog_keeps_the_focus_and_gives_it_back(page: Page, place: Place):
    place.sign_in(page, Role.COUNTY)
    page.goto(f"{place.url}/design/")
    tab_to(page, "[data-dialog=sample-dialog]")
    page.keyboard.press("Enter")
    expect(page.locator("#sample-dialog")).to_be_visible()
    assert page.evaluate("document.activeElement.closest('dialog') !== null") is True
    page.keyboard.press("Escape")
    expect(page.locator("#sample-dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement.dataset.dialog") == "sample-dialog"


def test_paper_shows_what_is_folded_and_no_menu(page: Page, place: Place):
    place.sign_in(page, Role.COUNTY)
    page.goto(f"{place.url}/households/{place.household}/")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".sidebar")).to_be_hidden()
    assert page.evaluate("document.querySelectorAll('main details:not([open])').length") == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.querySelectorAll('details.criterion[open]').length") == 0
