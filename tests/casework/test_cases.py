"""How cases move: taken in, passed, returned, struck out, set apart; and what is refused. 演示数据"""

import pytest
from django.db import IntegrityError, transaction

from lika.casework.actions import cases as actions
from lika.casework.actions import moving
from lika.casework.actions.moving import Outcome
from lika.casework.choices import BatchState, CampaignKind, CaseState, StepResult
from lika.casework.models import Batch, Case, Deadline, Step
from lika.core import audit
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.policy.choices import StageKind
from lika.register.choices import PovertyStatus
from tests import factories as make
from tests.casework.going import SECOND, VILLAGE, begun, campaign, place, propose, ready

pytestmark = pytest.mark.django_db


def act(by, batch: Batch, outcomes=None, *kinds: StageKind) -> None:
    ready(batch)
    with transaction.atomic():
        standing = moving.take(by, batch.pk, *kinds)
        given = outcomes or {}
        moving.settle(standing, {each.pk: given.get(each.pk, Outcome()) for each in standing.open}, action="case.test")


def refused(call, *args, **given) -> UserError:
    with pytest.raises(UserError) as caught:
        call(*args, **given)
    return caught.value


def course(case: Case) -> list[tuple[str, str, str, str]]:
    rows = Step.objects.filter(case=case).values_list("stage", "to_stage", "result", "by_name")
    return [(*row[:3], row[3].removeprefix("system:")) for row in rows]


def test_a_campaign_opens_a_batch_for_every_village_at_the_first_stage():
    at = place()
    opened = campaign(at, CampaignKind.REDUCTION)
    actions.begin(by=at.county, campaign=opened.pk)
    rows = Batch.objects.values_list("division_id", "sequence", "pack", "procedure", "stage", "state")
    assert list(rows) == [
        (VILLAGE, 0, opened.pack, "exit", "survey", "open"),
        (SECOND, 0, opened.pack, "exit", "survey", "open"),
    ]
    assert refused(actions.begin, by=at.county, campaign=opened.pk).code == "CAS-039"


def test_a_campaign_without_a_fitting_procedure_cannot_begin():
    at = place()
    opened = campaign(at, CampaignKind.FULL_CHECK)
    assert refused(actions.begin, by=at.county, campaign=opened.pk).code == "CAS-038"
    assert not Batch.objects.exists()


def test_a_notice_whose_days_are_open_cannot_begin():
    at = place()
    opened = campaign(at, CampaignKind.VILLAGE_ENTRY)
    assert refused(actions.begin, by=at.county, campaign=opened.pk).code == "CAS-040"


def test_a_deadline_is_set_and_taken_away():
    at = place()
    batch = begun(at)
    day = batch.campaign.time_point
    actions.set_deadline(by=at.county, campaign=batch.campaign_id, stage="appraisal", due_on=day)
    assert list(Deadline.objects.values_list("stage", "due_on")) == [("appraisal", day)]
    wrong = refused(actions.set_deadline, by=at.county, campaign=batch.campaign_id, stage="nothing", due_on=day)
    assert wrong.code == "CAS-041"
    actions.set_deadline(by=at.county, campaign=batch.campaign_id, stage="appraisal", due_on=None)
    assert not Deadline.objects.exists()
    told = [audit.told(each) for each in AuditEntry.objects.filter(action="campaign.deadline_set").order_by("at", "id")]
    assert told == [
        ({"stage": "appraisal", "due_on": None}, {"stage": "appraisal", "due_on": str(day)}),
        ({"stage": "appraisal", "due_on": str(day)}, {"stage": "appraisal", "due_on": None}),
    ]


def test_candidates_become_numbered_cases_once():
    at = place()
    batch = begun(at)
    assert list(Case.objects.values_list("number", "stage", "state", "persons")) == [
        (f"2014SB{VILLAGE}-000{n}", "application", "open", 2) for n in (1, 2, 3)
    ]
    assert propose(at, batch.campaign) == []
    other = campaign(at, CampaignKind.REMOVAL)
    actions.begin(by=at.county, campaign=other.pk)
    assert propose(at, other) == []  # a household in two campaigns: it has a case under way
    twin = Case.objects.first()
    twin.pk, twin.number = None, "another"
    with pytest.raises(IntegrityError, match="case_one_live_of_household"), transaction.atomic():
        twin.save(force_insert=True)


def test_a_batch_passes_with_all_its_cases():
    at = place()
    batch = begun(at)
    act(at.village, batch, None, StageKind.APPLICATION)
    batch.refresh_from_db()
    assert (batch.stage, set(Case.objects.values_list("stage", flat=True))) == ("appraisal", {"appraisal"})
    assert course(Case.objects.first()) == [
        ("application", "application", "taken_in", "county"),
        ("application", "appraisal", "passed", "village"),
    ]


def test_one_returned_one_struck_out_the_third_goes_on():
    at = place()
    batch = begun(at)
    act(at.village, batch)
    act(at.village, batch)
    first, second, third = Case.objects.order_by("number")
    act(at.team, batch, {
        first.pk: Outcome(StepResult.RETURNED, "appraisal", "演示：人口有误"),
        second.pk: Outcome(StepResult.STRUCK_OUT, reason="演示：有商品房"),
    })  # fmt: skip
    rows = Case.objects.order_by("number").values_list("batch__sequence", "stage", "state", "batch__stage")
    assert list(rows) == [
        (1, "appraisal", "open", "appraisal"),
        (0, "verification", "struck_out", "first_notice"),
        (0, "first_notice", "open", "first_notice"),
    ]
    apart = Batch.objects.get(sequence=1)
    assert (apart.split_from, apart.pack, apart.state) == (batch, batch.pack, "open")
    assert course(first)[-1] == ("verification", "appraisal", "returned", "team")
    assert course(second)[-1] == ("verification", "verification", "struck_out", "team")
    assert course(third)[-1] == ("verification", "first_notice", "passed", "team")


def test_a_batch_that_everybody_left_is_closed():
    at = place(1)
    batch = begun(at)
    act(at.village, batch)
    only = Case.objects.get()
    act(at.village, batch, {only.pk: Outcome(StepResult.STRUCK_OUT, reason="演示：本人放弃")})
    batch.refresh_from_db()
    only.refresh_from_db()
    assert (batch.state, only.state) == (BatchState.CLOSED, CaseState.STRUCK_OUT)
    assert refused(act, at.village, batch).code == "CAS-032"


def test_a_batch_waits_with_those_who_are_stopped_and_goes_on_without_them():
    at = place(3)
    batch = begun(at)
    act(at.village, batch)
    first, second, stopped = Case.objects.order_by("number")
    Case.objects.filter(pk=stopped.pk).update(state=CaseState.STOPPED)
    out = Outcome(StepResult.STRUCK_OUT, reason="演示：本人放弃")
    act(at.village, batch, {first.pk: out, second.pk: out})
    batch.refresh_from_db()
    assert (batch.state, batch.stage) == (BatchState.OPEN, "appraisal")
    Case.objects.filter(pk=second.pk).update(state=CaseState.OPEN)
    act(at.village, batch)
    stopped.refresh_from_db()
    rows = Batch.objects.filter(number=int(VILLAGE)).order_by("sequence").values_list("sequence", "stage", "state")
    assert list(rows) == [(0, "verification", "open"), (1, "appraisal", "open")]
    assert (stopped.batch.sequence, stopped.stage, stopped.state) == (1, "appraisal", CaseState.STOPPED)


def test_a_batch_in_which_no_case_may_move_stays_as_it_is():
    at = place(1)
    batch = begun(at)
    Case.objects.update(state=CaseState.STOPPED)
    assert refused(act, at.village, batch).code == "CAS-192"
    empty = Batch.objects.get(division_id=SECOND)
    village = make.make_actor(SECOND, name="other village")
    assert refused(act, village, empty).code == "CAS-192"
    assert set(Batch.objects.values_list("stage", "state")) == {("application", "open")}


def test_who_is_proposed_later_begins_in_a_batch_of_their_own():
    at = place(1)
    batch = begun(at)
    act(at.village, batch)
    at.households.append(make.make_household(VILLAGE, number="JX900", members=2))
    (late,) = propose(at, batch.campaign)
    assert (late.batch.sequence, late.stage, late.number[-4:]) == (1, "application", "0002")


def test_unknown_and_not_met_do_not_go_on():
    at = place(2)
    opened = campaign(at)
    actions.begin(by=at.county, campaign=opened.pk)
    propose(at, opened, {"identification": None})
    batch = Batch.objects.get(number=int(VILLAGE))
    fault = refused(act, at.village, batch)
    assert fault.code == "CAS-037"
    batch.refresh_from_db()
    assert batch.stage == "application"
    Case.objects.update(verdicts={"identification": 0})
    assert refused(act, at.village, batch).code == "CAS-037"
    Case.objects.update(verdicts={"identification": 1})
    act(at.village, batch)


def test_nobody_does_two_duties_on_one_case():
    at = place()
    batch = begun(at)
    act(at.village, batch)
    act(at.village, batch)
    assert refused(act, at.village, batch).code == "CAS-033"
    act(at.team, batch)


def test_the_level_of_the_stage_acts_and_no_other():
    at = place()
    batch = begun(at)
    elsewhere = make.make_actor(SECOND, name="elsewhere")
    with pytest.raises(NotFound) as unseen:
        act(elsewhere, batch)
    assert unseen.value.code == "CAS-030"
    looks = make.make_actor(VILLAGE, permissions=[Permission.CASEWORK_VIEW, Permission.CASE_TOWNSHIP], name="looks")
    with pytest.raises(PermissionRefused) as without:
        act(looks, batch)
    assert without.value.code == "ACC-001"


def test_what_the_procedure_does_not_allow_is_refused():
    at = place(1)
    batch = begun(at)
    case = Case.objects.get()
    out = {case.pk: Outcome(StepResult.STRUCK_OUT, reason="演示")}
    assert refused(act, at.village, batch, out).code == "CAS-036"
    back = {case.pk: Outcome(StepResult.RETURNED, "announcement", "演示")}
    assert refused(act, at.village, batch, back).code == "CAS-036"
    skip = {case.pk: Outcome(StepResult.SKIPPED, reason="演示")}
    assert refused(act, at.village, batch, skip).code == "CAS-036"
    act(at.village, batch)
    silent = {case.pk: Outcome(StepResult.STRUCK_OUT, reason="  ")}
    assert refused(act, at.village, batch, silent).code == "CAS-034"


def test_every_case_needs_its_result():
    at = place()
    batch = begun(at)
    with transaction.atomic():
        standing = moving.take(at.village, batch.pk)
        some = {standing.open[0].pk: Outcome()}
        assert refused(moving.settle, standing, some, action="case.test").code == "CAS-035"


def test_the_second_of_two_acts_finds_the_batch_elsewhere():
    at = place()
    batch = begun(at)
    act(at.village, batch, None, StageKind.APPLICATION)
    assert refused(act, at.village, batch, None, StageKind.APPLICATION).code == "CAS-032"


def test_a_step_back_has_a_reason():
    at = place(1, status=PovertyStatus.NONE)
    begun(at)
    step = Step.objects.get()
    with pytest.raises(IntegrityError, match="step_back_has_reason"), transaction.atomic():
        Step.objects.create(
            case=step.case, batch=step.batch, stage="a", to_stage="b", result=StepResult.RETURNED, by_name="x",
            at=step.at,
        )  # fmt: skip
