"""Where rows come from: a file or folder by its path, or the bytes of an upload, which never lie on disk in clear."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from lika.core.errors import UserError

Source = Path | io.BytesIO
# Seekable bytes, from the first.
Stream = BinaryIO | io.BytesIO

# Of an upload, and of a workbook wherever it comes from.
MAX_FILE_BYTES = 200 * 1024 * 1024
# What a workbook or an archive may unpack to: a county's workbook has 0.4 GB; a bomb has more.
MAX_UNPACKED_BYTES = 3 * 1024 * 1024 * 1024
_PIECE = 1 << 20


@contextmanager
def readable(source: Source) -> Iterator[Stream]:
    """The bytes of a file, from the first. Raises COL-005 where there is no such file."""
    if not isinstance(source, Path):
        source.seek(0)
        yield source
        return
    if not source.is_file():
        raise _missing(source)
    with source.open("rb") as file:
        yield file


def files_of(source: Path) -> list[Path]:
    """A file alone, or the visible files of a folder by name. Raises COL-005 where there is neither."""
    if source.is_dir():
        return sorted(path for path in source.iterdir() if path.is_file() and not path.name.startswith((".", "~$")))
    if not source.is_file():
        raise _missing(source)
    return [source]


def fingerprint(source: Source) -> tuple[str, int]:
    """The SHA-256 of a file, or of the names and contents of a folder's files; and the bytes in it. Raises COL-005."""
    digest, size = hashlib.sha256(), 0
    files: list[Source] = [source]
    if isinstance(source, Path) and source.is_dir():
        paths = files_of(source)
        digest.update("\0".join(f"{path.name}\0{path.stat().st_size}" for path in paths).encode())
        files = list(paths)
    for each in files:
        with readable(each) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                size += len(piece)
    return digest.hexdigest(), size


def _missing(source: Path) -> UserError:
    return UserError("COL-005", _("The file does not exist."), remedy=_("Check its name."), file=source.name)


def not_a_workbook() -> UserError:
    """COL-001: neither a workbook nor anything else that can be read."""
    return UserError(
        "COL-001",
        _("This is neither an XLSX workbook nor a CSV or Parquet file."),
        remedy=_("Save it as .xlsx in the spreadsheet."),
    )


def too_large() -> UserError:
    """COL-002."""
    return UserError(
        "COL-002",
        _("The file is too large (%(limit)d MB at most).") % {"limit": MAX_FILE_BYTES // 1024 // 1024},
        remedy=_("Split it by township."),
    )
