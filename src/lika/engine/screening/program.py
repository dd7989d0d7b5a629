"""Which program works verdicts out: results are taken over only from a run of the same one."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import duckdb
import ibis

_ENGINE = Path(__file__).resolve().parents[1]
_TEXTS = frozenset({".py", ".lark"})


@lru_cache(maxsize=1)
def program() -> str:
    """SHA-256 over the texts of the engine and the versions of the database and of its SQL generator."""
    digest = hashlib.sha256(f"duckdb {duckdb.__version__} ibis {ibis.__version__}".encode())
    for path in sorted(path for path in _ENGINE.rglob("*") if path.suffix in _TEXTS):
        text = path.read_bytes()
        digest.update(f"\n{path.relative_to(_ENGINE).as_posix()} {len(text)}\n".encode() + text)
    return digest.hexdigest()
