"""Uploads at rest, two starts at once, and progress as other connections see it. 演示数据"""

import subprocess
import threading
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse

from lika.accounts.choices import Role
from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.collection import queries, uploads
from lika.collection.actions import import_register, run_batch
from lika.collection.choices import BatchState, Stage
from lika.collection.models import ImportBatch
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.register.models import Household
from tests.collection import workbooks
from tests.collection.test_rivals import _other_connection, held_elsewhere
from tests.console.officials import signed_in
from tests.factories import OTHER_VILLAGE, VILLAGE, make_actor, make_division

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _places(settings: Any, tmp_path: Path) -> None:
    settings.LIKA = replace(settings.LIKA, data_dir=tmp_path / "data")
    for code in (VILLAGE, OTHER_VILLAGE):
        make_division(code)


@pytest.fixture
def by() -> Actor:
    return make_actor()


@pytest.fixture
def workbook(tmp_path: Path) -> bytes:
    return workbooks.save(tmp_path / "演示.xlsx", workbooks.clean()).read_bytes()


def kept(by: Actor, workbook: bytes) -> ImportBatch:
    return uploads.keep(by=by, file=SimpleUploadedFile("演示.xlsx", workbook))


def code_of(call: Any) -> str:
    with pytest.raises(UserError) as refused:
        call()
    return refused.value.code


def test_a_workbook_lies_encrypted_and_opens_in_memory(by: Actor, workbook: bytes) -> None:
    batch = kept(by, workbook)
    (path,) = uploads.folder().iterdir()
    at_rest = path.read_bytes()
    assert (path, path.stat().st_mode & 0o777) == (uploads.path_of(batch), 0o600)
    assert workbook.startswith(b"PK")
    assert b"PK\x03\x04" not in at_rest
    assert b"xl/worksheets" not in at_rest
    assert uploads.contents(batch).getvalue() == workbook
    assert (batch.file_bytes, len(batch.file_sha256)) == (len(workbook), 64)


def test_a_workbook_opens_only_as_its_own_batch(by: Actor, workbook: bytes) -> None:
    first, second = kept(by, workbook), kept(by, workbook)
    uploads.path_of(second).write_bytes(uploads.path_of(first).read_bytes())
    assert uploads.contents(first).getvalue() == workbook
    assert code_of(lambda: uploads.contents(second)) == "COR-002"
    uploads.path_of(first).write_bytes(uploads.path_of(first).read_bytes()[:-1])
    assert code_of(lambda: uploads.contents(first)) == "COR-002"
    assert Household.objects.count() == 0


def test_a_kept_workbook_is_imported_and_then_gone(workbook: bytes) -> None:
    batch = kept(signed_official(signed_in(Role.COUNTY)), workbook)
    report = uploads.run_uploaded(str(batch.id))
    assert (report.state, Household.objects.count()) == (BatchState.PUBLISHED, 2)
    assert list(uploads.folder().iterdir()) == []
    assert code_of(lambda: uploads.contents(batch)) == "COL-005"
    assert code_of(lambda: uploads.run_uploaded(str(uuid4()))) == "COL-008"


def both_start(by: Actor, batch: ImportBatch) -> list[str]:
    """Start a batch from two connections at the same time; the codes of what was refused."""
    together = threading.Barrier(2, timeout=60)
    refused: list[str] = []

    def start() -> None:
        own = ImportBatch.objects.get(pk=batch.pk)
        together.wait()
        try:
            uploads.start(by=by, batch=own, dry_run=False, good_rows=False)
        except UserError as error:
            refused.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_two_starts_at_once_begin_one_process(by: Actor, workbook: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[list[str]] = []
    monkeypatch.setattr(uploads, "SMALL_BYTES", 0)
    monkeypatch.setattr(subprocess, "Popen", lambda command, **_options: begun.append(command))
    batch = kept(by, workbook)
    assert both_start(by, batch) == ["COL-007"]
    assert [command[-1] for command in begun] == [str(batch.id)]
    batch.refresh_from_db()
    assert batch.state == BatchState.WAITING


def test_what_runs_is_not_started_again(by: Actor, workbook: bytes) -> None:
    batch = kept(by, workbook)
    ImportBatch.objects.update(state=BatchState.RUNNING, stage=Stage.PUBLISHING)
    with held_elsewhere(batch):
        assert code_of(lambda: uploads.start(by=by, batch=batch, dry_run=True, good_rows=False)) == "COL-007"
    batch.refresh_from_db()
    assert (batch.state, batch.stage, batch.dry_run) == (BatchState.RUNNING, Stage.PUBLISHING, False)


def seen_elsewhere() -> tuple[str, str, int, int]:
    with _other_connection() as other:
        row = other.execute("SELECT state, stage, done, total FROM collection_importbatch").fetchone()
    assert row is not None
    return row


def test_another_connection_sees_each_step_of_checking_and_publishing(tmp_path: Path, by: Actor) -> None:
    path = workbooks.save(tmp_path / "演示.xlsx", workbooks.clean())
    seen = []

    def look(stage: Stage, done: int, total: int) -> None:
        """What was told before this word; nothing of the register is there yet."""
        seen.append(seen_elsewhere())
        with _other_connection() as other:
            assert other.execute("SELECT count(*) FROM register_household").fetchone() == (0,)

    import_register(by=by, path=path, progress=look)
    assert {state for state, *_rest in seen} == {"running"}
    assert list(dict.fromkeys(row[1] for row in seen)) == ["", "reading", "checking", "publishing"]
    assert seen_elsewhere()[:2] == ("published", "done")


def test_the_page_shows_the_stage_that_a_living_import_is_in(tmp_path: Path) -> None:
    client = signed_in(Role.COUNTY)
    path = workbooks.save(tmp_path / "演示.xlsx", workbooks.clean())
    pages: list[str] = []

    def look(stage: Stage, done: int, total: int) -> None:
        if stage == Stage.PUBLISHING and done:
            thread = threading.Thread(target=read)
            thread.start()
            thread.join()

    def read() -> None:
        try:
            batch = ImportBatch.objects.get()
            pages.append(client.get(reverse("collection:progress", args=[batch.id])).content.decode())
        finally:
            connections.close_all()

    official = signed_official(client)
    import_register(by=official, path=path, progress=look)
    assert pages
    assert all("写入系统" in page for page in pages)


def signed_official(client: Any) -> Actor:
    """The actor behind a signed-in client."""
    return actor_of(User.objects.get(pk=client.session["_auth_user_id"]))


def test_after_a_kill_the_stage_stays_and_the_next_run_begins_anew(tmp_path: Path, by: Actor, workbook: bytes) -> None:
    batch = kept(by, workbook)
    ImportBatch.objects.update(state=BatchState.RUNNING, stage=Stage.PUBLISHING, done=3, total=8)
    dead = queries.own_batch(by, batch.id)
    assert (dead.state, dead.stage, dead.percent) == (BatchState.INTERRUPTED, Stage.PUBLISHING, 37)
    first: list[tuple[str, str, int, int]] = []
    run_batch(by=by, batch=dead, source=BytesIO(workbook), progress=lambda *_word: first.append(seen_elsewhere()))
    assert first[0] == ("running", "", 0, 0)
