"""Nothing served is younger than the oldest browser (docs/adr/browser-floor.md), and the first load stays small."""

import gzip
import re
from pathlib import Path

import django_htmx
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

import lika
from lika.accounts.choices import Role
from tests.console.officials import signed_in

PACKAGE = Path(lika.__file__).parent
SERVED = sorted(path for path in PACKAGE.rglob("static/**/*") if path.suffix in {".css", ".js"})
SERVED.append(Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js")
YOUNGER = {
    ".css": re.compile(
        r"color-mix\(|oklch\(|oklab\(|:has\(|:is\(|:where\(|@layer|@container|\d(?:dvh|svh|lvh|dvw)\b|(?<![\w-])inset\s*:"
        r"|(?<![\w-])inset-(?:inline|block)\s*:|(?<![\w-])(?:margin|padding)-(?:inline|block)\s*:|(?<![\w-])aspect-ratio\s*:"
        r"|accent-color|light-dark\(|scrollbar-gutter|overflow(?:-[xy])?\s*:\s*clip|text-wrap|@starting-style|field-sizing"
    ),
    ".js": re.compile(
        r"\bstructuredClone\(|\.at\(-?\d|\.findLast(?:Index)?\(|\.hasOwn\(|\.toSorted\(|\.toReversed\("
        r"|\.showPopover\(|\bcrypto\.randomUUID|\bstatic\s*\{|\?\?=|\|\|=|&&=\s*[^=]|\bObject\.groupBy"
    ),
}
# What stands there all the same, with how often and why it does no harm.
KNOWN = {
    ("tabler.min.css", "text-wrap"): 1,  # a line broken less evenly
    ("tabler.min.css", ":has("): 1,  # an underline less when a link with an icon is pointed at: the rule stands alone
}
FIRST_LOAD, LATER_PAGE = 600_000, 60_000  # bytes, compressed


@pytest.mark.parametrize("path", SERVED, ids=lambda path: path.name)
def test_what_is_served_is_no_younger_than_the_floor(path: Path):
    found: dict[tuple[str, str], int] = {}
    for word in YOUNGER[path.suffix].findall(path.read_text(encoding="utf-8")):
        found[path.name, word] = found.get((path.name, word), 0) + 1
    assert found == {key: times for key, times in KNOWN.items() if key[0] == path.name}


def test_the_words_are_found_where_they_stand():
    assert YOUNGER[".css"].findall("a{inset:0}b{color:oklch(1 0 0)}c:has(d){e-inset:1}") == [
        "inset:",
        "oklch(",
        ":has(",
    ]
    assert YOUNGER[".js"].findall("a.at(-1); a ??= 1; structuredClone(b); a.format(1)") == [
        ".at(-1",
        "??=",
        "structuredClone(",
    ]


def assets(page: str) -> set[str]:
    return {found.split("?")[0] for found in re.findall(r'(?:src|href)="/static/([^"#]+)', page)}


def compressed(path: str) -> int:
    found = finders.find(path)
    assert found, path
    return len(gzip.compress(Path(found).read_bytes()))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/households/", "/design/"])
def test_the_first_load_and_the_later_pages_stay_small(address: str):
    client: Client = signed_in(Role.COUNTY)
    page = client.get(address).content
    itself = len(gzip.compress(page))
    assert itself < LATER_PAGE
    loaded = assets(page.decode())
    assert {"vendor/icons/icons.svg", "vendor/tabler/tabler.min.css", "console/js/console.js"} < loaded
    assert sum(map(compressed, loaded)) + itself < FIRST_LOAD
