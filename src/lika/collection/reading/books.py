"""A file or folder of any kind as a book of tables. What it is, its first bytes say; its name says nothing.

One workbook; or CSV and Parquet files and workbooks, alone, in a folder or in a ZIP archive: then each file is named
as its sheet is (`户信息.csv`, `persons.parquet`), with a number behind it where the rows come in several files.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import cast

from django.utils.translation import gettext_lazy as _

from lika.collection.reading import sources, xlsx
from lika.collection.reading.delimited import CsvTable
from lika.collection.reading.parquet import MAGIC, ParquetTable
from lika.collection.reading.sources import Source, Stream, files_of, readable
from lika.collection.reading.tables import Book, Table
from lika.core.errors import UserError

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCRYPTED = 0x1
# The number of a part: persons-2, 家庭成员(3), 户信息_第2部分.
_PART = re.compile(r"[\s_.\-]*[((]?(?:第|part)?\s*\d+\s*(?:部分)?[))]?$", re.IGNORECASE)


class Files:
    """Files with rows, each under its name; see `tables.Book`. The sheets of a workbook among them are tables too."""

    parts = True

    def __init__(self, files: Sequence["_File"], stack: ExitStack) -> None:
        self._tables: dict[str, _File | tuple[Book, str]] = {}
        self._remarks: dict[str, None] = {}
        for file in files:
            if file.is_workbook:
                book = stack.enter_context(xlsx.opened(stack.enter_context(file.open())))
                self._tables |= {f"{file.name}/{sheet}": (book, sheet) for sheet in book.names}
                self._remarks |= dict.fromkeys(book.remarks)
            else:
                self._tables[file.name] = file

    @property
    def names(self) -> Sequence[str]:
        return list(self._tables)

    @property
    def remarks(self) -> Sequence[str]:
        return list(self._remarks)

    def label(self, name: str) -> str:
        found = self._tables[name]
        stem = Path(name).stem if isinstance(found, _File) else found[1]
        return _PART.sub("", stem) or stem

    def size_of(self, name: str) -> int:
        found = self._tables[name]
        return found.size if isinstance(found, _File) else found[0].size_of(found[1])

    def table(self, name: str) -> Table | None:
        found = self._tables[name]
        if not isinstance(found, _File):
            return found[0].table(found[1])
        if found.size == 0:
            return None
        kind = ParquetTable if found.start.startswith(MAGIC) else CsvTable
        return kind(name, found.open)


class _File:
    """One file of a folder or archive: its name, its size, its first bytes, and a way to open it again."""

    def __init__(self, name: str, size: int, opener: Callable[[], Stream]) -> None:
        self.name, self.size, self.open = name, size, opener
        with opener() as stream:
            self.start = stream.read(4)

    @property
    def is_workbook(self) -> bool:
        """Whether it is meant as one: what is wrong with it, `xlsx` says."""
        return self.start in (_ZIP, _OLE)


@contextmanager
def opened(source: Source, name: str) -> Iterator[Book]:
    """The tables of a file or folder; `name` is what an upload was called.

    Raises COL-001 … COL-003, COL-005, COL-017 and COL-018 for what cannot be read.
    """
    with ExitStack() as stack:
        if isinstance(source, Path) and source.is_dir():
            files = [_File(path.name, path.stat().st_size, partial(_opened, path)) for path in files_of(source)]
            yield Files(files, stack)
            return
        stream = stack.enter_context(readable(source))
        start = stream.read(4)
        stream.seek(0)
        if start == _ZIP and not _is_workbook(stream):
            yield Files(_members(stack.enter_context(_archive(stream))), stack)
        elif start in (_ZIP, _OLE):
            yield stack.enter_context(xlsx.opened(stream))
        else:
            yield Files([_File(Path(name).name, stream.seek(0, io.SEEK_END), _again(source, stream))], stack)


def _opened(path: Path) -> Stream:
    return path.open("rb")


def _again(source: Source, stream: Stream) -> Callable[[], Stream]:
    if isinstance(source, Path):
        return partial(_opened, source)
    return lambda: io.BytesIO(cast(io.BytesIO, stream).getbuffer())


def _is_workbook(stream: Stream) -> bool:
    """Whether a ZIP archive is a workbook: that it is damaged, the workbook's own reader says better."""
    try:
        with zipfile.ZipFile(stream) as archive:
            return any(name.startswith(("xl/", "[Content_Types]")) for name in archive.namelist())
    except zipfile.BadZipFile:
        return True
    finally:
        stream.seek(0)


def _archive(stream: Stream) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(stream)
    if sum(info.file_size for info in archive.infolist()) > sources.MAX_UNPACKED_BYTES:
        raise sources.too_large()
    if any(info.flag_bits & _ENCRYPTED for info in archive.infolist()):
        raise UserError(
            "COL-003", _("The archive has a password."), remedy=_("Pack the files again without a password.")
        )
    return archive


def _members(archive: zipfile.ZipFile) -> list[_File]:
    found = []
    for info in archive.infolist():
        path = Path(info.filename)
        if not info.is_dir() and not path.name.startswith(".") and "__MACOSX" not in path.parts:
            found.append(_File(info.filename, info.file_size, partial(_unpacked, archive, info)))
    return found


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Stream:
    """A member to read: delimited text as it is unpacked, all else, which is read here and there, in memory."""
    with archive.open(info) as member:
        start = member.read(4)
    if start in (_ZIP, _OLE) or start.startswith(MAGIC):
        return io.BytesIO(archive.read(info))
    return cast(Stream, archive.open(info))
