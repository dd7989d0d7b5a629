"""The two engines as a screening uses them: over the Parquet files of some counties."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
from ibis.expr.types import Table

from lika.engine import duck, reference
from lika.engine.criteria import CheckedSet
from lika.engine.screening.rows import Files, read_rows
from lika.engine.snapshots.layout import division_column, key_column
from lika.engine.snapshots.manifest import Manifest


class WithDuckDB:
    """The fast engine: one query per unit, on one connection for the whole screening."""

    def __init__(self, threads: int | None = None) -> None:
        """Use `threads` threads; as many as there are cores unless given."""
        self._backend = ibis.duckdb.connect() if threads is None else ibis.duckdb.connect(threads=threads)
        self._backend.raw_sql("SET arrow_lossless_conversion = true")  # UUIDs as 16 bytes, not as text
        # The gathered side of a join is the narrow one, and never the longer: hash it, and let the units stream by.
        # DuckDB guesses otherwise, and would keep every column of every unit.
        self._backend.raw_sql("SET disabled_optimizers = 'build_side_probe_side'")
        self._opened: dict[tuple[Path, ...], Table] = {}

    def __call__(self, criteria: CheckedSet, unit: str, files: Files, manifest: Manifest) -> pa.Table:
        """The verdicts of a unit, in any order."""
        chosen = criteria.of_unit(unit)
        read = {unit}.union(*(checked.units for checked in chosen))
        tables = {name: self._open(files[name]) for name in files if name in read}
        table = duck.run(criteria, unit, tables, connection=self._backend, reference_date=manifest.at)
        text = duck.query_of(self._backend, table)
        # As a relation, not a cursor: only that way is the result turned into Arrow on all cores.
        relation = self._backend.con.sql(text)
        keys = dict.fromkeys((key_column(unit), division_column(unit)))
        verdicts = [checked.criterion.id for checked in chosen if checked.criterion is not None]
        return relation.select(*map(duckdb.ColumnExpression, [*keys, *verdicts])).to_arrow_table()

    def _open(self, paths: Sequence[Path]) -> Table:
        """A table over some files. Kept: opening asks for the type of every column, and each unit reads those below."""
        key = tuple(paths)
        if key not in self._opened:
            self._opened[key] = self._backend.read_parquet([str(path) for path in paths])
        return self._opened[key]

    def close(self) -> None:
        """Close the connection."""
        self._backend.disconnect()


def with_reference(criteria: CheckedSet, unit: str, files: Files, manifest: Manifest) -> pa.Table:
    """The slow, obvious engine: each unit evaluated by itself in Python. For small snapshots and samples."""
    rows = read_rows(files, unit, criteria.of_unit(unit))
    answers = [reference.evaluate_set(criteria, row, reference_date=manifest.at) for row in rows]
    table = _keys(files[unit], unit)
    for checked in criteria.of_unit(unit):
        if checked.criterion is not None:
            name = checked.criterion.id
            values = [None if answer[name] is None else int(answer[name] is True) for answer in answers]
            table = table.append_column(name, pa.array(values, type=pa.int8()))
    return table


def _keys(paths: Sequence[Path], unit: str) -> pa.Table:
    """Key and division columns, in the order of the rows."""
    columns = list(dict.fromkeys((key_column(unit), division_column(unit))))
    order = ", ".join(reversed(columns))
    with duckdb.connect() as session:
        session.execute("SET arrow_lossless_conversion = true")
        return session.execute(
            f"SELECT {', '.join(columns)} FROM read_parquet(?) ORDER BY {order}",  # noqa: S608 - our own names
            [[str(path) for path in paths]],
        ).to_arrow_table()
