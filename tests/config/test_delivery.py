"""Static files are asked for once, under an address of their content; pages travel compressed."""

import gzip
import hashlib
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client

from lika.accounts.choices import Role
from lika.config.delivery import version_of
from tests.console.officials import signed_in

NAME = "console/css/design.css"
YEAR, HOUR = "max-age=31536000, public, immutable", "max-age=3600, public"


def digest() -> str:
    found = finders.find(NAME)
    assert found
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:8]


def test_an_address_names_the_content() -> None:
    assert static(NAME) == f"/static/{NAME}?v={digest()}"


def test_another_content_is_another_address(tmp_path: Path, settings) -> None:
    settings.STATICFILES_DIRS = [tmp_path]
    finders.get_finder.cache_clear()
    try:
        (tmp_path / "sheet.css").write_text("a {}", encoding="utf-8")
        before = version_of("sheet.css")
        (tmp_path / "sheet.css").write_text("b {} c {}", encoding="utf-8")
        after = version_of("sheet.css")
        assert (before, after) == tuple(hashlib.sha256(text).hexdigest()[:8] for text in (b"a {}", b"b {} c {}"))
    finally:
        finders.get_finder.cache_clear()


def test_a_file_that_no_package_holds_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match=r"no static file 'console/css/absent\.css'"):
        static("console/css/absent.css")


@pytest.mark.parametrize(
    ("asked", "kept"), [("?v={}", YEAR), ("?v=00000000", HOUR), ("?v=", HOUR), ("", HOUR)], ids=repr
)
def test_only_the_version_that_is_served_is_kept_for_a_year(client: Client, asked: str, kept: str) -> None:
    response = client.get(f"/static/{NAME}{asked.format(digest())}")
    whole = Path(str(finders.find(NAME))).read_bytes()
    assert (response.status_code, response["Cache-Control"], response.getvalue()) == (200, kept, whole)


def test_a_large_file_and_its_year_come_compressed(client: Client) -> None:
    name = "vendor/tabler/tabler.min.css"
    response = client.get(static(name), HTTP_ACCEPT_ENCODING="gzip")
    whole = Path(str(finders.find(name))).read_bytes()
    assert (response["Content-Encoding"], response["Cache-Control"]) == ("gzip", YEAR)
    assert gzip.decompress(response.getvalue()) == whole


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "kind"), [("/help/", "text/html; charset=utf-8"), ("/map.json", "application/json")])
def test_pages_and_json_come_compressed_to_whoever_takes_it(path: str, kind: str) -> None:
    client = signed_in(Role.COUNTY)
    response = client.get(path, HTTP_ACCEPT_ENCODING="gzip")
    assert (response["Content-Type"], response["Content-Encoding"]) == (kind, "gzip")
    assert "Accept-Encoding" in response["Vary"]
    assert len(gzip.decompress(response.content)) > len(response.content)
    assert "Content-Encoding" not in client.get(path).headers


@pytest.mark.django_db
def test_a_workbook_is_not_compressed_again() -> None:
    response = signed_in(Role.COUNTY).get("/import/template.xlsx", HTTP_ACCEPT_ENCODING="gzip")
    assert response.status_code == 200
    assert "Content-Encoding" not in response.headers
