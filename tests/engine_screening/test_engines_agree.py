"""The digest is of the facts and the criteria, not of the engine, its threads, or how the files are laid out."""

from pathlib import Path

import duckdb
import pytest

from lika.engine.screening.engines import WithDuckDB, with_reference
from lika.engine.screening.run import Outcome, screen, summed_again
from tests.engine_screening.making import HOUSEHOLDS, ORDER, PERSONS, PLAN, checked, rows_of, uid, write_snapshot

UNITS = ("person", "household", "village", "county")
COPIES = 400


def many() -> dict[str, list[dict[str, object]]]:
    """Each household 400 times over with new ids, so that threads and row groups have something to share out."""
    rows = {unit: rows_of(unit) for unit in UNITS}
    more = {
        "household": [
            {**row, "household_id": uid(row["household_id"].int + 10_000 * copy)}
            for copy in range(COPIES)
            for row in rows["household"]
        ],
        "person": [
            {
                **row,
                "person_id": uid(row["person_id"].int + 100_000 * copy),
                "household_id": uid(row["household_id"].int + 10_000 * copy),
            }
            for copy in range(COPIES)
            for row in rows["person"]
        ],
    }
    return {**rows, **more}


def run(folder: Path, engine: object, row_group: int = 122_880) -> Outcome:
    manifest = write_snapshot(folder, many(), row_group)
    return screen(folder, manifest, checked(), PLAN, engine=engine)


@pytest.fixture(scope="module")
def by_reference(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return run(tmp_path_factory.mktemp("reference") / "one", with_reference)


def test_the_reference_saw_all_rows(by_reference: Outcome) -> None:
    assert by_reference.total("household") == COPIES * len(HOUSEHOLDS)
    assert by_reference.total("person") == COPIES * len(PERSONS)
    assert set(by_reference.criteria) == set(ORDER)


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("row_group", [2048, 122_880])
def test_duckdb_gives_the_same_bytes(by_reference: Outcome, tmp_path: Path, threads: int, row_group: int) -> None:
    engine = WithDuckDB(threads)
    found = run(tmp_path / "one", engine, row_group)
    engine.close()
    assert found.digest == by_reference.digest
    assert found.parts == by_reference.parts
    assert found.combinations == by_reference.combinations
    assert list(found.rollups) == list(by_reference.rollups)


@pytest.mark.parametrize("batch_rows", [1, 3000, 10**9])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_rows_in_any_order_split_anyhow_give_the_same_bytes(
    by_reference: Outcome, tmp_path: Path, seed: int, batch_rows: int
) -> None:
    manifest = write_snapshot(tmp_path / "one", many())
    for path in sorted((tmp_path / "one").rglob("*.parquet")):
        shuffle(path, seed)
    engine = WithDuckDB()
    found = screen(
        tmp_path / "one", manifest, checked(), PLAN, engine=engine, batch_rows=batch_rows, out=tmp_path / "out"
    )
    engine.close()
    assert found.digest == by_reference.digest
    assert found.combinations == by_reference.combinations
    assert list(found.rollups) == list(by_reference.rollups)
    again = summed_again(tmp_path / "one", manifest, PLAN, tmp_path / "out")
    assert (again.digest, again.combinations) == (found.digest, found.combinations)


def shuffle(path: Path, seed: int) -> None:
    """The same rows in another order, in row groups of another size."""
    other = path.with_suffix(".other")
    layout = f"FORMAT parquet, ROW_GROUP_SIZE {2048 * (seed + 1)}"
    with duckdb.connect() as session:
        session.execute(f"SELECT setseed({seed / 10})")
        session.execute(f"COPY (SELECT * FROM '{path}' ORDER BY random()) TO '{other}' ({layout})")
    other.replace(path)


def test_households_without_anybody_are_screened_alike(tmp_path: Path) -> None:
    rows = {unit: rows_of(unit) for unit in UNITS} | {"person": []}
    rows["household"] = [{**row, "__persons": 0} for row in rows["household"]]
    manifest = write_snapshot(tmp_path / "one", rows)
    engine = WithDuckDB()
    fast = screen(tmp_path / "one", manifest, checked(), PLAN, engine=engine)
    engine.close()
    slow = screen(tmp_path / "one", manifest, checked(), PLAN, engine=with_reference)
    assert fast.parts == slow.parts
    assert "person" not in fast.criteria  # nobody to screen
    school = [row for row in fast.rollups if row.criterion == "school" and row.level == 2]
    assert [(row.met, row.not_met, row.unknown) for row in school] == [(5, 0, 0)]  # no child is out of school
    assert {row.persons for row in fast.combinations} == {0}
