"""Data folders for servers of their own, apart from the one that the test run uses."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lika.runtime.postgres import THROW_AWAY_SETTINGS, EmbeddedServer


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder that the server's user can reach (pytest's own folders are closed to it under root)."""
    folder = Path(tempfile.mkdtemp(prefix="lika-runtime-"))
    folder.chmod(0o711)
    yield folder / "data"
    EmbeddedServer(folder / "data").remove()
    shutil.rmtree(folder)


@pytest.fixture
def server(data_dir: Path) -> EmbeddedServer:
    """A throw-away server, not started."""
    return EmbeddedServer(data_dir, settings=THROW_AWAY_SETTINGS)
