"""Running criteria over a whole snapshot: one query per unit and batch of counties, all else in the same pass."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from lika.engine.criteria import CheckedSet
from lika.engine.schema import UNIT_NAMES, rank
from lika.engine.screening import verdict_files
from lika.engine.screening.rollups import Combination, LevelCounts, RollUp, combine, count, level_of, roll_up
from lika.engine.screening.rows import Files
from lika.engine.screening.verdicts import Int64s, Verdicts, by_county, from_arrow, total_digest
from lika.engine.snapshots.layout import PERSONS, division_column, file_path, key_column
from lika.engine.snapshots.manifest import Manifest, sha256_of_file

#: Counties are screened together up to so many rows of person: a query costs the same for few rows as for many.
BATCH_ROWS = 4_000_000


class Engine(Protocol):
    """What works the criteria of one unit over the files of some counties."""

    def __call__(
        self, criteria: CheckedSet, unit: str, files: Files, manifest: Manifest, *, then: Sequence[str] = ()
    ) -> pa.Table:
        """Key, division, what goes `along_with` the unit, and one nullable int8 column per criterion; in any order.

        `then` are the upper units that will be asked next over the same rows: what they gather may be kept for them.
        """


@dataclass(frozen=True)
class Plan:
    """What to screen: criteria ids by unit, in the pack's order, and the household criteria that are measures."""

    criteria: Mapping[str, tuple[str, ...]]
    measures: tuple[str, ...] = ()

    def units(self, manifest: Manifest) -> tuple[str, ...]:
        """The units that have criteria and rows in the snapshot, lowest first."""
        return tuple(unit for unit in UNIT_NAMES if self.criteria.get(unit) and manifest.total(unit))


@dataclass(frozen=True)
class VerdictPart:
    """The verdicts of one unit and county: how many, their digest, and the SHA-256 of their file if one was written."""

    unit: str
    county: int
    total: int
    digest: str
    sha256: str = ""


@dataclass
class Outcome:
    """What a screening gives besides its verdict files."""

    criteria: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parts: list[VerdictPart] = field(default_factory=list)
    counts: list[LevelCounts] = field(default_factory=list)
    combinations: list[Combination] = field(default_factory=list)

    @property
    def rollups(self) -> Iterator[RollUp]:
        """The counts of every division and criterion, row by row."""
        return (row for counts in self.counts for row in counts.rows())

    @property
    def digest(self) -> str:
        """The digest of the whole screening."""
        return total_digest((part.unit, part.county, part.digest) for part in self.parts)

    def total(self, unit: str) -> int:
        """How many units of a kind were screened."""
        return sum(part.total for part in self.parts if part.unit == unit)


@dataclass(frozen=True, eq=False)
class Taken:
    """What one county's verdicts of one unit come to."""

    part: VerdictPart
    counts: LevelCounts
    combinations: list[Combination]


def screen(
    folder: Path,
    manifest: Manifest,
    checked: CheckedSet,
    plan: Plan,
    *,
    engine: Engine,
    out: Path | None = None,
    batch_rows: int = BATCH_ROWS,
) -> Outcome:
    """Work a pack's criteria over a snapshot; write verdict files below `out` where it is given.

    Roll-ups reach from the level of the snapshot's area down: above it they would tell of a part as of the whole.
    """
    outcome = Outcome()
    top_level = level_of(manifest.scope)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        begun: dict[str, list[Future[list[Future[Taken]]]]] = {unit: [] for unit in plan.units(manifest)}
        outcome.criteria = {unit: plan.criteria[unit] for unit in begun}
        last: Future[list[Future[Taken]]] | None = None
        for batch in _batches(folder, manifest, tuple(begun), batch_rows):
            table = engine(checked, batch.unit, batch.files, manifest, then=batch.then)
            # Taken in beside the next query; no more than one batch is kept waiting, for it takes memory.
            if last is not None:
                wait(last.result())
            last = pool.submit(_cut, pool, batch.unit, plan, batch.counties, table, out)
            begun[batch.unit].append(last)
        for cuts in begun.values():
            gather(outcome, [future.result() for cut in cuts for future in cut.result()], top_level)
    return outcome


def _cut(
    pool: ThreadPoolExecutor,
    unit: str,
    plan: Plan,
    counties: Sequence[int],
    table: pa.Table,
    out: Path | None,
) -> list[Future[Taken]]:
    """Have the verdicts of a batch taken in county by county. It waits for none of them: they need the same threads."""
    parts = by_county(from_arrow(unit, plan.criteria[unit], table), counties)
    return [pool.submit(take_in, part, plan, out) for part in parts]


def summed_again(folder: Path, manifest: Manifest, plan: Plan, stored: Path) -> Outcome:
    """What the verdict files below `stored` come to: digests, roll-ups and combinations, without screening again."""
    outcome = Outcome()
    top_level = level_of(manifest.scope)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for unit in plan.units(manifest):
            outcome.criteria[unit] = plan.criteria[unit]
            read = partial(read_back, folder, unit, plan, stored)
            gather(outcome, list(pool.map(read, manifest.counties(unit))), top_level)
    return outcome


def read_back(folder: Path, unit: str, plan: Plan, stored: Path, county: int) -> Taken:
    """What one stored verdict file comes to. Raises VerdictFileError where it holds no verdicts."""
    persons = _persons(folder / file_path(unit, county)) if unit == "household" and plan.measures else None
    return take_in(verdict_files.read(stored / file_path(unit, county), unit, county, persons), plan, None)


def gather(outcome: Outcome, done: Sequence[Taken], top_level: int) -> None:
    """Add what the counties of one unit came to."""
    outcome.parts += [taken.part for taken in done]
    outcome.combinations += [row for taken in done for row in taken.combinations]
    outcome.counts += roll_up([taken.counts for taken in done], top_level)


def take_in(verdicts: Verdicts, plan: Plan, out: Path | None) -> Taken:
    """Digest, write, count and combine one county's verdicts. The libraries that do it let other threads run."""
    sha256 = ""
    if out is not None:
        path = out / file_path(verdicts.unit, verdicts.county)
        verdict_files.write(verdicts, path)
        sha256 = sha256_of_file(path)
    combined = combine(verdicts, plan.measures) if verdicts.unit == "household" and plan.measures else []
    part = VerdictPart(verdicts.unit, verdicts.county, len(verdicts), verdicts.digest, sha256)
    return Taken(part, count(verdicts), combined)


def _persons(path: Path) -> Int64s:
    """Rows of person of each household of a county, in the order of sorted verdicts."""
    columns = [key_column("household"), division_column("household"), PERSONS]
    persons = from_arrow("household", (), pq.ParquetFile(path).read(columns)).persons
    if persons is None:
        raise ValueError(f"{path.name} does not tell how many persons a household has")
    return persons


@dataclass(frozen=True)
class _Batch:
    """A unit in some counties (or a single prefecture or province), the files that hold it and all below it.

    `then` are the units above households that come next, in the same counties.
    """

    unit: str
    counties: tuple[int, ...]
    files: Mapping[str, list[Path]]
    then: tuple[str, ...] = ()


def _batches(folder: Path, manifest: Manifest, units: Sequence[str], batch_rows: int) -> Iterator[_Batch]:
    """What is asked of the engine in turn: group by group of counties, in each the units from the lowest up."""
    within = [unit for unit in units if rank(unit) <= rank("county")]
    for group in _groups(manifest, within, batch_rows):
        here = {unit: tuple(county for county in manifest.counties(unit) if county in group) for unit in within}
        asked = [unit for unit in within if here[unit]]
        for unit in asked:
            then = tuple(each for each in asked if rank(each) > rank(unit)) if unit == "household" else ()
            yield _Batch(unit, here[unit], _files(folder, manifest, unit, group), then)
    for unit in units:
        if unit not in within:
            span = 10_000 if unit == "province" else 100  # six-digit codes of one province or prefecture
            for code in manifest.counties(unit):
                area = range(code // span * span, (code // span + 1) * span)
                yield _Batch(unit, (code,), _files(folder, manifest, unit, area))


def _groups(manifest: Manifest, units: Sequence[str], batch_rows: int) -> Iterator[frozenset[int]]:
    """All counties of the units, as many at a time as have about so many rows of person."""
    persons = manifest.counts.get("person", {})
    group: list[int] = []
    rows = 0
    for county in sorted({county for unit in units for county in manifest.counties(unit)}):
        size = persons.get(county, 0)
        if group and rows + size > batch_rows:
            yield frozenset(group)
            group, rows = [], 0
        group.append(county)
        rows += size
    if group:
        yield frozenset(group)


def _files(folder: Path, manifest: Manifest, top: str, wanted: Container[int]) -> dict[str, list[Path]]:
    """The files of a unit and the units below it, of the wanted six-digit codes."""
    found: dict[str, list[Path]] = {}
    for entry in manifest.files:
        if rank(entry.unit) <= rank(top) and entry.county in wanted:
            found.setdefault(entry.unit, []).append(folder / entry.path)
    return found
