"""Writing a snapshot folder whole or not at all, and finding what was altered in one."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from lika.engine.snapshots.layout import MANIFEST, SIGNATURE, Column, file_path
from lika.engine.snapshots.manifest import FileEntry, Manifest, ManifestError, sha256_of_file


class Damage(StrEnum):
    """What may be wrong with a snapshot."""

    FOLDER_MISSING = "folder_missing"
    MANIFEST_ALTERED = "manifest_altered"
    MANIFEST_UNREADABLE = "manifest_unreadable"
    FILE_MISSING = "file_missing"
    FILE_ALTERED = "file_altered"
    FILE_EXTRA = "file_extra"


@dataclass(frozen=True)
class Finding:
    """A damage and the path, inside the snapshot, where it was found."""

    damage: Damage
    path: str


class SnapshotWriter:
    """Collects the files of a snapshot in a scratch folder until `finish` gives it its name."""

    def __init__(self, scratch: Path) -> None:
        """Write below `scratch`, which exists and is empty."""
        self.scratch = scratch
        self.schema: dict[str, tuple[Column, ...]] = {}
        self._files: list[FileEntry] = []

    def path(self, unit: str, county: int) -> Path:
        """Where the file of a unit and county is to be written; its folder exists."""
        path = self.scratch / file_path(unit, county)
        path.parent.mkdir(exist_ok=True)
        return path

    def add(self, unit: str, county: int, columns: tuple[Column, ...], rows: int) -> None:
        """Take the written file of a unit and county into the manifest."""
        if self.schema.setdefault(unit, columns) != columns:
            raise ValueError(f"files of {unit} differ in their columns")
        path = self.path(unit, county)
        self._files.append(
            FileEntry(
                path=file_path(unit, county),
                unit=unit,
                county=county,
                rows=rows,
                bytes=path.stat().st_size,
                sha256=sha256_of_file(path),
            )
        )

    @property
    def counts(self) -> Mapping[str, int]:
        """Rows written so far, by unit."""
        found: dict[str, int] = {}
        for entry in self._files:
            found[entry.unit] = found.get(entry.unit, 0) + entry.rows
        return found

    def counties(self, unit: str) -> tuple[int, ...]:
        """The counties (six digits) that a file of a unit was written for."""
        return tuple(sorted(entry.county for entry in self._files if entry.unit == unit))

    def finish(self, manifest: Manifest) -> Manifest:
        """Write the manifest with the schema and files collected, and flush all to disk."""
        whole = replace(manifest, schema=self.schema, files=tuple(sorted(self._files, key=lambda entry: entry.path)))
        (self.scratch / MANIFEST).write_bytes(whole.to_bytes())
        self.flush()
        return whole

    def flush(self) -> None:
        """Have all that was written on the disk, not only on its way there."""
        for path in self.scratch.rglob("*"):
            _flush(path)


@contextmanager
def written(target: Path) -> Iterator[SnapshotWriter]:
    """A writer whose folder becomes `target` on leaving; nothing is left behind when an error leaves.

    Raises FileExistsError when `target` exists: a snapshot is never replaced.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f".{target.name}.{os.getpid()}.part")
    if target.exists():
        raise FileExistsError(target.name)
    scratch.mkdir(mode=0o700)
    try:
        yield SnapshotWriter(scratch)
        scratch.rename(target)
        _flush(target.parent)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def verify(folder: Path, manifest_sha256: str) -> tuple[Finding, ...]:
    """Everything in a snapshot that is not as it was written; empty when all is well.

    `manifest_sha256` is what was recorded when the snapshot was taken: whoever alters a file and the manifest to match
    is found by it.
    """
    if not folder.is_dir():
        return (Finding(Damage.FOLDER_MISSING, folder.name),)
    if not (folder / MANIFEST).is_file():
        return (Finding(Damage.FILE_MISSING, MANIFEST),)
    data = (folder / MANIFEST).read_bytes()
    findings = []
    if hashlib.sha256(data).hexdigest() != manifest_sha256:
        findings.append(Finding(Damage.MANIFEST_ALTERED, MANIFEST))
    try:
        manifest = Manifest.from_bytes(data)
    except ManifestError:
        return (*findings, Finding(Damage.MANIFEST_UNREADABLE, MANIFEST))
    findings += [finding for entry in manifest.files for finding in _check_file(folder, entry)]
    known = {MANIFEST, SIGNATURE, *(entry.path for entry in manifest.files)}
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    findings += [Finding(Damage.FILE_EXTRA, path) for path in sorted(present - known)]
    return tuple(findings)


def _check_file(folder: Path, entry: FileEntry) -> Iterator[Finding]:
    path = folder / entry.path
    if not path.is_file():
        yield Finding(Damage.FILE_MISSING, entry.path)
    elif path.stat().st_size != entry.bytes or sha256_of_file(path) != entry.sha256:
        yield Finding(Damage.FILE_ALTERED, entry.path)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
