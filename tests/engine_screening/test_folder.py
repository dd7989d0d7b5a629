"""A snapshot folder: whole or not at all, and every alteration found and named."""

import hashlib
from pathlib import Path

import pytest

from lika.engine.snapshots.folder import Damage, Finding, verify, written
from lika.engine.snapshots.layout import MANIFEST, SIGNATURE, Column
from lika.engine.snapshots.manifest import Manifest, ManifestError, read, sha256_of_file
from tests.engine_screening.making import write_snapshot

HOUSEHOLDS = "household/county=621223.parquet"


@pytest.fixture
def taken(tmp_path: Path) -> tuple[Path, str]:
    folder = tmp_path / "one"
    manifest = write_snapshot(folder)
    return folder, hashlib.sha256(manifest.to_bytes()).hexdigest()


def test_manifest_survives_writing_and_reading(tmp_path: Path) -> None:
    manifest = write_snapshot(tmp_path / "one")
    again = read(tmp_path / "one")
    assert again == manifest
    assert again.counts == {
        "person": {621223: 8, 621224: 1},
        "household": {621223: 4, 621224: 1},
        "village": {621223: 2, 621224: 1},
        "county": {621223: 1, 621224: 1},
    }
    assert again.schema["household"] == (
        Column("household_id", "UUID"),
        Column("village", "BIGINT"),
        Column("__persons", "INTEGER"),
        Column("income", "DECIMAL(14,2)"),
        Column("income__lag1", "DECIMAL(14,2)"),
        Column("members", "BIGINT"),
        Column("safe_water", "BOOLEAN"),
    )


def test_an_untouched_snapshot_is_well_signed_or_not(taken: tuple[Path, str]) -> None:
    folder, pinned = taken
    assert verify(folder, pinned) == ()
    (folder / SIGNATURE).write_bytes(b"a signature")
    assert verify(folder, pinned) == ()


@pytest.mark.parametrize("position", [0, 100, -1])
def test_one_changed_bit_is_found_and_named(taken: tuple[Path, str], position: int) -> None:
    folder, pinned = taken
    data = bytearray((folder / HOUSEHOLDS).read_bytes())
    data[position] ^= 1
    (folder / HOUSEHOLDS).write_bytes(data)
    assert verify(folder, pinned) == (Finding(Damage.FILE_ALTERED, HOUSEHOLDS),)


def test_missing_and_extra_files_are_found(taken: tuple[Path, str]) -> None:
    folder, pinned = taken
    (folder / HOUSEHOLDS).rename(folder / "household/county=621299.parquet")
    assert verify(folder, pinned) == (
        Finding(Damage.FILE_MISSING, HOUSEHOLDS),
        Finding(Damage.FILE_EXTRA, "household/county=621299.parquet"),
    )


def test_a_file_altered_together_with_its_manifest_is_found(taken: tuple[Path, str]) -> None:
    folder, pinned = taken
    before = sha256_of_file(folder / HOUSEHOLDS)
    (folder / HOUSEHOLDS).write_bytes((folder / HOUSEHOLDS).read_bytes()[:-1] + b"?")
    text = (folder / MANIFEST).read_text().replace(before, sha256_of_file(folder / HOUSEHOLDS))
    (folder / MANIFEST).write_text(text)
    assert verify(folder, pinned) == (Finding(Damage.MANIFEST_ALTERED, MANIFEST),)


def test_a_broken_or_missing_manifest_is_found(taken: tuple[Path, str]) -> None:
    folder, pinned = taken
    (folder / MANIFEST).write_text("{}")
    assert verify(folder, pinned) == (
        Finding(Damage.MANIFEST_ALTERED, MANIFEST),
        Finding(Damage.MANIFEST_UNREADABLE, MANIFEST),
    )
    (folder / MANIFEST).unlink()
    assert verify(folder, pinned) == (Finding(Damage.FILE_MISSING, MANIFEST),)
    assert verify(folder / "nowhere", pinned) == (Finding(Damage.FOLDER_MISSING, "nowhere"),)


def test_a_manifest_of_another_format_is_refused(taken: tuple[Path, str]) -> None:
    folder, _pinned = taken
    text = (folder / MANIFEST).read_bytes().replace(b'"format": 1', b'"format": 2')
    with pytest.raises(ManifestError, match="format 2, not 1"):
        Manifest.from_bytes(text)


def test_nothing_is_left_of_a_snapshot_that_failed(tmp_path: Path) -> None:
    def half_way() -> None:
        with written(tmp_path / "one") as writer:
            writer.path("household", 621223).write_bytes(b"half a file")
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        half_way()
    assert list(tmp_path.iterdir()) == []


def test_a_snapshot_is_never_replaced(taken: tuple[Path, str]) -> None:
    folder, pinned = taken
    with pytest.raises(FileExistsError), written(folder):
        pass
    assert verify(folder, pinned) == ()
