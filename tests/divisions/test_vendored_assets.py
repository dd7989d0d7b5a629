"""What the browser loads is what was vendored, whole, and asks no other host for anything."""

import hashlib
import json
import re
from pathlib import Path

import lika

VENDOR = Path(lika.__file__).parent / "static/vendor"
NAMESPACES_AND_CREDITS = {
    "https://github.com/tabler/tabler/blob/master/LICENSE",
    "https://tabler.io",
    "https://getbootstrap.com/",
    "https://github.com/twbs/bootstrap/blob/main/LICENSE",
    "https://github.com/twbs/bootstrap/graphs/contributors",
    "https://popper.js.org",
    "https://popper.js.org/docs/v2/",
    "https://github.com/ecomfe/zrender/blob/master/LICENSE",
    "http://www.apache.org/licenses/LICENSE-2.0",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/2000/xmlns/",
    "http://www.w3.org/XML/1998/namespace",
}


def versions() -> dict[str, dict[str, str]]:
    return json.loads((VENDOR / "VERSIONS.json").read_text(encoding="utf-8"))


def test_every_file_is_listed_and_unchanged() -> None:
    kept = (path for path in VENDOR.rglob("*") if path.is_file() and path.suffix != ".gz")  # made at set-up
    present = {path.relative_to(VENDOR).as_posix(): path for path in kept}
    del present["VERSIONS.json"]
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in present.items()} == {
        name: entry["sha256"] for name, entry in versions().items()
    }


def test_versions_are_those_of_the_stack() -> None:
    assert {(entry["package"], entry["version"], entry["licence"]) for entry in versions().values()} == {
        ("@tabler/core", "1.0.0", "MIT"),
        ("@tabler/icons", "3.51.0", "MIT"),
        ("echarts", "6.1.0", "Apache-2.0"),
    }


def test_nothing_points_to_another_host_or_to_a_source_map() -> None:
    scripts_and_styles = [path for name in versions() if (path := VENDOR / name).suffix in {".js", ".css", ".svg"}]
    assert len(scripts_and_styles) == 4
    for path in scripts_and_styles:
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"https?://[\w./-]*\w/?", text)) <= NAMESPACES_AND_CREDITS, path.name
        assert "sourceMappingURL" not in text
        assert re.findall(r"url\((?!\s*[\"']?(?:data:|#))[^)]{0,80}\)", text) == [], path.name
        assert "@import" not in text


def test_every_package_brings_its_licence() -> None:
    assert {name for name in versions() if "LICENSE" in name or "NOTICE" in name} == {
        "echarts/LICENSE",
        "echarts/LICENSE-d3",
        "echarts/NOTICE",
        "icons/LICENSE",
        "tabler/LICENSE",
    }
    assert "Copyright 2018-2025 The Tabler Authors" in (VENDOR / "tabler/LICENSE").read_text(encoding="utf-8")


def test_the_icons_of_the_menus_are_in_the_sprite() -> None:
    sprite = (VENDOR / "icons/icons.svg").read_text(encoding="utf-8")
    icons = set(
        re.findall(r'<symbol id="icon-([a-z0-9-]+)" viewBox="0 0 24 24" fill="none" stroke="currentColor"', sprite)
    )
    assert icons >= {"home", "map", "list", "users", "file-spreadsheet", "checklist", "alert-triangle", "download"}
    assert icons >= {"upload", "language", "logout", "shield-check", "history", "search", "filter", "chevron-right"}


def test_every_icon_that_a_template_asks_for_is_in_the_sprite() -> None:
    package = Path(lika.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in package.glob("*/templates/**/*.html")]
    wanted = {name for text in texts for name in re.findall(r'\{% icon "([a-z0-9-]+)"', text)}
    sprite = (VENDOR / "icons/icons.svg").read_text(encoding="utf-8")
    assert {name for name in wanted if f'id="icon-{name}"' not in sprite} == set()
