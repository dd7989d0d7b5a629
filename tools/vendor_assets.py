"""Rebuild ``src/lika/static/vendor``: the styles, scripts and icons that the screens need, served by ourselves.

Run from the repository root with npm on the path: ``.venv/bin/python tools/vendor_assets.py``. The result is committed.
htmx is not here: ``django-htmx`` ships it.
"""

import hashlib
import json
import re
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from vendor_npm import fetch_package

VENDOR = Path(__file__).parents[1] / "src/lika/static/vendor"
SOURCE_MAP = re.compile(rb"\s*(//|/\*)# sourceMappingURL=[^\s*]+(\s*\*/)?\s*\Z")
SVG = "http://www.w3.org/2000/svg"

ICON_NAMES = (
    "alert-circle",
    "alert-triangle",
    "archive",
    "arrow-back-up",
    "arrow-left",
    "arrow-right",
    "building",
    "building-community",
    "calendar",
    "camera",
    "chart-bar",
    "check",
    "checklist",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "circle-check",
    "circle-x",
    "clipboard-check",
    "clock",
    "database",
    "device-floppy",
    "dots",
    "download",
    "external-link",
    "eye",
    "file-alert",
    "file-check",
    "file-export",
    "file-import",
    "file-spreadsheet",
    "file-text",
    "filter",
    "gavel",
    "help-circle",
    "history",
    "home",
    "id",
    "info-circle",
    "key",
    "language",
    "list",
    "lock",
    "login",
    "logout",
    "map",
    "map-pin",
    "menu-2",
    "minus",
    "pencil",
    "plus",
    "printer",
    "refresh",
    "report-analytics",
    "scale",
    "search",
    "settings",
    "shield",
    "shield-check",
    "sort-ascending",
    "sort-descending",
    "stack-2",
    "table",
    "upload",
    "user",
    "users",
    "users-group",
    "x",
    "zoom-question",
)


@dataclass(frozen=True)
class Package:
    """One npm package and the licence of what is taken from it."""

    name: str
    version: str
    licence: str


CORE = Package("@tabler/core", "1.6.1", "MIT")
ICONS = Package("@tabler/icons", "3.51.0", "MIT")
ECHARTS = Package("echarts", "6.1.0", "Apache-2.0")  # with two parts of d3 under BSD-3-Clause: LICENSE-d3

# (package, file in it, file below the vendor folder)
COPIED = (
    (CORE, "dist/css/tabler.min.css", "tabler/tabler.min.css"),
    (CORE, "dist/js/tabler.min.js", "tabler/tabler.min.js"),
    (ICONS, "LICENSE", "icons/LICENSE"),
    (ECHARTS, "dist/echarts.min.js", "echarts/echarts.min.js"),
    (ECHARTS, "LICENSE", "echarts/LICENSE"),
    (ECHARTS, "NOTICE", "echarts/NOTICE"),
    (ECHARTS, "licenses/LICENSE-d3", "echarts/LICENSE-d3"),
)


def without_source_map(content: bytes) -> bytes:
    """Drop the pointer to a map that is not shipped: a browser would ask for it and log an error."""
    return SOURCE_MAP.sub(b"\n", content)


def tabler_licence(stylesheet: bytes, mit: bytes) -> bytes:
    """The licence that the core package names in its banner but does not ship: the MIT text with its owners."""
    owners = re.findall(rb"^ \* (Copyright .+)$", stylesheet, re.MULTILINE)[:2]
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


def main() -> None:
    files: dict[str, tuple[Package, bytes]] = {}
    with tempfile.TemporaryDirectory() as name:
        roots = {
            package: fetch_package(package.name, package.version, Path(name)) for package in (CORE, ICONS, ECHARTS)
        }
        for package, source, target in COPIED:
            files[target] = (package, without_source_map((roots[package] / source).read_bytes()))
        files["icons/icons.svg"] = (ICONS, icon_sprite(roots[ICONS] / "icons/outline"))
    licence = tabler_licence(files["tabler/tabler.min.css"][1], files["icons/LICENSE"][1])
    files["tabler/LICENSE"] = (CORE, licence)
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
