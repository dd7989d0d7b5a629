"""A new master key while the site runs: killed at any moment, everything opens, and the command goes on. 演示数据"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from lika.core import crypto, keys, master
from lika.core.actors import SystemActor
from lika.core.errors import UserError
from lika.core.models import AuditEntry, DataKey
from tests.pgplugin import KEYS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_keys")]

OLD = b"M" * 32


class BrokenOffError(Exception):
    """What a power cut is to a block of statements."""


HERE = crypto.place("register_person", "id_number", UUID(int=1))


@pytest.fixture
def key_file(data_dir: Path, settings) -> Path:
    """The master key of the tests, in a file, as an installation has it."""
    path = data_dir / "keys/master.key"
    path.parent.mkdir(mode=0o700)
    path.write_text(KEYS["LIKA_MASTER_KEY"] + "\n")
    settings.LIKA = replace(settings.LIKA, master_key_file=path)
    return path


@pytest.fixture
def blob(key_file: Path) -> bytes:
    """A value sealed before the rotation."""
    return crypto.encrypt("621223198001011234", HERE)


def opens(blob: bytes) -> bool:
    """Whether a process that begins now, or that began with the old key, reads the value."""
    crypto.forget_keys()
    return crypto.decrypt(blob, HERE) == "621223198001011234"


def sealed_under(secret: bytes) -> bool:
    try:
        return {len(crypto.unwrap(row.number, bytes(row.wrapped), [secret])) for row in DataKey.objects.all()} == {32}
    except UserError:
        return False


def test_a_running_process_goes_on_and_the_new_key_is_in_its_place(blob: bytes, key_file: Path, capsys) -> None:
    call_command("keys", "rotate")  # this process began with the old key, and its settings still say so
    assert opens(blob)
    new = master.read(key_file)
    assert (new != OLD, sealed_under(new), sealed_under(OLD)) == (True, True, False)
    retired = [path for path in key_file.parent.iterdir() if ".until-" in path.name]
    assert [master.read(path) for path in retired] == [OLD]
    assert {path.stat().st_mode & 0o777 for path in [key_file, *retired]} <= {0o600, 0o644}
    assert not master.coming().exists()
    assert key_file.read_text().strip() not in capsys.readouterr().out
    assert [entry.action for entry in AuditEntry.objects.all()] == ["keys.rotated"]


def test_a_data_key_made_after_a_rotation_by_a_process_of_before_it_opens_under_the_new_key(
    blob: bytes, key_file: Path, operator: SystemActor
) -> None:
    keys.rotate(by=operator)
    crypto.forget_keys()
    crypto.blind_index("a", "identity")  # makes key 0 with the settings of before
    assert DataKey.objects.count() == 2
    assert sealed_under(master.read(key_file))


def test_a_rotation_that_broke_off_before_and_after_the_database_goes_on(
    blob: bytes, key_file: Path, operator: SystemActor
) -> None:
    with suppress(BrokenOffError), master.being_changed(key_file):
        raise BrokenOffError("before the database")
    coming = master.read(master.coming())
    assert (opens(blob), sealed_under(OLD)) == (True, True)

    with suppress(BrokenOffError), master.being_changed(key_file) as new:
        keys.rotate_master_key(by=operator, old=OLD, new=new)
        raise BrokenOffError("after the database, before the file")
    assert (opens(blob), sealed_under(coming), key_file.read_text().strip()) == (True, True, KEYS["LIKA_MASTER_KEY"])

    assert keys.rotate(by=operator) == 0  # nothing is left to seal: only the file
    assert (opens(blob), master.read(key_file), master.coming().exists()) == (True, coming, False)


def test_without_a_file_nothing_is_put_in_place(settings, operator: SystemActor) -> None:
    with pytest.raises(UserError) as refused:
        keys.rotate(by=operator)
    assert refused.value.code == "COR-013"


@contextmanager
def rotating(key_file: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`lika keys rotate` on the test's database, stopped in its midst by a lock on the rows that it seals."""
    plain = {name: value for name, value in os.environ.items() if name not in KEYS}
    address = urlsplit(os.environ["LIKA_DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    others = {name: value for name, value in KEYS.items() if name != "LIKA_MASTER_KEY"}
    del plain["LIKA_WEB_DATABASE_URL"], plain["LIKA_PORTAL_DATABASE_URL"]
    env = {**plain, **others, "LIKA_MASTER_KEY_FILE": str(key_file), "LIKA_DATABASE_URL": address}
    with psycopg.connect(address) as holder:
        holder.execute("SELECT 1 FROM core_datakey FOR UPDATE")
        process = subprocess.Popen([sys.executable, "-m", "lika", "keys", "rotate"], env=env)
        try:
            _wait_until_it_waits(process)
            yield process
        finally:
            process.kill()
            process.wait()


def _wait_until_it_waits(process: "subprocess.Popen[bytes]") -> None:
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() "
        "AND query LIKE '%core_datakey%'"
    )
    while process.poll() is None:
        with connection.cursor() as cursor:
            cursor.execute(query)
            if cursor.fetchone() == (1,):
                return
        time.sleep(0.1)
    raise AssertionError(f"the rotation ended by itself: {process.returncode}")


def test_killed_midway_everything_opens_and_the_next_run_ends_it(
    blob: bytes, key_file: Path, operator: SystemActor
) -> None:
    with rotating(key_file) as process:
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    coming = master.read(master.coming())
    assert (opens(blob), sealed_under(OLD), key_file.read_text().strip()) == (True, True, KEYS["LIKA_MASTER_KEY"])

    assert keys.rotate(by=operator) == 1
    assert (opens(blob), sealed_under(coming), master.read(key_file)) == (True, True, coming)
