"""Checking verdict files against the reference engine: every unit of some villages, worked again one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from lika.engine import reference
from lika.engine.criteria import CheckedSet
from lika.engine.screening import verdict_files
from lika.engine.screening.rollups import LEVEL_OF_UNIT
from lika.engine.screening.rows import read_rows
from lika.engine.screening.run import Plan
from lika.engine.screening.verdicts import UNKNOWN, Verdicts
from lika.engine.snapshots.layout import IDENTIFIED_UNITS, file_path
from lika.engine.snapshots.manifest import Manifest

_VILLAGE_LEVEL = 5


@dataclass(frozen=True)
class Difference:
    """A verdict that the reference engine does not give: None is unknown."""

    unit: str
    id: str
    criterion: str
    stored: bool | None
    reference: bool | None


@dataclass
class Comparison:
    """How many units were compared, by kind, and what differed."""

    compared: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


def compare(
    folder: Path, manifest: Manifest, checked: CheckedSet, plan: Plan, stored: Path, *, villages: int
) -> Comparison:
    """Compare the verdict files below `stored` with the reference engine, in so many villages spread over the area.

    Only units that lie in a village are compared: a county has to be worked whole (`engines.with_reference`).
    """
    comparison = Comparison()
    for unit in plan.units(manifest):
        if LEVEL_OF_UNIT[unit] != _VILLAGE_LEVEL:
            continue
        for county in manifest.counties(unit):
            held = verdict_files.read(stored / file_path(unit, county), unit, county)
            files = {name: [folder / file_path(name, county)] for name in manifest.schema if manifest.total(name)}
            for village in _spread(held, villages, len(manifest.counties(unit))):
                rows = read_rows(files, unit, checked.of_unit(unit), division=(village, village))
                answers = {row.id: reference.evaluate_set(checked, row, reference_date=manifest.at) for row in rows}
                comparison.differences += _differences(held, village, answers)
                comparison.compared[unit] = comparison.compared.get(unit, 0) + len(answers)
    return comparison


def _spread(held: Verdicts, villages: int, counties: int) -> list[int]:
    """At least one village of each county, evenly spaced over its codes."""
    codes = sorted(set(held.divisions.tolist()))
    wanted = max(1, villages // counties)
    step = max(1, len(codes) // wanted)
    return codes[::step]


def _differences(
    held: Verdicts, village: int, answers: dict[str | None, dict[str, bool | None]]
) -> Iterator[Difference]:
    inside = (held.divisions == village).nonzero()[0].tolist()
    stored = {_identifier(held, index): held.results[index].tolist() for index in inside}
    for identifier in sorted(set(stored) | {name for name in answers if name is not None}):
        mine = answers.get(identifier, {})
        theirs = stored.get(identifier, [])
        for position, criterion in enumerate(held.criteria):
            expected = mine.get(criterion)
            found = None if position >= len(theirs) or theirs[position] == UNKNOWN else bool(theirs[position])
            if found is not expected or not mine or not theirs:
                yield Difference(held.unit, identifier, criterion, found, expected)


def _identifier(held: Verdicts, index: int) -> str:
    if held.unit in IDENTIFIED_UNITS:
        return str(UUID(bytes=held.ids[index].tobytes()))
    return str(int(held.divisions[index]))
