"""Parquet files: typed columns. Their headings count as row 1, as in a CSV file of the same rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.utils.translation import gettext_lazy as _

from lika.collection.reading.cells import SPACES, is_empty
from lika.collection.reading.sources import Stream
from lika.collection.reading.tables import Block, Cells
from lika.core.errors import UserError

MAGIC = b"PAR1"
_HEADINGS = 1
_PLAIN = (
    pa.types.is_null, pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal,
    pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_date, pa.types.is_timestamp,
)  # fmt: skip


class ParquetTable:
    """A Parquet file; see `tables.Table`."""

    left = 0

    def __init__(self, name: str, opener: Callable[[], Stream]) -> None:
        """`opener` gives the bytes anew each time. Raises COL-017 when the file is cut off or damaged."""
        self._name, self._opener = name, opener
        with self._opened() as file:
            self._schema, self._rows = file.schema_arrow, file.metadata.num_rows

    @property
    def height(self) -> int:
        return int(self._rows) + _HEADINGS

    def rows(self) -> Iterator[Cells]:
        yield list(self._schema.names)
        for batch in self._batches(1_000, None):
            yield from (list(row) for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))

    def blocks(self, positions: Mapping[str, int], after: int, size: int) -> Iterator[Block]:
        names = {name: self._schema.names[at] for name, at in positions.items()}
        row = _HEADINGS
        for batch in self._batches(size, list(names.values())):
            cells = {name: batch.column(column) for name, column in names.items()}
            rows = list(range(row + 1, row + 1 + batch.num_rows))
            row += batch.num_rows
            block = _without_empty(rows, cells)
            if block.rows:
                yield block

    def merged(self) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
        return ()

    def suspects(self) -> Iterator[tuple[str, str, int]]:
        return iter(())

    def unreadable(self) -> Mapping[int, str]:
        types = (_value_type(field.type) for field in self._schema)
        return {at: str(kind) for at, kind in enumerate(types) if not any(plain(kind) for plain in _PLAIN)}

    @contextmanager
    def _opened(self) -> Iterator[pq.ParquetFile]:
        with self._opener() as stream:
            try:
                yield pq.ParquetFile(stream)
            except (pa.ArrowInvalid, OSError) as error:
                raise UserError(
                    "COL-017",
                    _("The Parquet file is cut off or damaged."),
                    remedy=_("Copy or export it again."),
                    file=self._name,
                ) from error

    def _batches(self, size: int, columns: list[str] | None) -> Iterator[pa.RecordBatch]:
        with self._opened() as file:
            yield from file.iter_batches(batch_size=size, columns=columns)


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _without_empty(rows: list[int], cells: dict[str, pa.Array]) -> Block:
    filled = pa.repeat(False, len(rows))
    for column in cells.values():
        filled = pc.or_(filled, _filled(column))
        if pc.all(filled).as_py():
            return Block(rows, cells)
    kept = pc.indices_nonzero(filled)
    return Block([rows[at] for at in kept.to_pylist()], {name: column.take(kept) for name, column in cells.items()})


def _filled(column: pa.Array) -> pa.Array:
    """Which cells hold something: in texts, more than spaces."""
    if pa.types.is_string(_value_type(column.type)) or pa.types.is_large_string(_value_type(column.type)):
        text = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        return pc.fill_null(pc.not_equal(pc.utf8_trim(text, SPACES), ""), False)
    if pa.types.is_string_view(_value_type(column.type)):
        return pa.array([not is_empty(cell) for cell in column.to_pylist()], pa.bool_())
    return column.is_valid()
