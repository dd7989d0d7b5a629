"""What screening costs on Spark and on DuckDB as the country grows, over the same snapshots in the same run.

    python benchmarks/spark.py [--households 200000 1000000] [--engine ADDRESS] [--memory 1g] [--folder FOLDER]

The households and the forty criteria are those of `lika bench national`; what is in the folder is used again. Without
`--engine` a standalone cluster of its own is started: a master and two workers of one core each, separate processes.
With it, what `lika screen --engine` takes; a cluster must reach the folder by the same path. Every part must have the
digest that DuckDB gives it, or the benchmark stops. Prints JSON: for each size the seconds of both engines (Spark
twice: its first run compiles), the seconds to connect; and over the sizes what a million households take beyond what
is taken whatever the size, what Spark takes once and for each job, and how many times the cores it needs to be as
quick.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CORES = os.cpu_count() or 1


def main() -> None:
    """Generate each size, screen it by both, compare, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, nargs="+", default=[200_000, 1_000_000])
    parser.add_argument("--engine", help="spark://HOST:PORT, sc://HOST:PORT or local[2]; else a cluster of its own")
    parser.add_argument("--memory", default="1g", help="of the driver and of each executor")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if len(set(asked.households)) < 2:
        raise SystemExit("Name two sizes at least: one alone does not tell the start from what a million takes.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lika.config.settings")
    import django

    django.setup()
    with tempfile.TemporaryDirectory(prefix="lika-spark-") as scratch:
        folder = asked.folder or Path(scratch)
        with reached(asked.engine, Path(scratch)) as address:
            runs = [measured(folder, size, address, asked.memory) for size in sorted(set(asked.households))]
    print(json.dumps(told(runs), indent=2))


@contextmanager
def reached(address: str | None, scratch: Path) -> Iterator[str]:
    """The address asked for, or that of a cluster of one master and two workers that ends with the block."""
    if address is not None:
        yield address
        return
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.spark.clusters import cluster

    with cluster(scratch) as own:
        yield own.address


def measured(folder: Path, households: int, address: str, memory: str) -> dict[str, Any]:
    """One size by both engines. Raises SystemExit where a part differs."""
    from lika.engine.screening.engines import WithDuckDB
    from lika.engine.screening.run import screen
    from lika.engine.snapshots import manifest as manifests
    from lika.engine.snapshots.layout import MANIFEST
    from lika.engine.spark import screening as by_spark
    from lika.engine.spark.sessions import connected
    from lika.snapshots.national.generating import Nation, generate
    from lika.snapshots.national.measuring import criteria

    compiled, plan = criteria()
    snapshot = folder / f"nation-{households}"
    if not (snapshot / MANIFEST).is_file():
        generate(Nation(households, 1, compiled.checked), snapshot)
    manifest = manifests.read(snapshot)
    with tempfile.TemporaryDirectory(dir=folder) as results:
        engine = WithDuckDB()
        work = (snapshot, manifest, compiled.checked, plan)
        fast, duckdb = timed(screen, *work, engine=engine, out=Path(results) / "duckdb")
        engine.close()
        settings = {"spark.driver.memory": memory, "spark.executor.memory": memory}
        began = time.perf_counter()
        spark = []
        with connected(address, settings=settings) as session:
            connecting = time.perf_counter() - began
            for run in range(2):
                found, seconds = timed(by_spark.screen, session, *work, out=Path(results) / f"spark{run}")
                spark.append(seconds)
                if found.parts != fast.parts:
                    raise SystemExit("Spark and DuckDB differ.")
    return {
        "households": manifest.total("household"),
        "persons": manifest.total("person"),
        "digest": fast.digest,
        "duckdb_seconds": round(duckdb, 1),
        "connecting_seconds": round(connecting, 1),
        "spark_seconds": [round(each, 1) for each in spark],
    }


def timed(work: Callable[..., Any], *given: object, **named: object) -> tuple[Any, float]:
    """What a call gives, and its seconds."""
    began = time.perf_counter()
    return work(*given, **named), time.perf_counter() - began


def told(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figures of each size, and the line through the smallest and the largest: Spark's when it is warm.

    What Spark takes once is connecting (the Java machine starts with the first session) and the compiling of the first
    run.
    """
    first, last = runs[0], runs[-1]
    millions = (last["households"] - first["households"]) / 1e6
    duckdb = (last["duckdb_seconds"] - first["duckdb_seconds"]) / millions
    spark = (last["spark_seconds"][1] - first["spark_seconds"][1]) / millions
    cold, warm = first["spark_seconds"]
    return {
        "runs": runs,
        "cores": CORES,
        "load": round(os.getloadavg()[0], 1),
        "duckdb_seconds_per_million": round(duckdb, 2),
        "spark_seconds_per_million": round(spark, 2),
        "spark_start_seconds": round(first["connecting_seconds"] + cold - warm, 1),
        "spark_job_seconds": round(warm - spark * first["households"] / 1e6, 1),
        "times_the_cores": round(spark / duckdb, 1),
    }


if __name__ == "__main__":
    main()
