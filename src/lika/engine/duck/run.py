"""Runs a checked set over tables."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import ibis
from ibis.backends.sql import SQLBackend
from ibis.expr.operations import SQLQueryResult
from ibis.expr.types import Table

from lika.engine.criteria import Checked, CheckedSet
from lika.engine.duck.frames import Frames
from lika.engine.duck.sources import Source
from lika.engine.errors import TableError
from lika.engine.lowering.cells import Cell
from lika.engine.lowering.lower import GivenIn, Lowered, Lowering
from lika.engine.lowering.spans import Span
from lika.engine.schema import given_column

#: The column with the row's own key in ``values_table``.
ROW_KEY = "row__"
#: Both settings that compiling changes belong to the whole process.
_COMPILING = threading.Lock()

#: A table of one unit: an Ibis table, or the Parquet file or files that hold it.
TableLike: TypeAlias = "Table | str | Path | Sequence[str | Path]"


def run(
    criteria: CheckedSet,
    unit: str,
    tables: Mapping[str, TableLike],
    *,
    connection: SQLBackend | None = None,
    reference_date: date | None = None,
    along: Sequence[str] = (),
) -> Table:
    """The verdicts of all criteria about ``unit``, as an Ibis table that runs when it is read.

    One row per row of the unit's table: its keys (``sources``), its columns ``along``, then one int8 column per
    criterion, named by its id: 1 met, 0 not met, null unknown. ``tables`` holds the unit's table and those of the lower
    units that the criteria read; a derived fact whose own column is there is read, not computed. Parquet paths are
    opened on ``connection`` (default: a new DuckDB in memory). Raises ``TableError`` (ENG-080 … ENG-084).
    """
    backend, sources = open_tables(tables, connection)
    frames, lowering = Frames(sources, reference_date), lowering_for(sources)
    return fixed(backend, verdict_table(criteria, unit, frames, lowering, along=along))


def verdict_table(
    criteria: CheckedSet,
    unit: str,
    frames: Frames,
    lowering: Lowering,
    *,
    along: Sequence[str] = (),
    carried: Sequence[Cell] = (),
) -> Table:
    """What ``run`` gives, not compiled yet; ``along`` are columns of the unit's own table that come along.

    ``carried`` are more cells of the unit, which come as the columns that ``frames`` names.
    """
    cells = lowering.verdicts(criteria, unit)
    source = frames.source(unit)
    keys = source.keys() | {name: source.column(name) for name in along}
    more = list(map(frames.name, carried))
    _refuse_clashing_names([*keys, *cells, *more])
    table = frames.build(unit, [*dict.fromkeys([*cells.values(), *carried])], keys)
    chosen = {name: table[name] for name in [*keys, *more]}
    verdicts = {name: table[frames.name(cell)].cast("int8") for name, cell in cells.items()}
    return table.select(**chosen, **verdicts)


def _refuse_clashing_names(names: Sequence[str]) -> None:
    """Columns whose names differ only in case are one column to a database."""
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise TableError("ENG-084", name=name)
        seen.add(name.casefold())


def open_tables(tables: Mapping[str, TableLike], connection: SQLBackend | None) -> tuple[SQLBackend, dict[str, Source]]:
    """The tables as sources, and the backend that runs them."""
    given = [table for table in tables.values() if isinstance(table, Table)]
    backend: Any = connection or (given[0].get_backend() if given else ibis.duckdb.connect())
    opened = {
        unit: table if isinstance(table, Table) else backend.read_parquet(_paths(table))
        for unit, table in tables.items()
    }
    return backend, {unit: Source(unit, table) for unit, table in opened.items()}


def _paths(given: str | Path | Sequence[str | Path]) -> str | list[str]:
    return str(given) if isinstance(given, str | Path) else [str(path) for path in given]


def lowering_for(sources: Mapping[str, Source]) -> Lowering:
    """A translation that reads derived facts where the tables have them."""

    def given(unit: str, column: str) -> GivenIn:
        if unit not in sources or not sources[unit].has(column):
            return "no rows"
        return "some rows" if sources[unit].has(given_column(column)) else "all rows"

    return Lowering(given)


def cells_of(lowered: Lowered) -> list[Cell]:
    """The cells that hold a value: one, or the number and divisor of the low and of the high end."""
    if not isinstance(lowered, Span):
        return [lowered]
    ends = (lowered.low, lowered.high)
    return [cell for end in ends for cell in (end.number, end.divisor) if cell is not None]


def values_table(
    frames: Frames, unit: str, expressions: Sequence[Checked], lowering: Lowering
) -> tuple[Table, list[Lowered]]:
    """A table with the cells of any expressions about ``unit``, and what they were translated to."""
    lowered = [lowering.checked(checked) for checked in expressions]
    cells = [cell for value in lowered for cell in cells_of(value)]
    keys = {ROW_KEY: frames.source(unit).key_of(unit)}
    table = frames.build(unit, cells, keys)
    return table.select(ROW_KEY, *dict.fromkeys(frames.name(cell) for cell in cells)), lowered


def fixed(backend: SQLBackend, table: Table) -> Table:
    """The table as its SQL text, so that whoever uses it cannot merge its steps."""
    return backend.sql(sql_of(backend, table))


def query_of(backend: SQLBackend, table: Table) -> str:
    """The SQL text that ``run`` made. Compiling it again would parse it again: as long as running it."""
    query = table.op()
    return query.query if isinstance(query, SQLQueryResult) else str(backend.compile(table))


def sql_of(backend: SQLBackend, table: Table) -> str:
    """The SQL text of a table, each step a query of its own."""
    with compiling():
        return str(backend.compile(table))


@contextmanager
def compiling() -> Iterator[None]:
    """What a table needs of Ibis while it is made into SQL, by one thread at a time."""
    with _COMPILING, _steps_kept_apart(), _deep_recursion():
        yield


@contextmanager
def _steps_kept_apart() -> Iterator[None]:
    """Ibis must not merge the steps of the query: columns that are shared would be written out again for every use, and
    again for every use of those."""
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """Ibis and its SQL generator recurse once per step; long chains of criteria need more than Python's default."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 10_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
