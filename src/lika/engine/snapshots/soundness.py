"""Whether a snapshot folder can be screened: every file there, whole, and what the manifest says of it.

The app compares a snapshot with what it recorded when it was taken (`folder.verify`); here the manifest stands for
itself, so what it says is held against the files: their bytes, their rows, their columns, and that no county lacks one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from lika.engine.errors import EngineError
from lika.engine.snapshots.layout import IDENTIFIED_UNITS, MANIFEST, Column, file_path
from lika.engine.snapshots.manifest import FORMAT, FileEntry, Manifest, ManifestError, OtherFormat, sha256_of_file


class SnapshotDamaged(EngineError):
    """A snapshot that cannot be screened, with the ``path`` inside it."""

    def __init__(self, code: str, path: str, **details: object) -> None:
        """Refuse with ``code`` at ``path``."""
        super().__init__(code, path=path, **details)
        self.path = path


def sound(folder: Path) -> Manifest:
    """The manifest of a snapshot all of whose files are as it says.

    Raises SnapshotDamaged: ENG-110 (no manifest), ENG-111 (another format), ENG-112 (a file is missing), ENG-113 (other
    bytes), ENG-114 (no Parquet), ENG-115 (other rows), ENG-116 (other columns), ENG-117 (a county lacks a file).
    """
    manifest = _manifest(folder)
    _refuse_gaps(manifest)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(lambda entry: _refuse_unsound(folder, manifest, entry), manifest.files):
            pass
    return manifest


@contextmanager
def told_of_damage(paths: Sequence[Path], schema: Mapping[str, Sequence[Column]] | None = None) -> Iterator[None]:
    """Raise SnapshotDamaged where DuckDB fails and one of the files is why; its error as it is otherwise.

    ENG-114 (no Parquet), ENG-116 (other columns than those of its unit in the ``schema``).
    """
    try:
        yield
    except duckdb.Error as error:
        for path in paths:
            name, unit = f"{path.parent.name}/{path.name}", path.parent.name
            try:
                found = pq.read_table(path).schema
            except (pa.ArrowException, OSError):
                raise SnapshotDamaged("ENG-114", name) from error
            if schema is not None and (columns := _differing(found, schema[unit])):
                raise SnapshotDamaged("ENG-116", name, columns=columns) from error
        raise


def _manifest(folder: Path) -> Manifest:
    try:
        manifest = Manifest.from_bytes((folder / MANIFEST).read_bytes())
    except OtherFormat as error:
        raise SnapshotDamaged("ENG-111", MANIFEST, found=str(error.found), expected=str(FORMAT)) from error
    except (ManifestError, OSError) as error:
        raise SnapshotDamaged("ENG-110", MANIFEST) from error
    paths = [entry.path for entry in manifest.files]
    named = all(
        entry.path == file_path(entry.unit, entry.county) and entry.unit in manifest.schema for entry in manifest.files
    )
    if not named or len(set(paths)) < len(paths):
        raise SnapshotDamaged("ENG-110", MANIFEST)
    return manifest


def _refuse_gaps(manifest: Manifest) -> None:
    """Persons without their households, or households without their persons, would be screened as if they had none."""
    held = {unit: set(manifest.counties(unit)) for unit in IDENTIFIED_UNITS}
    every = set().union(*held.values())
    for unit, counties in held.items():
        for county in sorted(every - counties):
            raise SnapshotDamaged("ENG-117", file_path(unit, county))


def _refuse_unsound(folder: Path, manifest: Manifest, entry: FileEntry) -> None:
    path = folder / entry.path
    if not path.is_file():
        raise SnapshotDamaged("ENG-112", entry.path)
    if path.stat().st_size != entry.bytes or sha256_of_file(path) != entry.sha256:
        raise SnapshotDamaged("ENG-113", entry.path)
    try:
        with pq.ParquetFile(path) as file:
            rows, differing = file.metadata.num_rows, _differing(file.schema_arrow, manifest.schema[entry.unit])
    except (pa.ArrowException, OSError) as error:
        raise SnapshotDamaged("ENG-114", entry.path) from error
    if rows != entry.rows:
        raise SnapshotDamaged("ENG-115", entry.path, expected=entry.rows, found=rows)
    if differing:
        raise SnapshotDamaged("ENG-116", entry.path, columns=differing)


def _differing(found: pa.Schema, columns: Sequence[Column]) -> str:
    """The columns of a file that are missing, too many or of another type than declared, "" where there are none."""
    types, expected = {each.name: each.type for each in found}, {column.name: column.type for column in columns}
    differing = types.keys() ^ expected.keys()
    differing |= {name for name in types.keys() & expected.keys() if not _holds(types[name], expected[name])}
    return ", ".join(sorted(differing))


def _holds(found: pa.DataType, declared: str) -> bool:
    """Whether a column of Arrow's type is one of the DuckDB type that the manifest declares."""
    if declared.startswith("DECIMAL"):
        return str(found).removeprefix("decimal128").replace(" ", "") == declared.removeprefix("DECIMAL")
    return str(found) in _ARROW_TYPES.get(declared, ())


_ARROW_TYPES = {
    "BOOLEAN": ("bool",),
    "INTEGER": ("int32",),
    "BIGINT": ("int64",),
    "DATE": ("date32[day]",),
    "VARCHAR": ("string", "large_string"),
    "BLOB": ("binary", "large_binary"),
    "UUID": ("fixed_size_binary[16]", "extension<arrow.uuid>"),
}
