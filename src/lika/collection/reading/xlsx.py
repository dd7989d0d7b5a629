"""Workbooks: the quick reader of cells, and the scan of what it passes over in silence."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from lika.collection.reading.archive import Archive
from lika.collection.reading.sources import Stream, not_a_workbook
from lika.collection.reading.tables import Block, Cells, blocks_of


class XlsxTable:
    """A sheet of a workbook; see `tables.Table`."""

    def __init__(self, name: str, sheet: CalamineSheet, archive: Archive) -> None:
        self._name, self._sheet, self._archive = name, sheet, archive

    @property
    def left(self) -> int:
        return self._sheet.start[1] if self._sheet.start else 0

    @property
    def height(self) -> int:
        return self._sheet.total_height

    def rows(self) -> Iterator[Cells]:
        return self._sheet.iter_rows()

    def blocks(self, positions: Mapping[str, int], after: int, size: int) -> Iterator[Block]:
        return blocks_of(islice(enumerate(self.rows(), start=1), after, None), positions, size)

    def merged(self) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
        return self._sheet.merged_cell_ranges or ()

    def suspects(self) -> Iterator[tuple[str, str, int]]:
        return self._archive.suspects(self._name)

    def unreadable(self) -> Mapping[int, str]:
        return {}


class XlsxBook:
    """A workbook; see `tables.Book`. Each sheet stands in it once."""

    parts = False

    def __init__(self, archive: Archive, book: CalamineWorkbook) -> None:
        self._archive, self._book = archive, book

    @property
    def names(self) -> Sequence[str]:
        return self._book.sheet_names

    @property
    def remarks(self) -> Sequence[str]:
        return ["COL-023"] if self._archive.has_macros else []

    def label(self, name: str) -> str:
        return name

    def size_of(self, name: str) -> int:
        return self._archive.size_of(name)

    def table(self, name: str) -> XlsxTable | None:
        try:
            sheet = self._book.get_sheet_by_name(name)
        except CalamineError as error:
            raise not_a_workbook() from error
        return None if sheet.start is None else XlsxTable(name, sheet, self._archive)  # not even headings


@contextmanager
def opened(stream: Stream) -> Iterator[XlsxBook]:
    """A workbook. Raises COL-001 … COL-003 when it is none, too large or locked."""
    with Archive(stream) as archive:
        stream.seek(0)
        try:
            book = CalamineWorkbook.from_filelike(stream)
        except CalamineError as error:
            raise not_a_workbook() from error
        with book:
            yield XlsxBook(archive, book)
