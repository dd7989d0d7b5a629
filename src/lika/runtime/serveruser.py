"""Who owns the embedded database server.

PostgreSQL refuses to run as root. An ordinary user runs it as themselves; for root it runs as the
system user `lika-pg`, made when it is missing. That user must be able to reach the data folder and
the server's binaries. Where a closed home folder is in the way nothing is opened up: both live under
the system user's own home instead.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lika.runtime.faults import StartFault, Words

SYSTEM_USER = "lika-pg"
SYSTEM_HOME = Path("/var/lib/lika-pg")


@dataclass(frozen=True)
class ServerUser:
    """The account the server runs under; `drop` is True when we are root and step down to it.

    `home` serves root alone: what the account cannot reach elsewhere is put there.
    """

    name: str
    uid: int
    gid: int
    home: Path
    drop: bool

    def run(self, *command: str | Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a command as this user, from a folder everybody can enter, in the C locale."""
        return subprocess.run(
            [str(part) for part in command],
            user=self.uid if self.drop else None,
            group=self.gid if self.drop else None,
            extra_groups=[] if self.drop else None,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )

    def can_reach(self, path: Path) -> bool:
        """Whether this user may enter the folder or execute the file (asked of the system, so that ACLs count)."""
        return self.run("/bin/sh", "-c", '[ -x "$1" ]', "sh", path).returncode == 0

    def make_home(self) -> Path:
        """The user's home, made when first needed."""
        if not self.home.exists():
            self.own(self.home, 0o755)
        return self.home

    def own(self, folder: Path, mode: int = 0o700) -> None:
        """Make the folder and give it to this user."""
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)
        if self.drop:
            os.chown(folder, self.uid, self.gid)


def server_user() -> ServerUser:
    """The user for the server of the calling process. Raises StartFault RUN-001 if root has none to step down to."""
    if os.geteuid() != 0:
        return ServerUser(str(os.geteuid()), os.geteuid(), os.getegid(), SYSTEM_HOME, drop=False)
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        entry = _create()
    return ServerUser(SYSTEM_USER, entry.pw_uid, entry.pw_gid, Path(entry.pw_dir), drop=True)


def owner_of(cluster: Path) -> ServerUser | None:
    """For root: the ordinary user who made the cluster, so that their data stay theirs."""
    if os.geteuid() != 0 or not cluster.exists():
        return None
    found = cluster.stat()
    return ServerUser(str(found.st_uid), found.st_uid, found.st_gid, SYSTEM_HOME, drop=True) if found.st_uid else None


def _create() -> pwd.struct_passwd:
    useradd = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
    if useradd is not None:
        command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", str(SYSTEM_HOME)]
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], capture_output=True, check=False)
    try:  # asked afresh: another starter may have made the user in the meantime
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise StartFault(
            "RUN-001",
            Words(
                f"PostgreSQL 不能以 root 身份运行，且无法创建系统用户 {SYSTEM_USER}。",
                f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} could not be created.",
            ),
            Words(
                f"请创建系统用户 {SYSTEM_USER}，或以普通用户运行，或设置 LIKA_DATABASE_URL。",
                f"Create the system user {SYSTEM_USER}, or run as an ordinary user, or set LIKA_DATABASE_URL.",
            ),
        ) from None
