"""Bad input and a full disk: refused by a code of its own, and nothing half-written is taken for a result."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from lika.engine.errors import EngineError
from lika.engine.screening import stored
from lika.engine.screening.engines import WithDuckDB
from lika.engine.screening.run import screen
from lika.engine.snapshots.manifest import read as manifest_of
from lika.engine.snapshots.soundness import sound
from tests.engine_screening.making import PLAN, checked, write_snapshot
from tests.full_disk import no_file_larger_than

HOUSEHOLDS = "household/county=621223.parquet"


def tell(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Have the manifest say something else."""
    path = folder / "manifest.json"
    values = json.loads(path.read_text())
    change(values)
    path.write_text(json.dumps(values))


def entry(values: dict[str, Any], path: str = HOUSEHOLDS) -> dict[str, Any]:
    return next(file for file in values["files"] if file["path"] == path)


def as_it_lies(folder: Path) -> None:
    """Have the manifest lie: the hash and size of what lies there now are called those that were written."""
    data = (folder / HOUSEHOLDS).read_bytes()
    tell(
        folder,
        lambda values: entry(values).update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest()),
    )


def cut_off(folder: Path) -> None:
    path = folder / HOUSEHOLDS
    path.write_bytes(path.read_bytes()[:-20])


def one_byte(folder: Path) -> None:
    path = folder / HOUSEHOLDS
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(data)


def cut_off_and_lied_about(folder: Path) -> None:
    cut_off(folder)
    as_it_lies(folder)


def without_a_column(folder: Path) -> None:
    path = folder / HOUSEHOLDS
    table = pq.read_table(path).drop_columns(["safe_water"])
    pq.write_table(table, path)
    as_it_lies(folder)


def without_persons(folder: Path) -> None:
    """The manifest is silent about the persons of a county, and their file is gone."""
    (folder / "person/county=621224.parquet").unlink()
    tell(
        folder,
        lambda values: values.update(
            files=[file for file in values["files"] if file["path"] != "person/county=621224.parquet"]
        ),
    )


DAMAGES: list[tuple[Callable[[Path], object], tuple[str, str]]] = [
    (lambda folder: (folder / "manifest.json").unlink(), ("ENG-110", "manifest.json")),
    (lambda folder: (folder / "manifest.json").write_text("{"), ("ENG-110", "manifest.json")),
    (
        lambda folder: tell(folder, lambda values: entry(values).update(path="../elsewhere.parquet")),
        ("ENG-110", "manifest.json"),
    ),
    (lambda folder: tell(folder, lambda values: values["files"].append(entry(values))), ("ENG-110", "manifest.json")),
    (lambda folder: tell(folder, lambda values: values.update(format=2)), ("ENG-111", "manifest.json")),
    (lambda folder: (folder / HOUSEHOLDS).unlink(), ("ENG-112", HOUSEHOLDS)),
    (cut_off, ("ENG-113", HOUSEHOLDS)),
    (one_byte, ("ENG-113", HOUSEHOLDS)),
    (cut_off_and_lied_about, ("ENG-114", HOUSEHOLDS)),
    (lambda folder: tell(folder, lambda values: entry(values).update(rows=9)), ("ENG-115", HOUSEHOLDS)),
    (without_a_column, ("ENG-116", HOUSEHOLDS)),
    (without_persons, ("ENG-117", "person/county=621224.parquet")),
]


def test_a_sound_snapshot_is_read(tmp_path: Path) -> None:
    manifest = write_snapshot(tmp_path / "snapshot")
    assert sound(tmp_path / "snapshot") == manifest


@pytest.mark.parametrize(("damage", "told"), DAMAGES)
def test_every_damage_has_a_code_and_a_place(
    damage: Callable[[Path], object], told: tuple[str, str], tmp_path: Path
) -> None:
    write_snapshot(tmp_path / "snapshot")
    damage(tmp_path / "snapshot")
    with pytest.raises(EngineError) as error:
        sound(tmp_path / "snapshot")
    assert (error.value.code, getattr(error.value, "path", None)) == told
    assert told[1] in error.value.message("zh-hans")
    assert told[1] in error.value.message("en")


@pytest.mark.parametrize(
    ("damage", "code"), [(cut_off, "ENG-114"), (without_a_column, "ENG-116"), ("pages", "ENG-114")]
)
def test_a_file_that_goes_bad_while_it_is_screened_leaves_no_result(
    damage: Callable[[Path], None] | str, code: str, tmp_path: Path
) -> None:
    """Nobody asked whether it is sound, or it was then."""
    folder = tmp_path / "snapshot"
    write_snapshot(folder)
    manifest = manifest_of(folder)
    if callable(damage):
        damage(folder)
    else:
        path = folder / HOUSEHOLDS
        data = bytearray(path.read_bytes())
        data[4:200] = os.urandom(196)
        path.write_bytes(data)
    engine = WithDuckDB(threads=1)

    with pytest.raises(EngineError) as error, stored.folder_for_results(tmp_path / "results") as scratch:
        screen(folder, manifest, checked(), PLAN, engine=engine, out=scratch / stored.VERDICTS)
    engine.close()

    assert (error.value.code, getattr(error.value, "path", None)) == (code, HOUSEHOLDS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["snapshot"]


@pytest.mark.parametrize("size", [100, 600, 3_000])
def test_a_full_disk_while_results_are_written_leaves_none(size: int, tmp_path: Path) -> None:
    """Full at the first verdict file, at a later one, at the roll-ups."""
    folder = tmp_path / "snapshot"
    manifest = write_snapshot(folder)
    engine = WithDuckDB(threads=1)

    def keep() -> None:
        with stored.folder_for_results(tmp_path / "results") as scratch:
            outcome = screen(folder, manifest, checked(), PLAN, engine=engine, out=scratch / stored.VERDICTS)
            stored.write(scratch, outcome, manifest, checked(), PLAN)

    with no_file_larger_than(size), pytest.raises(EngineError) as error:
        keep()
    assert (error.value.code, sorted(path.name for path in tmp_path.iterdir())) == ("ENG-119", ["snapshot"])
    with pytest.raises(EngineError) as none:
        stored.read(tmp_path / "results")
    assert none.value.code == "ENG-118"

    keep()
    assert stored.read(tmp_path / "results").inputs == {file.path: file.sha256 for file in manifest.files}
    engine.close()


def test_an_error_of_duckdb_that_is_no_full_disk_stays_what_it_is() -> None:
    from lika.engine.disk import told_of_full_disk

    with pytest.raises(duckdb.IOException), told_of_full_disk():
        raise duckdb.IOException("No files found that match the pattern")
