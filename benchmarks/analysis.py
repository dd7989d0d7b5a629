"""How long the questions of the analysis page take over a million persons, against a bare scan of the same columns.

    DEMO_SERVE=0 make demo
    python benchmarks/analysis.py SNAPSHOT packs/demo/cn-gansu-dangchang/2016 [--persons 1000000]

The snapshot of one county is written over and over as counties of their own and screened; then each question is counted
as the page counts it. The floor reads the same columns and groups them by village. Prints JSON: seconds (best of five,
compiled before), the floor, the ratio, peak memory. Goal: each question under a second.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
from copies import replicate
from setting import lika

GOAL_SECONDS = 1.0


def questions() -> dict[str, Any]:
    """The questions in words, as definitions."""
    from lika.reports.definition import Definition

    return {
        "households by township and poverty": Definition.read("r=township&c=poverty"),
        "causes by attribute, poor households": Definition.read("r=causes&c=attribute&f=poverty:poor"),
        "income bands by township": Definition.read("r=township&c=net_income_per_capita&cb=2952,5000"),
        "median income by township": Definition.read("m=median&v=net_income_per_capita&r=township"),
        "share that meets the exit by township": Definition.read("m=share&v=met.exit&r=township"),
        "overlap of the measures": Definition.read("r=overlap"),
        "work of persons by sex, poor households": Definition.read(
            "u=person&r=work_status&c=sex&f=household.poverty:poor"
        ),
        "share insured, persons by township": Definition.read("u=person&m=share&v=basic_medical&r=township"),
    }


def best(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of the quickest run; the first one compiles and does not count."""
    work()
    found = []
    for _run in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def floor(found: Any, question: Any) -> None:
    """Read the columns of a question and group them by village, and nothing else."""
    from lika.engine.schema import column_name
    from lika.engine.snapshots.layout import key_column
    from lika.snapshots.queries import analysis

    wanted: dict[str, set[str]] = {str(question.unit): set()}
    for expression in question.expressions():
        for use in analysis.checked(found, expression).facts:
            wanted.setdefault(use.unit, set()).add(column_name(use.name, use.lag))
    with duckdb.connect() as session:
        for unit, columns in wanted.items():
            counts = ", ".join(f'count("{name}")' for name in sorted(columns)) or "count(*)"
            paths = [str(source.file(unit)) for source in found.sources]
            session.execute(f"SELECT village, {counts} FROM read_parquet(?) GROUP BY village", [paths]).fetchall()
        verdicts = {verdict.criterion for verdict in question.verdicts()}
        if verdicts:
            unit = question.verdicts()[0].unit
            counts = ", ".join(f'count("{name}")' for name in sorted(verdicts))
            paths = [str(source.verdicts(unit)) for source in found.sources]
            session.execute(
                f"SELECT village, count({key_column(unit)}), {counts} FROM read_parquet(?) GROUP BY village", [paths]
            ).fetchall()


def replicated(snapshot: Any, screening: Any, pack: Any, scratch: Path, persons: int) -> Any:
    """Sources of so many persons, in a data folder of their own: the county's snapshot over and over, screened."""
    from django.conf import settings

    from lika.engine.screening.engines import WithDuckDB
    from lika.engine.screening.run import screen
    from lika.policy import resolve
    from lika.snapshots import storage
    from lika.snapshots.planning import plan_of
    from lika.snapshots.queries import analysis

    source = storage.folder_of(snapshot)
    settings.LIKA = replace(settings.LIKA, data_dir=scratch)
    manifest = replicate(source, storage.folder_of(snapshot), -(-persons // snapshot.persons))
    checked = resolve.compiled(pack, at=snapshot.at).checked
    engine = WithDuckDB()
    screen(
        storage.folder_of(snapshot), manifest, checked, plan_of(pack, checked), engine=engine,
        out=storage.verdicts_of(screening),
    )  # fmt: skip
    engine.close()
    found = [analysis.Source(county, snapshot, screening) for county in manifest.counties("household")]
    return analysis.Sources(tuple(found), (), 0), manifest


def main() -> None:
    """Replicate, count each question five times beside its floor, print the best."""
    parser = argparse.ArgumentParser()
    parser.add_argument("snapshot")
    parser.add_argument("pack", type=Path)
    parser.add_argument("--persons", type=int, default=1_000_000)
    asked = parser.parse_args()
    with lika(), tempfile.TemporaryDirectory() as scratch:
        from lika.core.actors import SystemActor
        from lika.core.areas import EVERYWHERE
        from lika.core.permissions import Permission
        from lika.policy.packs.checking import read_pack
        from lika.reports.asking import question_of
        from lika.reports.fields import Catalogue
        from lika.snapshots.models import Screening
        from lika.snapshots.queries import analysis

        pack = read_pack(asked.pack)
        screening = Screening.objects.filter(snapshot=asked.snapshot, pack_id=pack.id).select_related("snapshot")[0]
        found, manifest = replicated(screening.snapshot, screening, pack, Path(scratch), asked.persons)
        by = SystemActor("benchmark", set(Permission), EVERYWHERE)
        lines = {}
        for words, definition in questions().items():
            catalogue = Catalogue(found, definition.unit, with_verdicts=True)
            question = question_of(definition, catalogue)
            seconds = best(lambda question=question: analysis.count(by, found, question))
            bare = best(lambda question=question: floor(found, question))
            lines[words] = [round(seconds, 3), round(bare, 3), round(seconds / bare, 2)]
        print(
            json.dumps(
                {
                    "households": manifest.total("household"),
                    "persons": manifest.total("person"),
                    "seconds, floor, ratio": lines,
                    "goal_seconds": GOAL_SECONDS,
                    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                },
                indent=2,
            )
        )


if __name__ == "__main__":
    main()
