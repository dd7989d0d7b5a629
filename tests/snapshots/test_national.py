"""The invented country: alike by the same seed, taken up where it was left, screened by forty criteria. 演示数据"""

import json
import shutil
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import duckdb
import pytest
from django.core.management import CommandError, call_command

from lika.core.errors import UserError
from lika.divisions.sources import DATA
from lika.engine.errors import EngineError
from lika.engine.screening import stored
from lika.engine.screening.checking import compare
from lika.engine.screening.engines import WithDuckDB
from lika.engine.screening.run import screen
from lika.engine.snapshots.soundness import sound
from lika.engine.typed import Aggregate, walk
from lika.snapshots.national import generating, measuring, places
from lika.snapshots.national.generating import UNITS, Nation, generate
from tests.engine_screening.test_soundness import no_file_larger_than

HOUSEHOLDS, COUNTIES = 1_000, 4


@pytest.fixture(autouse=True)
def small_counties(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "HOUSEHOLDS_OF_COUNTY", HOUSEHOLDS // COUNTIES)


def nation(seed: int = 1, households: int = HOUSEHOLDS) -> Nation:
    return Nation(households, seed, measuring.criteria()[0].checked)


def bytes_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Asked(NamedTuple):
    """What a row of the country is held to."""

    rows: int
    places: int
    sorted: bool


def asked(folder: Path, unit: str) -> Asked:
    """Rows of a unit, the villages or counties they lie in that are real, and whether each file is in order."""
    place = {"person": "village", "household": "village"}.get(unit, unit)
    key = {"person": "person_id", "household": "household_id"}.get(unit, unit)
    with duckdb.connect() as session:
        session.execute("SET preserve_insertion_order = true")
        rows, real = session.execute(
            f"SELECT count(*), count(*) FILTER ({place}::VARCHAR IN (SELECT code FROM read_parquet(?))) "
            f"FROM read_parquet(?)",
            [str(DATA / "divisions.parquet"), str(folder / unit / "*.parquet")],
        ).fetchall()[0]
        kept = all(
            (found := session.execute(f"SELECT {place}, {key} FROM read_parquet(?)", [str(path)]).fetchall())
            == sorted(found)
            for path in sorted((folder / unit).iterdir())
        )
    return Asked(rows, real, kept)


def test_so_many_households_over_real_villages_in_the_real_format(tmp_path: Path) -> None:
    manifest = generate(nation(), tmp_path / "nation")

    assert sound(tmp_path / "nation") == manifest
    assert (manifest.total("household"), len(manifest.counties("household"))) == (HOUSEHOLDS, COUNTIES)
    persons = manifest.total("person")
    assert 3.2 < persons / HOUSEHOLDS < 3.4
    for unit in UNITS:
        assert asked(tmp_path / "nation", unit) == Asked(manifest.total(unit), manifest.total(unit), True)
    with duckdb.connect() as session:
        counted, distinct, told = session.execute(
            "SELECT count(*), count(DISTINCT person_id), (SELECT sum(__persons) FROM read_parquet(?)) "
            "FROM read_parquet(?)",
            [str(tmp_path / "nation/household/*.parquet"), str(tmp_path / "nation/person/*.parquet")],
        ).fetchall()[0]
    assert (counted, distinct, told) == (persons, persons, persons)


def test_from_thirty_million_households_on_all_counties_and_villages_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    spread = places.places(30_000_000, 1)
    assert (len(spread.counties), len(spread.villages)) == (2_977, 620_572)
    assert sum(spread.villages["households"].to_pylist()) == 30_000_000


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    generate(nation(), tmp_path / "one")
    generate(nation(), tmp_path / "two", workers=1)
    generate(nation(seed=2), tmp_path / "other")

    assert bytes_below(tmp_path / "one") == bytes_below(tmp_path / "two")
    one, other = bytes_below(tmp_path / "one"), bytes_below(tmp_path / "other")
    assert one.keys() == other.keys()
    assert {path for path in one if one[path] == other[path]} == set()


class Stopped(Exception):
    """Whoever watches has enough."""


def stop_after(counties: int) -> Any:
    def progress(done: int, total: int, was_there: bool) -> None:
        if done == counties:
            raise Stopped

    return progress


def test_what_was_left_unfinished_is_taken_up(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        generate(nation(), tmp_path / "nation", progress=stop_after(2), workers=1)
    assert not (tmp_path / "nation").exists()
    notes = sorted((tmp_path / ".nation.part/done").iterdir())
    assert 2 <= len(notes) < COUNTIES
    # One of those that were made is cut off, as by a machine that went out.
    first = tmp_path / ".nation.part" / json.loads(notes[0].read_text())[0]["path"]
    first.write_bytes(first.read_bytes()[:100])

    there: list[bool] = []
    generate(nation(), tmp_path / "nation", progress=lambda done, total, was_there: there.append(was_there))

    assert sorted(there) == [False] * (COUNTIES - len(notes) + 1) + [True] * (len(notes) - 1)
    generate(nation(), tmp_path / "whole")
    assert bytes_below(tmp_path / "nation") == bytes_below(tmp_path / "whole")
    assert not (tmp_path / ".nation.part").exists()


def test_another_country_is_not_mixed_with_one_left_unfinished(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        generate(nation(), tmp_path / "nation", progress=stop_after(1))
    held = bytes_below(tmp_path / ".nation.part")
    with pytest.raises(UserError) as error:
        generate(nation(seed=2), tmp_path / "nation")
    assert (error.value.code, bytes_below(tmp_path / ".nation.part")) == ("BEN-002", held)


def test_too_little_space_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = HOUSEHOLDS * generating.BYTES_OF_HOUSEHOLD - 1
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    with pytest.raises(UserError) as error:
        generate(nation(), tmp_path / "nation")
    assert (error.value.code, list(tmp_path.iterdir())) == ("BEN-001", [])


def test_a_disk_that_fills_while_it_is_made_leaves_no_country(tmp_path: Path) -> None:
    with no_file_larger_than(9_000), pytest.raises(EngineError) as error:
        generate(nation(), tmp_path / "nation")
    assert (error.value.code, (tmp_path / "nation").exists()) == ("ENG-119", False)
    generate(nation(), tmp_path / "nation")
    generate(nation(), tmp_path / "whole")
    assert bytes_below(tmp_path / "nation") == bytes_below(tmp_path / "whole")


def test_forty_criteria_read_twenty_five_columns_and_ask_ten_things_of_persons() -> None:
    compiled, plan = measuring.criteria()
    criteria = compiled.checked.criteria
    columns = {(use.name, use.lag) for item in criteria for use in item.facts if use.unit == "household"}
    own = [item.text for item in criteria if item.unit == "person"]
    gathered = [
        term for item in criteria for term in walk(item.root) if isinstance(term, Aggregate) and term.unit == "person"
    ]
    assert sum(len(ids) for ids in plan.criteria.values()) == len(criteria) == 40
    assert (len(columns) >= 25, len(own) + len(gathered) >= 10) == (True, True)
    assert {item.unit for item in criteria} == set(UNITS)


def test_the_reference_engine_gives_the_same_verdicts(tmp_path: Path) -> None:
    manifest = generate(nation(households=400), tmp_path / "nation")
    compiled, plan = measuring.criteria()
    engine = WithDuckDB()
    outcome = screen(tmp_path / "nation", manifest, compiled.checked, plan, engine=engine, out=tmp_path / "out")
    engine.close()

    found = compare(tmp_path / "nation", manifest, compiled.checked, plan, tmp_path / "out", villages=8)

    assert found.differences == []
    assert found.compared["household"] > 0
    assert set(found.compared) == {"person", "household", "village"}
    assert outcome.total("household") == 400


def test_the_command_measures_and_keeps_what_it_made(tmp_path: Path) -> None:
    told, again = StringIO(), StringIO()
    call_command("bench", "national", "--households", "1000", "--folder", str(tmp_path), "--json", stdout=told)
    call_command("bench", "national", "--households", "1000", "--folder", str(tmp_path), stdout=again)

    figures = json.loads(told.getvalue())
    held = stored.read(tmp_path / "results")
    assert {name: figures[name] for name in ("households", "counties", "criteria", "digest", "again_equal")} == {
        "households": HOUSEHOLDS,
        "counties": COUNTIES,
        "criteria": 40,
        "digest": held.digest,
        "again_equal": True,
    }
    # One county changed: its households and, above them, villages and the county; persons and the rest are taken over.
    assert (figures["again_parts"], figures["again_parts_kept"]) == (3, len(UNITS) * COUNTIES - 3)
    assert held.digest in again.getvalue()


@pytest.mark.parametrize("wrong", [["--households", "0"], ["--households", "many"], ["--changed", "2"]])
def test_the_command_refuses_numbers_that_mean_nothing(wrong: list[str], tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("bench", "national", *wrong, "--folder", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_command_refuses_a_damaged_country(tmp_path: Path) -> None:
    generate(nation(), tmp_path / "snapshot-1000-1")
    path = next((tmp_path / "snapshot-1000-1/person").iterdir())
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(EngineError) as error:
        call_command("bench", "national", "--households", "1000", "--folder", str(tmp_path))
    assert (error.value.code, (tmp_path / "results").exists()) == ("ENG-113", False)
