"""Verdict files: one per unit and county, two bits for each verdict; and the SQL that reads them again.

A file has the key of each unit (UUID; where the unit is a division its code alone), the code of its division, and
``verdicts0``, ``verdicts1`` …: unsigned 64-bit integers of 32 verdicts each, in the order of the criteria, the lowest
bits first: 0 not met, 1 met, 3 unknown. The criteria stand in the file's metadata. Files of format 1, written before,
have a nullable 8-bit column for each criterion instead; both are read alike.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from lika.engine.buffers import column_of, numbers
from lika.engine.screening.verdicts import ID_BYTES, UNKNOWN, Int8s, Int64s, Verdicts, from_arrow, in_order, keys_of
from lika.engine.snapshots.layout import IDENTIFIED_UNITS, PERSONS, division_column, key_column

#: The format that is written. Raised when a reader of older files would misread a newer one.
FORMAT = 2
_FORMAT_KEY, _CRITERIA_KEY = b"lika.verdicts", b"lika.criteria"

_BITS = 2
_PER_WORD = 64 // _BITS
_PER_BYTE = 8 // _BITS
_MASK = (1 << _BITS) - 1
#: UNKNOWN as two bits; the number below it is no verdict.
_UNKNOWN_BITS = UNKNOWN & _MASK

Words = npt.NDArray[np.uint64]


class VerdictFileError(ValueError):
    """The file holds no verdicts, or of a format that this version does not know."""


@dataclass(frozen=True)
class Layout:
    """How a file holds its verdicts: its format, and the criteria in their order."""

    format: int
    criteria: tuple[str, ...]


def write(verdicts: Verdicts, path: Path) -> None:
    """Write the file of one unit and county: whole under its name, or not at all. Written again it is replaced."""
    columns: dict[str, Any] = {}
    if verdicts.unit in IDENTIFIED_UNITS:
        storage = pa.Array.from_buffers(
            pa.binary(ID_BYTES), len(verdicts), [None, pa.py_buffer(np.ascontiguousarray(verdicts.ids))]
        )
        columns[key_column(verdicts.unit)] = pa.ExtensionArray.from_storage(pa.uuid(), storage)
    columns[division_column(verdicts.unit)] = column_of(verdicts.divisions)
    words = _packed(verdicts.results)
    packed = {_word(index): column_of(words[:, index]) for index in range(words.shape[1])}
    metadata = {_FORMAT_KEY: str(FORMAT), _CRITERIA_KEY: json.dumps(verdicts.criteria)}
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid4().hex}.part")
    # UUIDs are random: compressing and indexing them costs time and gains nothing.
    pq.write_table(
        pa.table({**columns, **packed}).replace_schema_metadata(metadata),
        part,
        compression={name: "none" if name == key_column(verdicts.unit) else "zstd" for name in [*columns, *packed]},
        use_dictionary=False,
        write_statistics=[division_column(verdicts.unit)],
    )
    part.replace(path)


def read(path: Path, unit: str, county: int, persons: Int64s | None = None) -> Verdicts:
    """The verdicts of a file. ``persons`` are in the order of the file's units: sorted by division and id.

    Raises VerdictFileError where the file is of an unknown format or holds what is no verdict.
    """
    table = pq.ParquetFile(path).read()
    layout = _layout(table.schema, unit, path.name)
    if layout.format == 1:
        if persons is not None:
            table = table.append_column(PERSONS, column_of(persons))
        found = from_arrow(unit, layout.criteria, table)
    else:
        found = in_order(unit, layout.criteria, *keys_of(unit, table), _unpacked(table, layout, path.name), persons)
    return found.slice(county, 0, len(found))


def relation(unit: str, paths: Sequence[str | Path]) -> str:
    """SQL in brackets that reads files of one unit as one table: key, division, a TINYINT (1, 0, null) per criterion.

    A criterion that some of the files lack is null in them. Columns that are not asked for are not read. Raises
    VerdictFileError where a file is of an unknown format.
    """
    groups: dict[Layout, list[str]] = {}
    for path in paths:
        groups.setdefault(layout_of(unit, Path(path)), []).append(str(path))
    return f"({' UNION ALL BY NAME '.join(_select(unit, layout, files) for layout, files in groups.items())})"


def layout_of(unit: str, path: Path) -> Layout:
    """How a file holds its verdicts; remembered until its size or time of change is another."""
    seen = path.stat()
    return _layout_of(unit, path, seen.st_size, seen.st_mtime_ns)


@lru_cache(maxsize=8192)
def _layout_of(unit: str, path: Path, *_seen: int) -> Layout:
    return _layout(pq.read_schema(path), unit, path.name)


def _layout(schema: pa.Schema, unit: str, name: str) -> Layout:
    metadata = schema.metadata or {}
    if _FORMAT_KEY not in metadata:
        keys = (key_column(unit), division_column(unit))
        return Layout(1, tuple(column for column in schema.names if column not in keys))
    if metadata[_FORMAT_KEY] != str(FORMAT).encode():
        raise VerdictFileError(f"{name}: format {metadata[_FORMAT_KEY].decode(errors='replace')}, not {FORMAT}")
    return Layout(FORMAT, tuple(json.loads(metadata[_CRITERIA_KEY])))


def _select(unit: str, layout: Layout, files: Sequence[str]) -> str:
    listed = ", ".join(_literal(file) for file in files)
    if layout.format == 1:
        return f"SELECT * FROM read_parquet([{listed}])"  # noqa: S608 - paths of our own, quoted
    answers = (
        f"nullif(({_word(place // _PER_WORD)} >> {place % _PER_WORD * _BITS}) & {_MASK}, {_UNKNOWN_BITS})::TINYINT "
        f"AS {_name(criterion)}"
        for place, criterion in enumerate(layout.criteria)
    )
    keys = dict.fromkeys((key_column(unit), division_column(unit)))
    return f"SELECT {', '.join([*keys, *answers])} FROM read_parquet([{listed}])"  # noqa: S608 - as above


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _word(index: int) -> str:
    return f"verdicts{index}"


def _packed(results: Int8s) -> Words:
    """(n, k) results as (n, words) integers."""
    rows, criteria = results.shape
    used = -(-criteria // _PER_BYTE)
    codes = np.zeros((rows, used * _PER_BYTE), dtype=np.uint8)
    np.bitwise_and(results.view(np.uint8), _MASK, out=codes[:, :criteria])
    words = -(-criteria // _PER_WORD)
    packed = np.zeros((rows, words * 8), dtype=np.uint8)
    for place in range(_PER_BYTE):
        packed[:, :used] |= codes[:, place::_PER_BYTE] << (place * _BITS)
    return packed.view("<u8").reshape(rows, words)


def _unpacked(table: pa.Table, layout: Layout, name: str) -> Int8s:
    """(n, k) results of a file."""
    count = len(layout.criteria)
    words = [numbers(table[_word(index)]) for index in range(-(-count // _PER_WORD))]
    results = np.empty((len(table), count), dtype=np.int8)
    for place in range(count):
        shifted = words[place // _PER_WORD] >> np.uint64(place % _PER_WORD * _BITS)
        results[:, place] = (shifted & np.uint64(_MASK)).astype(np.int8)
    if (results == _UNKNOWN_BITS - 1).any():
        raise VerdictFileError(f"{name}: what is no verdict")
    results[results == _UNKNOWN_BITS] = UNKNOWN
    return results
