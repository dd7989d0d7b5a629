"""The invented country a moment later: some of its households changed, all other files the same bytes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from lika.engine.disk import same_file, told_of_full_disk
from lika.engine.screening.stored import folder_for_results
from lika.engine.snapshots.layout import MANIFEST
from lika.engine.snapshots.manifest import FileEntry, Manifest, sha256_of_file

#: Of each household of the counties that report, this much more is earned.
_MORE = 1_000


def changed(folder: Path, manifest: Manifest, share: float, target: Path) -> tuple[Manifest, int]:
    """Write below `target` the snapshot with that share of the households changed; returns their number too.

    Counties report one after another: whole counties change, as few as hold that many households, and every household
    in them has another income. The other files are the same under another name.
    """
    wanted = max(1, round(manifest.total("household") * share))
    counties, households = _counties(manifest, wanted)
    with folder_for_results(target) as scratch:
        files = [
            _rewritten(folder, scratch, entry)
            if entry.unit == "household" and entry.county in counties
            else _linked(folder, scratch, entry)
            for entry in manifest.files
        ]
        moved = replace(manifest, id=f"{manifest.id}-later", files=tuple(files))
        (scratch / MANIFEST).write_bytes(moved.to_bytes())
    return moved, households


def _counties(manifest: Manifest, wanted: int) -> tuple[frozenset[int], int]:
    """The first counties that together have so many households, and how many they have."""
    found: list[int] = []
    total = 0
    for county, rows in sorted(manifest.counts["household"].items()):
        if total >= wanted:
            break
        found.append(county)
        total += rows
    return frozenset(found), total


def _rewritten(folder: Path, scratch: Path, entry: FileEntry) -> FileEntry:
    path = scratch / entry.path
    path.parent.mkdir(exist_ok=True)
    source, target = (str(each).replace("'", "''") for each in (folder / entry.path, path))
    with told_of_full_disk(), duckdb.connect(config={"threads": 1}) as session:
        session.execute(
            f"COPY (SELECT * REPLACE (wage + {_MORE} AS wage) FROM read_parquet('{source}')) "  # noqa: S608
            f"TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
        )
    return replace(entry, bytes=path.stat().st_size, sha256=sha256_of_file(path))


def _linked(folder: Path, scratch: Path, entry: FileEntry) -> FileEntry:
    path = scratch / entry.path
    path.parent.mkdir(exist_ok=True)
    same_file(folder / entry.path, path)
    return entry
