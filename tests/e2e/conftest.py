"""A real browser for the journeys: Debian's Chromium, driven by Playwright.

A violation of the content security policy, an error on the browser's console or an uncaught error
in a script fails the test that caused it.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.e2e.place import place, served_place  # noqa: F401 - a county with an official of every role
from tests.snapshots.conftest import pack, write_pack  # noqa: F401 - what the journey screens by

TIMEOUT = 15_000  # milliseconds: a busy machine is slow, not wrong


@pytest.fixture(scope="session")
def browser(browser_path: str) -> Iterator[Browser]:
    """Chromium without a window."""
    # Playwright keeps an event loop in this thread; Django would refuse the database beside it.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        expect.set_options(timeout=TIMEOUT)
        chromium = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about during the test."""
    return []


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile of an office computer with a Chinese browser."""
    opened = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", accept_downloads=True)
    opened.set_default_timeout(TIMEOUT)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A tab; at the end nothing may have been complained about."""
    tab = context.new_page()
    listen(tab, complaints)
    yield tab
    assert complaints == []


def listen(tab: Page, complaints: list[str]) -> None:
    """Note what the browser complains about; that a form was refused (422) is an answer and no fault."""

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 422" not in message.text:
            complaints.append(message.text)

    tab.on("console", heard)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
