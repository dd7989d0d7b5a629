"""Files that never change, under a second name; and a disk that is full, told alike whoever was writing."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from lika.engine.errors import EngineError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: DuckDB tells what the system said, and no number.
_SAID = tuple(os.strerror(number) for number in _FULL)


class DiskFull(EngineError):
    """No space is left for what was being written; what there is of it is no result."""


@contextmanager
def told_of_full_disk() -> Iterator[None]:
    """Raise DiskFull (ENG-119) where the system, Arrow or DuckDB finds no space; all else as it is."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL or any(said in str(error) for said in _SAID):
            raise DiskFull("ENG-119") from error
        raise
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        # What does not fit in memory is laid on the disk; a full one ends as either.
        if any(said in str(error) for said in _SAID):
            raise DiskFull("ENG-119") from error
        raise


def same_file(source: Path, target: Path) -> None:
    """The same file under another name where the disk can, else a copy: neither is ever changed."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
