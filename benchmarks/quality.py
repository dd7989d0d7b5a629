"""All rules of quality over a million persons: against a bare DuckDB scan-and-group over the same columns, in one run.

    LIKA_DATA_DIR=<folder with a snapshot> python benchmarks/quality.py SNAPSHOT [--persons 1000000]

The snapshot of one county is written over and over (see `screening.py`); then every rule that holds in its area is run
over all of it, verdict files and the list of faults written, and the columns that the rules read are scanned and
grouped. Prints JSON: rows, seconds (goal: 10), ratio, peak memory. What goes into PostgreSQL is not in it.
"""

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

from copies import replicate
from screening import floor
from setting import lika

GOAL_SECONDS = 10.0


def main() -> None:
    """Replicate, run three times, take the floor three times, print the best of each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("snapshot")
    parser.add_argument("--persons", type=int, default=1_000_000)
    asked = parser.parse_args()
    with lika(), tempfile.TemporaryDirectory() as scratch:
        from lika.engine.schema import column_name
        from lika.monitoring.actions.running import judged, write_faults
        from lika.policy.quality import rules_for
        from lika.snapshots import storage
        from lika.snapshots.models import Snapshot

        snapshot = Snapshot.objects.get(pk=asked.snapshot)
        book = rules_for(f"{snapshot.division:012d}", snapshot.at)
        folder = Path(scratch) / "snapshot"
        manifest = replicate(storage.folder_of(snapshot), folder, -(-asked.persons // snapshot.persons))
        files: dict[str, list[Path]] = {}
        for entry in manifest.files:
            files.setdefault(entry.unit, []).append(folder / entry.path)
        wanted: dict[str, set[str]] = {}
        for rule in book.rules.values():
            for use in rule.checked.facts:
                wanted.setdefault(use.unit, set()).add(column_name(use.name, use.lag))
        bare, whole, faults = [], [], 0
        for run in range(3):
            bare.append(floor(files, wanted))
            out = Path(scratch) / f"out{run}"
            out.mkdir()
            wall, processor = time.perf_counter(), time.process_time()
            outcome = judged(folder, manifest, book, out)
            faults = write_faults(folder, out, outcome, book, out / "faults.csv")
            whole.append((time.perf_counter() - wall, time.process_time() - processor))
        told = {
            "households": manifest.total("household"),
            "persons": manifest.total("person"),
            "rules": len(book.rules),
            "faults": faults,
            "digest": outcome.digest,
            "seconds": round(min(whole)[0], 2),
            "goal_seconds": GOAL_SECONDS,
            "bare_scan_seconds": round(min(bare)[0], 2),
            "ratio": round(min(whole)[0] / min(bare)[0], 2),
            "processor_ratio": round(min(cpu for _, cpu in whole) / min(cpu for _, cpu in bare), 2),
            "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
