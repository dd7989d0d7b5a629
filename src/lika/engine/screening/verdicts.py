"""The verdicts of one unit and county in memory, their canonical bytes and digest. For their files: verdict_files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lika.engine.buffers import numbers
from lika.engine.snapshots.layout import IDENTIFIED_UNITS, PERSONS, division_column, key_column

#: How a result stands in memory and in the canonical bytes (as a signed byte).
MET, NOT_MET, UNKNOWN = 1, 0, -1

#: Bytes of a UUID.
ID_BYTES = 16
_MAGIC = b"lika-verdicts-1"
#: Stretches of sorted rows are worth keeping together where they are on average so long.
_LONG = 8

Int8s = npt.NDArray[np.int8]
Int64s = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Verdicts of one unit in one county, sorted by division and unit.

    Shapes: `divisions` (n,) 12-digit codes; `ids` (n, 16) UUID bytes, zero where the division is the unit; `results`
    (n, k) one of MET, NOT_MET, UNKNOWN per criterion in the order of `criteria`; `persons` (n,) rows of person of each
    household, None for other units.
    """

    unit: str
    county: int
    criteria: tuple[str, ...]
    divisions: Int64s
    ids: Bytes
    results: Int8s
    persons: Int64s | None = None

    def __len__(self) -> int:
        """How many units."""
        return len(self.divisions)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the canonical rows, in hexadecimal: the same whatever file, engine or threads made them.

        A header (unit, county, criteria, each preceded by its length), then per row 16 bytes of UUID, 8 bytes of
        division code (big-endian) and one signed byte per criterion.
        """
        digest = hashlib.sha256()
        for part in (_MAGIC, self.unit.encode(), b"%06d" % self.county, *(name.encode() for name in self.criteria)):
            digest.update(len(part).to_bytes(8, "big") + part)
        rows = np.empty((len(self), ID_BYTES + 8 + len(self.criteria)), dtype=np.uint8)
        rows[:, :ID_BYTES] = self.ids
        rows[:, ID_BYTES : ID_BYTES + 8] = self.divisions.astype(">i8").view(np.uint8).reshape(-1, 8)
        rows[:, ID_BYTES + 8 :] = self.results.view(np.uint8)
        digest.update(rows.data)
        return digest.hexdigest()

    def slice(self, county: int, start: int, stop: int) -> Verdicts:
        """The rows `start` … `stop` as the verdicts of a county."""
        persons = None if self.persons is None else self.persons[start:stop]
        part = slice(start, stop)
        return Verdicts(
            self.unit, county, self.criteria, self.divisions[part], self.ids[part], self.results[part], persons
        )


def total_digest(parts: Iterable[tuple[str, int, str]]) -> str:
    """SHA-256 over (unit, county, digest) of all parts, sorted: the digest of a screening."""
    digest = hashlib.sha256()
    for unit, county, part in sorted(parts):
        digest.update(f"{unit} {county:06d} {part}\n".encode())
    return digest.hexdigest()


def from_arrow(unit: str, criteria: tuple[str, ...], table: pa.Table) -> Verdicts:
    """Verdicts from an engine's result: key and division columns and one nullable int8 column per criterion.

    Rows may come in any order, with the rows of person of each household where they are told. The county is left 0: see
    `by_county`.
    """
    persons = numbers(table[PERSONS]).astype(np.int64) if PERSONS in table.column_names else None
    results = np.empty((len(table), len(criteria)), dtype=np.int8)
    for index, name in enumerate(criteria):
        results[:, index] = _signed(table[name])
    return in_order(unit, criteria, *keys_of(unit, table), results, persons)


def in_order(
    unit: str, criteria: tuple[str, ...], divisions: Int64s, ids: Bytes, results: Int8s, persons: Int64s | None
) -> Verdicts:
    """Verdicts of rows in any order, `persons` in the same."""
    if persons is not None and len(persons) != len(divisions):
        raise ValueError(f"{len(persons)} counts of persons for {len(divisions)} verdicts")
    order = _order(divisions, ids)
    if order is not None:
        divisions, ids, results = divisions[order], ids[order], results[order]
        persons = None if persons is None else persons[order]
    return Verdicts(unit, 0, criteria, divisions, ids, results, persons)


def by_county(verdicts: Verdicts, counties: Iterable[int]) -> list[Verdicts]:
    """Cut sorted verdicts at the borders of counties; a county without units gives an empty part."""
    parts = []
    for county in sorted(counties):
        low, high = np.searchsorted(verdicts.divisions, (county * 10**6, (county + 1) * 10**6))
        parts.append(verdicts.slice(county, int(low), int(high)))
    if sum(map(len, parts)) != len(verdicts):
        raise ValueError(f"verdicts of {verdicts.unit} lie outside the counties of the snapshot")
    return parts


def uuid_bytes(column: pa.ChunkedArray) -> Bytes:
    """(n, 16) bytes of a UUID column: Arrow's uuid type, fixed binary, or text."""
    parts = [_uuid_bytes_of_chunk(chunk) for chunk in column.chunks]
    return np.concatenate(parts) if parts else np.zeros((0, ID_BYTES), dtype=np.uint8)


def _uuid_bytes_of_chunk(chunk: pa.Array) -> Bytes:
    if isinstance(chunk, pa.ExtensionArray):
        chunk = chunk.storage
    if pa.types.is_string(chunk.type):
        text = "".join(chunk.to_pylist()).replace("-", "")
        return np.frombuffer(bytes.fromhex(text), dtype=np.uint8).reshape(-1, ID_BYTES)
    raw = np.frombuffer(chunk.buffers()[1], dtype=np.uint8)
    return raw[chunk.offset * ID_BYTES : (chunk.offset + len(chunk)) * ID_BYTES].reshape(-1, ID_BYTES)


def _signed(column: pa.ChunkedArray) -> Int8s:
    """A nullable int8 column with UNKNOWN for null."""
    return numbers(column, null=UNKNOWN)


def keys_of(unit: str, table: pa.Table) -> tuple[Int64s, Bytes]:
    """Division codes and UUID bytes of a table's rows; zero bytes where the division is the unit."""
    divisions = numbers(table[division_column(unit)]).astype(np.int64, copy=False)
    if unit in IDENTIFIED_UNITS:
        return divisions, uuid_bytes(table[key_column(unit)])
    return divisions, np.zeros((len(divisions), ID_BYTES), dtype=np.uint8)


def _order(divisions: Int64s, ids: Bytes) -> Array | None:
    """The permutation that sorts by division and id; None when the rows are sorted already, as without a join."""
    halves = np.ascontiguousarray(ids).view(">u8").reshape(-1, 2)
    keys = (divisions, halves[:, 0].astype(np.uint64), halves[:, 1].astype(np.uint64))
    smaller = _is_smaller(keys)
    if not smaller.any():
        return None
    # Threads hand over long stretches that are sorted already: to sort those is a tenth of the work. What one thread
    # had may be sorted across rows that another had, so a stretch ends with its division.
    starts = np.append(0, np.flatnonzero(smaller | (divisions[1:] != divisions[:-1])) + 1)
    if len(starts) * _LONG > len(divisions):
        return np.lexsort(keys[::-1])
    ends = np.append(starts[1:], len(divisions))
    stretches = np.lexsort(tuple(key[starts] for key in reversed(keys)))
    lengths = (ends - starts)[stretches]
    moved = starts[stretches] - np.append(0, np.cumsum(lengths)[:-1])
    order: Array = np.arange(len(divisions)) + np.repeat(moved, lengths)
    # Each is sorted within: they lie apart where none begins before the end of the one before it.
    borders = np.column_stack([ends[stretches][:-1] - 1, starts[stretches][1:]]).ravel()
    apart = ~_is_smaller(tuple(key[borders] for key in keys))[::2]
    sorted_divisions = divisions[order]
    for division in np.unique(divisions[starts[stretches][1:][~apart]]):
        rows = slice(*np.searchsorted(sorted_divisions, (division, division + 1)))
        order[rows] = order[rows][np.lexsort(tuple(key[order[rows]] for key in reversed(keys)))]
    return order


def _is_smaller(keys: tuple[Array, ...]) -> npt.NDArray[np.bool_]:
    """Whether each row but the first is smaller than the one before it; of the keys, the first counts most."""
    smaller = np.zeros(max(0, len(keys[0]) - 1), dtype=np.bool_)
    for key in reversed(keys):
        smaller = (key[1:] < key[:-1]) | ((key[1:] == key[:-1]) & smaller)
    return smaller
