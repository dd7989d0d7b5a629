"""Units of a snapshot as rows in memory, each with the units below it: for the reference engine and explanations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from lika.engine.criteria import Checked, FactUse
from lika.engine.population import UnitRow, Value
from lika.engine.schema import UNIT_NAMES, column_name, rank
from lika.engine.screening.rollups import LEVEL_OF_UNIT, SPAN_OF_LEVEL
from lika.engine.sessions import quick_session
from lika.engine.snapshots.layout import IDENTIFIED_UNITS, division_column, key_column

Files = Mapping[str, Sequence[Path]]


@dataclass(frozen=True, eq=False)
class Record:
    """A row as read: what it hangs below, where it lies, what is known of it."""

    unit: str
    id: str
    household: str | None
    division: int
    facts: Mapping[str, Value]


def read_rows(
    files: Files,
    unit: str,
    criteria: Iterable[Checked],
    *,
    only: str | None = None,
    division: tuple[int, int] | None = None,
) -> list[UnitRow]:
    """The rows of `unit`, with the facts and lower units that the criteria read, sorted by division and unit.

    `only` is the UUID of one household or person, or the 12-digit code of one division: the files are read with that
    filter, so one household costs no more than finding it. `division` is a closed range of codes to stay within.
    """
    chosen = tuple(criteria)
    uses = frozenset[FactUse]().union(*(checked.facts for checked in chosen))
    units = {unit}.union(*(checked.units for checked in chosen))
    with quick_session() as session:
        found = {
            name: _read(session, files[name], name, uses, _filter(unit, name, only, division))
            for name in needed(units)
            if name in files
        }
    return nested(found, unit)


def needed(units: Iterable[str]) -> list[str]:
    """The units asked, and households between persons and an area; highest first."""
    wanted = set(units)
    if "person" in wanted and len(wanted) > 1:
        wanted.add("household")
    return [name for name in reversed(UNIT_NAMES) if name in wanted]


def nested(found: Mapping[str, Sequence[Record]], unit: str) -> list[UnitRow]:
    """The rows of `unit` in the order given, each with the records of lower units below it."""
    below = _hang(found)
    return [_row(record, below) for record in found[unit]]


def _filter(top: str, unit: str, only: str | None, division: tuple[int, int] | None) -> tuple[str, list[Any]]:
    """The SQL condition for one unit's file, and its values."""
    conditions: list[str] = []
    values: list[Any] = []
    place = division_column(unit)
    if only is not None and top in IDENTIFIED_UNITS:
        conditions.append(f"{key_column(top)} = ?::UUID")
        values.append(only)
    elif only is not None:
        code, span = int(only), SPAN_OF_LEVEL[LEVEL_OF_UNIT[top]]
        conditions.append(f"{place} BETWEEN ? AND ?")
        values += [code, code + span - 1]
    if division is not None:
        conditions.append(f"{place} BETWEEN ? AND ?")
        values += division
    return (" AND ".join(conditions) or "true"), values


def _read(
    session: duckdb.DuckDBPyConnection,
    paths: Sequence[Path],
    unit: str,
    uses: Iterable[FactUse],
    condition: tuple[str, list[Any]],
) -> list[Record]:
    facts = sorted({column_name(use.name, use.lag) for use in uses if use.unit == unit})
    key, place = key_column(unit), division_column(unit)
    household = "household_id" if unit == "person" else "NULL"
    columns = ", ".join([key, household, place, *(f'"{name}"' for name in facts)])
    rows = session.execute(
        f"SELECT {columns} FROM read_parquet(?) WHERE {condition[0]} ORDER BY {place}, {key}",  # noqa: S608 - our names
        [[str(path) for path in paths], *condition[1]],
    ).fetchall()
    return [
        Record(
            unit,
            str(identifier),
            None if above is None else str(above),
            division,
            {name: _value(value) for name, value in zip(facts, values, strict=True)},
        )
        for identifier, above, division, *values in rows
    ]


def _value(value: Any) -> Value:
    """A database value as the engines hold it."""
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return Fraction(value)
    if value is None or isinstance(value, bool | date | str):
        return value
    raise TypeError(f"a fact of type {type(value).__name__}")


def _hang(found: Mapping[str, Sequence[Record]]) -> dict[tuple[str, str], list[Record]]:
    """Each record below the nearest unit above that was read."""
    known = {(record.unit, record.id) for records in found.values() for record in records}
    below: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for records in found.values():
        for record in records:
            above = next((place for place in _places_above(record) if place in known), None)
            if above is not None:
                below[above].append(record)
    return below


def _places_above(record: Record) -> Iterator[tuple[str, str]]:
    if record.household is not None:
        yield ("household", record.household)
    for unit in UNIT_NAMES[max(rank(record.unit), rank("household")) + 1 :]:
        span = SPAN_OF_LEVEL[LEVEL_OF_UNIT[unit]]
        yield (unit, str(record.division // span * span))


def _row(record: Record, below: Mapping[tuple[str, str], Sequence[Record]]) -> UnitRow:
    children: dict[str, list[UnitRow]] = defaultdict(list)
    for child in below.get((record.unit, record.id), ()):
        children[child.unit].append(_row(child, below))
    return UnitRow(record.unit, record.facts, {unit: tuple(rows) for unit, rows in children.items()}, record.id)
