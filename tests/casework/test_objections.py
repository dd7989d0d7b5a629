"""Objections: they stop one case, are decided by whom they do not concern, come before or after an effect. 演示数据"""

import datetime as dt
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.casework.actions import effect, notices, objections
from lika.casework.actions.moving import Outcome
from lika.casework.actions.objections import Said
from lika.casework.choices import BatchState, CampaignKind, CaseState, ObjectionChannel, ObjectionState, StepResult
from lika.casework.models import Batch, Case, Objection, ObjectionStep, Step
from lika.casework.queries.clock import database_now
from lika.core.audit import AuditEntry
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.register.models import Document
from tests import factories as make
from tests.casework.going import COUNTY, SECOND, TOWNSHIP, VILLAGE, Place, begun, in_public, place
from tests.casework.noticing import PHONE, age, brought, hung, named, objected, over, photograph, today
from tests.console.officials import official, signed_in

DAY = dt.timedelta(days=1)


@pytest.fixture
def at(db: None) -> Place:
    return place(2)


@pytest.fixture
def batch(at: Place) -> Batch:
    return brought(begun(at), "first_notice")


def refused(call, **given) -> UserError:
    with pytest.raises(UserError) as caught:
        call(**given)
    return caught.value


def states() -> list[tuple[int, str, str]]:
    return list(Case.objects.order_by("number").values_list("batch__sequence", "stage", "state"))


def inspector() -> Official:
    """Who investigates, with a post at the township."""
    return official(Role.TOWNSHIP, TOWNSHIP).official


def investigated(at: Place, row: Objection) -> Objection:
    """Received, acknowledged, assigned, investigated and answered; the decision is open."""
    objections.acknowledge(by=at.township, objection=row.pk)
    finds = make.make_actor(TOWNSHIP, name="finds")
    finds.official_id = inspector().pk
    objections.assign(by=at.township, objection=row.pk, to=finds.official_id)
    objections.investigate(by=finds, objection=row.pk, finding="演示：经查不属实", evidence=photograph())
    return objections.answer(by=finds, objection=row.pk, text="演示：答复")


def test_it_stops_one_case_and_the_others_go_on(at, batch):
    notice = hung(at.village, batch)
    first = batch.cases.order_by("number")[0]
    row = objected(at.village, first)
    assert (row.number, row.state, row.name) == (f"{first.number}-Y1", ObjectionState.RECEIVED, "")
    assert states() == [(0, "first_notice", "stopped"), (0, "first_notice", "open")]
    age(notice, 8)
    notices.end_notice(by=at.village, batch=batch.pk)
    assert states() == [(1, "first_notice", "stopped"), (0, "township_review", "open")]
    notice.refresh_from_db()
    assert notice.state == "hanging"  # for the one that is left


def test_dismissed_it_goes_on_with_the_days_that_were_left(at, batch):
    notice = hung(at.village, batch)
    age(notice, 3)
    first = batch.cases.order_by("number")[0]
    row = objected(at.village, first)  # on the third day: two counted
    investigated(at, row)
    age(notice, 2)
    objections.dismiss(by=at.county, objection=row.pk, reason="演示：不成立")
    age(notice, 4)  # nine days since it was posted, four since it was answered
    notices.end_notice(by=at.village, batch=batch.pk)
    assert states() == [(1, "first_notice", "open"), (0, "township_review", "open")]
    first.refresh_from_db()
    assert refused(notices.end_notice, by=at.village, batch=first.batch_id).code == "CAS-099"
    age(notice, 2)
    notices.end_notice(by=at.village, batch=first.batch_id)
    assert states() == [(1, "township_review", "open"), (0, "township_review", "open")]
    results = Step.objects.filter(case=first).order_by("id").values_list("result", flat=True)
    assert list(results)[-3:] == [StepResult.STOPPED, StepResult.RESUMED, StepResult.PASSED]
    notice.refresh_from_db()
    assert notice.state == "ended"


def test_an_outcome_is_never_dropped_at_the_end_of_a_notice(at, batch):
    """Of whom an objection had stopped: struck out without waiting. Of nobody here: refused."""
    notice = hung(at.village, batch)
    age(notice, 3)
    first = batch.cases.order_by("number")[0]
    row = investigated(at, objected(at.village, first))
    objections.dismiss(by=at.county, objection=row.pk, reason="演示：不成立")
    age(notice, 5)
    out = Outcome(StepResult.STRUCK_OUT, reason="演示：户主申请撤回")
    given = {"by": at.village, "batch": batch.pk}
    assert refused(notices.end_notice, **given, outcomes={row.pk: out}).code == "CAS-035"
    notices.end_notice(**given, outcomes={first.pk: out})
    assert states() == [(0, "first_notice", "struck_out"), (0, "township_review", "open")]


def test_a_list_is_taken_down_when_only_a_supplementary_batch_waits_under_it(at, batch):
    notice = hung(at.village, batch)
    case = batch.cases.order_by("number")[0]
    row = objected(at.village, case)
    age(notice, 8)
    notices.end_notice(by=at.village, batch=batch.pk)
    assert states() == [(1, "first_notice", "stopped"), (0, "township_review", "open")]
    case.refresh_from_db()
    village = signed_in(Role.VILLAGE, VILLAGE)
    page = f"/casework/batches/{case.batch_id}/notices/"
    assert 'value="down"' in village.get(page).content.decode()
    notices.take_down(by=at.village, notice=notice.pk, reason="演示：漏列一户")
    notice.refresh_from_db()
    told = AuditEntry.objects.filter(action="notice.void").values_list("subject_id", flat=True)
    assert (notice.state, list(told)) == ("void", [str(case.batch_id)])
    objections.dismiss(by=at.county, objection=investigated(at, row).pk, reason="演示")
    again = notices.open_notice(by=at.village, batch=case.batch_id, phone=PHONE)
    assert named(again) == {case.number}
    assert refused(notices.take_down, by=at.village, notice=notice.pk, reason="演示").code == "CAS-094"


def test_every_step_is_dated_and_names_who_took_it(at, batch):
    hung(at.village, batch)
    row = investigated(at, objected(at.village, batch.cases.first()))
    objections.dismiss(by=at.county, objection=row.pk, reason="演示：不成立")
    rows = ObjectionStep.objects.order_by("at", "id").values_list("verb", "by_name")
    assert [(verb, name.removeprefix("system:")) for verb, name in rows] == [
        ("receive", "village"), ("acknowledge", "township"), ("assign", "township"), ("investigate", "finds"),
        ("answer", "finds"), ("dismiss", "county"),
    ]  # fmt: skip
    evidence = ObjectionStep.objects.get(verb="investigate").evidence_id
    assert Document.objects.get(pk=evidence).owner_id == row.case_id
    assert refused(objections.dismiss, by=at.county, objection=row.pk, reason="演示").code == "CAS-105"


def test_upheld_it_is_sent_back_or_struck_out(at, batch):
    hung(at.village, batch)
    first, second = batch.cases.order_by("number")
    one, two = investigated(at, objected(at.village, first)), investigated(at, objected(at.village, second))
    wrong = refused(objections.uphold, by=at.county, objection=one.pk, reason="演示", to="announcement")
    assert wrong.code == "CAS-107"
    objections.uphold(by=at.county, objection=one.pk, reason="演示：人口不符", to="verification")
    objections.uphold(by=at.county, objection=two.pk, reason="演示：有商品房")
    assert states() == [(1, "verification", "open"), (0, "first_notice", "struck_out")]
    batch.refresh_from_db()
    assert batch.state == BatchState.CLOSED
    steps = Step.objects.filter(case=first).order_by("id").values_list("result", "to_stage", "reason")
    assert list(steps)[-1] == ("returned", "verification", "演示：人口不符")


def test_upheld_one_after_the_other_a_case_never_goes_forward(db):
    """The notice sends back to survey and appraisal; whoever stands at the survey does not skip to the appraisal."""
    at = place(1, status="10")
    again = brought(begun(at, CampaignKind.REDUCTION), "first_notice")
    hung(at.village, again)
    case = again.cases.get()
    rows = [investigated(at, objected(at.village, case, f"演示：第{n}条")) for n in (1, 2)]
    given = {"by": at.county, "reason": "演示：人口不符"}
    objections.uphold(objection=rows[0].pk, to="survey", **given)
    case.refresh_from_db()
    assert (case.stage, case.state) == ("survey", CaseState.STOPPED)
    assert refused(objections.uphold, objection=rows[1].pk, to="appraisal", **given).code == "CAS-107"
    objections.uphold(objection=rows[1].pk, to="survey", **given)  # it stands there: it goes on
    case.refresh_from_db()
    assert (case.stage, case.state) == ("survey", CaseState.OPEN)
    last = Step.objects.filter(case=case).order_by("id").last()
    assert (last.result, last.stage, last.to_stage) == (StepResult.RESUMED, "survey", "survey")


@pytest.mark.parametrize(("to", "stands"), [("verification", "open"), ("", "struck_out")])
def test_upheld_at_the_announcement_it_goes_where_the_last_public_notice_sends_back(at, to, stands):
    batch, case = announced_at(at)
    row = investigated(at, objected(at.village, case))
    assert row.notice.kind == "announcement"
    objections.uphold(by=at.county, objection=row.pk, reason="演示：有商品房", to=to)
    case.refresh_from_db()
    assert (case.stage, case.state) == (to or "announcement", stands)
    batch.refresh_from_db()
    assert (batch.stage, batch.state) == ("announcement", BatchState.OPEN)


def test_two_objections_stop_until_both_are_decided(at, batch):
    hung(at.village, batch)
    case = batch.cases.first()
    one, two = objected(at.village, case), objected(at.village, case, "演示：又一条")
    assert two.number.endswith("-Y2")
    assert Step.objects.filter(case=case, result=StepResult.STOPPED).count() == 1
    objections.dismiss(by=at.county, objection=investigated(at, one).pk, reason="演示")
    case.refresh_from_db()
    assert case.state == CaseState.STOPPED
    objections.dismiss(by=at.county, objection=investigated(at, two).pk, reason="演示")
    case.refresh_from_db()
    assert case.state == CaseState.OPEN


def test_who_prepared_is_blamed_or_investigated_does_not_decide(at, batch):
    hung(at.village, batch)
    case = batch.cases.first()
    blamed = official(Role.COUNTY, COUNTY).official
    row = objections.receive(
        by=at.village, case=case.pk,
        said=Said(ObjectionChannel.PAPER, "演示", database_now() - DAY, name="王某某", against=blamed.pk),
    )  # fmt: skip
    objections.acknowledge(by=at.township, objection=row.pk)
    assert refused(objections.assign, by=at.township, objection=row.pk, to=blamed.pk).code == "CAS-104"
    finds = make.make_actor(COUNTY, name="finds")
    finds.official_id = inspector().pk
    objections.assign(by=at.township, objection=row.pk, to=finds.official_id)
    given = {"objection": row.pk, "finding": "演示", "evidence": photograph()}
    assert refused(objections.investigate, by=at.county, **given).code == "CAS-104"
    objections.investigate(by=finds, **given)
    objections.answer(by=at.township, objection=row.pk, text="演示")
    assert refused(objections.dismiss, by=finds, objection=row.pk, reason="演示").code == "CAS-104"
    accused = make.make_actor(COUNTY, name="accused")
    accused.official_id = blamed.pk
    assert refused(objections.dismiss, by=accused, objection=row.pk, reason="演示").code == "CAS-104"
    Step.objects.filter(case=case, result="taken_in").update(by_name=at.county.name, duty="prepare")
    assert refused(objections.uphold, by=at.county, objection=row.pk, reason="演示").code == "CAS-104"
    with pytest.raises(PermissionRefused):  # the village judges no objection against its own list
        objections.dismiss(by=make.make_actor(VILLAGE, permissions=["casework.view", "case.village"]),
                           objection=row.pk, reason="演示")  # fmt: skip
    objections.dismiss(by=at.reviewer, objection=row.pk, reason="演示")


def test_what_is_incomplete_is_refused(at, batch):
    case = batch.cases.first()
    assert refused(objected, by=at.village, case=case).code == "CAS-101"
    hung(at.village, batch)
    for said in (
        Said(ObjectionChannel.PAPER, " ", database_now() - DAY),
        Said(ObjectionChannel.PAPER, "演" * 2001, database_now() - DAY),
        Said(ObjectionChannel.PAPER, "演示", database_now() + DAY),
    ):
        assert refused(objections.receive, by=at.village, case=case.pk, said=said).code == "CAS-103"
    nobody = Said(ObjectionChannel.PAPER, "演示", database_now() - DAY, against=case.pk)
    assert refused(objections.receive, by=at.village, case=case.pk, said=nobody).code == "CAS-108"
    row = objected(at.village, case)
    assert refused(objections.answer, by=at.village, objection=row.pk, text="演示").code == "CAS-105"
    with pytest.raises(NotFound) as unseen:
        objections.acknowledge(by=make.make_actor(SECOND, name="other"), objection=row.pk)
    assert unseen.value.code == "CAS-106"


def test_what_was_said_lies_encrypted(at, batch):
    hung(at.village, batch)
    objections.receive(
        by=at.village, case=batch.cases.first().pk,
        said=Said(ObjectionChannel.TELEPHONE, "演示：说法", database_now() - DAY, name="演示甲", phone="13800000000"),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT name || phone || text FROM casework_objection")
        stored = bytes(cursor.fetchone()[0])
    assert not [word for word in ("演示甲", "13800000000", "说法") if word.encode() in stored]
    row = Objection.objects.get()
    assert (row.name, row.phone, row.text) == ("演示甲", "13800000000", "演示：说法")


def announced_at(at: Place) -> tuple[Batch, Case]:
    """A batch of two that stands at the announcement, the first notice long over; and its first case."""
    with transaction.atomic():
        batch = brought(begun(at), "first_notice")
    over(at.village, batch)
    in_public(brought(batch, "announcement"))
    return batch, Case.objects.order_by("number")[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["objection", "announcement"])
def test_an_objection_and_an_announcement_come_one_before_the_other(first):
    """Whoever takes the batch first is first: the other finds what it left. Two connections, the one waits."""
    at = place(2)
    batch, case = announced_at(at)
    holds, told = Event(), []

    def announce() -> None:
        effect.announce(by=at.reviewer, batch=batch.pk, effective_on=today())

    def object_to() -> None:
        objected(at.village, Case.objects.get(pk=case.pk))

    acts = {"objection": object_to, "announcement": announce}
    (second,) = set(acts) - {first}

    def other() -> None:
        holds.wait()
        try:
            acts[second]()
            told.append("done")
        except UserError as error:
            told.append(error.code)
        finally:
            connection.close()

    thread = Thread(target=other)
    thread.start()
    with transaction.atomic():
        acts[first]()
        holds.set()
        thread.join(0.5)
        waited = thread.is_alive()
    thread.join()
    assert waited
    if first == "objection":
        assert (told, states()) == (["done"], [(1, "announcement", "stopped"), (0, "handbook", "open")])
    else:
        assert (told, states()) == (["CAS-102"], [(0, "handbook", "open"), (0, "handbook", "open")])
