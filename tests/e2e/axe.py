"""A page held to WCAG 2.2 AA by axe-core, and to the width of its screen."""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[tuple[str, int, str, list[str]]]:
    """What breaks a rule (address, width of the screen, rule, elements), and whether the page is wider than it."""
    page.wait_for_load_state("networkidle")
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    found = page.evaluate("(rules) => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", RULES)
    width = page.evaluate("innerWidth")
    faults = [
        (page.url, width, each["id"], [" ".join(map(str, node["target"])) for node in each["nodes"]])
        for each in found["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append((page.url, width, "wider than the screen", []))
    return faults
