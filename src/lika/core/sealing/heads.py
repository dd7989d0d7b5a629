"""Copies of the signed heads outside the database: one line of JSON each, appended and never changed.

Copy the file to another machine now and then: a rewritten chain then has to explain heads that somebody else holds.
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lika.core.models import AuditHead
from lika.runtime.locks import exclusive

# The last lines that are compared with the table before new ones are appended.
_TAIL_BYTES = 1_000_000


@dataclass(frozen=True)
class Head:
    """The end of a county's chain after one sealing."""

    county: int
    position: int
    link: bytes
    sealed_at: datetime
    signature: bytes


@dataclass(frozen=True)
class BadLine:
    """A line that is no head."""

    number: int


def heads_file() -> Path:
    """The file of this installation."""
    return Path(settings.LIKA.data_dir) / "audit" / "heads.jsonl"


def of_row(row: AuditHead) -> Head:
    """The head in a row of the table."""
    return Head(row.county, row.position, bytes(row.link), row.sealed_at, bytes(row.signature))


@contextmanager
def held() -> Iterator[None]:
    """Keep the table of heads and this file in step: the sealer holds it from the seal to the copy."""
    folder = heads_file().parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with exclusive(folder / ".lock"):
        yield


def append(heads: Iterable[Head], path: Path | None = None) -> int:
    """Append heads and make sure they are on the disk; returns how many."""
    lines = [_line(head) for head in heads]
    if lines:
        target = path or heads_file()
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write("".join(lines))
            file.flush()
            os.fsync(handle)
    return len(lines)


def read(path: Path) -> Iterator[Head | BadLine]:
    """The heads of a file in its order."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            yield _head(line) or BadLine(number)


def newest() -> dict[int, Head]:
    """The last copied head of each county, from this installation's file; empty before the first sealing."""
    path = heads_file()
    if not path.exists():
        return {}
    seen = path.stat()
    return dict(_newest(path, seen.st_mtime_ns, seen.st_size))


@lru_cache(maxsize=1)
def _newest(path: Path, _changed: int, _size: int) -> dict[int, Head]:
    """Read once for each state of the file: pages ask often, and it only grows."""
    return {line.county: line for line in read(path) if isinstance(line, Head)}


def append_missing() -> int:
    """Append the heads of the table that the file lacks: a crash between the commit and the copy left them out."""
    path = heads_file()
    known, since = _tail(path)
    rows = AuditHead.objects.order_by("id")
    if since is not None:
        rows = rows.filter(sealed_at__gte=since)
    return append(head for row in rows.iterator() if (head := of_row(row)) not in known)


def _tail(path: Path) -> tuple[set[Head], datetime | None]:
    """The last heads of the file, and the moment from which all of them are among these (None: from the beginning)."""
    if not path.exists():
        return set(), None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        from_start = file.tell() == 0
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    heads = [head for line in lines if (head := _head(line)) is not None]
    since = None if from_start or not heads else min(head.sealed_at for head in heads)
    return set(heads), since


def _line(head: Head) -> str:
    fields = {
        "county": head.county,
        "position": head.position,
        "link": head.link.hex(),
        "sealed_at": head.sealed_at.isoformat(timespec="microseconds"),
        "signature": head.signature.hex(),
    }
    return json.dumps(fields, separators=(",", ":")) + "\n"


def _head(line: str) -> Head | None:
    try:
        fields = json.loads(line)
        return Head(
            int(fields["county"]),
            int(fields["position"]),
            bytes.fromhex(fields["link"]),
            datetime.fromisoformat(fields["sealed_at"]),
            bytes.fromhex(fields["signature"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
