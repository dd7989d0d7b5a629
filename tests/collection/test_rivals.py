"""Two imports at the same time: the second is told whose is running; a dead one is in nobody's way."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone

from lika.collection import claims
from lika.collection.actions import import_register
from lika.collection.choices import BatchState, Stage
from lika.collection.models import ImportBatch
from lika.collection.report import ImportReport
from lika.core.errors import UserError
from lika.register.models import Household, HouseholdYear
from tests.collection import workbooks
from tests.factories import OTHER_VILLAGE, VILLAGE, make_actor, make_division

pytestmark = pytest.mark.django_db(transaction=True)


def running(village: str) -> ImportBatch:
    return ImportBatch.objects.create(
        file_name="另一.xlsx", file_sha256="0" * 64, file_bytes=1, by_name="other-officer",
        state=BatchState.RUNNING, started_at=timezone.now(), villages=[int(village)],
    )  # fmt: skip


@contextmanager
def held_elsewhere(batch: ImportBatch) -> Iterator[None]:
    """Hold a batch's lock in another connection, as another process does."""
    holds, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with claims.held(batch):
                holds.set()
                release.wait(30)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert holds.wait(30)
    try:
        yield
    finally:
        release.set()
        thread.join()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    for code in (VILLAGE, OTHER_VILLAGE):
        make_division(code)
    return workbooks.save(tmp_path / "演示.xlsx", workbooks.clean())


def test_the_second_import_of_a_village_is_told_whose_is_running(path: Path) -> None:
    rival = running(OTHER_VILLAGE)
    with held_elsewhere(rival):
        with pytest.raises(UserError) as error:
            import_register(by=make_actor(), path=path)
        assert (error.value.code, "other-officer" in str(error.value.message)) == ("COL-006", True)
        dry = import_register(by=make_actor(), path=path, dry_run=True)
        assert dry.state == BatchState.CHECKED
    assert Household.objects.count() == 0
    assert ImportBatch.objects.filter(state=BatchState.FAILED).get().fault == "COL-006"


def test_an_import_of_other_villages_is_in_nobodys_way(path: Path) -> None:
    with held_elsewhere(running("621223101200")):
        assert import_register(by=make_actor(), path=path).state == BatchState.PUBLISHED


def test_a_dead_import_is_marked_and_passed(path: Path) -> None:
    dead = running(VILLAGE)
    assert import_register(by=make_actor(), path=path).state == BatchState.PUBLISHED
    dead.refresh_from_db()
    assert dead.state == BatchState.INTERRUPTED


def test_one_batch_is_not_run_twice_at_once(path: Path) -> None:
    rival = running(VILLAGE)
    with held_elsewhere(rival), pytest.raises(UserError) as error, claims.held(rival):
        pass
    assert error.value.code == "COL-007"


def test_staging_tables_go_with_the_import(path: Path) -> None:
    import_register(by=make_actor(), path=path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'stage%%' OR relname LIKE 'match_%%'")
        assert cursor.fetchone() == (0,)


def test_two_imports_of_different_villages_at_one_time_both_come_through(path: Path, tmp_path: Path) -> None:
    both_have_read = threading.Barrier(2, timeout=60)
    reports: dict[str, ImportReport] = {}

    def load(number: str, village: str, identity: str) -> None:
        rows = {"households": [workbooks.household(number, village)],
                "persons": [workbooks.person(number, "演示", identity, "01")]}  # fmt: skip
        file = workbooks.save(tmp_path / f"{number}.xlsx", rows)

        def together(stage: Stage, done: int, total: int) -> None:
            if (stage, done) == (Stage.CHECKING, 0):
                both_have_read.wait()

        try:
            reports[number] = import_register(by=make_actor(), path=file, data_year=2016, progress=together)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=load, args=(workbooks.H1, VILLAGE, workbooks.LI)),
        threading.Thread(target=load, args=(workbooks.H2, OTHER_VILLAGE, workbooks.WANG)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: report.state for number, report in reports.items()} == {
        workbooks.H1: BatchState.PUBLISHED, workbooks.H2: BatchState.PUBLISHED,
    }  # fmt: skip


def test_a_connection_killed_while_writing_leaves_the_old_state(path: Path) -> None:
    """What `kill -9` does to the server's side: the session ends in the middle of the transaction."""
    import_register(by=make_actor(), path=path)
    workbooks.save(path, workbooks.changed(household_years__2__wage=1, persons__3__education="02"))
    pid = connection.connection.info.backend_pid

    def kill(stage: Stage, done: int, total: int) -> None:
        if (stage, done) == (Stage.PUBLISHING, 1):
            with _other_connection() as other:
                other.execute("SELECT pg_terminate_backend(%s)", [pid])

    with pytest.raises(OperationalError):
        import_register(by=make_actor(), path=path, progress=kill)
    connections.close_all()
    assert set(HouseholdYear.objects.values_list("wage", flat=True)) == {Decimal("9000.50")}
    assert import_register(by=make_actor(), path=path).counts["household_years"] == {"changed": 1, "unchanged": 1}


def _other_connection() -> psycopg.Connection:
    return psycopg.connect(**{**connection.get_connection_params(), "cursor_factory": psycopg.Cursor, "context": None})
