"""Screening a million households: against a bare DuckDB scan-and-group over the same columns, in the same run.

    LIKA_DATA_DIR=<folder with a snapshot> python benchmarks/screening.py SNAPSHOT PACK_FOLDER [--households 1000000]

The snapshot of one county is written over and over, as counties of their own with new ids and villages, below a
temporary folder; then the pack is run over all of it, and the columns that it reads are scanned and grouped by village.
Prints JSON: rows, seconds, ratio (goal: at most 4), peak memory. The processor ratio tells more on a busy machine.
"""

import json
import resource
import time
from pathlib import Path

import duckdb
from copies import copied, parser
from setting import lika

GOAL = 4.0


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
    asked = parser().parse_args()
    with lika():
        from lika.engine.schema import column_name
        from lika.engine.screening.engines import WithDuckDB
        from lika.engine.screening.run import screen

        with copied(asked) as given:
            folder, manifest, checked, plan = given.folder, given.manifest, given.checked, given.plan
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
                outcome = screen(folder, manifest, checked, plan, engine=engine, out=given.scratch / f"out{run}")
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
