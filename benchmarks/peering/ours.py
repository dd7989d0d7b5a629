"""Lika itself: the pack compiled, the snapshot screened, verdict files written; by DuckDB or by Spark here."""

import os
from contextlib import ExitStack
from pathlib import Path

import duckdb
import numpy as np

from peering import names

PACK = Path(__file__).parent / "packs/demo/peers"
# One Spark for all: the machine's cores, and memory for a million households.
SPARK, SPARK_MEMORY = "local[*]", "6g"


def compiled():
    """The ten criteria, read and checked as any pack is, and what of them is screened. Raises SystemExit where the
    names of the other ways are not those of the pack."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lika.config.settings")
    import django

    django.setup()
    from lika.policy import resolve
    from lika.policy.packs.checking import read_pack
    from lika.snapshots.national.generating import AT
    from lika.snapshots.planning import plan_of

    found = resolve.compiled(read_pack(PACK), at=AT)
    plan = plan_of(found.pack, found.checked)
    if plan.criteria["household"] != names.CRITERIA:
        raise SystemExit(f"The pack has other criteria than peering/names.py: {plan.criteria['household']}")
    return found.checked, plan


def generate(folder: Path, households: int, seed: int) -> None:
    """The households to screen, as a snapshot in the real format; what is there already is used.

    Raises SystemExit where what is there are not so many.
    """
    from lika.engine.snapshots import manifest as manifests
    from lika.engine.snapshots.layout import MANIFEST
    from lika.snapshots.national.generating import Nation
    from lika.snapshots.national.generating import generate as made

    checked, _plan = compiled()
    if not (folder / MANIFEST).is_file():
        made(Nation(households, seed, checked), folder)
    elif (there := manifests.read(folder).total("household")) != households:
        raise SystemExit(f"The folder holds {there} households and not {households}: name another folder or number.")


def by_duckdb(folder: Path, out: Path) -> dict[str, float]:
    """Screen as `lika screen` does; its seconds."""
    checked, plan = compiled()
    from lika.engine.screening.engines import WithDuckDB
    from lika.engine.screening.run import screen
    from lika.engine.snapshots import manifest as manifests

    def whole() -> None:
        engine = WithDuckDB()
        try:
            screen(folder, manifests.read(folder), checked, plan, engine=engine, out=out)
        finally:
            engine.close()

    return names.measured(whole)[1]


def by_spark(folder: Path, out: Path) -> dict[str, float]:
    """Screen as `lika screen` does on Spark, with its start; its seconds, taken while it is there."""
    checked, plan = compiled()
    from lika.engine.snapshots import manifest as manifests
    from lika.engine.spark.screening import screen
    from lika.engine.spark.sessions import connected

    settings = {"spark.driver.memory": SPARK_MEMORY}
    with ExitStack() as left:

        def whole() -> None:
            session = left.enter_context(connected(SPARK, settings=settings))
            screen(session, folder, manifests.read(folder), checked, plan, out=out)

        return names.measured(whole)[1]


def verdicts(folder: Path, out: Path) -> np.ndarray:
    """What the verdict files hold, in the order of the snapshot's files. Raises SystemExit where the units differ."""
    from lika.engine.screening import verdict_files

    found = []
    for path in sorted((folder / "household").glob("*.parquet")):
        held = verdict_files.read(out / "household" / path.name, "household", int(path.stem.partition("=")[2]))
        with duckdb.connect() as session:
            told = session.execute("SELECT household_id FROM read_parquet(?)", [str(path)]).fetchall()
        if b"".join(row[0].bytes for row in told) != held.ids.tobytes():
            raise SystemExit(f"{path.name}: the verdicts are of other households.")
        found.append(held.results)
    return np.concatenate(found)
