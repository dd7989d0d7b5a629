"""Take the pictures of the README from a running demonstration: `docs/images/*.png`.

Start the demonstration (`make demo`), then run ``.venv/bin/python tools/screenshots.py [ADDRESS]`` from the
repository root. It signs in with a demonstration account of the sign-in page and needs the system's Chromium.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parents[1] / "docs/images"
ADDRESS = "http://127.0.0.1:8000"
ACCOUNT = "xianban"  # the county office
DESKTOP = {"width": 1440, "height": 900}
TELEPHONE = {"width": 390, "height": 844}


def sign_in(page: Page, address: str) -> None:
    """Enter by one click, and fold the guide: the pictures show the pages."""
    page.goto(f"{address}/accounts/login/")
    page.locator(f"button[name='username'][value='{ACCOUNT}']").click()
    page.wait_for_url(f"{address}/")
    page.locator("form[action$='/guide/dismiss/'] button").click()
    page.wait_for_url(f"{address}/")


def settle(page: Page) -> None:
    """Wait until the map, where there is one, has been drawn."""
    page.wait_for_load_state("networkidle")
    if page.locator("[data-map]").count():
        page.locator("[data-map][data-drawn]").wait_for()
    page.wait_for_timeout(300)


def take(page: Page, name: str, *, whole: bool = False) -> None:
    """Save what is seen (or the whole page) as `docs/images/NAME.png`."""
    settle(page)
    page.screenshot(path=IMAGES / f"{name}.png", full_page=whole)


def pictures(page: Page, address: str) -> None:
    """The walk: home, households, one household and why, screening, import; then home on a telephone."""
    take(page, "home")
    page.goto(f"{address}/households/")
    take(page, "households")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()
    take(page, "household")
    page.locator("#criterion-income > summary").click()
    page.locator("#criterion-income .working > summary").click()
    page.locator("#why").evaluate("element => element.scrollIntoView()")
    take(page, "why")
    page.goto(f"{address}/screenings/")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()
    take(page, "screening")
    page.goto(f"{address}/import/")
    take(page, "import")
    page.set_viewport_size(TELEPHONE)
    page.goto(f"{address}/")
    take(page, "telephone")


def main() -> None:
    address = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else ADDRESS
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if executable is None:
        sys.exit("no Chromium on the path: apt-get install chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_context(viewport=DESKTOP, locale="zh-CN").new_page()
        sign_in(page, address)
        pictures(page, address)
        browser.close()


if __name__ == "__main__":
    main()
