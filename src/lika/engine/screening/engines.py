"""The two engines as a screening uses them: over the Parquet files of some counties."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from lika.engine import reference
from lika.engine.criteria import CheckedSet
from lika.engine.screening.rows import Files, read_rows
from lika.engine.snapshots.layout import PERSONS, division_column, key_column
from lika.engine.snapshots.manifest import Manifest


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
    """Key and division columns in the order of the rows, and the rows of person of households."""
    columns = list(dict.fromkeys((key_column(unit), division_column(unit))))
    order = ", ".join(reversed(columns))
    if unit == "household":
        columns.append(f'"{PERSONS}"')
    with duckdb.connect() as session:
        session.execute("SET arrow_lossless_conversion = true")
        return session.execute(
            f"SELECT {', '.join(columns)} FROM read_parquet(?) ORDER BY {order}",  # noqa: S608 - our own names
            [[str(path) for path in paths]],
        ).to_arrow_table()
