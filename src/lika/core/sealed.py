"""Files with personal data in the data folder: encrypted, whole, readable by this user only."""

import os
import time
from pathlib import Path

from django.conf import settings

from lika.core import crypto

KEPT_SECONDS = 7 * 24 * 60 * 60


def folder(name: str) -> Path:
    """A folder of the data folder."""
    path = Path(settings.LIKA.data_dir) / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def write(path: Path, content: bytes, place: crypto.Place) -> None:
    """Whole or not at all, and on the disk when this returns: what is cut off would not open."""
    scratch = path.with_suffix(".part")
    try:
        with open(scratch, "xb", opener=_private) as target:
            target.write(crypto.seal(content, place))
            target.flush()
            os.fsync(target.fileno())
        scratch.rename(path)
        _sync_folder(path.parent)
    finally:
        scratch.unlink(missing_ok=True)


def read(path: Path, place: crypto.Place) -> bytes:
    """The content, decrypted. Raises COR-002 when it was altered, FileNotFoundError when it is no longer kept."""
    return crypto.unseal(path.read_bytes(), place)


def remove_old(within: Path) -> None:
    """Remove what nobody took up again."""
    limit = time.time() - KEPT_SECONDS
    for path in within.iterdir():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(path: Path) -> None:
    """The name of a file is an entry of its folder, which reaches the disk by itself."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
