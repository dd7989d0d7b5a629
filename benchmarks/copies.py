"""What the benchmarks of a screening share: a snapshot of one county written over and over, and the criteria to run.

The copies are counties of their own with new ids and villages, below a temporary folder.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb


@dataclass(frozen=True)
class Copied:
    """The folder of the copies, a scratch folder beside it, and what is screened."""

    folder: Path
    scratch: Path
    manifest: Any
    checked: Any
    plan: Any


def parser() -> argparse.ArgumentParser:
    """The arguments that every such benchmark takes."""
    found = argparse.ArgumentParser()
    found.add_argument("snapshot")
    found.add_argument("pack", type=Path)
    found.add_argument("--households", type=int, default=1_000_000)
    return found


@contextmanager
def copied(asked: argparse.Namespace) -> Iterator[Copied]:
    """So many copies of the snapshot as the households take, and its criteria; gone when this is left."""
    from lika.policy import resolve
    from lika.policy.packs.checking import read_pack
    from lika.snapshots import storage
    from lika.snapshots.models import Snapshot
    from lika.snapshots.planning import plan_of

    snapshot = Snapshot.objects.get(pk=asked.snapshot)
    pack = read_pack(asked.pack)
    checked = resolve.compiled(pack, at=snapshot.at).checked
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "snapshot"
        manifest = replicate(storage.folder_of(snapshot), folder, -(-asked.households // snapshot.households))
        yield Copied(folder, Path(scratch), manifest, checked, plan_of(pack, checked))


def replicate(source: Path, target: Path, copies: int) -> Any:
    """The snapshot's county as so many counties, from 621301 on."""
    from lika.engine.snapshots import manifest as manifests
    from lika.engine.snapshots.folder import written
    from lika.engine.snapshots.layout import IDENTIFIED_UNITS, key_columns

    manifest = manifests.read(source)
    (county,) = manifest.counties("household")
    with written(target) as writer, duckdb.connect() as session:
        for copy in range(copies):
            number = 621301 + copy
            shift = (number - county) * 10**6
            for unit, columns in manifest.schema.items():
                ids = [column.name for column in key_columns(unit) if column.type == "UUID"]
                places = ["village"] if unit in IDENTIFIED_UNITS else [unit]
                changed = [f"{name} + {shift} AS {name}" for name in places]
                # The first four hexadecimal digits say which copy it is.
                changed += [f"('{copy:04x}' || substr({name}::VARCHAR, 5))::UUID AS {name}" for name in ids]
                path = writer.path(unit, number)
                order = ", ".join(dict.fromkeys([places[0], *ids[:1]]))
                session.execute(
                    f"COPY (SELECT * REPLACE ({', '.join(changed)}) FROM read_parquet("
                    f"'{source}/{unit}/county={county}.parquet') ORDER BY {order}) "
                    f"TO '{path}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
                )
                rows = session.execute(f"SELECT count(*) FROM read_parquet('{path}')").fetchone()
                writer.add(unit, number, columns, rows[0])
        return writer.finish(replace(manifest, scope=620000000000))
