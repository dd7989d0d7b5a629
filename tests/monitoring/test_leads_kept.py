"""A lead over its life: the same over runs, decided, checked by another, opened again by its facts, gone. 演示数据"""

import datetime as dt
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from lika.core.actors import SystemActor
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.monitoring import actions
from lika.monitoring.choices import LeadState, LeadVerdict, Reopened
from lika.monitoring.models import Lead, LeadDecision, LeadRun
from lika.monitoring.queries import leads as reads
from lika.monitoring.queries.leads import LeadsWaiting
from lika.register.models import Household, Person
from tests import factories as make
from tests.monitoring.planted import home, look, member

pytestmark = pytest.mark.django_db
BORN = dt.date(1985, 3, 2)
TOWNSHIP, COUNTY, PREFECTURE = "621223100000", make.COUNTY, "621200000000"


def actor(name: str, *codes: str) -> SystemActor:
    return make.make_actor(*codes, name=name)


@pytest.fixture
def lead() -> Lead:
    """One person in two households of two villages of a township, found by a first run."""
    home("A", "石一", BORN)
    member(home("B", "李三", village=make.OTHER_VILLAGE), "石一", BORN, id_number="")
    look()
    return Lead.objects.get()


def _state(lead: Lead) -> tuple[str, str]:
    lead.refresh_from_db()
    return lead.state, lead.reopened


def test_found_again_it_is_the_same_lead(lead: Lead) -> None:
    first = lead.first_run_id
    run = look()
    again = Lead.objects.get()
    assert (again.pk, again.key, again.facts) == (lead.pk, lead.key, lead.facts)
    assert (again.first_run_id, again.last_run_id) == (first, run.pk)
    assert (run.found, run.added, run.reopened, run.gone) == (1, 0, 0, 0)


def test_clearing_takes_two_people_and_holds_over_runs(lead: Lead) -> None:
    one, two = actor("one"), actor("two")
    actions.decide_lead(by=one, lead=lead.pk, verdict=LeadVerdict.DIFFERENT, reason="同名的两个人")
    assert _state(lead) == (LeadState.CLEARING, "")
    with pytest.raises(PermissionRefused) as refused:
        actions.check_lead(by=one, lead=lead.pk, agree=True)
    assert refused.value.code == "LED-015"
    decision = actions.check_lead(by=two, lead=lead.pk, agree=True)
    assert (decision.decided_by, decision.checked_by, decision.agreed, decision.reason) == (
        "system:one", "system:two", True, "同名的两个人",
    )  # fmt: skip
    look()
    assert _state(lead) == (LeadState.CLEARED, "")
    actions_written = list(AuditEntry.objects.filter(subject_kind="lead").order_by("at").values_list("action", "actor"))
    assert actions_written == [("lead.different", "system:one"), ("lead.agreed", "system:two")]


def test_a_cleared_lead_opens_again_when_its_facts_change_and_says_so(lead: Lead) -> None:
    actions.decide_lead(by=actor("one"), lead=lead.pk, verdict=LeadVerdict.PERMITTED, reason="已核实")
    actions.check_lead(by=actor("two"), lead=lead.pk, agree=True)
    Person.objects.filter(no_id_reason="1").update(name="石壹", pinyin="shiyi")
    run = look()
    assert _state(lead) == (LeadState.OPEN, Reopened.FACTS)
    assert (run.reopened, lead.decisions.get().facts != lead.facts) == (1, True)


def test_what_waits_for_the_check_lapses_with_its_facts(lead: Lead) -> None:
    actions.decide_lead(by=actor("one"), lead=lead.pk, verdict=LeadVerdict.DIFFERENT, reason="不同的人")
    Person.objects.filter(no_id_reason="1").update(name="石壹", pinyin="shiyi")
    look()
    with pytest.raises(UserError) as refused:
        actions.check_lead(by=actor("two"), lead=lead.pk, agree=True)
    assert refused.value.code == "LED-013"


def test_a_refused_check_opens_it_again_with_a_remark(lead: Lead) -> None:
    actions.decide_lead(by=actor("one"), lead=lead.pk, verdict=LeadVerdict.DIFFERENT, reason="不同的人")
    with pytest.raises(UserError) as refused:
        actions.check_lead(by=actor("two"), lead=lead.pk, agree=False, remark=" ")
    assert (refused.value.code, _state(lead)) == ("LED-012", (LeadState.CLEARING, ""))
    decision = actions.check_lead(by=actor("two"), lead=lead.pk, agree=False, remark="请附户口簿")
    assert (decision.agreed, decision.remark, _state(lead)) == (False, "请附户口簿", (LeadState.OPEN, ""))


def test_confirmed_it_waits_for_the_register_and_only_a_run_ends_it(lead: Lead) -> None:
    actions.decide_lead(by=actor("one"), lead=lead.pk, verdict=LeadVerdict.SAME, reason="同一人")
    look()
    assert _state(lead) == (LeadState.CONFIRMED, "")
    twin = Person.objects.get(no_id_reason="1")
    twin.memberships.update(left_on=dt.date(2016, 11, 1), leave_reason="08")
    run = look()
    assert (_state(lead), run.gone) == ((LeadState.GONE, ""), 1)
    twin.memberships.update(left_on=None, leave_reason="")
    look()
    assert _state(lead) == (LeadState.OPEN, Reopened.AGAIN)


def test_whoever_sees_one_side_confirms_or_refers_and_clears_nothing(lead: Lead) -> None:
    village = actor("village", make.VILLAGE)
    with pytest.raises(PermissionRefused) as refused:
        actions.decide_lead(by=village, lead=lead.pk, verdict=LeadVerdict.DIFFERENT, reason="不同的人")
    assert refused.value.code == "LED-014"
    actions.decide_lead(by=village, lead=lead.pk, verdict=LeadVerdict.REFER, reason="另一户不在本村")
    assert _state(lead) == (LeadState.REFERRED, "")


def test_what_was_referred_is_decided_above_and_not_by_who_referred_it(lead: Lead) -> None:
    county = actor("county", COUNTY)
    actions.decide_lead(by=county, lead=lead.pk, verdict=LeadVerdict.REFER, reason="请上级定")
    for by, code in ((county, "LED-016"), (actor("station", TOWNSHIP), "ACC-002")):
        with pytest.raises(PermissionRefused) as refused:
            actions.decide_lead(by=by, lead=lead.pk, verdict=LeadVerdict.SAME, reason="同一人")
        assert refused.value.code == code
    actions.decide_lead(by=actor("prefecture", PREFECTURE), lead=lead.pk, verdict=LeadVerdict.SAME, reason="同一人")
    assert _state(lead) == (LeadState.CONFIRMED, "")


@pytest.mark.parametrize("reason", ["", "   ", "字" * 301])
def test_nothing_is_decided_without_a_reason(lead: Lead, reason: str) -> None:
    with pytest.raises(UserError) as refused:
        actions.decide_lead(by=actor("one"), lead=lead.pk, verdict=LeadVerdict.SAME, reason=reason)
    assert (refused.value.code, LeadDecision.objects.count()) == ("LED-012", 0)


def test_a_lead_out_of_sight_is_there_for_nobody(lead: Lead) -> None:
    elsewhere = actor("elsewhere", "621202000000")
    assert list(reads.visible_leads(elsewhere)) == []
    with pytest.raises(NotFound) as missing:
        actions.decide_lead(by=elsewhere, lead=lead.pk, verdict=LeadVerdict.SAME, reason="同一人")
    assert missing.value.code == "LED-010"
    reader = make.make_actor(permissions=[Permission.QUALITY_VIEW], name="reader")
    with pytest.raises(PermissionRefused) as refused:
        actions.decide_lead(by=reader, lead=lead.pk, verdict=LeadVerdict.SAME, reason="同一人")
    assert refused.value.code == "ACC-001"


def test_the_database_itself_refuses_a_checker_who_decided(lead: Lead) -> None:
    decision = actions.decide_lead(by=actor("one"), lead=lead.pk, verdict=LeadVerdict.DIFFERENT, reason="不同的人")
    with pytest.raises(IntegrityError), transaction.atomic():
        LeadDecision.objects.filter(pk=decision.pk).update(
            checked_by="system:one", checked_at=dt.datetime.now(dt.UTC), agreed=True
        )


def test_a_run_of_one_township_leaves_the_leads_of_others_alone(lead: Lead) -> None:
    Household.objects.filter(number="B").update(village=int(make.ELSEWHERE))
    lead.other_village = int(make.ELSEWHERE)
    lead.save()
    look(division=COUNTY)
    assert _state(lead) == (LeadState.OPEN, "")  # its other side was not looked at


def test_what_waits_is_told_to_each_as_it_is_theirs(lead: Lead) -> None:
    one, two = actor("one"), actor("two")
    assert (reads.waiting_leads(one), reads.waiting_leads(two)) == (LeadsWaiting(decide=1), LeadsWaiting(decide=1))
    actions.decide_lead(by=one, lead=lead.pk, verdict=LeadVerdict.DIFFERENT, reason="不同的人")
    assert (reads.waiting_leads(one), reads.waiting_leads(two)) == (LeadsWaiting(), LeadsWaiting(check=1))
    assert reads.waiting_leads(actor("village", make.VILLAGE)) == LeadsWaiting()


def test_what_was_referred_waits_above_and_is_checked_by_another_than_who_decided(lead: Lead) -> None:
    village, office = actor("village", make.VILLAGE), actor("county", COUNTY)
    actions.decide_lead(by=village, lead=lead.pk, verdict=LeadVerdict.REFER, reason="另一户不在本村")
    above = (office, actor("prefecture", PREFECTURE))
    assert [reads.waiting_leads(each) for each in above] == [LeadsWaiting(referred=1)] * 2
    assert [reads.waiting_leads(each) for each in (village, actor("station", TOWNSHIP))] == [LeadsWaiting()] * 2
    actions.decide_lead(by=office, lead=lead.pk, verdict=LeadVerdict.DIFFERENT, reason="不同的人")
    assert reads.waiting_leads(office) == LeadsWaiting()  # the village's decision stands before the office's own
    assert reads.waiting_leads(actor("station", TOWNSHIP)) == LeadsWaiting(check=1)


def test_the_word_of_who_checks_is_kept_whole_or_refused(lead: Lead) -> None:
    actions.decide_lead(by=actor("one"), lead=lead.pk, verdict=LeadVerdict.DIFFERENT, reason="不同的人")
    with pytest.raises(UserError) as refused:
        actions.check_lead(by=actor("two"), lead=lead.pk, agree=True, remark="字" * 301)
    assert (refused.value.code, _state(lead)) == ("LED-012", (LeadState.CLEARING, ""))
    assert actions.check_lead(by=actor("two"), lead=lead.pk, agree=True, remark="字" * 300).remark == "字" * 300


def test_one_run_at_a_time_over_an_area() -> None:
    make.make_division(make.VILLAGE)
    run = actions.ask_for_leads(by=actor("one"), division=COUNTY)
    with pytest.raises(UserError) as refused:
        actions.ask_for_leads(by=actor("two"), division=TOWNSHIP)
    assert refused.value.code == "LED-001"
    actions.look_for_leads(by=actor("one"), run=run.pk)
    with pytest.raises(UserError) as refused:
        actions.look_for_leads(by=actor("one"), run=run.pk)
    assert refused.value.code == "LED-002"
    with pytest.raises(NotFound) as missing:
        actions.look_for_leads(by=actor("one"), run=UUID(int=1))
    assert missing.value.code == "LED-011"


def test_the_command_prints_what_each_pattern_found(lead: Lead, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("duplicates", division="621223", at=make.AT)
    printed = capsys.readouterr().out
    assert "       1  一人登记在两户" in printed
    assert "线索 1 条，其中新增 0 条、重新打开 0 条；已消失 0 条。" in printed
    assert LeadRun.objects.latest("asked_at").at == make.AT
