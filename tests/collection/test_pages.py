"""The import pages: upload, result, filter, marked workbook, publish, discard; and who may see them."""

import datetime as dt
import io
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lika.accounts.models import Post
from lika.collection import actions, queries, uploads, workbook
from lika.collection.choices import BatchState, Stage
from lika.collection.models import ImportBatch
from lika.core import processes
from lika.core.errors import NotFound, PermissionRefused
from lika.core.models import AuditEntry
from lika.register.models import Household
from tests.collection import workbooks
from tests.collection.workbooks import H2, LI, changed
from tests.conftest import OwnProcesses
from tests.console.officials import Role, signed_in
from tests.factories import COUNTY, make_actor
from tests.web_role import statements

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def data_folder(transactional_db: None, own_processes: OwnProcesses, tmp_path: Path) -> None:
    """Uploads of a test lie in its own folder, and their processes find them there."""
    own_processes(tmp_path / "data")


@pytest.fixture
def client(corner: None) -> Client:
    return signed_in(Role.COUNTY, COUNTY)


def upload(client: Client, tmp_path: Path, *, at_once: bool = False, **cells: Any) -> ImportBatch:
    path = workbooks.save(tmp_path / "演示.xlsx", changed(**cells))
    file = SimpleUploadedFile("演示.xlsx", path.read_bytes())
    answer = client.post(reverse("collection:import"), {"file": file, **({"at_once": "on"} if at_once else {})})
    batch = ImportBatch.objects.latest("created_at")
    assert (answer.status_code, answer["Location"]) == (302, reverse("collection:batch", args=[batch.id]))
    return batch


def test_the_page_offers_template_and_upload(client: Client) -> None:
    page = client.get(reverse("collection:import")).content.decode()
    assert reverse("collection:template") in page
    assert 'enctype="multipart/form-data"' in page
    assert "您还没有导入过数据" in page


def test_the_template_downloads(client: Client) -> None:
    answer = client.get(reverse("collection:template"))
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[1] == "户信息"


def test_check_then_import(client: Client, tmp_path: Path) -> None:
    batch = upload(client, tmp_path)
    assert batch.state == BatchState.CHECKED
    page = client.get(reverse("collection:batch", args=[batch.id])).content.decode()
    assert "没有错误，尚未写入。" in page
    assert Household.objects.count() == 0
    client.post(reverse("collection:run", args=[batch.id]), {"mode": "import"})
    batch.refresh_from_db()
    assert (batch.state, Household.objects.count()) == (BatchState.PUBLISHED, 2)
    assert not uploads.path_of(batch).exists()
    assert "演示.xlsx" in client.get(reverse("collection:import")).content.decode()


def test_errors_are_listed_filtered_and_marked(client: Client, tmp_path: Path) -> None:
    batch = upload(client, tmp_path, persons__2__id_number=LI[:16], households__3__phone=None)
    address = reverse("collection:batch", args=[batch.id])
    page = client.get(address).content.decode()
    assert "COL-122" in page
    assert "证件号码格式不正确。" in page
    assert LI[:16] not in page
    narrowed = client.get(address, {"sheet": "households"}).context["list"]
    assert [(f.code, f.row) for f in narrowed.findings] == [("COL-407", 3)]
    coded = client.get(address, {"code": "COL-122", "page": "99"}).context["list"]
    assert ([f.code for f in coded.findings], coded.page, coded.pages) == (["COL-122"], 1, 1)
    marked = client.get(reverse("collection:marked", args=[batch.id]))
    assert openpyxl.load_workbook(io.BytesIO(marked.content))["家庭成员"]["F2"].fill.fill_type == "solid"


def test_import_without_faulty_households(client: Client, tmp_path: Path) -> None:
    batch = upload(client, tmp_path, persons__2__id_number=LI[:16])
    client.post(reverse("collection:run", args=[batch.id]), {"mode": "good_rows"})
    assert list(Household.objects.values_list("number", flat=True)) == [H2]
    batch.refresh_from_db()
    assert (batch.state, len(batch.left_out)) == (BatchState.PUBLISHED, 1)


def test_import_at_once(client: Client, tmp_path: Path) -> None:
    assert upload(client, tmp_path, at_once=True).state == BatchState.PUBLISHED
    assert Household.objects.count() == 2


def test_what_ends_an_import_is_told_with_its_remedy(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "空.xlsx"
    workbook.write(path, {})
    file = SimpleUploadedFile("空.xlsx", path.read_bytes())
    page = client.post(reverse("collection:import"), {"file": file}, follow=True).content.decode()
    assert (ImportBatch.objects.get().fault, "COL-004" in page, "请使用模板。" in page) == ("COL-004", True, True)


def test_discard_removes_the_workbook(client: Client, tmp_path: Path) -> None:
    batch = upload(client, tmp_path)
    client.post(reverse("collection:discard", args=[batch.id]))
    batch.refresh_from_db()
    assert (batch.state, uploads.path_of(batch).exists()) == (BatchState.DISCARDED, False)
    again = client.post(reverse("collection:run", args=[batch.id]), {"mode": "import"})
    assert (again.status_code, b"COL-005" in again.content) == (400, True)


def test_discarding_is_kept_in_the_audit_without_the_name_of_the_file(client: Client, tmp_path: Path) -> None:
    batch = upload(client, tmp_path)
    client.post(reverse("collection:discard", args=[batch.id]))
    entry = AuditEntry.objects.get(action="collection.discard")
    assert (entry.actor, entry.subject_id, entry.label) == (batch.by_name, str(batch.id), batch.label)


@pytest.mark.parametrize("state", [BatchState.PUBLISHED, BatchState.UNCHANGED, BatchState.DISCARDED])
def test_what_is_over_cannot_be_discarded(client: Client, tmp_path: Path, state: BatchState) -> None:
    batch = upload(client, tmp_path)
    ImportBatch.objects.update(state=state)
    answer = client.post(reverse("collection:discard", args=[batch.id]))
    batch.refresh_from_db()
    assert (answer.status_code, b"COL-008" in answer.content, batch.state) == (400, True, state)
    assert not AuditEntry.objects.filter(action="collection.discard").exists()


def test_the_actions_themselves_refuse_the_import_of_somebody_else(client: Client, tmp_path: Path) -> None:
    batch = upload(client, tmp_path)
    namesake = make_actor(COUNTY, name=batch.by_name)  # the same name, another account's official
    for by in (make_actor(COUNTY, name="another"), namesake):
        for act in (
            lambda who: actions.run_batch(by=who, batch=batch, source=uploads.contents(batch)),
            lambda who: uploads.start(by=who, batch=batch, dry_run=False, good_rows=False),
            lambda who: uploads.discard(by=who, batch=batch),
        ):
            with pytest.raises(NotFound) as refused:
                act(by)
            assert refused.value.code == "COL-008"
    batch.refresh_from_db()
    assert (batch.state, uploads.path_of(batch).exists(), Household.objects.count()) == (BatchState.CHECKED, True, 0)


@pytest.mark.parametrize("content", [b"", b"no workbook at all", b"\xd0\xcf\x11\xe0" + bytes(100)])
def test_what_is_no_workbook_is_answered_on_the_form(client: Client, content: bytes) -> None:
    answer = client.post(reverse("collection:import"), {"file": SimpleUploadedFile("a.xlsx", content)})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert list(uploads.folder().iterdir()) == []
    assert ImportBatch.objects.count() == 0


def test_too_large_is_said_before_anything_is_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lika.collection.forms.MAX_FILE_BYTES", 10)
    answer = client.post(reverse("collection:import"), {"file": SimpleUploadedFile("a.xlsx", bytes(11))})
    assert (answer.status_code, list(uploads.folder().iterdir())) == (422, [])


def test_a_dead_import_is_shown_as_interrupted_and_can_be_run_again(client: Client, tmp_path: Path) -> None:
    batch = upload(client, tmp_path)
    ImportBatch.objects.update(state=BatchState.RUNNING, stage=Stage.READING, done=1, total=2)
    page = client.get(reverse("collection:batch", args=[batch.id])).content.decode()
    assert "导入被中断" in page
    client.post(reverse("collection:run", args=[batch.id]), {"mode": "check"})
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED


def test_progress_until_it_is_over(client: Client, tmp_path: Path) -> None:
    batch = upload(client, tmp_path)
    address = reverse("collection:progress", args=[batch.id])
    assert client.get(address)["HX-Refresh"] == "true"
    ImportBatch.objects.update(state=BatchState.WAITING, done=1, total=2)
    assert 'value="50"' in client.get(address).content.decode()


def test_one_sees_ones_own_imports_only(client: Client, tmp_path: Path) -> None:
    batch = upload(client, tmp_path)
    other = signed_in(Role.COUNTY, COUNTY)
    for name in ("batch", "progress", "marked"):
        answer = other.get(reverse(f"collection:{name}", args=[batch.id]))
        assert (name, answer.status_code) == (name, 404)
    assert other.post(reverse("collection:run", args=[batch.id]), {"mode": "import"}).status_code == 404
    assert batch.file_name not in other.get(reverse("collection:import")).content.decode()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.HELPER, Role.EVALUATOR, Role.ADMINISTRATOR])
def test_roles_without_the_permission_are_refused(role: Role, corner: None) -> None:
    client = signed_in(role)
    assert client.get(reverse("collection:import")).status_code == 403
    assert client.get(reverse("collection:template")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions(count: int, client: Client, tmp_path: Path) -> None:
    for _ in range(count):
        upload(client, tmp_path)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("collection:import"))
    assert len(statements(captured)) <= 9


def test_the_list_is_narrowed_to_a_state_sorted_and_paged(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, faulty = upload(client, tmp_path), upload(client, tmp_path, persons__2__sex="2")
    page = reverse("collection:import")

    def listed(**query: str) -> list[tuple[ImportBatch, bool]]:
        return [(line["batch"], line["marked"]) for line in client.get(page, query).context["lines"]]

    assert listed() == [(faulty, True), (whole, False)]
    assert listed(sort="when") == listed(sort="errors") == [(whole, False), (faulty, True)]
    ImportBatch.objects.filter(pk=whole.pk).update(state=BatchState.PUBLISHED)
    assert listed(state="published") == [(whole, False)]
    answer = client.get(page, {"state": "failed"})
    assert (answer.context["lines"], "没有处于此状态的导入" in answer.content.decode()) == ([], True)
    monkeypatch.setattr(queries, "IMPORTS_A_PAGE", 1)
    assert listed(page="2") == [(whole, False)]
    refused = client.get(page, {"sort": "state"})
    assert (refused.status_code, "COL-037" in refused.content.decode()) == (400, True)


class TestLargeWorkbooks:
    """They are imported by a process of their own."""

    @pytest.fixture
    def started(self, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        """The commands that were started, and not waited for."""
        commands: list[list[str]] = []
        monkeypatch.setattr(uploads, "SMALL_BYTES", 0)
        monkeypatch.setattr(processes.subprocess, "Popen", lambda command, **_options: commands.append(command))
        return commands

    def test_the_page_waits_and_the_process_does_the_work(
        self, client: Client, tmp_path: Path, started: list[list[str]]
    ) -> None:
        batch = upload(client, tmp_path)
        assert [command[1:] for command in started] == [["-m", "lika", "import", "batch", str(batch.id)]]
        assert (batch.state, batch.dry_run) == (BatchState.WAITING, True)
        assert "等待开始" in client.get(reverse("collection:batch", args=[batch.id])).content.decode()
        call_command("import", "batch", str(batch.id))
        batch.refresh_from_db()
        assert (batch.state, Household.objects.count()) == (BatchState.CHECKED, 0)

    def test_confirmed_it_is_written_by_a_second_process(
        self, client: Client, tmp_path: Path, started: list[list[str]]
    ) -> None:
        batch = upload(client, tmp_path)
        call_command("import", "batch", str(batch.id))
        ImportBatch.objects.update(created_at=timezone.now() - dt.timedelta(minutes=5))
        page = client.post(reverse("collection:run", args=[batch.id]), {"mode": "import"}, follow=True)
        assert "等待开始" in page.content.decode()
        call_command("import", "batch", str(batch.id))
        batch.refresh_from_db()
        assert (len(started), batch.state, Household.objects.count()) == (2, BatchState.PUBLISHED, 2)
        assert not uploads.path_of(batch).exists()

    def test_a_process_that_never_began_is_seen(self, client: Client, tmp_path: Path, started: list[list[str]]) -> None:
        batch = upload(client, tmp_path)
        ImportBatch.objects.update(started_at=timezone.now() - dt.timedelta(minutes=5))
        assert "导入被中断" in client.get(reverse("collection:batch", args=[batch.id])).content.decode()

    def test_the_process_has_the_rights_of_the_day(
        self, client: Client, tmp_path: Path, started: list[list[str]]
    ) -> None:
        batch = upload(client, tmp_path)
        Post.objects.update(valid_to=dt.date(2015, 1, 1))
        with pytest.raises(PermissionRefused):
            call_command("import", "batch", str(batch.id))


def test_what_nobody_took_up_again_is_removed(client: Client, tmp_path: Path) -> None:
    old = upload(client, tmp_path)
    os.utime(uploads.path_of(old), (0, 0))
    new = upload(client, tmp_path)
    assert [path.name for path in uploads.folder().iterdir()] == [f"{new.id}.sealed"]
