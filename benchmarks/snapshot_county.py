"""How long a snapshot of the demonstration county takes, against a floor measured in the same run.

    DEMO_SERVE=0 make demo
    python benchmarks/snapshot_county.py

The floor is a bare COPY of the tables that hold the facts, to nowhere. Prints JSON: rows, seconds (best of three), the
ratio, bytes on disk, peak memory.
"""

import datetime as dt
import json
import resource
import time
from collections.abc import Callable

from setting import lika

COUNTY = "621223"
AT = dt.date(2016, 12, 31)
TABLES = ("household", "person", "membership", "placement", "statusevent", "householdyear", "personyear", "villageyear")


def copy_tables() -> None:
    """Read every row of the register's tables, as the server gives them."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in TABLES:
            with cursor.copy(f"COPY register_{table} TO STDOUT (FORMAT BINARY)") as copy:
                for _block in copy:
                    pass


def best_of_three(work: Callable[[], object]) -> float:
    """Seconds of the quickest of three runs."""
    times = []
    for _run in range(3):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def main() -> None:
    """Time the floor, then the snapshot."""
    with lika():
        from lika.core.actors import SystemActor
        from lika.core.areas import EVERYWHERE
        from lika.core.permissions import Permission
        from lika.snapshots import actions, storage
        from lika.snapshots.models import Snapshot

        actor = SystemActor("benchmark", {Permission.SNAPSHOT_TAKE}, EVERYWHERE)
        floor = best_of_three(copy_tables)
        seconds = best_of_three(lambda: actions.take(by=actor, at=AT, division=COUNTY))
        snapshot = Snapshot.objects.filter(division=621223000000).order_by("-taken_at")[0]
        size = sum(path.stat().st_size for path in storage.folder_of(snapshot).rglob("*.parquet"))
        print(
            json.dumps(
                {
                    "households": snapshot.households,
                    "persons": snapshot.persons,
                    "seconds": round(seconds, 2),
                    "floor_seconds": round(floor, 2),
                    "ratio": round(seconds / floor, 2),
                    "bytes": size,
                    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                }
            )
        )


if __name__ == "__main__":
    main()
