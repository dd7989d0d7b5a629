"""Large campaigns opened by a process of its own: in parts, stopped, killed, gone on with, refused. 演示数据"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from lika.accounts.choices import Role
from lika.casework.actions import cases, quotas
from lika.casework.actions import runs as actions
from lika.casework.actions.quotas import Opening
from lika.casework.choices import CampaignKind, PartState, RunState
from lika.casework.models import Batch, Campaign, CampaignPart, CampaignRun, Case
from lika.casework.queries import runs
from lika.core.errors import UserError
from lika.core.models import AuditEntry
from tests import factories as make
from tests.casework.going import COUNTY, TOWNSHIP, VILLAGE, Place, campaign, place, row_reference
from tests.casework.screened import said
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db

ANOTHER = "451081100201"  # a village of another township
ANOTHER_TOWNSHIP = "451081100000"


@pytest.fixture
def at() -> Place:
    """Two households in the village, one in another township; by the screening one of the two is unknown."""
    found = place(2)
    found.households.append(make.make_household(ANOTHER, number="JX100", members=3, poverty="00"))
    first, second, third = found.households
    said({first.pk: 1, second.pk: None, third.pk: 1})
    return found


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What a process was begun for; the tests do it: another process sees no open transaction."""
    words: list[tuple[str, ...]] = []
    monkeypatch.setattr(actions.processes, "begin", lambda *given: words.append(given))
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, villages_at_once=2))
    return words


@contextmanager
def held(run: CampaignRun) -> Iterator[None]:
    """Another process does the run."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [run.lock_key])
        yield
    finally:
        other.close()


def parts(run: CampaignRun) -> list[tuple[str, str, int, int, int, int]]:
    return list(run.parts.values_list("division", "state", "cases", "persons", "under_way", "unknown"))


def test_a_campaign_is_opened_township_by_township(at):
    opened = campaign(at)
    asked = actions.ask_for_run(by=at.county, campaign=opened.pk)
    heard: list[str] = []
    run = actions.do_run(by=at.county, run=asked.pk, tell=lambda part: heard.append(part.division_id))
    assert (run.state, run.finished_at is not None, heard) == (RunState.DONE, True, [ANOTHER_TOWNSHIP, TOWNSHIP])
    assert parts(run) == [(ANOTHER_TOWNSHIP, "done", 1, 3, 0, 0), (TOWNSHIP, "done", 1, 2, 0, 1)]
    assert sorted(Case.objects.values_list("household_id", "batch__number")) == sorted(
        [(at.households[0].pk, int(VILLAGE)), (at.households[2].pk, int(ANOTHER))]
    )
    assert Batch.objects.filter(campaign=opened).count() == 3
    told = AuditEntry.objects.filter(action__in=("campaign.run_asked", "campaign.begun", "batch.taken_in"))
    assert sorted(told.values_list("action", flat=True)) == [
        "batch.taken_in", "batch.taken_in", "campaign.begun", "campaign.run_asked",
    ]  # fmt: skip


def test_asked_again_it_takes_in_who_has_no_case_yet(at):
    opened = campaign(at)
    for _time in range(2):
        run = actions.do_run(by=at.county, run=actions.ask_for_run(by=at.county, campaign=opened.pk).pk)
        said(dict.fromkeys((each.pk for each in at.households), 1))
    assert parts(run) == [(ANOTHER_TOWNSHIP, "done", 0, 0, 1, 0), (TOWNSHIP, "done", 1, 2, 1, 0)]
    assert (Case.objects.count(), CampaignRun.objects.count()) == (3, 2)


def test_it_stops_after_the_part_that_it_is_at_and_goes_on(at):
    opened = campaign(at)
    run = actions.ask_for_run(by=at.county, campaign=opened.pk)
    stopped = actions.do_run(by=at.county, run=run.pk, tell=lambda _part: actions.stop_run(by=at.county, run=run.pk))
    assert stopped.state == RunState.STOPPED
    assert parts(run) == [(ANOTHER_TOWNSHIP, "done", 1, 3, 0, 0), (TOWNSHIP, "waiting", 0, 0, 0, 0)]
    with pytest.raises(UserError) as over:
        actions.do_run(by=at.county, run=run.pk)
    assert over.value.code == "CAS-162"
    again = actions.ask_for_run(by=at.county, campaign=opened.pk)
    assert (again.pk, actions.do_run(by=at.county, run=again.pk).state) == (run.pk, RunState.DONE)
    assert parts(run) == [(ANOTHER_TOWNSHIP, "done", 1, 3, 0, 0), (TOWNSHIP, "done", 1, 2, 0, 1)]
    with pytest.raises(UserError) as done:
        actions.stop_run(by=at.county, run=run.pk)
    assert done.value.code == "CAS-162"


def test_while_a_process_does_it_no_other_begins(at):
    run = actions.ask_for_run(by=at.county, campaign=campaign(at).pk)
    with held(run):
        codes = []
        for act in (
            lambda: actions.ask_for_run(by=at.county, campaign=run.campaign_id),
            lambda: actions.do_run(by=at.county, run=run.pk),
        ):
            with pytest.raises(UserError) as refused:
                act()
            codes.append(refused.value.code)
    assert (codes, Batch.objects.exists()) == (["CAS-160", "CAS-162"], False)


def test_a_county_without_a_screening_is_named_and_the_others_go_on(at):
    make.make_household("451022100201", poverty="00")
    prefecture = make.make_actor("451000000000", name="prefecture")
    opening = Opening(kind=CampaignKind.IDENTIFICATION, year=2014, size=9, document="演示", pack=row_reference())
    opened = quotas.open_campaign(by=prefecture, division="451000000000", opening=opening)
    run = actions.do_run(by=prefecture, run=actions.ask_for_run(by=prefecture, campaign=opened.pk).pk)
    here, seen = f"/casework/campaigns/{opened.pk}/cases/", []
    for role, division in ((Role.PREFECTURE, "451000000000"), (Role.COUNTY, COUNTY)):
        page = signed_in(role, division).get(here)
        seen.append([(each.code, each.under_way) for each in page.context["lines"]])
    assert seen == [[(COUNTY, 2)], [(ANOTHER_TOWNSHIP, 1), (TOWNSHIP, 1)]]
    (refused,) = runs.progress_of(run).refused
    assert (run.state, refused.division_id, refused.fault) == (RunState.DONE, "451022000000", "CAS-051")
    assert "screen" in refused.told or "筛查" in refused.told
    assert Case.objects.count() == 2


def test_an_unforeseen_fault_is_kept_with_the_run(at):
    run = actions.ask_for_run(by=at.county, campaign=campaign(at).pk)
    Campaign.objects.update(pack="")
    with pytest.raises(UserError):
        actions.do_run(by=at.county, run=run.pk)
    run.refresh_from_db()
    assert (run.state, run.fault, run.finished_at is None) == (RunState.FAILED, "CAS-038", False)


def test_who_may_not_open_the_campaign_may_not_ask_stop_or_see_it(at):
    opened = campaign(at)
    run = actions.ask_for_run(by=at.county, campaign=opened.pk)
    cases.begin(by=at.county, campaign=opened.pk)  # now the township sees the campaign
    for act in (
        lambda: actions.ask_for_run(by=at.township, campaign=opened.pk),
        lambda: actions.stop_run(by=at.township, run=run.pk),
    ):
        with pytest.raises(UserError) as refused:
            act()
        assert refused.value.code == "ACC-002"
    with pytest.raises(UserError) as unseen:
        runs.run_in_sight(make.make_actor("621223000000"), run.pk)
    assert unseen.value.code == "CAS-161"


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_leaves_nothing_half_done_and_is_gone_on_with(at):
    opened = campaign(at)
    run = actions.ask_for_run(by=at.county, campaign=opened.pk)
    address = urlsplit(os.environ["LIKA_DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    others = {name: value for name, value in os.environ.items() if not name.endswith("_DATABASE_URL")}
    environment = {**others, "LIKA_DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "lika.config.settings"}
    command = [sys.executable, "-m", "tests.casework.killed", str(run.pk), "2"]

    assert subprocess.run(command, env=environment, check=False).returncode == -signal.SIGKILL

    run.refresh_from_db()
    told = runs.progress_of(run)
    assert (run.state, told.is_killed, told.may_go_on, told.done) == (RunState.RUNNING, True, True, 1)
    assert [each.state for each in told.parts] == [PartState.DONE, PartState.WAITING]
    assert list(Case.objects.values_list("household_id", flat=True)) == [at.households[2].pk]
    assert AuditEntry.objects.filter(action="batch.taken_in").count() == 1
    again = actions.ask_for_run(by=at.county, campaign=opened.pk)
    assert actions.do_run(by=at.county, run=again.pk).state == RunState.DONE
    assert sorted(Case.objects.values_list("household_id", flat=True)) == sorted(
        [at.households[0].pk, at.households[2].pk]
    )
    assert AuditEntry.objects.filter(action="batch.taken_in").count() == 2


class TestPages:
    def test_a_large_campaign_is_opened_in_the_background(self, at, begun):
        opened, county = campaign(at), signed_in(Role.COUNTY, COUNTY)
        here = f"/casework/campaigns/{opened.pk}/cases/"
        assert "该项工作超过2个村" in county.get(here).content.decode()
        assert county.post(f"{here}begin/", {"procedure": "identification"}).status_code == 302
        run = CampaignRun.objects.get()
        assert (begun, Batch.objects.exists()) == ([("case", "run", str(run.pk))], False)
        page = county.get(here)
        assert (page.context["progress"].is_going, "begin_form" in page.content.decode()) == (True, False)
        assert "已办理0个区划（共2个）" in county.get(f"/casework/campaign-runs/{run.pk}/").content.decode()

        call_command("case", "run", str(run.pk))

        assert county.get(f"/casework/campaign-runs/{run.pk}/").headers["HX-Refresh"] == "true"
        page = county.get(here)
        assert (page.context["under_way"], page.context["progress"].cases, page.context["large"]) == (2, 2, True)
        assert "未导入：情况不明1个，已有在办案件0个" in page.content.decode()
        said(dict.fromkeys((each.pk for each in at.households), 1))
        assert county.post(f"{here}take-in/").status_code == 302
        actions.do_run(by=at.county, run=CampaignRun.objects.exclude(pk=run.pk).get().pk)
        assert (Case.objects.count(), len(begun)) == (3, 2)

    def test_it_is_stopped_and_gone_on_with(self, at, begun):
        opened, county = campaign(at), signed_in(Role.COUNTY, COUNTY)
        here = f"/casework/campaigns/{opened.pk}/cases/"
        county.post(f"{here}begin/", {"procedure": "identification"})
        run = CampaignRun.objects.get()
        assert county.post(f"/casework/campaign-runs/{run.pk}/stop/").status_code == 302
        assert CampaignRun.objects.get().state == RunState.STOPPED
        page = county.get(here)
        assert (page.context["progress"].may_go_on, "继续后台办理" in page.content.decode()) == (True, True)
        again = county.post(f"/casework/campaign-runs/{run.pk}/stop/", follow=True)
        assert "这项后台办理已结束" in again.content.decode()
        assert county.post(f"{here}go-on/").status_code == 302
        assert (CampaignRun.objects.get().state, len(begun)) == (RunState.WAITING, 2)
        assert "这项工作正在后台办理" in county.post(f"{here}go-on/", follow=True).content.decode()

    def test_a_small_one_is_opened_while_the_page_waits(self, at, begun, monkeypatch):
        monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, villages_at_once=3))
        opened, county = campaign(at), signed_in(Role.COUNTY, COUNTY)
        here = f"/casework/campaigns/{opened.pk}/cases/"
        assert county.post(f"{here}begin/", {"procedure": "identification"}).status_code == 302
        assert county.post(f"{here}take-in/").status_code == 302
        assert (Batch.objects.count(), Case.objects.count(), begun, CampaignPart.objects.count()) == (3, 2, [], 0)


def test_the_operator_opens_one_from_the_command_line(at):
    opened, said_there = campaign(at), StringIO()
    call_command("case", "open", str(opened.pk), stdout=said_there)
    lines = said_there.getvalue().splitlines()
    assert [each.split() for each in lines[:2]] == [[ANOTHER_TOWNSHIP, "1"], [TOWNSHIP, "1"]]
    assert lines[2:] in (
        ["2 cases taken in; 0 have a case already, of 1 too little is known."],
        ["导入2件；已有在办案件0个，情况不明1个。"],
    )
