"""The cells of one column as staging text, block after block; each distinct cell is read once."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lika.collection.reading.cells import CellFault, Cells, Parser, parser_of
from lika.collection.reading.plain import settled
from lika.collection.schema import Column

# A cache of cells that grew past this holds names or numbers, each seen once: it only costs memory.
_CACHE_LIMIT = 50_000

Faults = Mapping[int, CellFault]


class ColumnReader:
    """Reads the cells of a column as its parser does, many at a time: `cells.parser_of`, or that of another layout."""

    def __init__(self, column: Column, parser: Parser | None = None) -> None:
        self.column = column
        self._is_ours = parser is None  # in the words of another system nothing is plainly as the register wants it
        self._known = Cells(parser or parser_of(column))

    def read(self, cells: Sequence[Any] | pa.Array) -> tuple[pa.Array, Faults]:
        """The text of each cell (None for nothing), and by position what cannot be read."""
        if len(self._known) > _CACHE_LIMIT:
            self._known.clear()
            self._known.faults.clear()
        if not isinstance(cells, pa.Array):
            return self._one_by_one(cells)
        if not self._is_ours:
            return self._by_distinct(cells)
        done, text = settled(self.column, cells)
        if pc.all(done, min_count=0).as_py():
            return text, {}
        odd = pc.invert(done)
        read, faults = self._by_distinct(cells.filter(odd))
        if faults:
            places = pc.indices_nonzero(odd).to_pylist()
            faults = {places[at]: fault for at, fault in faults.items()}
        return pc.replace_with_mask(text, odd, read), faults

    def _one_by_one(self, cells: Sequence[Any]) -> tuple[pa.Array, Faults]:
        known = self._known
        text = pa.array([known[raw] for raw in cells], pa.string())
        return text, self._faults(cells) if known.faults else {}

    def _faults(self, cells: Sequence[Any]) -> Faults:
        return {at: fault for at, raw in enumerate(cells) if (fault := self._known.faults.get(raw)) is not None}

    def _by_distinct(self, cells: pa.Array) -> tuple[pa.Array, Faults]:
        encoded = (cells.dictionary_decode() if pa.types.is_dictionary(cells.type) else cells).dictionary_encode()
        distinct = encoded.dictionary.to_pylist()
        words, unread = self._one_by_one(distinct)
        text = words.take(encoded.indices)
        if not unread:
            return text, {}
        at = pc.indices_nonzero(pc.fill_null(pc.is_in(encoded.indices, pa.array(list(unread), pa.int32())), False))
        indices = encoded.indices.to_pylist()
        return text, {place: unread[indices[place]] for place in at.to_pylist()}
