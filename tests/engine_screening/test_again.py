"""Screening again after some files changed gives what screening everything gives, and works out only what it must."""

from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest

from lika.engine.checker import compile_set
from lika.engine.errors import EngineError
from lika.engine.screening import stored
from lika.engine.screening.again import Again, screen_again
from lika.engine.screening.engines import WithDuckDB
from lika.engine.screening.run import Outcome, Plan, screen
from lika.engine.snapshots.manifest import Manifest
from tests.engine_screening.making import CRITERIA, LINE, PLAN, SCHEMA, checked, rows_of, write_snapshot

CHECKED = checked()
UNITS = ("person", "household", "village", "county")
#: What makes a row of each unit another one.
CHANGES: dict[str, dict[str, Any]] = {
    "person": {"age": 12, "schooled": "no"},
    "household": {"income": 99, "members": 7, "safe_water": False},
    "village": {"people": 3},
    "county": {"people": 4},
}
#: unit and county of each file
FILES = [(unit, county) for county in (621223, 621224) for unit in UNITS]
SUBSETS = [*chain.from_iterable(combinations(FILES, size) for size in range(len(FILES) + 1))]


def changed_rows(files: tuple[tuple[str, int], ...]) -> dict[str, list[dict[str, Any]]]:
    """The invented rows, those in some files all changed."""

    def row(unit: str, given: dict[str, Any]) -> dict[str, Any]:
        place = given.get("village", given.get(unit)) // 10**6
        return {**given, **CHANGES[unit]} if (unit, place) in files else given

    return {unit: [row(unit, given) for given in rows_of(unit)] for unit in UNITS}


@pytest.fixture(scope="module")
def engine() -> Iterator[WithDuckDB]:
    engine = WithDuckDB(threads=1)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, engine: WithDuckDB) -> stored.Stored:
    """The unchanged snapshot, screened and kept."""
    folder = tmp_path_factory.mktemp("before")
    keep(folder / "snapshot", write_snapshot(folder / "snapshot"), folder / "results", engine)
    return stored.read(folder / "results")


def keep(folder: Path, manifest: Manifest, target: Path, engine: WithDuckDB) -> Outcome:
    with stored.folder_for_results(target) as scratch:
        outcome = screen(folder, manifest, CHECKED, PLAN, engine=engine, out=scratch / stored.VERDICTS)
        stored.write(scratch, outcome, manifest, CHECKED, PLAN)
    return outcome


def again(folder: Path, manifest: Manifest, out: Path, before: stored.Stored, engine: WithDuckDB) -> Again:
    return screen_again(folder, manifest, CHECKED, PLAN, engine=engine, out=out, before=before)


def told(outcome: Outcome) -> Any:
    return outcome.digest, outcome.criteria, outcome.parts, list(outcome.rollups), outcome.combinations


# Every 23rd subset, from none to all: the number is prime to that of the files, so each is changed in some.
@pytest.mark.parametrize("files", [*SUBSETS[::23], SUBSETS[-1]])
def test_any_files_changed_gives_what_screening_everything_gives(
    files: tuple[tuple[str, int], ...], tmp_path: Path, before: stored.Stored, engine: WithDuckDB
) -> None:
    manifest = write_snapshot(tmp_path / "snapshot", changed_rows(files))
    whole = screen(tmp_path / "snapshot", manifest, CHECKED, PLAN, engine=engine, out=tmp_path / "whole")

    found = again(tmp_path / "snapshot", manifest, tmp_path / "again", before, engine)

    assert told(found.outcome) == told(whole)
    for part in whole.parts:
        path = f"{part.unit}/county={part.county}.parquet"
        assert (tmp_path / "again" / path).read_bytes() == (tmp_path / "whole" / path).read_bytes()


@pytest.mark.parametrize(
    ("files", "worked"),
    [
        ((), 0),
        ((("county", 621223),), 1),
        ((("village", 621223),), 1),
        ((("person", 621224),), 2),  # persons, and the households that count them
        ((("household", 621223),), 3),  # households, villages, counties
        (tuple(FILES), 8),
    ],
)
def test_only_what_rests_on_a_change_is_worked_out(
    files: tuple[tuple[str, int], ...], worked: int, tmp_path: Path, before: stored.Stored, engine: WithDuckDB
) -> None:
    manifest = write_snapshot(tmp_path / "snapshot", changed_rows(files))
    found = again(tmp_path / "snapshot", manifest, tmp_path / "again", before, engine)
    assert (found.worked, found.kept) == (worked, len(FILES) - worked)


def test_a_county_that_comes_to_hold_nobody_is_told_as_such(
    tmp_path: Path, before: stored.Stored, engine: WithDuckDB
) -> None:
    rows = {unit: [row for row in rows_of(unit) if row.get("village", 0) // 10**6 != 621224] for unit in UNITS}
    rows["county"] = rows_of("county")
    manifest = write_snapshot(tmp_path / "snapshot", rows)
    held = {path: path.read_bytes() for path in before.folder.rglob("*.parquet")}
    whole = screen(tmp_path / "snapshot", manifest, CHECKED, PLAN, engine=engine, out=tmp_path / "whole")

    found = again(tmp_path / "snapshot", manifest, tmp_path / "again", before, engine)

    assert told(found.outcome) == told(whole)
    assert {path: path.read_bytes() for path in before.folder.rglob("*.parquet")} == held


def test_a_verdict_file_that_was_altered_is_worked_out_anew(tmp_path: Path, engine: WithDuckDB) -> None:
    manifest = write_snapshot(tmp_path / "snapshot")
    whole = keep(tmp_path / "snapshot", manifest, tmp_path / "results", engine)
    path = tmp_path / "results/verdicts/household/county=621223.parquet"
    path.write_bytes(path.read_bytes()[:-10])
    found = again(tmp_path / "snapshot", manifest, tmp_path / "again", stored.read(tmp_path / "results"), engine)
    assert (told(found.outcome), found.worked) == (told(whole), 1)


def test_results_of_other_criteria_are_not_built_on(tmp_path: Path, before: stored.Stored, engine: WithDuckDB) -> None:
    manifest = write_snapshot(tmp_path / "snapshot")
    others = compile_set(CRITERIA[:1], SCHEMA, {"line": LINE})
    plan = Plan({"household": ("income",)})
    with pytest.raises(EngineError) as error:
        screen_again(
            tmp_path / "snapshot", manifest, others, plan, engine=engine, out=tmp_path / "again", before=before
        )
    assert error.value.code == "ENG-118"


@pytest.mark.parametrize("damage", ["rollups", "summary", "format", "missing"])
def test_results_that_are_damaged_are_not_built_on(damage: str, tmp_path: Path, engine: WithDuckDB) -> None:
    manifest = write_snapshot(tmp_path / "snapshot")
    keep(tmp_path / "snapshot", manifest, tmp_path / "results", engine)
    summary = tmp_path / "results/screening.json"
    text = summary.read_text()
    if damage == "rollups":
        (tmp_path / "results/rollups/household.parquet").write_bytes(b"PAR1")
    elif damage == "missing":
        summary.unlink()
    else:
        summary.write_text(
            text[:100] if damage == "summary" else text.replace(f'"format": {stored.FORMAT}', '"format": 9')
        )
    with pytest.raises(EngineError) as error:
        again(tmp_path / "snapshot", manifest, tmp_path / "again", stored.read(tmp_path / "results"), engine)
    assert error.value.code == "ENG-118"
