"""CSV files as offices have them: UTF-8 with or without a mark, UTF-16, GB18030; commas, tabs, semicolons or bars."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pyarrow as pa
from django.utils.translation import gettext_lazy as _

from lika.collection.reading.sources import Stream
from lika.collection.reading.tables import Block, Cells, blocks_of
from lika.core.errors import UserError

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# GB18030 takes GB2312 and GBK in. It reads nearly anything, so it is asked last.
_WITHOUT_MARK = ("utf-8", "gb18030")
_DELIMITERS = (",", "\t", ";", "|")
_HEAD = 8
_PIECE = 1 << 20

Records = Any  # what csv.reader gives: its type has no name
Opener = Callable[[], Stream]


class CsvTable:
    """A file of delimited text; see `tables.Table`. A row is a record, also where a cell runs over several lines."""

    left = 0

    def __init__(self, name: str, opener: Opener) -> None:
        """`opener` gives the bytes anew each time. Raises COL-018 when they are no text."""
        self._name, self._opener = name, opener
        with self._opener() as stream:
            self._encoding, self._lines = _encoding(name, stream)
        self._delimiter = self._find_delimiter()

    @property
    def height(self) -> int:
        return self._lines

    def rows(self) -> Iterator[Cells]:
        with self._records() as records:
            while True:
                try:
                    record = next(records, None)
                except csv.Error as error:
                    raise _unreadable(self._name, records.line_num) from error
                if record is None:
                    return
                yield record

    def blocks(self, positions: Mapping[str, int], after: int, size: int) -> Iterator[Block]:
        numbered = enumerate(self.rows(), start=1)
        width = max((len(row) for _number, row in islice(numbered, after)), default=0)
        for block in blocks_of(numbered, positions, size, width):
            block.cells = {name: pa.array(cells, pa.string()) for name, cells in block.cells.items()}
            yield block

    def merged(self) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
        return ()

    def suspects(self) -> Iterator[tuple[str, str, int]]:
        return iter(())

    def unreadable(self) -> Mapping[int, str]:
        return {}

    @contextmanager
    def _records(self, delimiter: str = "") -> Iterator[Records]:
        stream = self._opener()
        with io.TextIOWrapper(stream, encoding=self._encoding, newline="") as text:
            yield csv.reader(text, delimiter=delimiter or self._delimiter, strict=True)

    def _find_delimiter(self) -> str:
        """The sign that divides the first rows into most cells."""
        widths = {}
        for sign in _DELIMITERS:
            try:
                with self._records(sign) as records:
                    widths[sign] = max((len(record) for record in islice(records, _HEAD)), default=0)
            except csv.Error:
                widths[sign] = 0
        return max(_DELIMITERS, key=lambda sign: widths[sign])


def _encoding(name: str, stream: Stream) -> tuple[str, int]:
    """How a text is encoded, proved by decoding all of it; and its lines. Raises COL-018."""
    start = stream.read(4)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            tried: tuple[str, ...] = (encoding,)
            break
    else:
        tried = _WITHOUT_MARK
    for encoding in tried:
        stream.seek(0)
        lines = _decoded(stream, encoding)
        if lines is not None:
            return encoding, lines
    raise UserError(
        "COL-018",
        _("The file is no text in UTF-8 or GB18030."),
        remedy=_("Save it as CSV in UTF-8, or as a workbook (.xlsx)."),
        file=name,
    )


def _decoded(stream: Stream, encoding: str) -> int | None:
    """The lines of a text; None where it is no text of this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 1
    try:
        while piece := stream.read(_PIECE):
            text = decoder.decode(piece)
            if "\0" in text:
                return None
            lines += text.count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return lines


def _unreadable(name: str, line: int) -> UserError:
    return UserError(
        "COL-019",
        _("The rows cannot be told apart from line %(line)d on: a quotation mark opens a cell and nothing closes it.")
        % {"line": line},
        remedy=_("Double the quotation marks inside cells, or save the file as a workbook (.xlsx)."),
        file=name,
        row=line,
    )
