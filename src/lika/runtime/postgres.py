"""The embedded PostgreSQL: a thin start and stop over the wheel's binaries.

One server per data folder, reached only through a Unix socket in a folder that nobody else can enter.
Everything that changes its state happens under a file lock beside the data, so that any number of
starters may race. A server left behind by a killed process is found and used again; a stale process
file left behind by a killed server is recognised and removed.

>>> server = EmbeddedServer(Path("var"))
>>> url = server.start()      # makes, starts or joins the server
>>> server.release()          # stops it, unless another process still uses it
"""

import argparse
import contextlib
import hashlib
import os
import shutil
import stat
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psutil

from lika.runtime.binaries import MAJOR, binaries_for
from lika.runtime.faults import StartFault, Words
from lika.runtime.locks import SharedHold, exclusive
from lika.runtime.serveruser import ServerUser, owner_of, server_user

ROLE = "lika"
PORTAL_ROLE = "lika_portal"  # serves the public pages by themselves: reads what was published, and nothing else
WEB_ROLE = "lika_web"  # serves pages: owns nothing, sees what row-level security shows it
DATABASE = "lika"
START_SECONDS = 60

# What a modest machine bears. Statements and key values stay out of the log: they hold personal data.
SETTINGS: Mapping[str, str] = {
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}

# For servers that are thrown away: no promise survives a power cut.
THROW_AWAY_SETTINGS: Mapping[str, str] = {
    **SETTINGS,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class EmbeddedServer:
    """The database server of one data folder.

    `data_dir` is Lika's data folder; the cluster lies in `postgres/` below it (or, for root with a
    data folder that the server's user cannot reach, below that user's home; see `cluster`).
    """

    def __init__(self, data_dir: Path, *, settings: Mapping[str, str] = SETTINGS) -> None:
        self.data_dir = data_dir.expanduser().resolve()
        self.settings = dict(settings)
        self._hold: SharedHold | None = None

    # The names below depend on the path alone, so that they are known before the server exists.

    @property
    def _mark(self) -> str:
        return hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:12]

    @property
    def socket_dir(self) -> Path:
        """A short path: a socket's name may have about 100 characters, a data folder's has any number."""
        return Path("/tmp") / f"lika-{self._mark}"  # noqa: S108 - its owner and mode are checked before use

    @property
    def url(self) -> str:
        """The address of the server, whether or not it runs."""
        return self._url_as(ROLE)

    @property
    def web_url(self) -> str:
        """The address for the role that serves pages."""
        return self._url_as(WEB_ROLE)

    @property
    def portal_url(self) -> str:
        """The address for the role that serves the public pages by themselves."""
        return self._url_as(PORTAL_ROLE)

    def _url_as(self, role: str) -> str:
        return f"postgresql://{role}@/{DATABASE}?host={quote(str(self.socket_dir), safe='')}"

    @cached_property
    def user(self) -> ServerUser:
        """The account that owns the cluster and runs the server: for root, the one who made it."""
        return owner_of(self.data_dir / "postgres") or server_user()

    @cached_property
    def _bin(self) -> Path:
        return binaries_for(self.user)

    @cached_property
    def cluster(self) -> Path:
        """The folder of the database cluster (PGDATA)."""
        inside = self.data_dir / "postgres"
        outside = self.user.home / self._mark / "postgres"
        if self.user.drop and (outside.exists() or not self.user.can_reach(self.data_dir)):
            return outside
        return inside

    @property
    def log_file(self) -> Path:
        """The server's log."""
        return self.cluster / "server.log"

    def is_initialised(self) -> bool:
        """Whether the cluster exists; it gets its name only when it is complete."""
        return self.cluster.exists()

    def start(self) -> str:
        """Make sure that the server runs, and hold on to it; returns its address.

        Raises `StartFault` RUN-001 … RUN-006 or RUN-013, each with what to do.
        """
        self._make_data_dir()
        with exclusive(self._lock_file):
            if not self._wait_for_answer():
                self._initialise()
                self._make_socket_dir()
                self._clear_leftovers()
                self._launch()
            self._create_database_and_role()
            if self._hold is None:
                self._hold = SharedHold(self.data_dir / "postgres.users")
        return self.url

    def release(self) -> bool:
        """Let go of the server; stop it if no other process uses it. True if it was stopped."""
        if self._hold is None:
            return False
        with exclusive(self._lock_file):
            hold, self._hold = self._hold, None
            if not hold.leave():
                return False
            self._halt()
        return True

    def stop(self) -> None:
        """Stop the server at once, whoever uses it; nothing happens if it does not run."""
        if not self.data_dir.is_dir():
            return
        with exclusive(self._lock_file):
            if self._hold is not None:
                self._hold.leave()
                self._hold = None
            self._halt()

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        shutil.rmtree(self.cluster, ignore_errors=True)
        if not self.cluster.is_relative_to(self.data_dir):
            shutil.rmtree(self.cluster.parent, ignore_errors=True)
        shutil.rmtree(self.socket_dir, ignore_errors=True)

    # Steps

    @property
    def _lock_file(self) -> Path:
        return self.data_dir / "postgres.lock"

    def probe(self) -> int:
        """pg_isready's answer: 0 accepts, 1 starts or stops just now, 2 no answer."""
        return self.user.run(self._bin / "pg_isready", "-q", "-h", self.socket_dir, "-U", ROLE).returncode

    def _wait_for_answer(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while (answer := self.probe()) == 1 and time.monotonic() < deadline:
            time.sleep(0.1)
        return answer == 0

    def _make_data_dir(self) -> None:
        try:
            if not self.data_dir.exists():
                self.data_dir.mkdir(parents=True)
                self.data_dir.chmod(0o755)  # ours, just made; keys and cluster inside are closed
        except OSError as error:
            raise self._unusable(error) from error
        if not os.access(self.data_dir, os.W_OK | os.X_OK):
            raise self._unusable(PermissionError())

    def _unusable(self, error: OSError) -> StartFault:
        return StartFault(
            "RUN-003",
            Words(
                f"数据目录 {self.data_dir} 不可写（{type(error).__name__}）。",
                f"The data folder {self.data_dir} cannot be written ({type(error).__name__}).",
            ),
            Words(
                "请用 LIKA_DATA_DIR 指定当前用户可写的目录。",
                "Name a folder that this user may write in LIKA_DATA_DIR.",
            ),
        )

    def _initialise(self) -> None:
        """Make the cluster; it gets its name only when complete, so that a cut-off attempt leaves nothing."""
        if self.cluster.exists():
            self._check_cluster()
            return
        scratch = self.cluster.with_name("postgres.new")
        shutil.rmtree(scratch, ignore_errors=True)
        if not self.cluster.parent.exists():
            self.user.own(self.user.make_home() / self.cluster.parent.name)
        self.user.own(scratch)
        made = self.user.run(
            *(self._bin / "initdb", "--pgdata", scratch, "--username", ROLE, "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject"),
            *(("--no-sync",) if self.settings.get("fsync") == "off" else ()),
        )
        if made.returncode != 0:
            raise self._failed("initdb", made.stderr)
        scratch.rename(self.cluster)

    def _check_cluster(self) -> None:
        """Refuse data of another user or another major version."""
        if self.cluster.stat().st_uid != self.user.uid:
            raise StartFault(
                "RUN-013",
                Words(f"{self.cluster} 属于其他用户。", f"{self.cluster} belongs to another user."),
                Words(
                    "请以建立它的用户（或 root）运行，或用 LIKA_DATA_DIR 指定其他数据目录。",
                    "Run as the user who made it (or as root), or name another folder in LIKA_DATA_DIR.",
                ),
            )
        found = (self.cluster / "PG_VERSION").read_text().strip()
        if found != str(MAJOR):
            raise StartFault(
                "RUN-004",
                Words(
                    f"{self.cluster} 由 PostgreSQL {found} 建立，内置版本为 {MAJOR}。",
                    f"{self.cluster} was made by PostgreSQL {found}; the embedded one is {MAJOR}.",
                ),
                Words(
                    "请用原版本的 Lika 备份，再在新数据目录恢复。",
                    "Back up with the Lika that made it and restore into a new data folder.",
                ),
            )

    def _make_socket_dir(self) -> None:
        if not self.socket_dir.exists():
            self.user.own(self.socket_dir)
        found = self.socket_dir.lstat()
        private = stat.S_ISDIR(found.st_mode) and found.st_uid == self.user.uid and not found.st_mode & 0o077
        if not private:
            raise StartFault(
                "RUN-005",
                Words(
                    f"{self.socket_dir} 不属于本服务，或他人可以进入。",
                    f"{self.socket_dir} belongs to somebody else or is open to others.",
                ),
                Words("请核对后删除该目录，再次启动。", "Look at it, remove it, and start again."),
            )

    def _clear_leftovers(self) -> None:
        """Deal with what a killed server left: its process file would keep the next one from starting.

        PostgreSQL trusts any living process of that number, even a zombie or a stranger; we look closer.
        """
        pid_file = self.cluster / "postmaster.pid"
        if not pid_file.exists():
            return
        if self._owns_cluster(int(pid_file.read_text().split("\n", 1)[0])):
            self._halt()  # it lives but its socket is gone (a cleaner of temporary folders): begin anew
            self._make_socket_dir()
        for leftover in (pid_file, *self.socket_dir.glob(".s.PGSQL.*")):
            leftover.unlink(missing_ok=True)

    def _owns_cluster(self, pid: int) -> bool:
        try:
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and str(self.cluster) in process.cmdline()
        except psutil.Error:
            return False

    def _launch(self) -> None:
        options = {**self.settings, "listen_addresses": "", "unix_socket_directories": str(self.socket_dir)}
        flags = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        deadline = time.monotonic() + START_SECONDS
        while True:
            self.log_file.unlink(missing_ok=True)
            started = self.user.run(
                *(self._bin / "pg_ctl", "start", "--wait", "--silent", f"--timeout={START_SECONDS}"),
                *("--pgdata", self.cluster, "--log", self.log_file, "--options", flags),
                timeout=2 * START_SECONDS,
            )
            if started.returncode == 0:
                return
            log = self.log_file.read_text(errors="replace") if self.log_file.exists() else ""
            # The children of a killed server notice its death within moments; until then they keep its memory.
            if "shared memory block" not in log or time.monotonic() > deadline:
                raise self._failed("pg_ctl start", started.stderr + log[-2000:])
            time.sleep(0.2)

    def _create_database_and_role(self) -> None:
        """What a cluster needs before the migrations, which say what the web role may do."""
        place = ("-h", self.socket_dir, "-U", ROLE)
        roles = [
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') "
            f"THEN CREATE ROLE {role} LOGIN; END IF; END $$"
            for role in (WEB_ROLE, PORTAL_ROLE)
        ]
        query = f"SELECT count(*) FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608 - our own constant
        options = ("-d", "postgres", "--no-psqlrc", "-qtA", "-v", "ON_ERROR_STOP=1")
        found = self.user.run(
            self._bin / "psql", *place, *options, *(word for role in roles for word in ("-c", role)), "-c", query
        )
        if found.returncode != 0:
            raise self._failed("psql", found.stderr)
        if found.stdout.strip() == "1":
            return
        made = self.user.run(self._bin / "createdb", *place, DATABASE)
        if made.returncode != 0:
            raise self._failed("createdb", made.stderr)

    def _halt(self) -> None:
        self.user.run(
            *(self._bin / "pg_ctl", "stop", "--wait", "--silent", "--mode=fast", f"--timeout={START_SECONDS}"),
            *("--pgdata", self.cluster),
            timeout=2 * START_SECONDS,
        )
        with contextlib.suppress(OSError):  # absent already, or not empty because the server would not stop
            self.socket_dir.rmdir()

    def _failed(self, step: str, output: str) -> StartFault:
        return StartFault(
            "RUN-006",
            Words(
                f"内置 PostgreSQL 的步骤 {step} 失败：\n{output}",
                f"The embedded PostgreSQL failed at {step}:\n{output}",
            ),
            Words(
                f"请查看 {self.log_file}，检查磁盘空间和内存；或用 LIKA_DATABASE_URL 指定数据库。",
                f"See {self.log_file}; check disk space and memory; or name a database in LIKA_DATABASE_URL.",
            ),
        )


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m lika.runtime.postgres stop|remove FOLDER`: for `make clean` and for operators without Django."""
    parser = argparse.ArgumentParser(prog="python -m lika.runtime.postgres")
    parser.add_argument(
        "verb", choices=["stop", "remove"], help="停止；remove 并删除数据 / stop; remove also deletes the data"
    )
    parser.add_argument("folder", type=Path, help="数据目录 / the data folder")
    given = parser.parse_args(argv)
    server = EmbeddedServer(given.folder)
    if given.verb == "stop":
        server.stop()
    else:
        server.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
