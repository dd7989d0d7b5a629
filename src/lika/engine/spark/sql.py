"""Tables as Spark sees them, and queries in its SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import ibis
from ibis.backends.sql.compilers.pyspark import compiler
from ibis.backends.sql.datatypes import DuckDBType
from ibis.expr.types import Table

from lika.engine.duck.run import compiling
from lika.engine.duck.sources import Source
from lika.engine.snapshots.layout import Column

#: UUIDs and tokens are bytes to Spark, which knows no UUID in Parquet and refuses files that have one unless told.
_BYTES = ("UUID", "BLOB")
_PLAIN = {
    "BIGINT": "bigint",
    "INTEGER": "int",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "VARCHAR": "string",
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")


def spark_type(duckdb_type: str) -> str:
    """What Spark calls the type of a column of a snapshot."""
    if duckdb_type in _BYTES:
        return "binary"
    if found := _DECIMAL.fullmatch(duckdb_type):
        return f"decimal({found[1]},{found[2]})"
    return _PLAIN[duckdb_type]


def declared(columns: Iterable[Column]) -> str:
    """The columns of a unit's files as Spark declares them: given to it, it need not read what they are."""
    return ", ".join(f"`{column.name}` {spark_type(column.type)}" for column in columns)


def sources_of(schema: Mapping[str, Iterable[Column]], views: Mapping[str, str]) -> dict[str, Source]:
    """The units' tables, each read from the view of that name."""
    return {unit: Source(unit, ibis.table(_schema(schema[unit]), name=view)) for unit, view in views.items()}


def _schema(columns: Iterable[Column]) -> dict[str, ibis.expr.datatypes.DataType]:
    types = {column.name: "BLOB" if column.type in _BYTES else column.type for column in columns}
    return {name: DuckDBType.from_string(type_) for name, type_ in types.items()}


def spark_sql(table: Table) -> str:
    """The text of a query, each step a query of its own."""
    with compiling():
        return str(compiler.to_sqlglot(table).sql(dialect="spark"))
