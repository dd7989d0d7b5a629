"""Rebuild ``src/lika/static/vendor``: the styles, scripts and icons that the screens need, served by ourselves.

Run from the repository root with npm on the path: ``.venv/bin/python tools/vendor_assets.py``. The result is committed.
Styles and scripts are compiled for the oldest browser that is served (docs/adr/browser-floor.md). htmx is not here:
``django-htmx`` ships it. axe-core is for the browser tests alone and stays below ``tests``.
"""

import hashlib
import json
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from vendor_npm import fetch_package, install_packages

ROOT = Path(__file__).parents[1]
VENDOR = ROOT / "src/lika/static/vendor"
TEST_VENDOR = ROOT / "tests/e2e/vendor"
FLOOR = "chrome86"
ECHARTS_PARTS = Path(__file__).with_name("echarts_parts.mjs")
SOURCE_MAP = re.compile(rb"\s*(//|/\*)# sourceMappingURL=[^\s*]+(\s*\*/)?\s*\Z")
SVG = "http://www.w3.org/2000/svg"

ICON_NAMES = (
    "adjustments",
    "alarm",
    "alert-circle",
    "alert-octagon",
    "alert-triangle",
    "archive",
    "arrow-back-up",
    "arrow-down",
    "arrow-down-right",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "arrow-up-right",
    "arrows-diff",
    "bell",
    "bell-ringing",
    "book",
    "bookmark",
    "briefcase",
    "building",
    "building-bank",
    "building-community",
    "building-hospital",
    "building-warehouse",
    "bulb",
    "calendar",
    "calendar-due",
    "calendar-event",
    "calendar-time",
    "camera",
    "cash",
    "certificate",
    "chart-bar",
    "chart-dots",
    "chart-line",
    "chart-pie",
    "check",
    "checklist",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "chevrons-right",
    "circle",
    "circle-check",
    "circle-dashed",
    "circle-dot",
    "circle-minus",
    "circle-plus",
    "circle-x",
    "clipboard-check",
    "clock",
    "clock-hour-4",
    "coin",
    "compass",
    "copy",
    "database",
    "device-floppy",
    "door-enter",
    "dots",
    "download",
    "droplet",
    "edit",
    "external-link",
    "eye",
    "eye-off",
    "file",
    "file-alert",
    "file-check",
    "file-export",
    "file-import",
    "file-spreadsheet",
    "file-text",
    "file-type-pdf",
    "file-type-xls",
    "filter",
    "flag",
    "folder",
    "gavel",
    "hand-stop",
    "hash",
    "heart-handshake",
    "help",
    "help-circle",
    "history",
    "home",
    "home-heart",
    "hourglass",
    "id",
    "inbox",
    "info-circle",
    "key",
    "keyboard",
    "language",
    "layout-dashboard",
    "link",
    "list",
    "list-check",
    "list-details",
    "loader-2",
    "lock",
    "login",
    "logout",
    "map",
    "map-2",
    "map-pin",
    "map-search",
    "menu-2",
    "message-circle",
    "minus",
    "news",
    "note",
    "notebook",
    "palette",
    "paperclip",
    "pencil",
    "phone",
    "plant-2",
    "player-pause",
    "player-play",
    "plus",
    "point",
    "presentation",
    "printer",
    "question-mark",
    "refresh",
    "report",
    "report-analytics",
    "rubber-stamp",
    "scale",
    "school",
    "search",
    "send",
    "settings",
    "shield",
    "shield-check",
    "signature",
    "sort-ascending",
    "sort-descending",
    "speakerphone",
    "stack-2",
    "star",
    "sum",
    "table",
    "target",
    "timeline",
    "tractor",
    "trash",
    "trending-down",
    "trending-up",
    "upload",
    "user",
    "user-check",
    "user-plus",
    "users",
    "users-group",
    "users-plus",
    "versions",
    "wallet",
    "world",
    "writing",
    "x",
    "zoom-in",
    "zoom-out",
    "zoom-question",
)


@dataclass(frozen=True)
class Package:
    """One npm package and the licence of what is taken from it."""

    name: str
    version: str
    licence: str


CORE = Package("@tabler/core", "1.0.0", "MIT")
ICONS = Package("@tabler/icons", "3.51.0", "MIT")
ECHARTS = Package("echarts", "6.1.0", "Apache-2.0")  # with two parts of d3 under BSD-3-Clause: LICENSE-d3

AXE = Package("axe-core", "4.14.1", "MPL-2.0")
ESBUILD = Package("esbuild", "0.28.2", "MIT")  # compiles; nothing of it is shipped

# (package, file in it, file below the vendor folder)
COPIED = (
    (ICONS, "LICENSE", "icons/LICENSE"),
    (ECHARTS, "LICENSE", "echarts/LICENSE"),
    (ECHARTS, "NOTICE", "echarts/NOTICE"),
    (ECHARTS, "licenses/LICENSE-d3", "echarts/LICENSE-d3"),
)


def without_source_map(content: bytes) -> bytes:
    """Drop the pointer to a map that is not shipped: a browser would ask for it and log an error."""
    return SOURCE_MAP.sub(b"\n", content)


def tabler_licence(stylesheet: bytes, mit: bytes) -> bytes:
    """The licence that the core package names in its banner but does not ship: the MIT text with its owners."""
    owners = re.findall(rb"^ ?\* (Copyright .+)$", stylesheet, re.MULTILINE)[:2]
    bundled = (
        b"\nIncludes parts of Bootstrap (Copyright the Bootstrap Authors) and Popper (Copyright Federico Zivolo), "
        b"both MIT.\n"
    )
    return re.sub(rb"^Copyright .+$", b"\n".join(owners), mit, flags=re.MULTILINE) + bundled


def icon_sprite(icons: Path) -> bytes:
    """One SVG with a ``<symbol id="icon-NAME">`` an icon, drawn in the colour of the text around it."""
    ET.register_namespace("", SVG)
    sprite = ET.Element(f"{{{SVG}}}svg")
    for name in ICON_NAMES:
        icon = ET.parse(icons / f"{name}.svg").getroot()
        symbol = ET.SubElement(sprite, f"{{{SVG}}}symbol", {"id": f"icon-{name}", "viewBox": icon.attrib["viewBox"]})
        kept = ("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin")
        symbol.attrib |= {key: icon.attrib[key] for key in kept}
        # Every icon starts with an invisible 24 x 24 square that only an editor needs.
        symbol.extend(part for part in icon if part.attrib.get("stroke") != "none")
        for part in symbol:
            part.tail = None
    ET.indent(sprite, space="")
    return ET.tostring(sprite, encoding="utf-8") + b"\n"


def compile_for_floor(tools: Path, source: Path, *options: str) -> bytes:
    """What esbuild makes of ``source``, minified, in words that the floor browser knows."""
    command = [str(tools / "node_modules/.bin/esbuild"), str(source), "--minify", f"--target={FLOOR}", *options]
    environment = os.environ | {"NODE_PATH": str(tools / "node_modules")}
    return subprocess.run(command, check=True, capture_output=True, env=environment).stdout


def vendored(folder: Path) -> dict[str, tuple[Package, bytes]]:
    """Every file of the vendor folder, by its path in it, with the package that it comes from."""
    tools = install_packages(folder, *(f"{package.name}@{package.version}" for package in (ESBUILD, ECHARTS)))
    roots = {package: fetch_package(package.name, package.version, folder) for package in (CORE, ICONS, ECHARTS)}
    files = {
        target: (package, without_source_map((roots[package] / source).read_bytes()))
        for package, source, target in COPIED
    }
    files["icons/icons.svg"] = (ICONS, icon_sprite(roots[ICONS] / "icons/outline"))
    styles = compile_for_floor(tools, roots[CORE] / "dist/css/tabler.css")
    files["tabler/tabler.min.css"] = (CORE, styles)
    files["tabler/tabler.min.js"] = (CORE, compile_for_floor(tools, roots[CORE] / "dist/js/tabler.js"))
    licence = tabler_licence((roots[CORE] / "dist/css/tabler.css").read_bytes(), files["icons/LICENSE"][1])
    files["tabler/LICENSE"] = (CORE, licence)
    bundle = compile_for_floor(tools, ECHARTS_PARTS, "--bundle", "--format=iife", "--global-name=echarts")
    files["echarts/echarts.min.js"] = (ECHARTS, bundle)
    return files


def write_test_tools(folder: Path) -> None:
    """axe-core with its licence, for the browser tests."""
    root = fetch_package(AXE.name, AXE.version, folder)
    TEST_VENDOR.mkdir(parents=True, exist_ok=True)
    (TEST_VENDOR / "axe.min.js").write_bytes((root / "axe.min.js").read_bytes())
    (TEST_VENDOR / "LICENSE-axe-core").write_bytes((root / "LICENSE").read_bytes())


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        files = vendored(Path(name))
        write_test_tools(Path(name))
    versions = {}
    for target, (package, content) in sorted(files.items()):
        path = VENDOR / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        versions[target] = {
            "package": package.name,
            "version": package.version,
            "licence": package.licence,
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    (VENDOR / "VERSIONS.json").write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
