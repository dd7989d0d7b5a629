"""An import killed at any point leaves the old state; the next one of its file goes on and leaves the new. 演示数据"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction

from lika.collection.actions import import_register
from lika.collection.choices import BatchState
from lika.collection.models import ImportBatch
from lika.core import crypto
from lika.core.models import AuditEntry
from lika.register.actions import bulk
from lika.register.models import Household
from tests.collection import workbooks
from tests.collection.test_files import as_csv, sheets
from tests.collection.workbooks import household, household_year, person
from tests.factories import COUNTY, OTHER_VILLAGE, VILLAGE, make_actor, make_division

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

H3 = "62122310000003"
BY = make_actor(COUNTY, name="county-officer")
STATE = """
    SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name LIKE 'register\\_%%' AND data_type NOT IN ('uuid', 'bytea')
      AND column_name NOT IN ('id', 'recorded_at', 'decision_label')
    GROUP BY table_name ORDER BY table_name
"""


def state() -> dict[str, list[Any]]:
    """All that the register says, but for ids, ciphertexts and moments, which no two imports have in common."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        told = {}
        for table, columns in cursor.fetchall():
            cursor.execute(f"SELECT {columns} FROM {table}")
            told[table] = sorted(map(repr, cursor.fetchall()))
        return told


def files(tmp_path: Path, rows: workbooks.Rows, name: str) -> Path:
    """A folder of CSV files, the members in two parts."""
    folder = tmp_path / name
    folder.mkdir()
    for sheet, cells in sheets(tmp_path, rows).items():
        if sheet == "家庭成员":
            (folder / f"{sheet}(1).csv").write_bytes(as_csv([cells[0], *cells[1:3]]))
            (folder / f"{sheet}(2).csv").write_bytes(as_csv([cells[0], *cells[3:]]))
        else:
            (folder / f"{sheet}.csv").write_bytes(as_csv(cells))
    return folder


def changed_rows() -> workbooks.Rows:
    """A wage and an education that differ, a household that is new, and a warning."""
    rows = workbooks.changed(household_years__2__wage=1, persons__2__education="02", households__2__phone=None)
    rows["households"].append(household(H3))
    rows["persons"].append(person(H3, "钱演示", workbooks.SPARE, "01"))
    rows["household_years"].append(household_year(H3))
    return rows


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The register holds the clean files; these are changed ones."""
    crypto.forget_keys()  # those of the tests before are no longer in the database
    for code in (VILLAGE, OTHER_VILLAGE):
        make_division(code)
    assert import_register(by=BY, path=files(tmp_path, workbooks.clean(), "old")).state == BatchState.PUBLISHED
    return files(tmp_path, changed_rows(), "new")


def killed(stage: str, call: int, path: Path) -> int:
    """Import in a process that dies; returns how it ended."""
    address = urlsplit(os.environ["LIKA_DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    others = {name: value for name, value in os.environ.items() if not name.endswith("_DATABASE_URL")}
    environment = {**others, "LIKA_DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "lika.config.settings"}
    command = [sys.executable, "-m", "tests.collection.killed", stage, str(call), str(path)]
    return subprocess.run(command, env=environment, check=False).returncode


def without_kill(path: Path) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """What an import would leave and tell; nothing of it stays."""
    with transaction.atomic():
        report = import_register(by=BY, path=path).as_json()
        told = state()
        transaction.set_rollback(True)
    return told, {name: report[name] for name in ("state", "counts", "rows", "findings", "warnings")}


def staged_id(number: str) -> Any:
    """The id that a killed import had in store for a new household."""
    (load,) = bulk.areas()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT bound_to FROM staging_{load.hex}.stage_household WHERE number = %s", [number])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("stage", "call"),
    [("reading", 2), ("reading", 4), ("checking", 1), ("checking", 4), ("publishing", 1), ("publishing", 0)],
)
def test_a_killed_import_leaves_the_old_state_and_is_gone_on_with(stage: str, call: int, changed: Path) -> None:
    old, audit = state(), AuditEntry.objects.count()
    new, told = without_kill(changed)
    assert (old == new, told["state"], told["warnings"]) == (False, "published", 2)

    assert killed(stage, call, changed) == -signal.SIGKILL

    assert (state() == old, AuditEntry.objects.count()) == (True, audit)
    dead = ImportBatch.objects.get(state=BatchState.RUNNING)
    expected_id = staged_id(H3)
    report = import_register(by=BY, path=changed)
    assert {name: report.as_json()[name] for name in told} == told
    assert state() == new
    # What the dead one had read was taken over, not read again: each reading gives ids of its own.
    assert Household.objects.get(number=H3).id == expected_id
    dead.refresh_from_db()
    assert (dead.state, bulk.areas()) == (BatchState.INTERRUPTED, frozenset())


def test_another_file_is_read_anew_and_leaves_what_was_cut_off_to_its_own(changed: Path, tmp_path: Path) -> None:
    assert killed("checking", 1, changed) == -signal.SIGKILL
    dead = ImportBatch.objects.get(state=BatchState.RUNNING)
    rows = workbooks.changed(household_years__2__wage=2)

    other = import_register(by=BY, path=files(tmp_path, rows, "other"))

    assert (other.counts["household_years"], bulk.areas()) == ({"changed": 1, "unchanged": 1}, {dead.pk})
    assert not Household.objects.filter(number=H3).exists()


def test_somebody_else_reads_the_same_file_anew(changed: Path) -> None:
    assert killed("checking", 1, changed) == -signal.SIGKILL
    mine = staged_id(H3)

    assert import_register(by=make_actor(COUNTY, name="other-officer"), path=changed).state == BatchState.PUBLISHED

    assert Household.objects.get(number=H3).id != mine


def test_what_a_crash_of_the_server_has_emptied_is_read_anew(changed: Path) -> None:
    """Unlogged tables are empty then."""
    new, _told = without_kill(changed)
    assert killed("checking", 1, changed) == -signal.SIGKILL
    (load,) = bulk.areas()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE staging_{load.hex}.stage_household, staging_{load.hex}.stage_noted")

    assert import_register(by=BY, path=changed).state == BatchState.PUBLISHED
    assert state() == new


@pytest.mark.parametrize("left", ["discarded", "gone", "old"])
def test_what_nobody_goes_on_with_is_cleared_away_by_the_next_import(left: str, changed: Path, tmp_path: Path) -> None:
    assert killed("checking", 1, changed) == -signal.SIGKILL
    dead = ImportBatch.objects.filter(state=BatchState.RUNNING)
    if left == "discarded":
        dead.update(state=BatchState.DISCARDED)
    elif left == "gone":
        dead.delete()
    else:
        dead.update(started_at="2016-01-01T00:00Z")

    import_register(by=BY, path=files(tmp_path, workbooks.clean(), "third"))

    assert bulk.areas() == frozenset()
