"""Rules for every test: no network beyond this machine, and a browser where one is demanded."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.conf import settings
from django.utils import translation

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# A busy machine is slow, not wrong.
hypothesis.settings.register_profile("lika", deadline=None)
hypothesis.settings.load_profile("lika")


class NetworkBlocked(AssertionError):
    """A test tried to leave this machine."""


def _check(family: int, address: Any) -> None:
    if family not in {socket.AF_INET, socket.AF_INET6}:
        return
    host = address[0]
    if host != "localhost" and not (_is_address(host) and ip_address(host).is_loopback):
        raise NetworkBlocked(f"tests may not connect to {host}")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Connections leave Python only to this machine; Unix sockets stay open."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        original = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, original: Any = original) -> Any:
            _check(self.family, address)
            return original(self, address)

        patch.setattr(socket.socket, name, guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def packs_are_checked_once() -> Iterator[None]:
    """The same files are read, and the same pack held to its golden cases, once in a process: seconds for every test.

    What was found wrong is not kept: it is found again.
    """
    from lika.policy.packs import cases, library
    from lika.policy.packs.faults import Fault
    from lika.policy.packs.folder import PackFiles
    from lika.policy.packs.resolved import ResolvedPack

    read: dict[tuple[Path, tuple[tuple[str, bytes], ...]], PackFiles] = {}
    sound: set[str] = set()
    read_folder, faults_of = library.read_folder, cases.faults_of

    def read_once(folder: Path) -> PackFiles:
        files = tuple(sorted((str(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file()))
        found = read.get((folder, files)) or read_folder(folder)
        if not found.faults:
            read[folder, files] = found
        return found

    def checked_once(pack: ResolvedPack, files: PackFiles) -> list[Fault]:
        found = [] if pack.sha256 in sound else list(faults_of(pack, files))
        if not found:
            sound.add(pack.sha256)
        return found

    patch = pytest.MonkeyPatch()
    patch.setattr(library, "read_folder", read_once)
    patch.setattr(cases, "faults_of", checked_once)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def the_language_of_the_site() -> Iterator[None]:
    """A request in English leaves its language behind in the thread: each test begins in Chinese, as the site does."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


_CONFIGURED = settings.LIKA


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Put the settings back between files.

    A test that changes them by `monkeypatch` and by `settings` has them undone in the order in which these were first
    asked for: the second may put back what the first had set, and all tests after it would share that test's folder.
    """
    yield
    if nextitem is None or nextitem.path != item.path:
        settings.LIKA = _CONFIGURED


OwnProcesses = Callable[[Path], None]


def point_processes(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Programs that a page starts work on the test's database and on the data folder given, and are waited for."""
    from django.db import connection

    from lika.collection import uploads
    from lika.core import crypto
    from lika.core.sealing import checks
    from lika.monitoring.actions import leads_finding
    from lika.reports.actions import runs
    from lika.snapshots.actions import scenario_runs

    patch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=folder))
    crypto.forget_keys()  # those of the last test went with its rows: another process could not know them
    for name in ("LIKA_DATABASE_URL", "LIKA_WEB_DATABASE_URL", "LIKA_PORTAL_DATABASE_URL"):
        address = urlsplit(os.environ[name])._replace(path=f"/{connection.settings_dict['NAME']}")
        patch.setenv(name, address.geturl())
    patch.setenv("LIKA_DATA_DIR", str(folder))
    for module in (uploads, checks, leads_finding, runs, scenario_runs):
        patch.setattr(module, "WAIT_SECONDS", 300)  # a busy machine is slow, not wrong


@pytest.fixture
def own_processes(monkeypatch: pytest.MonkeyPatch) -> OwnProcesses:
    """`point_processes` for one test."""
    return partial(point_processes, monkeypatch)


def find_browser() -> str | None:
    """The path of the system's Chromium."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow files first: begun last, one would keep one worker busy long after the others are done.

    What drives a browser is skipped where there is none, unless the run demands one.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("spark")}
    items.sort(key=lambda item: item.path not in slow)
    if find_browser() is not None or os.environ.get("LIKA_REQUIRE_BROWSER") == "1":
        return
    skip = pytest.mark.skip(reason="no Chromium on this machine (LIKA_REQUIRE_BROWSER=1 makes this a failure)")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The path of the system's Chromium; a failure where the run demands one and there is none."""
    path = find_browser()
    assert path is not None, "LIKA_REQUIRE_BROWSER=1, but no Chromium was found"
    return path
