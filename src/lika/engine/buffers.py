"""Integers between Arrow and NumPy by their bytes. Arrow's own ways import pandas first, which takes over a second."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Array = npt.NDArray[Any]

_TYPES = {
    np.dtype(name): getattr(pa, name)()
    for name in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")
}


def numbers(column: pa.ChunkedArray, *, null: int | None = None) -> Array:
    """(n,) the integers of a column, as wide as they stand there, with ``null`` in place of nulls.

    Raises ValueError where there are nulls and nothing is given for them, or where the column has no integers.
    """
    if column.null_count and null is None:
        raise ValueError("a null is no number")
    dtype = next((dtype for dtype, type_ in _TYPES.items() if type_ == column.type), None)
    if dtype is None:
        raise ValueError(f"a column of {column.type}, not of integers")
    parts = [_of_chunk(chunk, dtype, null) for chunk in column.chunks if len(chunk)]
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, dtype)


def column_of(values: Array) -> pa.Array:
    """Integers as Arrow; the bytes are shared."""
    values = np.ascontiguousarray(values)
    return pa.Array.from_buffers(_TYPES[values.dtype], len(values), [None, pa.py_buffer(values)])


def _of_chunk(chunk: pa.Array, dtype: np.dtype[Any], null: int | None) -> Array:
    known, values = chunk.buffers()
    cut = slice(chunk.offset, chunk.offset + len(chunk))
    found: Array = np.frombuffer(values, dtype)[cut]
    if not chunk.null_count:
        return found
    bits = np.unpackbits(np.frombuffer(known, np.uint8), count=cut.stop, bitorder="little")[cut]
    return np.where(bits.view(np.bool_), found, dtype.type(null))
