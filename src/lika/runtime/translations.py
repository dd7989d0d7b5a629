"""Compile the apps' translations (`django.po` -> `django.mo`) without gettext's tools.

The compiled files are not kept in the repository; `lika` brings them up to date when it starts.
"""

import os
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1]


def compile_all(root: Path = PACKAGE) -> list[Path]:
    """Compile every catalogue below `root` that is newer than its compiled form; returns those written.

    Where the package is installed read-only the compiled files were made at installation; nothing is
    written then.
    """
    return [target for source in sorted(root.glob("*/locale/*/LC_MESSAGES/*.po")) if (target := _compile(source))]


def _compile(source: Path) -> Path | None:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return None
    if not os.access(source.parent, os.W_OK):
        return None
    # Written aside and renamed: a process that starts at the same moment reads the old or the new one whole.
    scratch = target.with_suffix(f".{os.getpid()}.new")
    polib.pofile(str(source), encoding="utf-8").save_as_mofile(str(scratch))
    scratch.replace(target)
    return target
