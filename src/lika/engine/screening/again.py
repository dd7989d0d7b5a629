"""Screening a snapshot again after some of its files changed: only what rests on them is worked out.

A county's verdicts of a unit rest on the files of that unit and of the lower units that its criteria read, in that
county (for a prefecture or province: in all counties within). Where none of them changed, the verdict file is taken
over as it lies, with its digest and its counts. The result is that of screening everything: digest, files, roll-ups.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from lika.engine.criteria import CheckedSet
from lika.engine.disk import same_file
from lika.engine.messages import Words
from lika.engine.screening import stored
from lika.engine.screening.rollups import LEVEL_OF_UNIT, Combination, LevelCounts, level_of, roll_up
from lika.engine.screening.run import BATCH_ROWS, Engine, Outcome, Plan, VerdictPart, screen
from lika.engine.screening.stored import NoResult
from lika.engine.snapshots.layout import file_path
from lika.engine.snapshots.manifest import Manifest

_OTHER = Words("条件、参数、时点或列已不同", "criteria, parameters, time point or columns are others")


class Before(Protocol):
    """The results of an earlier screening. ``inputs`` are the SHA-256 of its snapshot's files by path."""

    @property
    def folder(self) -> Path:
        """What a refusal names."""

    @property
    def identity(self) -> str:
        """What they rest on besides the rows (`stored.identity`)."""

    @property
    def inputs(self) -> Mapping[str, str]:
        """As above."""

    @property
    def parts(self) -> Mapping[tuple[str, int], VerdictPart]:
        """By unit and county."""

    def file(self, part: VerdictPart) -> Path | None:
        """Where the verdict file of a part lies; None where it is not as it was written."""

    def counts(self, unit: str, criteria: tuple[str, ...], counties: Collection[int]) -> LevelCounts:
        """The counts of a unit at its lowest level in some counties, whose files were found whole."""

    def combinations(self, counties: Collection[int]) -> list[Combination]:
        """The combinations of measures in some counties, whose files of households were found whole."""


@dataclass(frozen=True, eq=False)
class Again:
    """An outcome, and how many parts (unit and county) of it were worked out and how many taken over."""

    outcome: Outcome
    worked: int
    kept: int


def screen_again(
    folder: Path,
    manifest: Manifest,
    checked: CheckedSet,
    plan: Plan,
    *,
    engine: Engine,
    out: Path,
    before: Before,
    batch_rows: int = BATCH_ROWS,
) -> Again:
    """Screen a snapshot whose unchanged files were screened ``before``; write all verdict files below ``out``.

    Raises NoResult (ENG-118) where the earlier results are of other criteria or columns, or were altered.
    """
    if before.identity != stored.identity(manifest, checked, plan):
        raise NoResult(before.folder, _OTHER)
    outcome, worked, kept = Outcome(), 0, 0
    changed = {entry.path for entry in manifest.files if before.inputs.get(entry.path) != entry.sha256}
    changed |= before.inputs.keys() - {entry.path for entry in manifest.files}
    combinations: list[Combination] = []
    for unit in plan.units(manifest):
        outcome.criteria[unit] = plan.criteria[unit]
        same = _taken_over(manifest, checked, unit, changed, before, out)
        anew = frozenset(manifest.counties(unit)) - same.keys()
        fresh = _worked(folder, manifest, checked, plan, unit, anew, engine, out, batch_rows) if anew else Outcome()
        parts = same | {part.county: part for part in fresh.parts}
        outcome.parts += [parts[county] for county in sorted(parts)]
        outcome.counts += roll_up(_counts(before, unit, plan, same.keys(), fresh), level_of(manifest.scope))
        if unit == "household" and plan.measures:
            combinations = before.combinations(same) + fresh.combinations
        worked, kept = worked + len(anew), kept + len(same)
    # Stable: within a county they keep their order.
    outcome.combinations = sorted(combinations, key=lambda row: row.county)
    return Again(outcome, worked, kept)


def _taken_over(
    manifest: Manifest, checked: CheckedSet, unit: str, changed: Iterable[str], before: Before, out: Path
) -> dict[int, VerdictPart]:
    """The parts of a unit that rest on nothing that changed; their files now lie below ``out`` too.

    A file that is not as it was written is not taken over: its county is worked out anew.
    """
    read = {unit}.union(*(item.units for item in checked.of_unit(unit)))
    touched = {_above(unit, code) for name, code in map(_unit_and_code, changed) if name in read}
    same = [
        part
        for county in manifest.counties(unit)
        if county not in touched and (part := before.parts.get((unit, county))) is not None
    ]
    (out / unit).mkdir(parents=True, exist_ok=True)

    def take(part: VerdictPart) -> bool:
        source = before.file(part)
        if source is None:
            return False
        same_file(source, out / file_path(part.unit, part.county))
        return True

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return {part.county: part for part, taken in zip(same, pool.map(take, same), strict=True) if taken}


def _worked(
    folder: Path,
    manifest: Manifest,
    checked: CheckedSet,
    plan: Plan,
    unit: str,
    anew: Collection[int],
    engine: Engine,
    out: Path,
    batch_rows: int,
) -> Outcome:
    """Screen one unit in some counties (prefectures, provinces) alone."""
    rows = manifest.counts[unit]
    wanted = set(anew)
    if not any(rows[county] for county in anew):
        wanted.add(max(rows, key=lambda county: rows[county]))  # a screening leaves out a unit without any row
    files = tuple(entry for entry in manifest.files if _above(unit, entry.county) in wanted)
    own = Plan({unit: plan.criteria[unit]}, plan.measures)
    for county in wanted.difference(anew):
        (out / file_path(unit, county)).unlink()  # the earlier file by another name, which must not be written over
    found = screen(folder, replace(manifest, files=files), checked, own, engine=engine, out=out, batch_rows=batch_rows)
    if len(wanted) > len(anew):
        found.parts = [part for part in found.parts if part.county in anew]
        found.counts = []
        found.combinations = [row for row in found.combinations if row.county in anew]
    return found


def _counts(before: Before, unit: str, plan: Plan, same: Collection[int], fresh: Outcome) -> list[LevelCounts]:
    """The counts of a unit at its lowest level: those kept of the counties taken over, those worked out of the rest."""
    level = LEVEL_OF_UNIT[unit]
    found = [counts for counts in fresh.counts if (counts.unit, counts.level) == (unit, level)]
    if same:
        found.append(before.counts(unit, plan.criteria[unit], same))
    return found


def _unit_and_code(path: str) -> tuple[str, int]:
    """The unit and the six digits of a file of a snapshot."""
    unit, name = path.split("/")
    return unit, int(name.removeprefix("county=").removesuffix(".parquet"))


def _above(unit: str, code: int) -> int:
    """The six digits of the county, or for an upper unit of the prefecture or province, that a file lies in."""
    span = {"prefecture": 100, "province": 10_000}.get(unit, 1)
    return code // span * span
