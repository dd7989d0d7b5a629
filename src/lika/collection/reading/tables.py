"""What every kind of file looks like to the reader: a book of tables, each with rows of cells."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa

from lika.collection.reading.cells import is_empty

Cells = list[Any]


@dataclass
class Block:
    """Some rows: their numbers in the table, and the cells by column name, an Arrow array where all are of one type.

    `torn` are rows with more cells than the table has headings: which cell belongs to which column is not known.
    """

    rows: list[int]
    cells: dict[str, list[Any] | pa.Array]
    torn: list[int] = field(default_factory=list)

    def where_told(self, columns: Collection[str]) -> "Block":
        """The rows with a value in one of the columns; all columns of them."""
        found = [self.cells[name] for name in columns if name in self.cells]
        told = [cells.to_pylist() if isinstance(cells, pa.Array) else cells for cells in found]
        kept = [at for at in range(len(self.rows)) if not all(is_empty(cells[at]) for cells in told)]
        if len(kept) == len(self.rows):
            return self
        cells = {
            name: column.take(kept) if isinstance(column, pa.Array) else [column[at] for at in kept]
            for name, column in self.cells.items()
        }
        return Block([self.rows[at] for at in kept], cells, self.torn)


class Table(Protocol):
    """One sheet of a workbook, or one file. Rows count from 1, as a spreadsheet shows them."""

    @property
    def left(self) -> int:
        """The column (from 0) in which the first cell of a row stands."""

    @property
    def height(self) -> int:
        """Rows, headings included; an estimate where only reading could tell."""

    def rows(self) -> Iterator[Cells]:
        """All rows, from the first."""

    def blocks(self, positions: Mapping[str, int], after: int, size: int) -> Iterator[Block]:
        """The rows below `after` in blocks, with the cells at `positions` by column name; empty rows passed over."""

    def merged(self) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
        """Merged cells: (top row, left column) and (bottom row, right column), from 0."""

    def suspects(self) -> Iterator[tuple[str, str, int]]:
        """Cells without a plain value: ("formula" | "error", column letters, row)."""

    def unreadable(self) -> Mapping[int, str]:
        """Columns of a type that holds no plain values, by position: the type's name."""


class Book(Protocol):
    """Tables by name. In a book of `parts` several of them may hold rows of the same sheet."""

    @property
    def parts(self) -> bool:
        """Whether a sheet may come in several tables."""

    @property
    def names(self) -> Sequence[str]:
        """The tables, in order."""

    @property
    def remarks(self) -> Sequence[str]:
        """Codes of rules about the file as a whole."""

    def label(self, name: str) -> str:
        """What is compared with the names of the sheets."""

    def size_of(self, name: str) -> int:
        """Bytes to read: how much work a table is."""

    def table(self, name: str) -> Table | None:
        """A table; None where nothing is in it."""


def blocks_of(
    rows: Iterator[tuple[int, Cells]], positions: Mapping[str, int], size: int, width: int | None = None
) -> Iterator[Block]:
    """Numbered rows as blocks. Rows without any value in a known column are passed over.

    With `width`, rows are as long as they came: short ones are filled up, and longer ones are torn unless nothing
    stands beyond it.
    """
    places = list(positions.values())
    numbers: list[int] = []
    kept: list[Cells] = []
    torn: list[int] = []
    for number, came in rows:
        row = came
        if width is not None and len(came) != width:
            if not all(map(is_empty, came[width:])):
                torn.append(number)
            row = came[:width] + [""] * (width - len(came))
        if all(is_empty(row[place]) for place in places):
            continue
        numbers.append(number)
        kept.append(row)
        if len(kept) == size:
            yield _block(numbers, kept, positions, torn)
            numbers, kept, torn = [], [], []
    if kept or torn:
        yield _block(numbers, kept, positions, torn)


def _block(numbers: list[int], rows: list[Cells], positions: Mapping[str, int], torn: list[int]) -> Block:
    columns = list(zip(*rows, strict=True))
    return Block(numbers, {name: list(columns[at]) if columns else [] for name, at in positions.items()}, torn)
