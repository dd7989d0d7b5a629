"""Data folders for servers of their own, apart from the one that the test run uses."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lika.runtime.postgres import THROW_AWAY_SETTINGS, EmbeddedServer


def is_running(server: EmbeddedServer) -> bool:
    """Whether the server answers."""
    return server.probe() == 0


@contextmanager
def own_folder() -> Iterator[Path]:
    """A data folder that the server's user can reach (pytest's own folders are closed to it under root)."""
    folder = Path(tempfile.mkdtemp(prefix="lika-runtime-"))
    folder.chmod(0o711)
    yield folder / "data"
    EmbeddedServer(folder / "data").remove()
    shutil.rmtree(folder)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder that does not exist yet."""
    with own_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """The data folder of an installation whose database is up to date."""
    with own_folder() as folder:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("LIKA_")}
        env = {**plain, "LIKA_DATA_DIR": str(folder)}
        subprocess.run([sys.executable, "-m", "lika", "migrate", "--verbosity", "0"], env=env, check=True)
        yield folder


@pytest.fixture
def server(data_dir: Path) -> EmbeddedServer:
    """A throw-away server, not started."""
    return EmbeddedServer(data_dir, settings=THROW_AWAY_SETTINGS)
