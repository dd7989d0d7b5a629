"""The results of a screening as a folder of their own: verdict files, roll-ups, combinations, and what they rest on.

    verdicts/household/county=621223.parquet …
    rollups/household.parquet …     one row per division of any level, three columns per criterion
    combinations.parquet
    screening.json                  written last: without it the folder is no result

The folder gets its name when all is in it. Who reads it again is told by `screening.json` what every file must hash to.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lika.engine.buffers import column_of, numbers
from lika.engine.criteria import CheckedSet
from lika.engine.disk import told_of_full_disk
from lika.engine.errors import EngineError
from lika.engine.messages import Words
from lika.engine.screening.program import program
from lika.engine.screening.rollups import LEVEL_OF_UNIT, Combination, LevelCounts
from lika.engine.screening.run import Outcome, Plan, VerdictPart
from lika.engine.snapshots.layout import COUNTY_SPAN, file_path
from lika.engine.snapshots.manifest import Manifest, sha256_of_file, sha256_of_text

FORMAT = 2
VERDICTS, ROLLUPS, COMBINATIONS, SUMMARY = "verdicts", "rollups", "combinations.parquet", "screening.json"

_OF_COMBINATIONS = ("county", "measures", "households", "persons")
_SUMS = ("met", "not_met", "unknown")

_UNREADABLE = Words("内容无法读取", "they cannot be read")
_ALTERED = Words("文件已损坏或被改动", "a file of them is damaged or altered")


class NoResult(EngineError):
    """A folder that holds no results, or results that cannot be built on."""

    def __init__(self, folder: Path, reason: Words) -> None:
        """Refuse (ENG-118)."""
        super().__init__("ENG-118", path=folder.name, reason=reason)


@dataclass(frozen=True, eq=False)
class Stored:
    """Results that were read again. ``inputs`` are the SHA-256 of the snapshot's files by path."""

    folder: Path
    identity: str
    digest: str
    inputs: Mapping[str, str]
    measures: tuple[str, ...]
    parts: Mapping[tuple[str, int], VerdictPart]
    files: Mapping[str, str]

    def counts(self, unit: str, criteria: tuple[str, ...], counties: Collection[int]) -> LevelCounts:
        """The counts of a unit at its lowest level in some counties.

        Raises NoResult (ENG-118) where the file is not as written.
        """
        path = f"{ROLLUPS}/{unit}.parquet"
        table = self._table(path)
        own = table.filter(pa.compute.equal(table["level"], LEVEL_OF_UNIT[unit]))
        divisions = numbers(own["division"])
        wanted = np.isin(divisions // COUNTY_SPAN, np.fromiter(counties, dtype=np.int64))
        sums = (_columns(own, criteria, name)[wanted] for name in _SUMS)
        return LevelCounts(unit, LEVEL_OF_UNIT[unit], criteria, divisions[wanted], *sums)

    def combinations(self, counties: Collection[int]) -> list[Combination]:
        """The combinations of some counties. Raises NoResult (ENG-118) where the file is not as written."""
        table = self._table(COMBINATIONS)
        columns = (numbers(table[name]).tolist() for name in _OF_COMBINATIONS)
        return [
            Combination(county, tuple(name for place, name in enumerate(self.measures) if mask >> place & 1), *sums)
            for county, mask, *sums in zip(*columns, strict=True)
            if county in counties
        ]

    def file(self, part: VerdictPart) -> Path | None:
        """Where the verdict file of a part lies; None where it is not as it was written."""
        path = self.folder / VERDICTS / file_path(part.unit, part.county)
        return path if path.is_file() and sha256_of_file(path) == part.sha256 else None

    def _table(self, path: str) -> pa.Table:
        try:
            if sha256_of_file(self.folder / path) != self.files[path]:
                raise NoResult(self.folder, _ALTERED)
            return pq.ParquetFile(self.folder / path).read()
        except (KeyError, OSError, pa.ArrowException) as error:
            raise NoResult(self.folder, _ALTERED) from error


def identity(manifest: Manifest, checked: CheckedSet, plan: Plan) -> str:
    """What verdicts rest on besides the rows: program, criteria, formulas, parameters, time point, columns, area."""
    texts = [program(), manifest.at.isoformat(), str(manifest.scope), json.dumps(plan.measures)]
    texts += [f"{unit}: {' '.join(ids)}" for unit, ids in sorted(plan.criteria.items())]
    texts += [f"{item.unit} {item.criterion and item.criterion.id}: {item.text}" for item in checked.criteria]
    texts += [f"{name} = {spec.value}" for name, spec in sorted(checked.parameters.items())]
    texts += [
        f"{unit}.{fact.name} = {fact.formula}"
        for unit, facts in sorted(checked.schema.units.items())
        for fact in facts.values()
    ]
    texts += [f"{unit}: {columns}" for unit, columns in sorted(manifest.schema.items())]
    return sha256_of_text(texts)


@contextmanager
def folder_for_results(target: Path) -> Iterator[Path]:
    """A folder that becomes ``target`` on leaving; nothing of it is left behind when an error leaves.

    Raises FileExistsError where ``target`` is there, DiskFull (ENG-119).
    """
    if target.exists():
        raise FileExistsError(target.name)
    scratch = target.with_name(f".{target.name}.part")
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        with told_of_full_disk():
            scratch.mkdir(parents=True)
            yield scratch
            scratch.rename(target)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def write(scratch: Path, outcome: Outcome, manifest: Manifest, checked: CheckedSet, plan: Plan) -> None:
    """Write what a screening came to beside its verdict files, which lie below ``scratch`` already."""
    (scratch / ROLLUPS).mkdir()
    files: dict[str, str] = {}
    for unit in outcome.criteria:
        path = f"{ROLLUPS}/{unit}.parquet"
        pq.write_table(_rollups([counts for counts in outcome.counts if counts.unit == unit]), scratch / path)
        files[path] = sha256_of_file(scratch / path)
    pq.write_table(_combinations(outcome.combinations, plan.measures), scratch / COMBINATIONS)
    files[COMBINATIONS] = sha256_of_file(scratch / COMBINATIONS)
    summary = {
        "format": FORMAT,
        "identity": identity(manifest, checked, plan),
        "snapshot": manifest.id,
        "digest": outcome.digest,
        "measures": plan.measures,
        "inputs": {entry.path: entry.sha256 for entry in manifest.files},
        "parts": [[part.unit, part.county, part.total, part.digest, part.sha256] for part in outcome.parts],
        "files": files,
    }
    (scratch / SUMMARY).write_text(json.dumps(summary, sort_keys=True), encoding="utf-8")


def read(folder: Path) -> Stored:
    """The results in a folder. Raises NoResult (ENG-118) where there are none, or of another format."""
    try:
        summary: dict[str, Any] = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        if summary["format"] != FORMAT:
            raise NoResult(folder, Words(f"格式版本是 {summary['format']}", f"they are of format {summary['format']}"))
        parts = [VerdictPart(*part) for part in summary["parts"]]
        return Stored(
            folder,
            summary["identity"],
            summary["digest"],
            summary["inputs"],
            tuple(summary["measures"]),
            {(part.unit, part.county): part for part in parts},
            summary["files"],
        )
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise NoResult(folder, _UNREADABLE) from error


def _rollups(levels: Sequence[LevelCounts]) -> pa.Table:
    """All levels of a unit as one table."""
    columns = {
        "level": np.concatenate([np.full(len(level.divisions), level.level, dtype=np.int8) for level in levels]),
        "division": np.concatenate([level.divisions for level in levels]),
    }
    for place, criterion in enumerate(levels[0].criteria):
        for name in _SUMS:
            columns[f"{criterion}.{name}"] = np.concatenate([getattr(level, name)[:, place] for level in levels])
    return pa.table({name: column_of(values) for name, values in columns.items()})


def _columns(table: pa.Table, criteria: Sequence[str], name: str) -> Any:
    """(m, k) of one kind of sum."""
    found = np.empty((len(table), len(criteria)), dtype=np.int64)
    for place, criterion in enumerate(criteria):
        found[:, place] = numbers(table[f"{criterion}.{name}"])
    return found


def _combinations(rows: Sequence[Combination], measures: Sequence[str]) -> pa.Table:
    """The measures of a row are bits of one integer, in the order that the summary tells of."""
    place = {measure: 1 << number for number, measure in enumerate(measures)}
    values = [(row.county, sum(place[name] for name in row.measures), row.households, row.persons) for row in rows]
    columns = np.array(values, dtype=np.int64).reshape(-1, len(_OF_COMBINATIONS))
    return pa.table({name: column_of(columns[:, number]) for number, name in enumerate(_OF_COMBINATIONS)})
