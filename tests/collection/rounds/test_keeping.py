"""A later day for one village, and the county in the place of a township without an auditor. 演示数据"""

import datetime as dt

import pytest
from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.queries import actor_of
from lika.collection.rounds import actions, queries
from lika.collection.rounds.choices import SubmissionState, Verb
from lika.core.models import AuditEntry
from tests import factories as make
from tests.collection.rounds.conftest import VILLAGE_OFFICER, Township, fill_all
from tests.collection.rounds.test_states import code_of, states_of_rows
from tests.console.officials import official, signed_in

pytestmark = pytest.mark.django_db


LATER = timezone.localdate() + dt.timedelta(days=7)


def test_of_one_village_by_its_township_with_the_reason_kept(township: Township, station):
    found = township.submission()
    actions.extend_due(by=station, submission=found.pk, due_on=LATER, reason="暴雨封路")
    assert (township.submission().due_on, township.submission(make.OTHER_VILLAGE).due_on) == (
        LATER, township.round.fill_by,
    )  # fmt: skip
    (step,) = queries.history(found)
    assert (step.verb, step.note, step.by_name) == (Verb.EXTEND, "暴雨封路", station.name)
    assert AuditEntry.objects.get(action="round.extend").reason == "暴雨封路"
    assert [line.late for line in queries.progress(station, township.round.pk).lines] == [False, True]


def test_it_is_later_has_a_reason_and_comes_before_handing_in(township: Township, village, station):
    asked = {"by": station, "submission": township.submission().pk}
    assert code_of(actions.extend_due, **asked, due_on=township.round.fill_by, reason="x") == "RND-035"
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    assert code_of(actions.extend_due, **asked, due_on=yesterday, reason="x") == "RND-035"
    assert code_of(actions.extend_due, **asked, due_on=LATER, reason=" ") == "RND-004"
    no_station = make.make_actor(make.TOWNSHIP, permissions=("register.change", "round.view"))
    assert code_of(actions.extend_due, **(asked | {"by": no_station}), due_on=LATER, reason="x") == "ACC-001"
    actions.submit(by=village, submission=fill_all(village, township).pk)
    assert code_of(actions.extend_due, **asked, due_on=LATER, reason="x") == "RND-002"


def test_on_the_page(township: Township):
    page = f"/rounds/village/{township.submission().pk}/"
    client = signed_in(Role.COUNTY)
    assert client.get(page).context["may_extend"]
    client.post(f"{page}extend/", {"due_on": LATER.isoformat(), "reason": "暴雨封路"})
    assert township.submission().due_on == LATER
    client.post(f"{page}extend/", {"due_on": "", "reason": "x"})
    assert township.submission().due_on == LATER
    assert not signed_in(Role.VILLAGE).get(page).context["may_extend"]


def test_the_county_passes_with_a_reason_and_another_locks(township: Township, village, office):
    handed = actions.submit(by=village, submission=fill_all(village, township).pk)
    asked = {"by": office, "submission": handed.pk}
    assert code_of(actions.pass_for_township, **asked, reason="") == "RND-004"
    passed = actions.pass_for_township(**asked, reason="审核人调离，岗位空缺")
    assert (passed.state, passed.passed_by) == (SubmissionState.PASSED, office.name)
    assert states_of_rows(township) == {"confirmed"}
    assert queries.history(passed)[0].verb == Verb.STAND_IN
    assert AuditEntry.objects.get(action="round.stand_in").reason == "审核人调离，岗位空缺"
    assert code_of(actions.lock_submission, **asked) == "RND-003"
    second = make.make_actor(make.COUNTY, name="county-second")
    assert actions.lock_submission(by=second, submission=handed.pk).state == SubmissionState.LOCKED


def test_not_where_somebody_audits_and_never_ones_own(township: Township, village, office):
    handed = actions.submit(by=village, submission=fill_all(village, township).pk)
    asked = {"submission": handed.pk, "reason": "岗位空缺"}
    both = make.make_actor(make.COUNTY, name=VILLAGE_OFFICER)
    assert code_of(actions.pass_for_township, by=both, **asked) == "RND-003"
    auditor = official(Role.TOWNSHIP)
    assert code_of(actions.pass_for_township, by=office, **asked) == "RND-034"
    auditor.is_active = False
    auditor.save(update_fields=["is_active"])
    assert actions.pass_for_township(by=office, **asked).state == SubmissionState.PASSED


def test_the_one_auditor_who_handed_in_counts_for_none(township: Township, office):
    auditor = official(Role.TOWNSHIP)
    both = actor_of(auditor)
    handed = actions.submit(by=both, submission=fill_all(both, township).pk)
    assert actions.pass_for_township(by=office, submission=handed.pk, reason="同一人").state == "passed"


def test_pages_tell_what_waits_for_whom(township: Township, village):
    county = signed_in(Role.COUNTY)
    progress = f"/rounds/{township.round.pk}/"
    assert county.get(progress).context["found"].unaudited == ("城关镇",)
    handed = actions.submit(by=village, submission=fill_all(village, township).pk)
    page = f"/rounds/village/{handed.pk}/"
    titles = [task.title for task in county.get("/").context["waiting"] if task.url == page]
    assert titles == ["1个村已上报，所在乡镇没有审核人"]
    assert county.get(page).context["may_stand_in"]
    station = signed_in(Role.TOWNSHIP)
    assert county.get(progress).context["found"].unaudited == ()
    assert not county.get(page).context["may_stand_in"]
    assert [task.title for task in county.get("/").context["waiting"] if task.url == page] == []
    assert station.post(f"{page}stand-in/", {"reason": "x"}).status_code == 403
    county.post(f"{page}stand-in/", {"reason": "x"})
    assert township.submission().state == SubmissionState.SUBMITTED
