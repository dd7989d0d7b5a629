"""The two engines as a screening uses them: over the Parquet files of some counties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa

from lika.engine import duck, reference
from lika.engine.criteria import CheckedSet
from lika.engine.screening.rows import Files, read_rows
from lika.engine.snapshots.layout import Column, along_with, division_column, key_column
from lika.engine.snapshots.manifest import Manifest
from lika.engine.snapshots.soundness import told_of_damage


class WithDuckDB:
    """The fast engine: one query per unit, on one connection for the whole screening.

    A query is compiled once for all batches of files: it reads views that are pointed at the files of each.
    """

    def __init__(self, threads: int | None = None) -> None:
        """Use `threads` threads; as many as there are cores unless given."""
        self._backend = ibis.duckdb.connect() if threads is None else ibis.duckdb.connect(threads=threads)
        self._backend.raw_sql("SET arrow_lossless_conversion = true")  # UUIDs as 16 bytes, not as text
        # The gathered side of a join is the narrow one, and never the longer: hash it, and let the units stream by.
        # DuckDB guesses otherwise, and would keep every column of every unit.
        self._backend.raw_sql("SET disabled_optimizers = 'build_side_probe_side'")
        self._opened: dict[str, tuple[Path, ...]] = {}
        self._compiled: list[tuple[_Compiled, str]] = []

    def __call__(self, criteria: CheckedSet, unit: str, files: Files, manifest: Manifest) -> pa.Table:
        """The verdicts of a unit, in any order. Raises SnapshotDamaged (ENG-114) where a file cannot be read."""
        chosen = criteria.of_unit(unit)
        read = {unit}.union(*(checked.units for checked in chosen))
        units = tuple(sorted(name for name in files if name in read))
        keys = dict.fromkeys((key_column(unit), division_column(unit), *along_with(unit)))
        verdicts = [checked.criterion.id for checked in chosen if checked.criterion is not None]
        with told_of_damage([path for name in units for path in files[name]]):
            for name in units:
                self._open(name, files[name])
            schema = tuple(manifest.schema[name] for name in units)
            text = self._query(_Compiled(criteria, unit, units, schema, manifest.at))
            # As a relation, not a cursor: only that way is the result turned into Arrow on all cores.
            relation = self._backend.con.sql(text)
            return relation.select(*map(duckdb.ColumnExpression, [*keys, *verdicts])).to_arrow_table()

    def _open(self, unit: str, paths: Sequence[Path]) -> None:
        """Point the view of a unit at some files."""
        if self._opened.get(unit) != tuple(paths):
            listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
            read = f"SELECT * FROM read_parquet([{listed}])"  # noqa: S608 - paths of our own, quoted
            self._backend.raw_sql(f"CREATE OR REPLACE VIEW {_VIEW}{unit} AS {read}")
            self._opened[unit] = tuple(paths)

    def _query(self, asked: _Compiled) -> str:
        """The SQL text over the views; compiling takes as long as screening a hundred thousand households."""
        for known, text in self._compiled:
            if known == asked:
                return text
        tables = {name: self._backend.table(f"{_VIEW}{name}") for name in asked.units}
        table = duck.run(
            asked.criteria,
            asked.unit,
            tables,
            connection=self._backend,
            reference_date=asked.at,
            along=along_with(asked.unit),
        )
        self._compiled.append((asked, duck.query_of(self._backend, table)))
        return self._compiled[-1][1]

    def close(self) -> None:
        """Close the connection."""
        self._backend.disconnect()


_VIEW = "screened_"


@dataclass(frozen=True)
class _Compiled:
    """What the text of a query depends on. A set of criteria is equal to itself alone."""

    criteria: CheckedSet
    unit: str
    units: tuple[str, ...]
    schema: tuple[tuple[Column, ...], ...]
    at: date


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
    columns += along_with(unit)
    with duckdb.connect() as session:
        session.execute("SET arrow_lossless_conversion = true")
        return session.execute(
            f"SELECT {', '.join(columns)} FROM read_parquet(?) ORDER BY {order}",  # noqa: S608 - our own names
            [[str(path) for path in paths]],
        ).to_arrow_table()
