"""Rebuild ``src/lika/core/papers/fonts``: the faces in which papers are printed (docs/adr/papers-by-typst.md).

Run from the repository root with npm on the path: ``.venv/bin/python tools/vendor_fonts.py``. The result is committed,
as it was published: a face with fewer characters would print somebody's name as a box.
"""

import hashlib
import json
import tempfile
from pathlib import Path

from vendor_npm import fetch_package

FONTS = Path(__file__).parents[1] / "src/lika/core/papers/fonts"
LICENCE = "OFL-1.1"
# (package, version, file in it, file below the folder)
COPIED = (
    ("@expo-google-fonts/noto-sans-sc", "0.4.3", "400Regular/NotoSansSC_400Regular.ttf", "NotoSansSC-Regular.ttf"),
    ("@expo-google-fonts/noto-sans-sc", "0.4.3", "700Bold/NotoSansSC_700Bold.ttf", "NotoSansSC-Bold.ttf"),
    ("@expo-google-fonts/noto-sans-sc", "0.4.3", "LICENSE_FONT", "LICENSE-NotoSansSC"),
    ("@expo-google-fonts/noto-serif-sc", "0.4.3", "400Regular/NotoSerifSC_400Regular.ttf", "NotoSerifSC-Regular.ttf"),
    ("@expo-google-fonts/noto-serif-sc", "0.4.3", "LICENSE_FONT", "LICENSE-NotoSerifSC"),
)


def main() -> None:
    versions = {}
    FONTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        packages = {(package, version) for package, version, _, _ in COPIED}
        roots = {each: fetch_package(*each, Path(name)) for each in packages}
        for package, version, source, target in COPIED:
            content = (roots[package, version] / source).read_bytes()
            (FONTS / target).write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            versions[target] = {"package": package, "version": version, "licence": LICENCE, "sha256": digest}
    (FONTS / "VERSIONS.json").write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
