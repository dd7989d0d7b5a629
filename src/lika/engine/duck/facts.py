"""Runs expressions on facts held in memory: rows become small tables, answers come back as the reference gives them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import ibis

from lika.engine.criteria import Checked
from lika.engine.duck.frames import Frames
from lika.engine.duck.population import tables_of
from lika.engine.duck.run import ROW_KEY, lowering_for, open_tables, sql_of, values_table
from lika.engine.facts_json import Facts, as_document
from lika.engine.lowering.lower import Lowered
from lika.engine.lowering.ratios import Ratio
from lika.engine.lowering.spans import Span
from lika.engine.population import UnitRow
from lika.engine.ranges import Range
from lika.engine.reference import Answer, shown


def evaluate_facts(checked: Checked, facts: Facts, *, reference_date: date | None = None) -> Answer:
    """The value of one expression for one unit; the same arguments and the same value as ``reference.evaluate``."""
    document = as_document(facts, checked.schema)
    document.refuse_unfit(checked)
    moment = reference_date or document.reference_date
    return evaluate_rows([checked], [document.root], reference_date=moment)[0][0]


def evaluate_rows(
    expressions: Sequence[Checked], rows: Sequence[UnitRow], *, reference_date: date | None = None
) -> list[list[Answer]]:
    """For each row the values of all expressions, in one query. All are about the unit of the rows, and of one schema.

    As in the reference, a derived fact's value is read in the rows that have its column, and worked in the others.
    """
    unit = expressions[0].unit
    backend = ibis.duckdb.connect()
    try:
        tables = {
            name: backend.create_table(name, table) for name, table in tables_of(rows, expressions[0].schema).items()
        }
        _, sources = open_tables(tables, backend)
        frames = Frames(sources, reference_date)
        table, lowered = values_table(frames, unit, expressions, lowering_for(sources))
        # Straight to DuckDB: Ibis would compile the query once more, which takes seconds for thousands of terms.
        cursor = backend.con.execute(sql_of(backend, table))
        names = [column[0] for column in cursor.description]
        records = [dict(zip(names, record, strict=True)) for record in cursor.fetchall()]
    finally:
        backend.disconnect()
    return answers(frames, records, lowered)


def answers(frames: Frames, records: list[dict[str, Any]], lowered: Sequence[Lowered]) -> list[list[Answer]]:
    """Rows of ``values_table``, by name of the column and in any order, as the reference gives them."""
    records.sort(key=lambda record: record[ROW_KEY])
    return [[_answer(frames, record, value) for value in lowered] for record in records]


def _answer(frames: Frames, record: dict[str, Any], value: Lowered) -> Answer:
    if not isinstance(value, Span):
        answer: Answer = record[frames.name(value)]
        return answer
    low, high = (_fraction(frames, record, end) for end in (value.low, value.high))
    return None if low is None or high is None else shown(Range(low, high))


def _fraction(frames: Frames, record: dict[str, Any], ratio: Ratio) -> Fraction | None:
    number = record[frames.name(ratio.number)]
    if number is None:
        return None
    divisor = 1 if ratio.divisor is None else record[frames.name(ratio.divisor)]
    return Fraction(int(number), 10**ratio.places) / int(divisor)
