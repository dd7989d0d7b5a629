"""Spark for tests, one session a process: skipped where there is no Java, unless LIKA_REQUIRE_SPARK=1."""

import os
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from lika.engine.spark.sessions import connected, has_java

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Small data: planning and compiling are what takes time.
SMALL = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.memory": "1g",
    "spark.log.level": "OFF",
}


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark what stands here, and skip it where Spark cannot run."""
    here = [item for item in items if "/tests/spark/" in item.path.as_posix()]
    for item in here:
        item.add_marker(pytest.mark.spark)
        # PySpark leaves its sockets to the garbage collector.
        item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))
        item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
    if (find_spec("pyspark") and has_java()) or os.environ.get("LIKA_REQUIRE_SPARK") == "1":
        return
    for item in here:
        item.add_marker(
            pytest.mark.skip(reason="no Java or no PySpark here (LIKA_REQUIRE_SPARK=1 makes this a failure)")
        )


@pytest.fixture(autouse=True, scope="session")
def same_python() -> Iterator[None]:
    """Workers run the Python of the tests, and read and write nothing beyond this machine."""
    patch = pytest.MonkeyPatch()
    patch.setenv("PYSPARK_PYTHON", sys.executable)
    patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    yield
    patch.undo()


@pytest.fixture(scope="module")
def spark() -> "Iterator[SparkSession]":
    """A session on this machine."""
    with connected("local[2]", settings=SMALL) as session:
        yield session
