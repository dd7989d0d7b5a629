"""pytest plugin: a database server and keys for the test run.

Loaded by `addopts = -p tests.pgplugin`, before pytest-django reads the settings. The controlling
process alone starts the server; xdist's workers inherit its address. With LIKA_DATABASE_URL set, that
server is used instead (`.ci/run` names Debian's).
"""

import base64
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

from lika.runtime import translations
from lika.runtime.postgres import PORTAL_ROLE, THROW_AWAY_SETTINGS, WEB_ROLE, EmbeddedServer

# Keys that protect nothing: tests hold invented data.
KEYS = {
    "LIKA_SECRET_KEY": "test-only-" * 5,
    "LIKA_MASTER_KEY": base64.b64encode(b"M" * 32).decode(),
    "LIKA_LINKAGE_KEY": base64.b64encode(b"L" * 32).decode(),
}
_PREFIX = "lika-test-"
_KEPT_VARIABLES = {"LIKA_DATABASE_URL", "LIKA_REQUIRE_BROWSER", "LIKA_REQUIRE_SPARK"}

_server: EmbeddedServer | None = None
_folder: Path | None = None


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Set the environment; as a wrapper this comes before pytest-django, which reads the settings here."""
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        _prepare()
    yield


def _sweep() -> None:
    """Remove the servers of test runs that were killed; a folder's name tells whose it was."""
    for folder in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        if os.access(folder, os.W_OK) and not psutil.pid_exists(int(owner)):
            EmbeddedServer(folder / "server").remove()
            shutil.rmtree(folder, ignore_errors=True)


def _prepare() -> None:
    global _server, _folder  # noqa: PLW0603 - one run per process; pytest gives plugins no other place
    for name in [name for name in os.environ if name.startswith("LIKA_") and name not in _KEPT_VARIABLES]:
        del os.environ[name]  # the developer's own configuration must not colour the results
    _sweep()
    _folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    _folder.chmod(0o711)  # root's server runs as another user
    os.environ.update(KEYS, LIKA_DATA_DIR=str(_folder / "data"))
    translations.compile_all()
    if "LIKA_DATABASE_URL" not in os.environ:
        _server = EmbeddedServer(_folder / "server", settings=THROW_AWAY_SETTINGS)
        os.environ["LIKA_DATABASE_URL"] = _server.start()
    for name, role in (("LIKA_WEB_DATABASE_URL", WEB_ROLE), ("LIKA_PORTAL_DATABASE_URL", PORTAL_ROLE)):
        os.environ[name] = _address_for(role, os.environ["LIKA_DATABASE_URL"])


def _address_for(role: str, owner: str) -> str:
    """The same server for a role that serves pages, which is made where it is missing."""
    with psycopg.connect(owner, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        if found is None:
            connection.execute(f"CREATE ROLE {role} LOGIN")
    parts = urlsplit(owner)
    return parts._replace(netloc=f"{role}@{parts.netloc.rpartition('@')[2]}").geturl()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the server and its folder."""
    if _server is not None:
        _server.remove()
        for name in ("LIKA_DATABASE_URL", "LIKA_WEB_DATABASE_URL", "LIKA_PORTAL_DATABASE_URL"):
            del os.environ[name]
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)
