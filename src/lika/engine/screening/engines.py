"""The two engines as a screening uses them: over the Parquet files of some counties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
from ibis.backends.sql.datatypes import DuckDBType

from lika.engine import reference
from lika.engine.criteria import CheckedSet
from lika.engine.duck.sources import Source
from lika.engine.duck.together import Together, together
from lika.engine.screening.rows import Files, read_rows
from lika.engine.snapshots.layout import Column, along_with, division_column, key_column
from lika.engine.snapshots.manifest import Manifest
from lika.engine.snapshots.soundness import told_of_damage


class WithDuckDB:
    """The fast engine: one query per unit, on one connection for the whole screening.

    A query is compiled once for all batches of files: it reads views that are pointed at the files of each. What the
    units that follow gather of households is worked out with these, and kept until the next batch.
    """

    def __init__(self, threads: int | None = None) -> None:
        """Use `threads` threads; as many as there are cores unless given."""
        self._backend = ibis.duckdb.connect() if threads is None else ibis.duckdb.connect(threads=threads)
        self._backend.raw_sql("SET arrow_lossless_conversion = true")  # UUIDs as 16 bytes, not as text
        # The gathered side of a join is the narrow one, and never the longer: hash it, and let the units stream by.
        # DuckDB guesses otherwise, and would keep every column of every unit.
        self._backend.raw_sql("SET disabled_optimizers = 'build_side_probe_side'")
        self._opened: dict[str, tuple[Path, ...]] = {}
        self._compiled: list[tuple[_Asked, Together]] = []
        self._kept: _Kept | None = None

    def __call__(
        self, criteria: CheckedSet, unit: str, files: Files, manifest: Manifest, *, then: Sequence[str] = ()
    ) -> pa.Table:
        """The verdicts of a unit, in any order. Raises SnapshotDamaged (ENG-114, ENG-116) where a file cannot be read.

        Raises ``TableError`` (ENG-080 … ENG-084) as ``duck.run`` does.
        """
        chosen = criteria.of_unit(unit)
        read = {unit}.union(*(checked.units for checked in chosen))
        kept = self._kept if self._kept is not None and self._kept.serves(criteria, unit, files) else None
        units = tuple(sorted(name for name in files if name in read and (kept is None or name != kept.unit)))
        queries = self._queries(criteria, (unit, *then), manifest) if kept is None else kept.queries
        keys = dict.fromkeys((key_column(unit), division_column(unit), *along_with(unit)))
        verdicts = [checked.criterion.id for checked in chosen if checked.criterion is not None]
        carried = [name for name in queries.carried if name not in keys] if then else []
        with told_of_damage([path for name in units for path in files[name]], manifest.schema):
            for name in units:
                self._open(name, files[name])
            # As a relation, not a cursor: only that way is the result turned into Arrow on all cores.
            relation = self._backend.con.sql(queries.texts[unit])
            chosen_columns = map(duckdb.ColumnExpression, [*keys, *verdicts, *carried])
            table = relation.select(*chosen_columns).to_arrow_table()
        if then:
            self._keep(table.select(queries.carried))
            self._kept = _Kept(criteria, unit, tuple(files[unit]), queries)
        return table

    def _keep(self, table: pa.Table) -> None:
        """Put rows into the table that the queries of upper units read, in place of what it held."""
        # As a stream: to read a table of Arrow directly DuckDB would have pandas imported, which takes over a second.
        self._backend.con.register(_STREAM, table.__arrow_c_stream__())
        self._backend.raw_sql(f"CREATE OR REPLACE TEMP TABLE {_KEPT} AS FROM {_STREAM}")
        self._backend.con.unregister(_STREAM)

    def _open(self, unit: str, paths: Sequence[Path]) -> None:
        """Point the view of a unit at some files."""
        if self._opened.get(unit) != tuple(paths):
            listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
            read = f"SELECT * FROM read_parquet([{listed}])"  # noqa: S608 - paths of our own, quoted
            self._backend.raw_sql(f"CREATE OR REPLACE VIEW {_VIEW}{unit} AS {read}")
            self._opened[unit] = tuple(paths)

    def _queries(self, criteria: CheckedSet, units: tuple[str, ...], manifest: Manifest) -> Together:
        """The SQL texts over the views; compiling takes as long as screening a hundred thousand households."""
        read = frozenset(units).union(*(checked.units for unit in units for checked in criteria.of_unit(unit)))
        schema = tuple((name, manifest.schema[name]) for name in sorted(read) if name in manifest.schema)
        asked = _Asked(criteria, units, schema, manifest.at)
        for known, queries in self._compiled:
            if known == asked:
                return queries
        sources = {name: _source(name, columns) for name, columns in schema}
        queries = together(
            criteria,
            units,
            sources,
            self._backend,
            kept=_KEPT,
            reference_date=manifest.at,
            along=along_with(units[0]),
        )
        self._compiled.append((asked, queries))
        return queries

    def close(self) -> None:
        """Close the connection."""
        self._backend.disconnect()


def _source(unit: str, columns: Sequence[Column]) -> Source:
    types = {column.name: DuckDBType.from_string(column.type) for column in columns}
    return Source(unit, ibis.table(types, name=_VIEW + unit))


_VIEW = "screened_"
_KEPT = "gathered_from"
_STREAM = "just_gathered"


@dataclass(frozen=True)
class _Asked:
    """What the texts of queries depend on. A set of criteria is equal to itself alone."""

    criteria: CheckedSet
    units: tuple[str, ...]
    schema: tuple[tuple[str, tuple[Column, ...]], ...]
    at: date


@dataclass(frozen=True)
class _Kept:
    """The rows of a unit that were worked out last, and the queries of the units above that read them."""

    criteria: CheckedSet
    unit: str
    files: tuple[Path, ...]
    queries: Together

    def serves(self, criteria: CheckedSet, unit: str, files: Files) -> bool:
        """Whether a unit's query reads them."""
        same = self.criteria is criteria and self.files == tuple(files.get(self.unit, ()))
        return same and unit != self.unit and unit in self.queries.texts


def with_reference(
    criteria: CheckedSet, unit: str, files: Files, manifest: Manifest, *, then: Sequence[str] = ()
) -> pa.Table:
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
