"""Runs expressions on facts held in memory, by Spark: for golden tables and for comparing the engines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import ibis

from lika.engine.criteria import Checked
from lika.engine.duck.facts import answers
from lika.engine.duck.frames import Frames
from lika.engine.duck.population import tables_of
from lika.engine.duck.run import lowering_for, values_table
from lika.engine.duck.sources import Source
from lika.engine.population import UnitRow
from lika.engine.reference import Answer
from lika.engine.spark.sql import spark_sql

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def evaluate_rows(
    session: SparkSession,
    expressions: Sequence[Checked],
    rows: Sequence[UnitRow],
    *,
    reference_date: date | None = None,
) -> list[list[Answer]]:
    """For each row the values of all expressions, in one job; the same arguments and answers as on DuckDB."""
    unit = expressions[0].unit
    tables = tables_of(rows, expressions[0].schema)
    views = {name: f"lika_rows_{name}" for name in tables}
    for name, table in tables.items():
        session.createDataFrame(table).createOrReplaceTempView(views[name])
    sources = {
        name: Source(name, ibis.table(ibis.Schema.from_pyarrow(table.schema), name=views[name]))
        for name, table in tables.items()
    }
    frames = Frames(sources, reference_date, on_duckdb=False)
    table, lowered = values_table(frames, unit, expressions, lowering_for(sources))
    return answers(frames, session.sql(spark_sql(table)).toArrow().to_pylist(), lowered)
