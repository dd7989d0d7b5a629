"""Connecting to Spark: a standalone cluster (``spark://``), Spark Connect (``sc://``), this machine (``local[n]``)."""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile

from lika.engine.errors import ClusterError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: What a user may write for a place to run on.
ADDRESS = re.compile(r"(spark|sc)://[^\s/]+:\d+(/\S*)?|local(\[(\d+|\*)\])?")
_PATIENCE_SECONDS = 5
#: Where PySpark keeps in what way this process speaks to Spark.
_CONNECT_MARK = "SPARK_CONNECT_MODE_ENABLED"
#: What makes a result of Spark the one that the other engines give.
EXACT = {
    # An overflow or a cast that loses something is an error, never a null.
    "spark.sql.ansi.enabled": "true",
    # No decimal place is dropped to make room for digits before the point.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    # What is shown of a plan with thousands of terms costs more than working it.
    "spark.sql.maxPlanStringLength": "1000",
}


def is_address(text: str) -> bool:
    """Whether a text names a place that Spark can run on."""
    return ADDRESS.fullmatch(text) is not None


@contextmanager
def connected(address: str, *, settings: dict[str, str] | None = None) -> Iterator[SparkSession]:
    """A session that ends with the block. ``settings`` are Spark's own, such as ``spark.executor.memory``.

    The program's engine goes along to whoever works for it: workers need Python, NumPy and PyArrow, not Lika. Raises
    ``ClusterError`` ENG-100 (no address of Spark), ENG-101 (Spark is not installed), ENG-102 (no Java), ENG-103 (no
    answer).
    """
    if not is_address(address):
        raise ClusterError("ENG-100", address=address)
    _refuse_unready(address)
    with _way_in(address):
        yield from _session(address, settings or {})


@contextmanager
def _way_in(address: str) -> Iterator[None]:
    """PySpark marks the process at its first session by Spark Connect, and would take every later one for the same."""
    with_connect = address.startswith("sc:")
    before = os.environ.pop(_CONNECT_MARK, None)
    if with_connect:
        os.environ[_CONNECT_MARK] = "1"
    try:
        yield
    finally:
        os.environ.pop(_CONNECT_MARK, None)
        if before is not None:
            os.environ[_CONNECT_MARK] = before


def _session(address: str, settings: dict[str, str]) -> Iterator[SparkSession]:
    from pyspark.sql import SparkSession

    chosen = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", **settings, **EXACT}
    builder = SparkSession.builder.appName("lika")
    if address.startswith("sc:"):
        builder = builder.remote(address)
        # The rest was settled when the server was started.
        chosen = {name: value for name, value in chosen.items() if name.startswith("spark.sql.")}
    else:
        builder = builder.master(address)
    for name, value in chosen.items():
        builder = builder.config(name, value)
    with TemporaryDirectory() as scratch:  # workers fetch the file when they begin, not when it is named
        try:
            session = builder.getOrCreate()
            session.addArtifacts(str(_engine_as_zip(Path(scratch))), pyfile=True)
        except failures() as error:
            raise ClusterError("ENG-103", address=address, reason=what_it_says(error)) from error
        try:
            yield session
        finally:
            session.stop()


def failures() -> tuple[type[Exception], ...]:
    """What a session raises when Spark itself fails: its own errors, those of the bridge to Java, those of the wire."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    found: tuple[type[Exception], ...] = (PySparkException, Py4JError, ConnectionError, TimeoutError)
    if find_spec("grpc"):  # Spark Connect alone needs it
        from grpc import RpcError

        found += (RpcError,)
    return found


def what_it_says(error: BaseException) -> str:
    """One line of an error of Spark: of a worker's error that error itself, without the stacks of either language."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    traced = [number for number, line in enumerate(lines) if line.startswith("Traceback")]
    told = (line for line in lines[traced[-1] + 1 :] if not line.startswith(" ")) if traced else iter(lines)
    return next(told, type(error).__name__).strip()[:300]


def _refuse_unready(address: str) -> None:
    try:
        import pyspark  # noqa: F401
    except ImportError:
        raise ClusterError("ENG-101") from None
    if not address.startswith("sc:") and not has_java():
        raise ClusterError("ENG-102")
    if address.startswith("local"):
        return
    # Spark itself would ask for a minute and then say little.
    place = urlsplit(address)
    try:
        socket.create_connection((place.hostname or "", place.port or 0), _PATIENCE_SECONDS).close()
    except OSError as error:
        raise ClusterError("ENG-103", address=address, reason=error.strerror or type(error).__name__) from error


@lru_cache(maxsize=1)
def has_java() -> bool:
    """Whether there is a Java to run on this machine."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java") is not None or (home is not None and (Path(home) / "bin" / "java").exists())


def _engine_as_zip(folder: Path) -> Path:
    """The engine alone, as Python reads it from a ZIP: it imports nothing else of Lika."""
    package = Path(__file__).parents[1]
    path = folder / "lika-engine.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("lika/__init__.py", "")
        for file in sorted(package.rglob("*.py")):
            archive.write(file, str(Path("lika") / file.relative_to(package.parent)))
    return path
