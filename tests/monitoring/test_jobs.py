"""Runs of the rules that are asked for on the page: who may, one at a time, how far, how they end."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from lika.accounts.choices import Role
from lika.core import processes
from lika.core.actors import SystemActor
from lika.core.errors import NotFound, UserError
from lika.core.models import AuditEntry
from lika.monitoring import actions
from lika.monitoring.choices import JobStage, RunState
from lika.monitoring.models import QualityFault, QualityJob, QualityRun
from lika.monitoring.queries import jobs
from lika.register.models import Household
from lika.snapshots import actions as snapshots
from lika.snapshots.models import Snapshot
from tests import factories as make
from tests.console.officials import signed_in
from tests.monitoring.conftest import Check


@pytest.fixture
def taken(home: Household, headless: Household, actor: SystemActor) -> Snapshot:
    return snapshots.take(by=actor, at=make.AT, division=make.COUNTY)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What processes were begun: none is, for it would not see the test's database."""
    words: list[tuple[str, ...]] = []
    monkeypatch.setattr(processes, "begin", lambda *asked, wait_seconds=0: words.append(asked))
    return words


def refused(by: SystemActor, taken: Snapshot) -> str:
    with pytest.raises(UserError) as error:
        actions.ask_for_quality(by=by, snapshot=taken.pk)
    return error.value.code


def test_a_run_asked_for_is_done_stage_by_stage(
    taken: Snapshot, actor: SystemActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = actions.ask_for_quality(by=actor, snapshot=taken.pk)
    assert (job.state, job.stage, job.step, jobs.is_going(job)) == (RunState.WAITING, "", 0, True)
    seen = []
    own = QualityJob.objects.filter(pk=job.pk)
    for name in ("judged", "write_faults", "_merge"):
        work = getattr(actions.running, name)

        def told(*given, work=work):  # type: ignore[no-untyped-def]
            found = own.get()
            seen.append((found.state, found.stage, found.step))
            return work(*given)

        monkeypatch.setattr(actions.running, name, told)
    done = actions.do_job(by=actor, job=job.pk)
    assert seen == [
        (RunState.RUNNING, JobStage.CHECKING, 0),
        (RunState.RUNNING, JobStage.LISTING, 1),
        (RunState.RUNNING, JobStage.KEEPING, 2),
    ]
    assert (done.state, done.fault, done.steps, jobs.is_going(done)) == (RunState.DONE, "", 3, False)
    assert done.finished_at is not None
    assert QualityRun.objects.get().snapshot == taken
    assert set(QualityFault.objects.values_list("rule", flat=True)) >= {"one_head", "insured_once"}
    audited = AuditEntry.objects.filter(action__startswith="quality.").values_list("action", flat=True)
    assert list(audited.order_by("at")) == ["quality.asked", "quality.run"]
    with pytest.raises(UserError) as again:
        actions.do_job(by=actor, job=job.pk)
    assert again.value.code == "QUA-004"
    assert QualityRun.objects.count() == 1


def test_one_at_a_time_and_a_killed_one_is_given_up(taken: Snapshot, actor: SystemActor) -> None:
    first = actions.ask_for_quality(by=actor, snapshot=taken.pk)
    assert refused(actor, taken) == "QUA-002"
    QualityJob.objects.filter(pk=first.pk).update(asked_at=timezone.now() - dt.timedelta(hours=2))
    first.refresh_from_db()
    assert not jobs.is_going(first)
    second = actions.ask_for_quality(by=actor, snapshot=taken.pk)
    assert set(QualityJob.objects.values_list("pk", flat=True)) == {first.pk, second.pk}


def test_an_older_snapshot_than_the_one_checked_is_refused(taken: Snapshot, actor: SystemActor) -> None:
    newer = snapshots.take(by=actor, at=make.AT, division=make.COUNTY)
    actions.run_quality(by=actor, snapshot=newer.pk)
    assert refused(actor, taken) == "QUA-001"
    assert QualityJob.objects.count() == 0


def test_a_run_that_fails_says_so_and_leaves_nothing(
    taken: Snapshot, actor: SystemActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(actions.running, "write_faults", full)
    job = actions.ask_for_quality(by=actor, snapshot=taken.pk)
    with pytest.raises(OSError, match="No space left"):
        actions.do_job(by=actor, job=job.pk)
    job.refresh_from_db()
    assert (job.state, job.stage, job.fault) == (RunState.FAILED, JobStage.LISTING, "QUA-000")
    assert (QualityRun.objects.count(), QualityFault.objects.count()) == (0, 0)
    page = signed_in(Role.COUNTY).get("/quality/")
    assert "QUA-000" in page.content.decode()
    assert actions.ask_for_quality(by=actor, snapshot=taken.pk).state == RunState.WAITING


def test_no_such_run(taken: Snapshot, actor: SystemActor) -> None:
    for work in (lambda: actions.do_job(by=actor, job=uuid4()), lambda: actions.job_asker(uuid4())):
        with pytest.raises(NotFound) as error:
            work()
        assert error.value.code == "QUA-003"


def test_the_button_starts_a_process_of_the_asker_and_the_page_follows_it(
    taken: Snapshot, begun: list[tuple[str, ...]]
) -> None:
    client = signed_in(Role.COUNTY)
    page = client.get("/quality/").content.decode()
    assert f'name="snapshot" value="{taken.pk}"' in page
    assert client.post("/quality/run/", {"snapshot": taken.pk}).status_code == 302
    job = QualityJob.objects.get()
    assert begun == [("quality", "--job", str(job.pk))]
    progress = f"/quality/runs/{job.pk}/progress/"
    page = client.get("/quality/").content.decode()
    assert progress in page
    assert 'name="snapshot"' not in page
    assert 'role="status"' in client.get(progress).content.decode()
    call_command("quality", "--job", str(job.pk))
    assert client.get(progress).headers["HX-Refresh"] == "true"
    page = client.get("/quality/")
    assert page.context["job"].state == RunState.DONE
    assert [(line["run"].pk, line["change"]) for line in page.context["trend"]] == [(QualityRun.objects.get().pk, None)]
    # Twice at once: the second is told on the page.
    client.post("/quality/run/", {"snapshot": taken.pk})
    again = client.post("/quality/run/", {"snapshot": taken.pk}, follow=True)
    assert "正在核查" in again.content.decode()
    assert QualityJob.objects.filter(state=RunState.WAITING).count() == 1


def test_whoever_may_not_run_the_rules_has_no_button(taken: Snapshot, begun: list[tuple[str, ...]]) -> None:
    for role in (Role.TOWNSHIP, Role.VILLAGE):
        client = signed_in(role)
        assert 'name="snapshot"' not in client.get("/quality/").content.decode()
        assert client.post("/quality/run/", {"snapshot": taken.pk}).status_code == 403
    assert (QualityJob.objects.count(), begun) == (0, [])


def test_from_run_to_run_the_page_says_what_changed(check: Check, home: Household) -> None:
    check()
    person = home.memberships.get(relation="01").person
    person.years.update(medical_employee=False)
    check()
    page = signed_in(Role.COUNTY).get("/quality/")
    assert [line["change"] for line in page.context["trend"]] == [None, -1]
    assert re.search(r">\s*[-−]1<", page.content.decode())
