"""The same digest from a cluster of two workers, from one that loses a worker in the middle, and by Spark Connect."""

import threading
import time
from pathlib import Path

import pytest

from lika.engine.screening.run import Outcome
from lika.engine.spark.screening import screen
from lika.engine.spark.sessions import connected
from tests.engine_screening.making import PLAN, checked, write_snapshot
from tests.engine_screening.test_engines_agree import many
from tests.spark.clusters import Cluster, cluster, connect_server
from tests.spark.conftest import SMALL
from tests.spark.test_screening import assert_same, by_duckdb, files_of

SETTINGS = SMALL | {"spark.executor.memory": "512m"}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, list[str]]:
    folder = tmp_path_factory.mktemp("expected")
    return by_duckdb(folder / "one", folder / "out", many()), files_of(folder / "out")


def lose(hit: Cluster, done: threading.Event, session: object) -> None:
    """Kill the first worker with its executor while tasks are running."""
    tracker = session.sparkContext.statusTracker()  # type: ignore[attr-defined]
    while not done.is_set():
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        if any(each is not None and each.numActiveTasks for each in stages):
            hit.workers[0].kill()
            return
        time.sleep(0.02)


def test_two_workers_and_one_of_them_lost_give_the_same(tmp_path: Path, expected: tuple[Outcome, list[str]]) -> None:
    wanted, files = expected
    manifest = write_snapshot(tmp_path / "one", many())
    with cluster(tmp_path) as running, connected(running.address, settings=SETTINGS) as session:
        found = screen(session, tmp_path / "one", manifest, checked(), PLAN, out=tmp_path / "out")
        assert_same(found, wanted)
        assert files_of(tmp_path / "out") == files
        for worker in running.workers:
            assert worker.said("Launch command")
        done = threading.Event()
        killer = threading.Thread(target=lose, args=(running, done, session))
        killer.start()
        again = screen(session, tmp_path / "one", manifest, checked(), PLAN, out=tmp_path / "again")
        done.set()
        killer.join()
        assert running.workers[0].process.poll() is not None, "the worker was not lost in the middle"
        assert_same(again, wanted)
        assert files_of(tmp_path / "again") == files


def test_by_spark_connect(tmp_path: Path, expected: tuple[Outcome, list[str]]) -> None:
    wanted, files = expected
    manifest = write_snapshot(tmp_path / "one", many())
    with connect_server(tmp_path) as address, connected(address, settings=SETTINGS) as session:
        found = screen(session, tmp_path / "one", manifest, checked(), PLAN, out=tmp_path / "out")
    assert_same(found, wanted)
    assert files_of(tmp_path / "out") == files
    with connected("local[1]", settings=SMALL) as session:  # the same process, another way in
        assert session.range(3).count() == 3
