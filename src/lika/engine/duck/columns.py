"""Any expressions about a unit as one SQL text that yields a column for each: for counts and lists over a snapshot.

The text is made from the columns that the tables have, before any file is opened: whoever counts often keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import ibis
from ibis.backends.sql import SQLBackend
from ibis.backends.sql.datatypes import DuckDBType
from ibis.expr.types import Value

from lika.engine.criteria import Checked
from lika.engine.duck.frames import Frames
from lika.engine.duck.run import lowering_for, sql_of
from lika.engine.duck.sources import Source
from lika.engine.lowering.cells import Cell
from lika.engine.lowering.lower import Lowered, Lowering
from lika.engine.lowering.spans import Span
from lika.engine.types import places_of

#: Columns and their DuckDB types of one unit's table.
TableColumns = Mapping[str, str]


@dataclass(frozen=True)
class ColumnsQuery:
    """A SELECT over tables named as their units: the keys asked for, then one column per expression.

    A number stands as an integer: its value times ten to the power of ``places``; a range that is not one number, and
    whatever is unknown, as null.
    """

    sql: str
    places: Mapping[str, int]
    units: tuple[str, ...]


def columns_query(
    expressions: Mapping[str, Checked],
    unit: str,
    tables: Mapping[str, TableColumns],
    *,
    keys: tuple[str, ...],
    reference_date: date | None = None,
) -> ColumnsQuery:
    """The query of some expressions about ``unit``, by the name of their column.

    ``keys`` are columns of the unit's own table that come along. Numbers are rounded half up to the decimal places of
    their type: the value that is shown is the value that is added up. Raises ``TableError`` ENG-080 where a table lacks
    a column, ENG-082 where a table is missing.
    """
    sources = {
        name: Source(name, ibis.table({key: DuckDBType.from_string(type_) for key, type_ in columns.items()}, name))
        for name, columns in tables.items()
    }
    lowering = lowering_for(sources)
    frames = Frames(sources, reference_date)
    places = {name: places_of(checked.type) for name, checked in expressions.items()}
    cells = {name: _single(lowering, lowering.checked(checked), places[name]) for name, checked in expressions.items()}
    own = frames.source(unit)
    key_values: dict[str, Value] = {name: own.column(name) for name in keys}
    table = frames.build(unit, list(cells.values()), key_values)
    chosen = {name: table[name] for name in keys} | {name: table[frames.name(cell)] for name, cell in cells.items()}
    used = {unit}.union(*(checked.units for checked in expressions.values()))
    return ColumnsQuery(sql_of(_dialect(), table.select(**chosen)), places, tuple(sorted(used)))


def _single(lowering: Lowering, value: Lowered, places: int) -> Cell:
    """One cell: a number rounded to its places, where it is one number."""
    if not isinstance(value, Span):
        return value
    spans, cells = lowering.spans, lowering.cells
    rounded = spans.rounded(value, places)
    scaled = spans.ratios.scaled(rounded.low, places)
    return scaled.number if value.single else cells.cases([(spans.is_single(rounded), scaled.number)])


@lru_cache(maxsize=1)
def _dialect() -> SQLBackend:
    """A connection that only writes SQL."""
    return ibis.duckdb.connect()
