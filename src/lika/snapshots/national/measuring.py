"""Measuring the engine on the invented country: screening, writing, the floor in the same run, screening again."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import pyarrow.parquet as pq

from lika.engine import reference
from lika.engine.screening import stored
from lika.engine.screening.again import screen_again
from lika.engine.screening.engines import WithDuckDB
from lika.engine.screening.rows import read_rows
from lika.engine.screening.run import Outcome, Plan, screen
from lika.engine.snapshots.layout import file_path
from lika.engine.snapshots.manifest import Manifest
from lika.engine.snapshots.soundness import sound
from lika.policy import resolve
from lika.policy.packs.checking import read_pack
from lika.snapshots.national.changing import changed
from lika.snapshots.national.floor import floor
from lika.snapshots.national.generating import AT
from lika.snapshots.planning import plan_of

PACK = Path(__file__).parent / "packs/demo/nation"
#: Names below the folder of a benchmark.
RESULTS, LATER, RESULTS_LATER = "results", "snapshot-later", "results-later"

#: About so many single households are asked for.
_ASKED = 20

Value = TypeVar("Value")


@dataclass(frozen=True)
class Figures:
    """What was measured. Seconds are by the clock; `load` is that of the machine when it ended."""

    households: int
    persons: int
    counties: int
    criteria: int
    seconds: float
    rows_per_second: int
    floor_seconds: float
    ratio: float
    verify_seconds: float
    peak_megabytes: int
    snapshot_bytes: int
    result_bytes: int
    digest: str
    rollups: int
    household_milliseconds: float
    again_households: int
    again_seconds: float
    again_parts: int
    again_parts_kept: int
    again_equal: bool
    cores: int
    load: float


def criteria() -> tuple[resolve.CompiledPack, Plan]:
    """The forty criteria, read and checked as any pack is, and what of them is screened."""
    compiled = resolve.compiled(read_pack(PACK), at=AT)
    return compiled, plan_of(compiled.pack, compiled.checked)


def measure(folder: Path, snapshot: Path, *, share: float) -> Figures:
    """Screen the snapshot below `folder`, take the floor, change that share of the households and screen again.

    What an earlier run left of results is removed. Raises SnapshotDamaged (ENG-110 … ENG-117), DiskFull (ENG-119).
    """
    for name in (RESULTS, LATER, RESULTS_LATER):
        shutil.rmtree(folder / name, ignore_errors=True)
    compiled, plan = criteria()
    verify_seconds, manifest = _timed(lambda: sound(snapshot))
    seconds, outcome = _timed(lambda: _screened(snapshot, manifest, compiled, plan, folder / RESULTS))
    # Before the floor: its groups of all households at once take more than the screening does.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    floor_seconds = floor(snapshot, manifest, compiled.checked, plan)
    moved, households = changed(snapshot, manifest, share, folder / LATER)
    before = stored.read(folder / RESULTS)
    again_seconds, (worked, kept, later) = _timed(lambda: _screened_again(folder, moved, compiled, plan, before))
    whole = _once(folder / LATER, moved, compiled, plan)
    rows = sum(manifest.total(unit) for unit in plan.units(manifest))
    return Figures(
        households=manifest.total("household"),
        persons=manifest.total("person"),
        counties=len(manifest.counties("household")),
        criteria=sum(len(ids) for ids in outcome.criteria.values()),
        seconds=round(seconds, 2),
        rows_per_second=round(rows / seconds),
        floor_seconds=round(floor_seconds, 2),
        ratio=round(seconds / floor_seconds, 2),
        verify_seconds=round(verify_seconds, 2),
        peak_megabytes=peak,
        snapshot_bytes=sum(entry.bytes for entry in manifest.files),
        result_bytes=sum(path.stat().st_size for path in (folder / RESULTS).rglob("*") if path.is_file()),
        digest=outcome.digest,
        rollups=_rollups(outcome),
        household_milliseconds=round(_one_household(snapshot, manifest, compiled), 1),
        again_households=households,
        again_seconds=round(again_seconds, 2),
        again_parts=worked,
        again_parts_kept=kept,
        again_equal=_same(later, whole),
        cores=os.cpu_count() or 1,
        load=round(os.getloadavg()[0], 1),
    )


def as_json(figures: Figures) -> dict[str, object]:
    """The figures for machines."""
    return asdict(figures)


def _screened(snapshot: Path, manifest: Manifest, compiled: resolve.CompiledPack, plan: Plan, target: Path) -> Outcome:
    """Everything that a screening takes: the verdicts, the roll-ups of all divisions, both written."""
    engine = WithDuckDB()
    try:
        with stored.folder_for_results(target) as scratch:
            outcome = screen(snapshot, manifest, compiled.checked, plan, engine=engine, out=scratch / stored.VERDICTS)
            stored.write(scratch, outcome, manifest, compiled.checked, plan)
    finally:
        engine.close()
    return outcome


def _screened_again(
    folder: Path, moved: Manifest, compiled: resolve.CompiledPack, plan: Plan, before: stored.Stored
) -> tuple[int, int, Outcome]:
    engine = WithDuckDB()
    try:
        with stored.folder_for_results(folder / RESULTS_LATER) as scratch:
            found = screen_again(
                folder / LATER,
                moved,
                compiled.checked,
                plan,
                engine=engine,
                out=scratch / stored.VERDICTS,
                before=before,
            )
            stored.write(scratch, found.outcome, moved, compiled.checked, plan)
    finally:
        engine.close()
    return found.worked, found.kept, found.outcome


def _once(snapshot: Path, manifest: Manifest, compiled: resolve.CompiledPack, plan: Plan) -> Outcome:
    """The whole snapshot, nothing written."""
    engine = WithDuckDB()
    try:
        return screen(snapshot, manifest, compiled.checked, plan, engine=engine)
    finally:
        engine.close()


def _same(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes have the same digest, counts and combinations."""
    pairs = zip(one.counts, other.counts, strict=True)
    return (one.digest, one.combinations) == (other.digest, other.combinations) and all(
        (left.unit, left.level, left.criteria) == (right.unit, right.level, right.criteria)
        and all(
            (getattr(left, name) == getattr(right, name)).all() for name in ("divisions", "met", "not_met", "unknown")
        )
        for left, right in pairs
    )


def _one_household(snapshot: Path, manifest: Manifest, compiled: resolve.CompiledPack) -> float:
    """Milliseconds, the median of some, of finding one household in its county and working all its criteria."""
    county = manifest.counties("household")[-1]
    files = {unit: [snapshot / file_path(unit, county)] for unit in ("person", "household")}
    ids = pq.read_table(files["household"][0], columns=["household_id"])["household_id"].to_pylist()
    asked = compiled.checked.of_unit("household")
    taken = []
    for number in ids[:: max(1, len(ids) // _ASKED)]:
        started = time.perf_counter()
        (row,) = read_rows(files, "household", asked, only=str(number))
        reference.evaluate_set(compiled.checked, row, reference_date=manifest.at)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def _rollups(outcome: Outcome) -> int:
    return sum(len(counts.divisions) * len(counts.criteria) for counts in outcome.counts)


def _timed(work: Callable[[], Value]) -> tuple[float, Value]:
    started = time.perf_counter()
    value = work()
    return time.perf_counter() - started, value
