"""What a screening costs on Spark and on DuckDB, over the same snapshot, in the same run; the digests must be equal.

    LIKA_DATA_DIR=<folder with a snapshot> python benchmarks/spark.py SNAPSHOT PACK_FOLDER [--households 1000000]
        [--engine 'local[2]'] [--memory 8g]

The snapshot is written over and over as `copies.py` writes it. `--engine` is what `lika screen --engine` takes; a
cluster must reach the temporary folder (TMPDIR) by the same path. Prints JSON: rows, seconds to connect, seconds of
both engines (Spark is run twice, for its first run compiles), seconds per million households, and the ratio.
"""

import json
import time
from collections.abc import Callable
from typing import Any

from copies import copied, parser
from setting import lika


def main() -> None:
    """Replicate, screen by both, compare."""
    arguments = parser()
    arguments.add_argument("--engine", default="local[2]")
    arguments.add_argument("--memory", default="8g")
    asked = arguments.parse_args()
    with lika():
        from lika.engine.screening.engines import WithDuckDB
        from lika.engine.screening.run import screen
        from lika.engine.spark import screening as by_spark
        from lika.engine.spark.sessions import connected

        with copied(asked) as given:
            folder, manifest, checked, plan = given.folder, given.manifest, given.checked, given.plan
            engine = WithDuckDB()
            fast, duckdb_seconds = timed(screen, folder, manifest, checked, plan, engine=engine, out=folder / "duckdb")
            engine.close()
            runs = []
            settings = {"spark.driver.memory": asked.memory, "spark.executor.memory": asked.memory}
            began = time.perf_counter()
            with connected(asked.engine, settings=settings) as session:
                connecting = time.perf_counter() - began
                for run in range(2):
                    out = folder / f"spark{run}"
                    found, seconds = timed(by_spark.screen, session, folder, manifest, checked, plan, out=out)
                    runs.append(seconds)
                    if found.parts != fast.parts:
                        raise SystemExit("Spark and DuckDB differ.")
    print(json.dumps(told(manifest, fast.digest, duckdb_seconds, connecting, runs), indent=2))


def timed(work: Callable[..., Any], *given: object, **named: object) -> tuple[Any, float]:
    """What a call gives, and its seconds."""
    began = time.perf_counter()
    return work(*given, **named), time.perf_counter() - began


def told(manifest: Any, digest: str, duckdb: float, connecting: float, spark: list[float]) -> dict[str, Any]:
    """The figures."""
    millions = manifest.total("household") / 1e6
    return {
        "households": manifest.total("household"),
        "persons": manifest.total("person"),
        "digest": digest,
        "duckdb_seconds": round(duckdb, 1),
        "connecting_seconds": round(connecting, 1),
        "spark_seconds": [round(each, 1) for each in spark],
        "duckdb_seconds_per_million": round(duckdb / millions, 2),
        "spark_seconds_per_million": round(min(spark) / millions, 2),
        "ratio": round(min(spark) / duckdb, 1),
    }


if __name__ == "__main__":
    main()
