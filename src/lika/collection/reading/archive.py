"""The file before anybody reads its cells: is it a workbook, is it safe to open, where are formulas and errors.

The quick reader of cells gives a formula's last result (or nothing) and drops error values, so the
sheets' XML is scanned for both; the scan looks for a few bytes and costs a second for a county.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Self
from xml.etree import ElementTree as ET

from django.utils.translation import gettext_lazy as _

from lika.collection.reading import sources
from lika.collection.reading.sources import Stream, not_a_workbook, too_large
from lika.core.errors import UserError

_OLE = b"\xd0\xcf\x11\xe0"  # an old .xls, or a workbook with a password
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"
_SHEET_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}sheet"
_ID = ("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
       "{http://purl.oclc.org/ooxml/officeDocument/relationships}id")  # fmt: skip
_BLOCK = 1 << 20
_TAIL = 512  # longer than the beginning of any cell, so that none is cut between two blocks
# What a sheet with formulas or errors has somewhere; the second line where the writer used a prefix (<x:f>).
_SUSPECTS = (b"<f", b't="e"', b"t='e'")
_PREFIXED = (b":f>", b":f ", *_SUSPECTS)
_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>\s*<(?:\w+:)?f[\s>/]")
_ERROR = re.compile(rb"""<(?:\w+:)?c\b([^>]*\bt=["']e["'][^>]*)>""")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d+)["']""")


class Archive:
    """An open XLSX file. Raises COL-001 … COL-003 when it is none, too large or locked."""

    def __init__(self, stream: Stream) -> None:
        _require_workbook(stream)
        try:
            self._zip = zipfile.ZipFile(stream)
            self._parts = self._sheet_parts()
        except (zipfile.BadZipFile, KeyError, ET.ParseError) as error:
            raise not_a_workbook() from error
        if sum(info.file_size for info in self._zip.infolist()) > sources.MAX_UNPACKED_BYTES:
            raise too_large()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._zip.close()

    def _sheet_parts(self) -> dict[str, str]:
        """The part of each sheet, by the sheet's name."""
        targets = {
            element.get("Id"): element.get("Target", "")
            for element in _parsed(self._zip.read("xl/_rels/workbook.xml.rels")).iter()
        }
        book = _parsed(self._zip.read("xl/workbook.xml"))
        parts = {}
        for element in (*book.iter(_SHEET), *book.iter(_SHEET_STRICT)):
            target = targets.get(next((element.get(name) for name in _ID if element.get(name)), None), "")
            parts[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        return parts

    @property
    def has_macros(self) -> bool:
        """Whether the workbook carries a program; nothing here would run it."""
        return any(name.startswith("xl/vbaProject") for name in self._zip.namelist())

    def size_of(self, sheet_name: str) -> int:
        """Bytes of a sheet's XML: how much work it is."""
        part = self._parts.get(sheet_name)
        return self._zip.getinfo(part).file_size if part in self._zip.namelist() and part else 0

    def suspects(self, sheet_name: str) -> Iterator[tuple[str, str, int]]:
        """Cells of a sheet that do not hold a plain value: ("formula" | "error", column letters, row from 1)."""
        part = self._parts.get(sheet_name)
        if part is None or part not in self._zip.namelist():
            return
        with self._zip.open(part) as stream:
            yield from _scan(stream)


def _scan(stream: IO[bytes]) -> Iterator[tuple[str, str, int]]:
    tail = b""
    marks: tuple[bytes, ...] | None = None
    while block := stream.read(_BLOCK):
        text = tail + block
        marks = marks or (_SUSPECTS if b"<worksheet" in text else _PREFIXED)
        if any(mark in text for mark in marks):
            for kind, pattern in (("formula", _FORMULA), ("error", _ERROR)):
                for found in pattern.finditer(text):
                    # What ends inside the tail was seen with the block before.
                    if found.end() > len(tail) and (reference := _REFERENCE.search(found[1])):
                        yield kind, reference[1].decode(), int(reference[2])
        tail = text[-_TAIL:]


def _parsed(xml: bytes) -> ET.Element:
    if b"<!DOCTYPE" in xml:
        raise not_a_workbook()  # a workbook has none; an entity bomb has
    return ET.fromstring(xml)  # noqa: S314 - no document type, so no entities


def _require_workbook(file: Stream) -> None:
    if file.seek(0, io.SEEK_END) > sources.MAX_FILE_BYTES:
        raise too_large()
    file.seek(0)
    if file.read(4) == _OLE:
        raise UserError(
            "COL-003",
            _("This is an old .xls file, or a workbook with a password."),
            remedy=_("Open it in the spreadsheet, remove the password and save it as .xlsx."),
        )
    if not zipfile.is_zipfile(file):
        raise not_a_workbook()
