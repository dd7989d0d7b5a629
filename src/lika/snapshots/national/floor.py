"""The floor: a bare scan of the columns that the criteria read, with the groups that they ask for, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

from lika.engine.criteria import CheckedSet
from lika.engine.schema import column_name, rank
from lika.engine.screening.run import Plan
from lika.engine.snapshots.manifest import Manifest

#: The unit that the rows of a unit are grouped by, and its key.
_ABOVE = {"person": "household_id", "household": "village"}


def floor(folder: Path, manifest: Manifest, checked: CheckedSet, plan: Plan) -> float:
    """Seconds of reading the columns once and counting them by the unit above, with all cores of DuckDB."""
    started = time.perf_counter()
    wanted = _wanted(manifest, checked, plan)
    with duckdb.connect() as session:
        for unit in sorted(wanted, key=rank):
            paths: Sequence[str] = [str(folder / entry.path) for entry in manifest.files if entry.unit == unit]
            above = _ABOVE.get(unit, unit)
            counts = ", ".join(f'count("{name}")' for name in sorted(wanted[unit])) or "count(*)"
            session.execute(
                f"SELECT {above}, {counts} FROM read_parquet(?) GROUP BY {above}",  # noqa: S608 - our own names
                [paths],
            ).to_arrow_table()
    return time.perf_counter() - started


def _wanted(manifest: Manifest, checked: CheckedSet, plan: Plan) -> dict[str, set[str]]:
    """The columns that are read, by unit."""
    wanted: dict[str, set[str]] = {}
    for unit in plan.units(manifest):
        for item in checked.of_unit(unit):
            for name in item.units:
                wanted.setdefault(name, set())
            for use in item.facts:
                wanted.setdefault(use.unit, set()).add(column_name(use.name, use.lag))
    return {unit: columns for unit, columns in wanted.items() if manifest.total(unit)}
