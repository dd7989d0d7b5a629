"""The `lika` command: what it lists, how it ends, and that it serves."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from lika import __version__
from lika.runtime import ports
from lika.runtime.postgres import EmbeddedServer
from tests.pgplugin import KEYS
from tests.runtime.conftest import is_running

pytestmark = pytest.mark.slow


def environment(**more: str) -> dict[str, str]:
    """The environment of a person at a terminal: nothing of Lika's but what is given."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("LIKA_", "PYTEST"))}
    return {**plain, "LIKA_LANG": "en", **more}


def lika(*arguments: str, env: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "lika", *arguments], env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture(autouse=True)
def _hearing() -> Iterator[None]:
    """A run started in the background or by `nohup` is deaf to these signals, and its children would be too."""
    earlier = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGHUP)}
    for number, handler in earlier.items():
        if handler == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in earlier.items():
        signal.signal(number, handler)


@contextmanager
def serving(*, env: Mapping[str, str], port: int) -> Iterator[tuple["subprocess.Popen[str]", list[str]]]:
    """`lika serve` and what it said until it was ready."""
    command = [sys.executable, "-m", "lika", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said: list[str] = []
        while not said or not said[-1].startswith("http://"):
            line = process.stdout.readline()
            assert line, f"ended with {process.wait()} after {said}"
            said.append(line.strip())
        try:
            yield process, said
        finally:
            process.terminate()
            process.wait()


def health(port: int) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


@pytest.fixture
def external() -> dict[str, str]:
    """An installation on the test run's database server."""
    return environment(**KEYS, LIKA_DATABASE_URL=os.environ["LIKA_DATABASE_URL"])


def test_version(external: dict[str, str]) -> None:
    done = lika("--version", env=external)
    assert (done.returncode, done.stdout) == (0, f"lika {__version__}\n")


@pytest.mark.parametrize(("language", "usage"), [("en", "Usage: lika"), ("zh", "用法：lika")])
def test_help_lists_our_commands_in_the_persons_language(external: dict[str, str], language: str, usage: str) -> None:
    done = lika("--help", env={**external, "LIKA_LANG": language})
    assert done.returncode == 0
    assert done.stdout.startswith(usage)
    names = {line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")}
    assert {"serve", "doctor", "migrate"} <= names
    assert not {"runserver", "collectstatic", "sqlflush", "startapp"} & names


def test_an_unknown_command_ends_with_2_and_a_suggestion(external: dict[str, str]) -> None:
    done = lika("srve", env=external)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "RUN-010 There is no command srve.\n  → Did you mean serve?\n"


def test_a_faulty_configuration_ends_with_2_and_no_traceback(external: dict[str, str]) -> None:
    done = lika("check", env={**external, "LIKA_PORT": "x"})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "CFG-004 LIKA_PORT has the value “x”, which is not valid.",
        "  → Expected: a port from 1 to 65535.",
    ]


def test_a_fault_of_ours_ends_with_1_and_a_traceback(external: dict[str, str]) -> None:
    script = "from django.db import connection as c; c.cursor().execute('SELECT 1/0 FROM (VALUES (%s)) t (n)', [7])"
    done = lika("shell", "--no-imports", "-c", script, env=external)
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert done.stderr.endswith("django.db.utils.DataError: SQLSTATE 22012\n")


def test_a_traceback_does_not_repeat_values(external: dict[str, str]) -> None:
    script = (
        "from django.db import connection as c; k = c.cursor(); k.execute('CREATE TEMP TABLE t (n text PRIMARY KEY)'); "
        "[k.execute('INSERT INTO t VALUES (%s)', [chr(0x6F14) * 3]) for _ in range(2)]"
    )
    done = lika("shell", "--no-imports", "-c", script, env=external)
    assert done.returncode == 1
    assert "IntegrityError: SQLSTATE 23505" in done.stderr
    assert "演演演" not in done.stderr


def test_a_users_fault_ends_with_2_its_code_and_its_remedy(external: dict[str, str]) -> None:
    script = "from lika.core.errors import UserError; raise UserError('REG-099', 'No.', remedy='Try otherwise.', row=3)"
    done = lika("shell", "--no-imports", "-c", script, env=external)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "REG-099 No. (row 3)\n  → Try otherwise.\n"


def test_an_expression_that_is_refused_ends_with_2_and_its_position(external: dict[str, str]) -> None:
    script = "from lika.engine.parser import parse; parse('age > > 6')"
    done = lika("shell", "--no-imports", "-c", script, env=external)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("1:7: ")
    assert "Traceback" not in done.stderr


def test_a_database_out_of_reach_ends_with_2_and_keeps_the_password_to_itself(external: dict[str, str]) -> None:
    address = "postgresql://lika:geheim@/lika?host=%2Fno%2Fsuch%2Ffolder"
    done = lika("migrate", env={**external, "LIKA_DATABASE_URL": address})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("RUN-014 The database cannot be reached: ")
    assert done.stderr.endswith("  → Check LIKA_DATABASE_URL and that the server runs.\n")
    assert "geheim" not in done.stderr


def test_without_an_address_a_command_starts_the_embedded_database_and_stops_it(data_dir: Path) -> None:
    script = "from django.db import connection as c; c.ensure_connection(); print(c.pg_version // 10000)"
    done = lika("shell", "--no-imports", "-c", script, env=environment(LIKA_DATA_DIR=str(data_dir)))
    assert (done.returncode, done.stdout) == (0, "18\n")
    server = EmbeddedServer(data_dir)
    assert (server.is_initialised(), is_running(server)) == (True, False)


def test_help_needs_no_database(data_dir: Path) -> None:
    assert lika("migrate", "--help", env=environment(LIKA_DATA_DIR=str(data_dir))).returncode == 0
    assert not EmbeddedServer(data_dir).is_initialised()


def test_doctor_says_what_is_missing_and_leaves_nothing_running(data_dir: Path, tmp_path: Path) -> None:
    done = lika("doctor", env=environment(LIKA_DATA_DIR=str(data_dir), LIKA_PACKS_DIR=str(tmp_path)))
    assert done.returncode == 1
    assert "✓ database: PostgreSQL 18" in done.stdout
    assert "✗ schema:" in done.stdout
    assert "  → Run lika migrate.\n" in done.stdout
    assert f"✗ policy packs: no pack in {tmp_path}\n  → Check LIKA_PACKS_DIR.\n" in done.stdout
    assert not is_running(EmbeddedServer(data_dir))


def test_an_old_schema_is_not_served(data_dir: Path) -> None:
    done = lika("serve", env=environment(LIKA_DATA_DIR=str(data_dir)))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("RUN-012 The database lacks ")
    assert done.stderr.endswith("  → Make a backup, then run lika migrate.\n")


@pytest.mark.parametrize("arguments", [("divisions", "show", "451025"), ("policy", "loaded")])
def test_a_database_that_is_not_set_up_is_said_to_need_migrating(data_dir: Path, arguments: tuple[str, ...]) -> None:
    done = lika(*arguments, env=environment(LIKA_DATA_DIR=str(data_dir)))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "RUN-015 The database is not set up, or not up to date.\n"
        "  → Run lika migrate (where there are data: after a backup).\n"
    )


def test_a_missing_table_of_a_database_that_is_up_to_date_is_our_fault(installed: Path) -> None:
    script = "from django.db import connection as c; c.cursor().execute('SELECT 1 FROM no_such_table')"
    done = lika("shell", "--no-imports", "-c", script, env=environment(LIKA_DATA_DIR=str(installed)))
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert "RUN-015" not in done.stderr


def test_the_overview_is_in_one_language_and_manner(external: dict[str, str]) -> None:
    done = lika("--help", env={**external, "LIKA_LANG": "zh"})
    summaries = [line[18:] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert [line for line in summaries if line.isascii() or line.endswith(("。", "."))] == []


def test_wrong_arguments_are_told_in_the_persons_language(external: dict[str, str]) -> None:
    env = {**external, "LIKA_LANG": "zh"}
    done = [lika("divisions", "show", env=env), lika("divisions", "show", "62", "--at", "2014-13-01", env=env)]
    assert [each.returncode for each in done] == [2, 2]
    assert [each.stderr.splitlines() for each in done] == [
        ["用法：lika divisions show [-h] [--at DATE] code", f"lika divisions show：{words}"]
        for words in ("缺少必填参数：code", "--at：2014-13-01 不是 2016-12-31 这样的日期")
    ]


def test_a_users_fault_names_its_place_in_chinese_and_prints_no_control_characters(external: dict[str, str]) -> None:
    script = (
        "from lika.core.errors import UserError; "
        "raise UserError('REG-099', '不行：\\x1b[31m红', remedy='再试\\r。', file='a.xlsx', row=3)"
    )
    done = lika("shell", "--no-imports", "-c", script, env={**external, "LIKA_LANG": "zh"})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "REG-099 不行：\\x1b[31m红（文件 a.xlsx，行 3）\n  → 再试\\r。\n"


def test_serving_moves_on_from_a_taken_port_and_stops_what_it_started(installed: Path) -> None:
    env = environment(LIKA_DATA_DIR=str(installed))
    port = ports.first_free("127.0.0.1", 18000)
    with serving(env=env, port=port) as (first, said):
        assert said[-1] == f"http://127.0.0.1:{port}/"
        assert health(port) == (200, b"ok")
        with serving(env=env, port=port) as (second, said_next):
            moved = int(said_next[-1].rstrip("/").rsplit(":", 1)[1])
            assert said_next[0] == f"Port {port} is taken; using {moved}."
            assert health(moved) == (200, b"ok")
        assert second.returncode == 0
        assert health(port) == (200, b"ok")
        children = psutil.Process(first.pid).children(recursive=True)
        first.send_signal(signal.SIGINT)
        assert first.wait() == 0
    assert [child for child in children if child.is_running()] == []
    assert not is_running(EmbeddedServer(installed))


def test_after_kill_9_the_next_start_uses_the_database_and_replaces_the_web_server(installed: Path) -> None:
    env = environment(LIKA_DATA_DIR=str(installed))
    port = ports.first_free("127.0.0.1", 18100)
    server = EmbeddedServer(installed)
    with serving(env=env, port=port) as (killed, _said):
        orphans = psutil.Process(killed.pid).children(recursive=True)
        killed.kill()
        killed.wait()
    database = (server.cluster / "postmaster.pid").read_text()
    assert lika("check", env=env).returncode == 0
    assert health(port) == (200, b"ok")  # neither the death nor the passing command took its database away
    with serving(env=env, port=port) as (_next, said):
        assert said[0] == f"Replacing the web server that an earlier run left on port {port}."
        assert said[-1] == f"http://127.0.0.1:{port}/"
        assert health(port) == (200, b"ok")
        assert [orphan for orphan in orphans if orphan.is_running()] == []
        assert (server.cluster / "postmaster.pid").read_text() == database
    assert not is_running(server)
