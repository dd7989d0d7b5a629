"""Adds up the parts of figures for every division, in one query of DuckDB per kind of unit.

Every unit is worked out once, exactly as a criterion is; its value is added to its village, the villages to what lies
above. Numbers are integers times a power of ten from the file to the figure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import ibis
from ibis.backends.sql.datatypes import DuckDBType

from lika.engine.duck.frames import Frames
from lika.engine.duck.run import cells_of, lowering_for, sql_of
from lika.engine.duck.sources import Source
from lika.engine.figures.parts import Added, FigureValue, Part
from lika.engine.lowering.cells import Cell
from lika.engine.lowering.lower import Lowered
from lika.engine.lowering.ratios import Ratio
from lika.engine.lowering.spans import Span
from lika.engine.screening.rollups import LEVEL_OF_UNIT, SPAN_OF_LEVEL
from lika.engine.snapshots.layout import Column, division_column
from lika.engine.snapshots.soundness import told_of_damage

#: A part by its place in the sequence given, in a division: (level, code, place).
Place = tuple[int, int, int]
#: Two parts by their places: what is above and below of a quotient.
Pair = tuple[int, int]
_PLACE = "place__"
_LOWEST = LEVEL_OF_UNIT["village"]
_VILLAGES = "SELECT DISTINCT level, village // span * span FROM village, (VALUES {spans}) AS upward(level, span)"


@dataclass(frozen=True)
class Tables:
    """The files of a snapshot by unit, and their columns."""

    files: Mapping[str, Sequence[Path]]
    columns: Mapping[str, Sequence[Column]]


@dataclass(frozen=True)
class Sums:
    """What every part comes to in every division: divisions by level, ascending, and the numbers by place.

    ``givers`` are the units without which a sum would be another: those that are not certainly 0 in it.
    """

    divisions: Mapping[int, tuple[int, ...]]
    added: Mapping[Place, Added]
    shared: Mapping[tuple[int, int, Pair], int] = field(default_factory=dict)
    givers: Mapping[Place, int] = field(default_factory=dict)

    def value(self, level: int, division: int, places: Sequence[int]) -> FigureValue:
        """The figure whose parts stand at these places: one, or what is above and below of a quotient."""
        above, *below = (self.of(level, division, place) for place in places)
        if not below:
            return FigureValue(above)
        return FigureValue(above, below[0], self.shared.get((level, division, (places[0], places[1])), 0))

    def of(self, level: int, division: int, place: int) -> Added:
        """A part in a division; where none of its units lies there, that of an empty group."""
        return self.added[level, division, place]


def add_up(
    parts: Sequence[Part],
    tables: Tables,
    *,
    highest: int,
    reference_date: date | None = None,
    quotients: Collection[Pair] = (),
    amounts: Collection[int] = (),
) -> Sums:
    """All parts for all divisions from the level ``highest`` (0 the country … 5 village) down to villages.

    Of the ``quotients`` of two parts over the same kind of unit, the units undecided in both are counted too; of the
    ``amounts``, sums by their places, the units that give to them.
    Divisions are those in which a unit that is added up lies, and those of all villages in the file of villages.
    Raises ``TableError`` (ENG-080 a column, ENG-082 a table that is missing) and ``SnapshotDamaged`` (ENG-114).
    """
    found: dict[Place, Added] = {}
    shared: dict[tuple[int, int, Pair], int] = {}
    givers: dict[Place, int] = {}
    places: dict[int, set[int]] = {level: set() for level in range(highest, _LOWEST + 1)}
    with duckdb.connect() as session:
        for unit, files in tables.files.items():
            listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
            session.execute(f"CREATE VIEW {unit} AS SELECT * FROM read_parquet([{listed}])")  # noqa: S608 - our own paths
        if "village" in tables.files:
            for level, division in session.execute(_VILLAGES.format(spans=_spans(highest))).fetchall():
                places[level].add(division)
        for unit in dict.fromkeys(part.unit for part in parts):
            asked = {place: part for place, part in enumerate(parts) if part.unit == unit}
            pairs = [pair for pair in quotients if all(place in asked for place in pair)]
            query = _query(unit, asked, pairs, amounts, tables.columns, reference_date)
            with told_of_damage([path for paths in tables.files.values() for path in paths]):
                rows = session.execute(_upward(query, highest)).fetchall()
            for level, division, units, *sums in rows:
                places[level].add(division)
                found.update(((level, division, at), added) for at, added in query.read(units, sums))
                shared.update(((level, division, pair), int(sums[at])) for pair, at in query.shared.items())
                givers.update(((level, division, place), int(sums[at])) for place, at in query.givers.items())
    divisions = {level: tuple(sorted(codes)) for level, codes in places.items()}
    empty = {place: _empty(part) for place, part in enumerate(parts)}
    for level, codes in divisions.items():
        for code in codes:
            for place, nothing in empty.items():
                found.setdefault((level, code, place), nothing)
    return Sums(divisions, found, shared, givers)


def _empty(part: Part) -> Added:
    """An empty group: it counts 0, and its sum is unknown."""
    return Added(0, 0, Fraction(0), Fraction(0)) if part.function == "count" else Added(0, 0, None, None)


@dataclass(frozen=True)
class _Query:
    """Rows of one unit with the cells of its parts, and for each part the aggregates that it is read from."""

    text: str
    aggregates: tuple[str, ...]
    parts: Mapping[int, tuple[Lowered | None, int]]
    shared: Mapping[Pair, int]
    givers: Mapping[int, int]

    def read(self, units: int, sums: Sequence[Any]) -> Iterator[tuple[int, Added]]:
        """The parts from one row of sums."""
        for place, (lowered, first) in self.parts.items():
            if lowered is None:
                yield place, Added(units, 0, Fraction(units), Fraction(units))
            elif not isinstance(lowered, Span):
                certain, unknown = (int(value) for value in sums[first : first + 2])
                yield place, Added(units, unknown, Fraction(certain), Fraction(certain + unknown))
            else:
                unknown, undecided, *ends = sums[first : first + 4]
                low, high = map(_exact, (lowered.low, lowered.high), ends)
                known = units > 0 and not unknown
                yield place, Added(units, int(undecided), low if known else None, high if known else None)


def _query(
    unit: str,
    parts: Mapping[int, Part],
    pairs: Sequence[Pair],
    amounts: Collection[int],
    columns: Mapping[str, Sequence[Column]],
    reference_date: date | None,
) -> _Query:
    sources = {
        name: Source(name, ibis.table({one.name: DuckDBType.from_string(one.type) for one in held}, name))
        for name, held in columns.items()
    }
    lowering, frames = lowering_for(sources), Frames(sources, reference_date)
    lowered = {place: None if part.body is None else lowering.checked(part.body) for place, part in parts.items()}
    cells = [cell for value in lowered.values() if value is not None for cell in cells_of(value)]
    single = {place: lowering.is_single(value) for place, value in lowered.items() if isinstance(value, Span)}
    cells += single.values()
    keys = {_PLACE: frames.source(unit).column(division_column(unit))}
    table = frames.build(unit, cells, keys)
    chosen = [_PLACE, *dict.fromkeys(frames.name(cell) for cell in cells)]
    aggregates: list[str] = []
    read: dict[int, tuple[Lowered | None, int]] = {}
    open_: dict[int, str] = {}
    for place, value in lowered.items():
        read[place] = (value, len(aggregates))
        if isinstance(value, Span):
            aggregates += _numbers(frames, value, single[place])
            open_[place] = f"NOT {frames.name(single[place])}"
        elif value is not None:
            aggregates += _truths(frames, value)
            open_[place] = f"{frames.name(value)} IS NULL"
    shared: dict[Pair, int] = {}
    for above, below in pairs:
        if above in open_ and below in open_:
            shared[above, below] = len(aggregates)
            aggregates.append(f"count(*) FILTER ({open_[above]} AND {open_[below]})")
    givers: dict[int, int] = {}
    for place, value in lowered.items():
        if place in amounts and isinstance(value, Span):
            givers[place] = len(aggregates)
            aggregates.append(_giving(frames, value))
    return _Query(sql_of(ibis.duckdb.connect(), table.select(*chosen)), tuple(aggregates), read, shared, givers)


def _truths(frames: Frames, cell: Cell) -> tuple[str, ...]:
    """Rows where it holds, and rows where nobody knows."""
    name = frames.name(cell)
    return f"count(*) FILTER ({name})", f"count(*) FILTER ({name} IS NULL)"


def _numbers(frames: Frames, span: Span, single: Cell) -> tuple[str, ...]:
    """Rows without a number, rows without one number, and the sums of both ends."""
    low, high = frames.name(span.low.number), frames.name(span.high.number)
    ends = (f"coalesce(sum({end}), 0)" for end in (low, high))
    return f"count(*) FILTER ({low} IS NULL)", f"count(*) FILTER (NOT {frames.name(single)})", *ends


def _giving(frames: Frames, span: Span) -> str:
    """Rows that are not certainly 0."""
    low, high = frames.name(span.low.number), frames.name(span.high.number)
    return f"count(*) FILTER ({low} IS DISTINCT FROM 0 OR {high} IS DISTINCT FROM 0)"


def _upward(query: _Query, highest: int) -> str:
    """The sums of villages, then of all levels above from those few rows."""
    names = [f"s{index}" for index in range(len(query.aggregates))]
    own = "".join(f", {text} AS {name}" for text, name in zip(query.aggregates, names, strict=True))
    above = "".join(f", sum({name}) AS {name}" for name in names)
    return f"""
        WITH villages AS (SELECT {_PLACE} AS place, count(*) AS units{own} FROM ({query.text}) GROUP BY 1)
        SELECT level, (place // span) * span AS division, sum(units)::BIGINT{above}
        FROM villages, (VALUES {_spans(highest)}) AS upward(level, span) GROUP BY 1, 2"""  # noqa: S608 - the engine's own names


def _spans(highest: int) -> str:
    """The levels from villages up, each with what a code is cut by."""
    return ", ".join(f"({level}, {SPAN_OF_LEVEL[level]})" for level in range(highest, _LOWEST + 1))


def _exact(ratio: Ratio, total: Any) -> Fraction:
    """A sum of numbers as the fraction that it is; its divisor is one for all rows, and where that is unknown no row
    has a number."""
    divisor = 1 if ratio.divisor is None or ratio.divisor.detail is None else int(ratio.divisor.detail)
    return Fraction(int(total), 10**ratio.places * divisor)
