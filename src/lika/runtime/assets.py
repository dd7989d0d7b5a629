"""Compressed forms of the large static files: a village's network is slow.

Like the compiled translations they are not kept in the repository; `lika` makes them when it starts, and
WhiteNoise serves them to every browser that accepts them.
"""

import gzip
import os
from collections.abc import Sequence
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
# What everybody shares first, then what each app brings.
ROOTS = (PACKAGE / "static", *sorted(PACKAGE.glob("*/static")))
_SUFFIXES = {".css", ".js", ".svg"}
_SMALLEST = 4096  # bytes; below this a packet is a packet


def compress_all(roots: Sequence[Path] = ROOTS) -> list[Path]:
    """Compress every large file that is newer than its compressed form; returns those written."""
    return [_compress(path) for root in roots for path in sorted(root.rglob("*")) if _is_stale(path)]


def _is_stale(path: Path) -> bool:
    if path.suffix not in _SUFFIXES:
        return False
    source, target = path.stat(), _compressed(path)
    if source.st_size < _SMALLEST or not os.access(path.parent, os.W_OK):
        return False
    return not target.exists() or target.stat().st_mtime_ns < source.st_mtime_ns


def _compressed(path: Path) -> Path:
    return path.with_name(path.name + ".gz")


def _compress(path: Path) -> Path:
    # Written aside and renamed: a web process that starts at the same moment finds the old or the new one whole.
    target = _compressed(path)
    scratch = target.with_suffix(f".{os.getpid()}.new")
    scratch.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    scratch.replace(target)
    return target
