"""Screening a million households: against a bare DuckDB scan-and-group over the same columns, in the same run.

    LIKA_DATA_DIR=<folder with a snapshot> python benchmarks/screening.py SNAPSHOT PACK_FOLDER [--households 1000000]

The snapshot of one county is written over and over, as counties of their own with new ids and villages, below a
temporary folder; then the pack is run over all of it, and the columns that it reads are scanned and grouped by village.
Prints JSON: rows, seconds, ratio (goal: at most 4), peak memory. The processor ratio tells more on a busy machine.
"""

import argparse
import json
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
from setting import lika

GOAL = 4.0


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


def floor(files: dict[str, list[Path]], wanted: dict[str, set[str]]) -> tuple[float, float]:
    """Seconds (wall, processor) of reading the same columns and grouping them, and nothing else.

    Persons are grouped by household and households by village: the groups that the criteria ask for.
    """
    wall, processor = time.perf_counter(), time.process_time()
    with duckdb.connect() as session:
        for unit, columns in wanted.items():
            above = {"person": "household_id", "household": "village"}.get(unit, unit)
            paths = [str(path) for path in files[unit]]
            counts = ", ".join(f'count("{name}")' for name in sorted(columns)) or "count(*)"
            session.execute(f"SELECT {above}, {counts} FROM read_parquet(?) GROUP BY {above}", [paths]).to_arrow_table()
    return time.perf_counter() - wall, time.process_time() - processor


def main() -> None:
    """Replicate, screen three times, take the floor three times, print the best of each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("snapshot")
    parser.add_argument("pack", type=Path)
    parser.add_argument("--households", type=int, default=1_000_000)
    asked = parser.parse_args()
    with lika():
        from lika.engine.schema import column_name
        from lika.engine.screening.engines import WithDuckDB
        from lika.engine.screening.run import screen
        from lika.policy import resolve
        from lika.policy.packs.checking import read_pack
        from lika.snapshots import storage
        from lika.snapshots.models import Snapshot
        from lika.snapshots.planning import plan_of

        snapshot = Snapshot.objects.get(pk=asked.snapshot)
        pack = read_pack(asked.pack)
        checked = resolve.compiled(pack, at=snapshot.at).checked
        plan = plan_of(pack, checked)
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "snapshot"
            copies = -(-asked.households // snapshot.households)
            manifest = replicate(storage.folder_of(snapshot), folder, copies)
            files: dict[str, list[Path]] = {}
            for entry in manifest.files:
                files.setdefault(entry.unit, []).append(folder / entry.path)
            wanted: dict[str, set[str]] = {}
            for unit in plan.units(manifest):
                wanted.setdefault(unit, set())
                for item in checked.of_unit(unit):
                    for use in item.facts:
                        wanted.setdefault(use.unit, set()).add(column_name(use.name, use.lag))
            bare, whole = [], []
            for run in range(3):
                bare.append(floor(files, wanted))
                engine = WithDuckDB()
                wall, processor = time.perf_counter(), time.process_time()
                outcome = screen(folder, manifest, checked, plan, engine=engine, out=Path(scratch) / f"out{run}")
                whole.append((time.perf_counter() - wall, time.process_time() - processor))
                engine.close()
        print(
            json.dumps(
                {
                    "households": manifest.total("household"),
                    "persons": manifest.total("person"),
                    "criteria": sum(len(names) for names in outcome.criteria.values()),
                    "digest": outcome.digest,
                    "screening_seconds": round(min(whole)[0], 2),
                    "bare_scan_seconds": round(min(bare)[0], 2),
                    "ratio": round(min(whole)[0] / min(bare)[0], 2),
                    "processor_ratio": round(min(cpu for _, cpu in whole) / min(cpu for _, cpu in bare), 2),
                    "goal": GOAL,
                    "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                    "runs": [[round(seconds, 2) for seconds in run] for run in (*bare, *whole)],
                },
                indent=2,
            )
        )


if __name__ == "__main__":
    main()
