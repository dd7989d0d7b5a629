"""The papers of all notices of an area as one ZIP: what is in it, left out, killed, stopped, out of sight. 演示数据"""

import datetime as dt
import hashlib
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from lika.accounts.choices import Role
from lika.casework import bundle_files
from lika.casework.actions import bundles as actions
from lika.casework.actions import cases
from lika.casework.actions.cases import Candidate
from lika.casework.bundle_contents import CONTENTS
from lika.casework.choices import PartState, RunState
from lika.casework.models import Campaign, Notice, NoticeBundle
from lika.casework.papers.registry import printed
from lika.casework.queries import bundles as reads
from lika.casework.queries.notices import clock_of
from lika.casework.queries.papers.boards import board_paper
from lika.core.errors import UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.register.models import Household
from tests import factories as make
from tests.at_once import at_once
from tests.casework.going import COUNTY, MET, SECOND, TOWNSHIP, VILLAGE, Place, begun, place
from tests.casework.noticing import PHONE, brought, hung, notices, today
from tests.conftest import OwnProcesses
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db

ANOTHER, ANOTHER_TOWNSHIP = "451081100201", "451081100000"  # a village of another township
REASON = "演示：张贴"
WEEK = dt.timedelta(days=7)


@pytest.fixture
def other_process(own_processes: OwnProcesses, tmp_path: Path) -> None:
    """Before anything is sealed: with what a test before sealed its key went, which another process could not read."""
    own_processes(tmp_path)


@pytest.fixture
def at() -> Place:
    found = place(2)
    found.households += [make.make_household(code, number=f"JX{code}", head="岑演示") for code in (SECOND, ANOTHER)]
    return found


@pytest.fixture
def hanging(at: Place) -> list[Notice]:
    """A notice each in two villages of a township, posted, and in a village of another, not posted yet; by code."""
    own, at.households = at.households, at.households[:2]
    first = begun(at)
    made = []
    for household in own[2:]:
        village = Household.objects.get(pk=household.pk).village
        with transaction.atomic():
            (case,) = cases.take_in(
                by=at.county, campaign=Campaign.objects.get(),
                candidates=[Candidate(division=village, household_id=household.pk, persons=1, verdicts=MET)],
            ).cases  # fmt: skip
        made.append(case.batch)
    for batch in (first, *made):
        brought(batch, "first_notice")
    office = make.make_actor(COUNTY, name="office")
    for batch in (first, made[0]):
        hung(office, batch)
    notices.open_notice(by=office, batch=made[1].pk, phone=PHONE)
    return sorted(
        Notice.objects.select_related("batch__division", "batch__campaign"), key=lambda each: each.batch.number
    )


def asked(at: Place, **given: object) -> NoticeBundle:
    return actions.ask_for_bundle(by=at.county, **{"division": COUNTY, "reason": REASON} | given)


def made(at: Place, **given: object) -> NoticeBundle:
    return actions.do_bundle(by=at.county, bundle=asked(at, **given).pk)


def taken(at: Place, bundle: NoticeBundle) -> zipfile.ZipFile:
    name, content = actions.take_bundle(by=at.county, bundle=bundle.pk)
    assert name == f"lika-notices-{bundle.division_id}-{bundle.id.hex[-8:]}.zip"
    return zipfile.ZipFile(io.BytesIO(content))


def rows(archive: zipfile.ZipFile) -> list[tuple[object, ...]]:
    """The contents below their heading."""
    page = load_workbook(io.BytesIO(archive.read(CONTENTS))).active
    return [tuple(each) for each in page.iter_rows(min_row=8, values_only=True)]


def code_of(act: object, *given: object, **named: object) -> str:
    with pytest.raises(UserError) as refused:
        act(*given, **named)  # type: ignore[operator]
    return refused.value.code


def states(bundle: NoticeBundle) -> list[tuple[str, str]]:
    return list(bundle.lines.values_list("name", "state"))


def paper_of(notice: Notice) -> bytes:
    """The paper of a notice as it is printed alone."""
    return printed(board_paper(notice, clock_of(notice), if_posted=today(), effective_on=None).paper)


def day(of: dt.date) -> dt.datetime:
    return dt.datetime.combine(of, dt.time())


def test_every_notice_of_the_county_is_in_the_file_with_a_list_of_contents(at, hanging):
    bundle = made(at)
    archive = taken(at, bundle)
    names = list(bundle.lines.values_list("name", flat=True))
    assert archive.namelist() == [CONTENTS, *names]
    papers = [paper_of(each) for each in hanging]
    assert [archive.read(name) for name in names] == papers
    digests = [hashlib.sha256(each).hexdigest() for each in papers]
    told = [(each.batch.division.name, each.batch.division_id, each.batch.division.parent.name) for each in hanging]
    village = "{}行政村公示栏"
    first, last = day(today() + dt.timedelta(days=1)), day(today() + WEEK)
    kinds = ("2014 识别规模", "公示 1")
    assert rows(archive) == [
        (
            n, township, name, code, *kinds, lines, first, last, village.format(name), waiting and village.format(name),
            file, digest, None, None,
        )
        for n, ((name, code, township), lines, waiting, file, digest) in enumerate(
            zip(told, (1, 2, 1), (True, None, None), names, digests, strict=True), start=1
        )
    ]  # fmt: skip
    assert names == [f"{township}/{name}-2014-公示1.pdf" for name, _code, township in told]
    heads = {each.memberships.get(relation="01").person.name for each in at.households}
    listed = archive.read(CONTENTS).decode("latin-1") + " ".join(names)
    assert [head for head in heads if head in listed or any(head in str(row) for row in rows(archive))] == []


def test_what_was_done_stands_in_the_audit_and_the_file_is_sealed(at, hanging):
    bundle = made(at)
    taken(at, bundle)
    bundle.refresh_from_db()
    entries = AuditEntry.objects.filter(action__regex="^notices?[.](asked|printed|bundled|taken)$").order_by("at", "id")
    assert list(entries.values_list("action", "reason", "actor", "county")) == [
        (action, REASON, "system:county", 451081)
        for action in ("notices.asked", *["notice.printed"] * 3, "notices.bundled", "notices.taken")
    ]
    assert sorted(entries.filter(action="notice.printed").values_list("subject_id", flat=True)) == sorted(
        str(each.batch_id) for each in hanging
    )
    held = bundle_files.path_of(bundle).read_bytes()
    assert (len(held) > bundle.file_bytes, b"%PDF" in held, bundle.taken) == (True, False, 1)
    assert [each.name for each in bundle_files.folder().glob(f"{bundle.id}*")] == [f"{bundle.id}.sealed"]
    whole = bundle_files.read(bundle)
    assert (hashlib.sha256(whole).hexdigest(), len(whole)) == (bundle.file_sha256, bundle.file_bytes)


def test_what_cannot_be_printed_is_named_with_code_and_reason(at, hanging):
    other, unsure, ended = hanging
    Notice.objects.filter(pk=unsure.pk).update(day_kind="working")
    bundle = asked(at)
    Notice.objects.filter(pk=ended.pk).update(state="ended", ended_at=timezone.now())
    Notice.objects.filter(pk=other.pk).update(opened_at=timezone.now() + dt.timedelta(days=1))
    actions.do_bundle(by=at.county, bundle=bundle.pk)
    archive = taken(at, bundle)
    left = [(each.notice_id, each.fault) for each in reads.left_out_of(bundle)]
    assert left == [(other.pk, "CAS-092"), (unsure.pk, "CAS-141"), (ended.pk, "CAS-094")]
    assert (archive.namelist(), [row[10:14] for row in rows(archive)]) == (
        [CONTENTS],
        [(None, None, None, each) for each in ("CAS-092", "CAS-141", "CAS-094")],
    )
    assert all(row[14] for row in rows(archive))
    assert not AuditEntry.objects.filter(action="notice.printed").exists()
    Notice.objects.filter(pk=unsure.pk).update(day_kind="calendar")
    assert states(made(at, division=TOWNSHIP)) == [(bundle.lines.get(notice=unsure).name, "done")]


def test_only_what_is_asked_for_and_hangs_is_taken(at, hanging):
    other, first, second = hanging
    bundle = asked(at, division=TOWNSHIP)
    assert [each.notice_id for each in bundle.lines.all()] == [first.pk, second.pk]
    NoticeBundle.objects.update(state=RunState.STOPPED)
    village = asked(at, division=VILLAGE, campaign=first.batch.campaign_id, kind="notice")
    assert [each.notice_id for each in village.lines.all()] == [first.pk]
    NoticeBundle.objects.update(state=RunState.STOPPED)
    codes = [
        code_of(asked, at, kind="announcement"),
        code_of(asked, at, reason="  "),
        code_of(asked, at, division="451081999000"),
        code_of(asked, at, campaign=other.pk),
    ]
    assert codes == ["CAS-142", "COL-030", "DIV-010", "CAS-010"]


def test_who_may_not_take_names_away_may_not_ask_and_nobody_beyond_the_area(at, hanging):
    lacking = [
        make.make_actor(COUNTY, permissions=set(Permission) - {each})
        for each in (Permission.REGISTER_EXPORT, Permission.REGISTER_PERSONAL, Permission.CASEWORK_VIEW)
    ]
    given = {"division": COUNTY, "reason": REASON}
    codes = [code_of(actions.ask_for_bundle, by=each, **given) for each in (*lacking, at.township)]
    assert codes == ["ACC-001", "ACC-001", "ACC-001", "ACC-002"]
    wide = make.make_actor("451000000000")
    assert code_of(actions.ask_for_bundle, by=wide, division="451000000000", reason=REASON) == "CAS-143"
    own = actions.ask_for_bundle(by=at.township, division=TOWNSHIP, reason=REASON)
    assert [each.notice_id for each in own.lines.all()] == [each.pk for each in hanging[1:]]
    assert not AuditEntry.objects.filter(action="notice.printed").exists()


def test_a_bundle_is_its_askers_alone_and_of_its_area(at, hanging):
    bundle = made(at)
    stranger, colleague = make.make_actor(ANOTHER_TOWNSHIP, name="stranger"), at.reviewer
    acts = (actions.take_bundle, actions.stop_bundle, actions.go_on)
    assert [code_of(act, by=stranger, bundle=bundle.pk) for act in acts] == ["CAS-144"] * 3
    assert [code_of(act, by=colleague, bundle=bundle.pk) for act in acts] == ["CAS-146"] * 3
    assert [code_of(act, by=at.county, bundle=bundle.pk) for act in acts[1:]] == ["CAS-145"] * 2
    seen = [[each.bundle.pk for each in reads.listed(by)] for by in (stranger, colleague, at.county)]
    assert seen == [[], [bundle.pk], [bundle.pk]]
    may = [reads.progress_of(by, bundle.pk).may_take for by in (colleague, at.county)]
    assert may == [False, True]


def test_the_file_is_kept_for_a_week(at, hanging):
    bundle = made(at)
    told = reads.progress_of(at.county, bundle.pk)
    assert told.kept_until == bundle.finished_at + dt.timedelta(days=7)
    NoticeBundle.objects.update(finished_at=timezone.now() - dt.timedelta(days=7, minutes=1))
    assert code_of(actions.take_bundle, by=at.county, bundle=bundle.pk) == "CAS-147"
    old = time.time() - 8 * 24 * 60 * 60
    os.utime(bundle_files.path_of(bundle), (old, old))
    made(at)
    assert not bundle_files.path_of(bundle).exists()


@pytest.mark.django_db(transaction=True)
def test_of_a_double_click_one_is_printed(at, hanging):
    assert at_once(lambda: asked(at), lambda: asked(at)) == ["CAS-148", "done"]
    assert NoticeBundle.objects.count() == 1


def test_it_stops_after_the_township_that_it_is_at_and_goes_on(at, hanging):
    bundle = asked(at)
    assert code_of(asked, at) == "CAS-148"
    stopped = actions.do_bundle(
        by=at.county, bundle=bundle.pk, tell=lambda _part, _lines: actions.stop_bundle(by=at.county, bundle=bundle.pk)
    )
    names = [name for name, _state in states(bundle)]
    assert (stopped.state, states(bundle)) == (
        RunState.STOPPED,
        list(zip(names, [PartState.DONE, PartState.WAITING, PartState.WAITING], strict=True)),
    )
    assert code_of(actions.do_bundle, by=at.county, bundle=bundle.pk) == "CAS-145"
    assert code_of(actions.take_bundle, by=at.county, bundle=bundle.pk) == "CAS-145"
    heard: list[int] = []
    again = actions.go_on(by=at.county, bundle=bundle.pk)
    done = actions.do_bundle(by=at.county, bundle=again.pk, tell=lambda part, _lines: heard.append(part))
    assert (done.state, heard, taken(at, bundle).namelist()) == (RunState.DONE, [int(TOWNSHIP)], [CONTENTS, *names])


def test_what_was_removed_meanwhile_is_printed_again(at, hanging):
    bundle = asked(at)
    actions.do_bundle(
        by=at.county, bundle=bundle.pk, tell=lambda _part, _lines: actions.stop_bundle(by=at.county, bundle=bundle.pk)
    )
    bundle_files.path_of(bundle, int(ANOTHER_TOWNSHIP)).unlink()
    actions.go_on(by=at.county, bundle=bundle.pk)
    actions.do_bundle(by=at.county, bundle=bundle.pk)
    assert len(taken(at, bundle).namelist()) == 4


def test_while_a_process_prints_it_no_other_begins(at, hanging):
    bundle = asked(at)
    with held(bundle):
        codes = [code_of(act, by=at.county, bundle=bundle.pk) for act in (actions.do_bundle, actions.go_on)]
    assert (codes, set(dict(states(bundle)).values())) == (["CAS-145", "CAS-145"], {"waiting"})


@contextmanager
def held(bundle: NoticeBundle) -> Iterator[None]:
    """Another process prints it."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [bundle.lock_key])
        yield
    finally:
        other.close()


def test_who_lost_the_right_meanwhile_gets_nothing_printed(at, hanging):
    bundle = asked(at)
    left = make.make_actor(TOWNSHIP, name="county")
    assert code_of(actions.do_bundle, by=left, bundle=bundle.pk) == "ACC-002"
    bundle.refresh_from_db()
    assert (bundle.state, bundle.fault, set(dict(states(bundle)).values())) == ("failed", "ACC-002", {"waiting"})


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_leaves_no_township_half_done_and_is_gone_on_with(other_process, at, hanging):
    bundle = asked(at)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "lika.config.settings"}
    command = [sys.executable, "-m", "tests.casework.killed", str(bundle.pk), "2", "notices"]

    ended = subprocess.run(command, env=environment, check=False, stdout=subprocess.PIPE, text=True)

    assert ended.returncode == -signal.SIGKILL
    setting = [int(each) for each in ended.stdout.split()]
    assert (bool(setting), gone(setting)) == (True, True)
    bundle.refresh_from_db()
    told = reads.progress_of(at.county, bundle.pk)
    assert (bundle.state, told.is_killed, told.may_go_on, told.printed, told.notices) == ("running", True, True, 1, 3)
    assert AuditEntry.objects.filter(action="notice.printed").count() == 1
    actions.go_on(by=at.county, bundle=bundle.pk)
    assert actions.do_bundle(by=at.county, bundle=bundle.pk).state == RunState.DONE
    papers = [paper_of(each) for each in hanging]
    archive = taken(at, bundle)
    assert [archive.read(name) for name in archive.namelist()[1:]] == papers
    assert AuditEntry.objects.filter(action="notice.printed").count() == 3


def gone(processes: list[int]) -> bool:
    """Whether the processes that set papers end soon after the one that began them."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if not any(Path(f"/proc/{each}").exists() for each in processes):
            return True
        time.sleep(0.1)
    return False


def test_a_township_asks_the_same_queries_however_many_notices_it_has(at, hanging):
    counts = []
    for division in (VILLAGE, TOWNSHIP):
        bundle = asked(at, division=division)
        with CaptureQueriesContext(connection) as asked_for:
            actions.do_bundle(by=at.county, bundle=bundle.pk)
        counts.append(len(asked_for))
        with CaptureQueriesContext(connection) as asked_for:
            reads.listed(at.county)
        counts.append(len(asked_for))
    assert counts == [25, 2, 25, 2]


def test_the_operator_prints_them_from_the_command_line(at, hanging, tmp_path, capsys):
    Notice.objects.filter(pk=hanging[1].pk).update(day_kind="working")
    with pytest.raises(SystemExit) as ended:
        call_command("case", "notices", COUNTY, reason=REASON, to=tmp_path)
    (file,) = tmp_path.iterdir()
    lines = capsys.readouterr().out.splitlines()
    assert (ended.value.code, file.stat().st_mode & 0o777, lines[:3]) == (
        1,
        0o600,
        [f"{ANOTHER_TOWNSHIP}       1 / 1", f"{TOWNSHIP}       1 / 2", str(file)],
    )
    assert [VILLAGE in lines[3], "CAS-141" in lines[3], len(lines)] == [True, True, 4]
    assert len(zipfile.ZipFile(file).namelist()) == 3


class TestPages:
    @pytest.fixture
    def begun_for(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
        """What a process was begun for; the tests do it: another process sees no open transaction."""
        words: list[tuple[str, ...]] = []
        monkeypatch.setattr(actions.processes, "begin", lambda *given: words.append(given))
        return words

    def test_a_county_asks_watches_and_takes(self, at, hanging, begun_for):
        Notice.objects.filter(pk=hanging[1].pk).update(day_kind="working")
        county, here = signed_in(Role.COUNTY, COUNTY), "/casework/notices/papers/"
        campaign = hanging[0].batch.campaign_id
        for page in (f"/casework/campaigns/{campaign}/cases/", "/casework/batches/"):
            assert "打印全部公示" in county.get(page).content.decode()
        chosen = county.get(f"{here}?campaign={campaign}").content.decode()
        assert f'value="{campaign}" selected' in chosen
        refused = county.post(
            here, {"division": COUNTY, "campaign": campaign, "kind": "announcement", "reason": "演示"}
        )
        assert (refused.status_code, "CAS-142" in refused.content.decode()) == (422, True)
        asked_for = county.post(here, {"division": COUNTY, "campaign": "", "kind": "", "reason": REASON})
        bundle = NoticeBundle.objects.get()
        page = f"{here}{bundle.pk}/"
        assert (asked_for.status_code, asked_for["Location"], begun_for) == (
            302, page, [("case", "print", str(bundle.pk))],
        )  # fmt: skip
        assert "已处理0份（共3份）" in county.get(page).content.decode()
        assert "已处理0份（共3份）" in county.get(f"{page}progress/").content.decode()
        assert "CAS-145" not in county.post(f"{page}take/", follow=True).content.decode()

        call_command("case", "print", str(bundle.pk))

        assert county.get(f"{page}progress/").headers["HX-Refresh"] == "true"
        told = county.get(page)
        assert (told.context["progress"].printed, [each.fault for each in told.context["left_out"]]) == (2, ["CAS-141"])
        assert "待确认" in told.content.decode() or "未确认" in told.content.decode()
        file = county.post(f"{page}take/")
        assert (file["Content-Type"], "no-store" in file["Cache-Control"], county.get(f"{page}take/").status_code) == (
            "application/zip", True, 405,
        )  # fmt: skip
        assert zipfile.ZipFile(io.BytesIO(file.content)).namelist()[1:] == [
            each.name for each in bundle.lines.filter(state="done")
        ]
        colleague = signed_in(Role.COUNTY, COUNTY)
        seen = colleague.get(page).content.decode()
        assert (colleague.post(f"{page}take/").status_code, f'action="{page}take/"' in seen) == (403, False)
        assert f'action="{page}take/"' in county.get(page).content.decode()
        assert signed_in(Role.TOWNSHIP, TOWNSHIP).get(page).status_code == 404

    def test_it_is_stopped_and_gone_on_with(self, at, hanging, begun_for):
        township, here = signed_in(Role.TOWNSHIP, TOWNSHIP), "/casework/notices/papers/"
        assert township.post(here, {"division": COUNTY, "reason": REASON}).status_code == 422
        township.post(here, {"division": TOWNSHIP, "reason": REASON})
        bundle = NoticeBundle.objects.get()
        page = f"{here}{bundle.pk}/"
        assert (township.post(f"{page}stop/").status_code, NoticeBundle.objects.get().state) == (302, "stopped")
        assert "继续打印" in township.get(page).content.decode()
        assert "状态已变" in township.post(f"{page}stop/", follow=True).content.decode()
        assert (township.post(f"{page}go-on/").status_code, NoticeBundle.objects.get().state) == (302, "waiting")
        assert len(begun_for) == 2
        NoticeBundle.objects.update(state="running")
        assert "中断" in township.get(page).content.decode()
        NoticeBundle.objects.update(state="failed", fault="COL-025")
        assert "COL-025" in township.get(page).content.decode()
