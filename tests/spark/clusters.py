"""A real standalone cluster from the package: one master and two workers, each a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyspark

HOST = "127.0.0.1"
_SPARK_CLASS = Path(pyspark.__file__).parent / "bin" / "spark-class"
_DEPLOY = "org.apache.spark.deploy"
_PATIENCE_SECONDS = 120


@dataclass
class Daemon:
    """A process of the cluster that writes what it does to a file."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def said(self, pattern: str, since: int = 0) -> re.Match[str]:
        """What it said first that fits; waits for it."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            if found := re.search(pattern, self.log.read_text(errors="replace")[since:]):
                return found
            assert self.process.poll() is None, self.log.read_text(errors="replace")[-2000:]
            time.sleep(0.1)
        raise AssertionError(f"{pattern} not said: {self.log.read_text(errors='replace')[-2000:]}")

    def kill(self) -> None:
        """End it and all that it started, as a machine that loses its power."""
        with suppress(psutil.NoSuchProcess):
            own = psutil.Process(self.process.pid)
            for each in [*own.children(recursive=True), own]:
                with suppress(psutil.NoSuchProcess):
                    each.send_signal(signal.SIGKILL)
        self.process.wait()


@dataclass
class Cluster:
    """Where it is reached, and its workers."""

    address: str
    master: Daemon
    workers: list[Daemon]


def daemon(folder: Path, name: str, *words: str, memory: str = "256m") -> Daemon:
    """Start a class of Spark in a folder of its own."""
    home = folder / name
    home.mkdir()
    log = home / "log"
    settings = {
        **os.environ,
        "SPARK_LOCAL_IP": HOST,
        "SPARK_LOCAL_DIRS": str(home),
        "SPARK_WORKER_DIR": str(home / "work"),
        "SPARK_DAEMON_MEMORY": memory,
        "PYSPARK_PYTHON": sys.executable,
        # Workers have the packages of this Python, and not Lika: its engine comes with the session.
        "PYTHONPATH": "",
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(_SPARK_CLASS), *words], env=settings, stdout=out, stderr=subprocess.STDOUT, cwd=home
        )
    return Daemon(process, log)


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """The cluster, until the block ends."""
    started: list[Daemon] = []
    try:
        master = daemon(
            folder, "master", f"{_DEPLOY}.master.Master", "--host", HOST, "--port", "0", "--webui-port", "0"
        )
        started.append(master)
        address = master.said(r"spark://127\.0\.0\.1:\d+")[0]
        workers = []
        for number in (1, 2):
            words = ["--host", HOST, "--webui-port", "0", "--cores", "1", "--memory", "1g", address]
            workers.append(daemon(folder, f"worker{number}", f"{_DEPLOY}.worker.Worker", *words))
            started.append(workers[-1])
        for worker in workers:
            worker.said("Successfully registered with master")
        yield Cluster(address, master, workers)
    finally:
        for each in reversed(started):
            each.kill()


@contextmanager
def connect_server(folder: Path) -> Iterator[str]:
    """A Spark Connect server; its address."""
    port = _free_port()
    server = daemon(
        folder, "connect", f"{_DEPLOY}.SparkSubmit", "--master", "local[2]",
        "--conf", f"spark.connect.grpc.binding.port={port}", "--conf", "spark.connect.grpc.binding.address=127.0.0.1",
        "--conf", "spark.ui.enabled=false",
        "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal", memory="1g",
    )  # fmt: skip
    try:
        server.said("Spark Connect server started")
        yield f"sc://{HOST}:{port}"
    finally:
        server.kill()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        return int(asked.getsockname()[1])
