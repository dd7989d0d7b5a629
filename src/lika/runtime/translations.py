"""Compile the apps' translations (`django.po` -> `django.mo`) without gettext's tools.

The compiled files are not kept in the repository; `lika` brings them up to date when it starts.
"""

import os
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1]


def compile_all(root: Path = PACKAGE) -> list[Path]:
    """Compile every catalogue below `root` that is newer than its compiled form; returns those written.

    Where the package is installed read-only nothing can be written; `lika doctor` then reports it.
    """
    writable = [source for source in stale_catalogues(root) if os.access(source.parent, os.W_OK)]
    return [_compile(source) for source in writable]


def stale_catalogues(root: Path = PACKAGE) -> list[Path]:
    """The catalogues whose compiled form is missing or older."""
    catalogues = sorted(root.glob("*/locale/*/LC_MESSAGES/*.po"))
    return [source for source in catalogues if not _is_compiled(source)]


def _is_compiled(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns


def _compile(source: Path) -> Path:
    # Written aside and renamed: a process that starts at the same moment reads the old or the new one whole.
    target = source.with_suffix(".mo")
    scratch = target.with_suffix(f".{os.getpid()}.new")
    polib.pofile(str(source), encoding="utf-8").save_as_mofile(str(scratch))
    scratch.replace(target)
    return target
