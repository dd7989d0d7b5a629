"""A screening on Spark: the cluster works the criteria, digests, writes and counts; only sums come back.

The same pack, snapshot and folders give the same digest as on one machine. Snapshot and results lie where all nodes
reach them by the same path. A worker that is lost is no harm: what it had is worked again by another, and a verdict
file has its name only once it is whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from lika.engine.criteria import CheckedSet
from lika.engine.duck.frames import Frames
from lika.engine.duck.run import lowering_for, verdict_table
from lika.engine.errors import ClusterError
from lika.engine.screening.rollups import LEVEL_OF_UNIT, Combination, LevelCounts, level_of
from lika.engine.screening.run import Outcome, Plan, Taken, VerdictPart, gather, take_in
from lika.engine.screening.verdicts import ID_BYTES, Verdicts, by_county, from_arrow
from lika.engine.snapshots.layout import COUNTY_SPAN, IDENTIFIED_UNITS, along_with, division_column, key_column
from lika.engine.snapshots.manifest import Manifest
from lika.engine.spark.sessions import failures, what_it_says
from lika.engine.spark.sql import declared, sources_of, spark_sql

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

#: What a worker tells of the verdicts of one county.
_TOLD = "county bigint, total bigint, digest string, sha256 string, counts binary, combinations string"
_COUNTY = "county__"


def screen(
    session: SparkSession,
    folder: Path,
    manifest: Manifest,
    checked: CheckedSet,
    plan: Plan,
    *,
    out: Path | None = None,
) -> Outcome:
    """Work a pack's criteria over a snapshot; write verdict files below `out` where it is given. As `run.screen`.

    Raises ``ClusterError`` ENG-104 where Spark gives up, ENG-105 where the nodes do not see the rows that the manifest
    tells of; `out` may then hold some of the files.
    """
    outcome = Outcome()
    views = {unit: f"lika_{unit}" for unit in manifest.counts}
    sources = sources_of(manifest.schema, views)
    try:
        _open(session, folder, manifest, views)
        for unit in plan.units(manifest):
            outcome.criteria[unit] = plan.criteria[unit]
            frames, lowering = Frames(sources, manifest.at, on_duckdb=False), lowering_for(sources)
            table = verdict_table(checked, unit, frames, lowering, along=along_with(unit))
            verdicts = session.sql(spark_sql(table))
            gather(outcome, _taken(verdicts, manifest, plan, unit, out), level_of(manifest.scope))
        for view in views.values():
            session.catalog.dropTempView(view)
    except failures() as error:
        raise ClusterError("ENG-104", reason=what_it_says(error)) from error
    return outcome


def _open(session: SparkSession, folder: Path, manifest: Manifest, views: dict[str, str]) -> None:
    """Make the view over the files of each unit."""
    for unit, view in views.items():
        paths = [str(folder / entry.path) for entry in manifest.files if entry.unit == unit]
        session.read.schema(declared(manifest.schema[unit])).parquet(*paths).createOrReplaceTempView(view)


def _taken(verdicts: DataFrame, manifest: Manifest, plan: Plan, unit: str, out: Path | None) -> list[Taken]:
    """What the counties of one unit come to, worked where their verdicts are."""
    place = division_column(unit)
    kept = [*dict.fromkeys([key_column(unit), place]), *plan.criteria[unit], *along_with(unit)]
    chosen = verdicts.select(*kept).selectExpr("*", f"{place} div {COUNTY_SPAN} AS {_COUNTY}")
    rows = chosen.groupBy(_COUNTY).applyInArrow(_worker(unit, plan, out), _TOLD).collect()
    told = {row["county"]: _read(unit, plan, row.asDict()) for row in rows}
    expected = manifest.counts[unit]
    for county in sorted(told.keys() | expected.keys()):
        read = told[county].part.total if county in told else 0
        if read != expected.get(county, 0):
            raise ClusterError("ENG-105", unit=unit, county=county, read=read, told=expected.get(county, 0))
    return [told[county] if county in told else _nobody(unit, plan, county, out) for county in manifest.counties(unit)]


def _worker(unit: str, plan: Plan, out: Path | None) -> Callable[[pa.Table], pa.Table]:
    """What a worker does with the verdicts of one county."""

    def work(table: pa.Table) -> pa.Table:
        county = table[_COUNTY][0].as_py()
        taken = take_in(_verdicts(unit, plan, table, county), plan, out)
        counts = taken.counts
        columns = (counts.divisions[:, None], counts.met, counts.not_met, counts.unknown)
        combinations = [(row.measures, row.households, row.persons) for row in taken.combinations]
        told = {
            "county": pa.array([county], pa.int64()),
            "total": pa.array([taken.part.total], pa.int64()),
            "digest": pa.array([taken.part.digest]),
            "sha256": pa.array([taken.part.sha256]),
            "counts": pa.array([np.hstack(columns).astype("<i8").tobytes()]),
            "combinations": pa.array([json.dumps(combinations)]),
        }
        return pa.table(told)

    return work


def _verdicts(unit: str, plan: Plan, table: pa.Table, county: int) -> Verdicts:
    key = key_column(unit)
    if unit in IDENTIFIED_UNITS:
        table = table.set_column(table.column_names.index(key), key, table[key].cast(pa.binary(ID_BYTES)))
    (verdicts,) = by_county(from_arrow(unit, plan.criteria[unit], table), [county])
    return verdicts


def _read(unit: str, plan: Plan, told: dict[str, Any]) -> Taken:
    criteria, county = plan.criteria[unit], told["county"]
    part = VerdictPart(unit, county, told["total"], told["digest"], told["sha256"])
    numbers = np.frombuffer(told["counts"], dtype="<i8").reshape(-1, 1 + 3 * len(criteria)).astype(np.int64)
    met, not_met, unknown = np.split(numbers[:, 1:], 3, axis=1)
    counts = LevelCounts(unit, LEVEL_OF_UNIT[unit], criteria, numbers[:, 0], met, not_met, unknown)
    return Taken(part, counts, list(_combinations(county, told["combinations"])))


def _combinations(county: int, text: str) -> Iterator[Combination]:
    for measures, households, persons in json.loads(text):
        yield Combination(county, tuple(measures), households, persons)


def _nobody(unit: str, plan: Plan, county: int, out: Path | None) -> Taken:
    """A county whose file has no units: no worker was given any."""
    none, criteria = np.zeros(0, dtype=np.int64), plan.criteria[unit]
    ids, results = np.zeros((0, ID_BYTES), dtype=np.uint8), np.zeros((0, len(criteria)), dtype=np.int8)
    persons = none if unit == "household" and plan.measures else None
    return take_in(Verdicts(unit, county, criteria, none, ids, results, persons), plan, out)
