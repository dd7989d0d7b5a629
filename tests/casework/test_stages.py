"""What stages are made of: meetings, surveys, answers of households, decisions, and their papers. 演示数据"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from lika.casework.actions.consents import Answer, close_consents, record_consents
from lika.casework.actions.decisions import Said, decide, leave_out
from lika.casework.actions.evidence import add_evidence, withdraw_evidence
from lika.casework.actions.meetings import Ballot, Held, close_meeting, record_meeting
from lika.casework.actions.moving import Outcome
from lika.casework.actions.surveys import Finding, Visit, record_survey
from lika.casework.choices import HouseholdAnswer, Manner, StepResult
from lika.casework.models import Batch, Case, Consent, Meeting, Opinion, Step, SurveyForm, Vote
from lika.casework.queries.evidence import papers_of
from lika.core.errors import UserError
from lika.core.models import AuditEntry
from lika.policy.choices import Paper
from lika.register.actions.documents import withdraw_document
from lika.register.choices import PovertyStatus
from lika.register.models import Document
from lika.register.queries import open_document
from tests import factories as make
from tests import files
from tests.at_once import at_once
from tests.casework.going import VILLAGE, begun, by_pack, keep, place, ready, sign, sign_rosters, standing_at

pytestmark = pytest.mark.django_db
DAY = dt.date(2014, 6, 3)
HELD = Held(DAY, "旧圩村委会", "演示主持", "演示记录", 30, 21, committee_members=5, agenda="评议初选名单")
VISIT = Visit("演示甲", "演示乙", DAY)
GANSU = "demo/cn-gansu-dangchang/2016"
OUT, BACK = StepResult.STRUCK_OUT, StepResult.RETURNED


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of the test's own, for the files."""
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path, document_megabytes=1))


def refused(call, *args, **given) -> str:
    with pytest.raises(UserError) as caught, transaction.atomic():
        call(*args, **given)
    return caught.value.code


def cases_of(batch: Batch) -> list[Case]:
    return list(Case.objects.filter(batch=batch, state="open").order_by("number"))


def standing() -> list[tuple[str, str, str, int]]:
    """Where every case stands: the end of its number, stage, state, which batch of the village."""
    rows = Case.objects.order_by("number").values_list("number", "stage", "state", "batch__sequence")
    return [(number[-1], *rest) for number, *rest in rows]


def test_a_meeting_decides_on_every_case_in_the_order_that_it_fixed():
    at = place()
    batch = standing_at(begun(at), "appraisal")
    one, two, three = cases_of(batch)
    ballots = {
        three.pk: Ballot(20, 1),
        one.pk: Ballot(18, 2, 1),
        two.pk: Ballot(3, 17, 1, Outcome(OUT, reason="演示：多数不同意")),
    }
    meeting = record_meeting(by=at.village, batch=batch.pk, held=HELD, ballots=ballots)
    assert (meeting.share, meeting.guests, meeting.quorum) == (Decimal("0.7"), 5, None)
    assert list(Vote.objects.values_list("case__number", "in_favour", "against", "abstained", "result")) == [
        (three.number, 20, 1, 0, "passed"), (one.number, 18, 2, 1, "passed"), (two.number, 3, 17, 1, "struck_out"),
    ]  # fmt: skip
    assert [case.number for case in Case.objects.all()] == [three.number, one.number, two.number]
    assert refused(close_meeting, by=at.village, batch=batch.pk) == "CAS-069"
    keep(batch, Paper.MINUTES)
    assert refused(close_meeting, by=at.village, batch=batch.pk) == "CAS-069"
    keep(batch, Paper.SIGN_IN)
    close_meeting(by=at.village, batch=batch.pk)
    assert standing() == [
        ("1", "verification", "open", 0), ("2", "appraisal", "struck_out", 0), ("3", "verification", "open", 0),
    ]  # fmt: skip
    assert Step.objects.get(case=two, result=OUT).reason == "演示：多数不同意"
    assert refused(close_meeting, by=at.village, batch=batch.pk) == "CAS-032"  # sent twice
    assert list(AuditEntry.objects.filter(action__startswith="meeting").values_list("action", flat=True)) == [
        "meeting.recorded", "meeting.decided",
    ]  # fmt: skip


def test_a_meeting_below_the_quorum_is_kept_and_decides_nothing():
    at = place(1)
    batch = by_pack(begun(at), "demo/cn-guangxi-jingxi/2014", "identification", "appraisal")
    (only,) = cases_of(batch)
    for paper in (Paper.MINUTES, Paper.SIGN_IN):
        keep(batch, paper)
    assert refused(close_meeting, by=at.village, batch=batch.pk) == "CAS-066"
    short = replace(HELD, attended=20)
    few = record_meeting(by=at.village, batch=batch.pk, held=short, ballots={only.pk: Ballot(20)})
    assert (few.is_quorate, few.quorum, Vote.objects.count()) == (False, Decimal("0.67"), 0)
    assert refused(close_meeting, by=at.village, batch=batch.pk) == "CAS-067"
    assert record_meeting(by=at.village, batch=batch.pk, held=HELD, ballots={only.pk: Ballot(21)}).is_quorate
    close_meeting(by=at.village, batch=batch.pk)
    assert (standing(), Meeting.objects.count()) == ([("1", "verification", "open", 0)], 2)


def test_a_meeting_that_does_not_add_up_is_refused():
    at = place(2)
    batch = standing_at(begun(at), "appraisal")
    one, two = cases_of(batch)
    full = {one.pk: Ballot(21), two.pk: Ballot(20, 1)}

    def told(held: Held = HELD, ballots: dict = full) -> str:
        return refused(record_meeting, by=at.village, batch=batch.pk, held=held, ballots=ballots)

    assert told(replace(HELD, attended=31)) == "CAS-064"
    assert told(replace(HELD, expected=0, attended=0)) == "CAS-064"
    assert told(replace(HELD, chair="  ")) == "CAS-060"
    assert told(replace(HELD, recorder="演示主持")) == "CAS-062"
    assert told(replace(HELD, held_on=dt.date(2999, 1, 1))) == "CAS-061"
    assert told(ballots={one.pk: Ballot(21)}) == "CAS-035"
    assert told(ballots=full | {two.pk: Ballot(20, 1, 1)}) == "CAS-065"
    assert told(ballots=full | {two.pk: Ballot(0, 21, 0, Outcome(OUT))}) == "CAS-034"
    assert told(ballots=full | {two.pk: Ballot(0, 21, 0, Outcome(BACK, "application", "演示"))}) == "CAS-036"
    assert not Meeting.objects.exists()
    elsewhere = make.make_actor("451081105201", name="elsewhere")
    assert refused(record_meeting, by=elsewhere, batch=batch.pk, held=HELD, ballots=full) == "CAS-030"
    record_meeting(by=at.village, batch=batch.pk, held=HELD, ballots=full)
    assert Meeting.objects.count() == 1


def test_a_case_is_verified_by_two():
    at = place(2)
    batch = standing_at(begun(at), "verification")
    one, two = cases_of(batch)

    def pass_on(**others: Outcome) -> None:
        decide(by=at.team, batch=batch.pk, stage="verification", others=others.get("others", {}))

    def told(visit: Visit = VISIT, **finding: object) -> str:
        given = {one.pk: Finding(**{"as_registered": True} | finding)}
        return refused(record_survey, by=at.team, batch=batch.pk, visit=visit, findings=given)

    assert refused(pass_on) == "CAS-070"
    assert told(replace(VISIT, second_surveyor=" 演示甲 ")) == "CAS-062"
    assert told(replace(VISIT, second_surveyor="")) == "CAS-060"
    assert told(as_registered=False) == "CAS-034"
    assert told(latitude=Decimal("23.1")) == "CAS-073"
    assert told(latitude=Decimal(91), longitude=Decimal(106)) == "CAS-073"
    found = Finding(True, photographs=3, latitude=Decimal("23.134000"), longitude=Decimal("106.417000"))
    record_survey(by=at.team, batch=batch.pk, visit=VISIT, findings={one.pk: found})
    assert refused(pass_on) == "CAS-070"
    record_survey(by=at.team, batch=batch.pk, visit=VISIT, findings={two.pk: Finding(False, "演示：房屋为借住")})
    assert list(SurveyForm.objects.values_list("case__number", "as_registered", "photographs", "latitude")) == [
        (one.number, True, 3, Decimal("23.134000")), (two.number, False, 0, None),
    ]  # fmt: skip
    ready(batch)
    pass_on(others={two.pk: Outcome(BACK, "appraisal", "演示：请再评议")})
    assert standing() == [("1", "first_notice", "open", 0), ("2", "appraisal", "open", 1)]
    with pytest.raises(IntegrityError, match="survey_form_of_two"), transaction.atomic():
        SurveyForm.objects.update(surveyor="演示乙")
    assert refused(record_survey, by=at.team, batch=batch.pk, visit=VISIT, findings={one.pk: found}) == "CAS-072"


def test_a_form_from_before_a_case_was_sent_back_does_not_count():
    at = place(1)
    batch = standing_at(begun(at), "verification")
    (only,) = cases_of(batch)
    record_survey(by=at.team, batch=batch.pk, visit=VISIT, findings={only.pk: Finding(True)})
    standing_at(batch, "verification")
    assert refused(decide, by=at.team, batch=batch.pk, stage="verification", others={}) == "CAS-070"


def test_a_review_passes_all_but_those_it_names():
    at = place()
    batch = standing_at(begun(at), "township_review")
    one, two, _three = cases_of(batch)
    others = {
        one.pk: Outcome(BACK, "verification", "演示：缺核实照片"), two.pk: Outcome(OUT, reason="演示：有财政供养人员"),
    }  # fmt: skip
    given = {"by": at.township, "batch": batch.pk, "stage": "township_review", "others": others}
    assert refused(decide, **given) == "CAS-060"
    said = Said("经审核，名单属实。", document="旧政发〔2014〕8号", dated_on=DAY)
    assert refused(decide, **given | {"others": {batch.pk: Outcome()}, "said": said}) == "CAS-063"
    back = {one.pk: Outcome(BACK, "announcement", "演示")}
    assert refused(decide, **given | {"others": back, "said": said}) == "CAS-036"
    assert not Opinion.objects.exists()
    decide(**given, said=said)
    assert standing() == [
        ("1", "verification", "open", 1), ("2", "township_review", "struck_out", 0), ("3", "second_notice", "open", 0),
    ]  # fmt: skip
    assert list(Opinion.objects.values_list("stage", "text", "document", "dated_on")) == [
        ("township_review", "经审核，名单属实。", "旧政发〔2014〕8号", DAY)
    ]
    assert refused(decide, **given | {"others": {}, "said": said}) == "CAS-032"


def test_a_review_has_its_own_level_and_nobody_two_duties():
    at = place(1)
    batch = standing_at(begun(at), "township_review")
    looks = make.make_actor(VILLAGE, permissions=["casework.view", "case.village"], name="looks")
    given = {"batch": batch.pk, "stage": "township_review", "others": {}, "said": Said("同意")}
    assert refused(decide, by=looks, **given) == "ACC-001"
    record_survey(by=at.team, batch=standing_at(batch, "verification").pk, visit=VISIT, findings={
        cases_of(batch)[0].pk: Finding(True)
    })  # fmt: skip
    standing_at(batch, "township_review")
    assert refused(decide, by=at.team, **given) == "CAS-033"  # it verified
    decide(by=at.township, **given)
    assert standing() == [("1", "second_notice", "open", 0)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_review_at_once_one_decides():
    """The second waits for the first, then finds the batch elsewhere."""
    with transaction.atomic():
        at = place(1)
        batch = standing_at(begun(at), "township_review")

    def one() -> object:
        return decide(by=at.township, batch=batch.pk, stage="township_review", others={}, said=Said("同意"))

    assert at_once(one, one) == ["CAS-032", "done"]
    assert Step.objects.filter(result=StepResult.PASSED).count() == 1
    assert standing() == [("1", "second_notice", "open", 0)]


def test_papers_of_a_stage_are_kept_told_and_withdrawn():
    at = place(1)
    batch = standing_at(begun(at), "appraisal")
    (only,) = cases_of(batch)

    def lines() -> list[tuple[str, bool, int, int, bool]]:
        found = papers_of(by=at.village, batch=batch.pk)
        return [(each.paper.value, each.is_uploaded, each.kept, each.wanted, each.is_missing) for each in found]

    named = [
        ("minutes", True, 0, 1, True), ("sign_in", True, 0, 1, True), ("photographs", True, 0, 1, True),
        ("name_list", False, 0, 1, False),
    ]  # fmt: skip
    assert lines() == named
    given = {"by": at.village, "batch": batch.pk, "content": files.picture()}
    assert refused(add_evidence, **given, paper=Paper.NAME_LIST) == "CAS-076"
    assert refused(add_evidence, **given, paper=Paper.EVIDENCE, case=batch.pk) == "CAS-063"
    assert refused(add_evidence, **given | {"content": b"nothing"}, paper=Paper.MINUTES) == "DOC-002"
    looks = make.make_actor(VILLAGE, permissions=["casework.view", "register.view"], name="looks")
    assert refused(add_evidence, **given | {"by": looks}, paper=Paper.MINUTES) == "ACC-001"
    minutes = add_evidence(**given, paper=Paper.MINUTES, title="评议会记录", dated_on=DAY)
    photo = add_evidence(**given | {"content": files.picture(colour="red")}, paper=Paper.PHOTOGRAPHS)
    own = add_evidence(**given | {"content": files.picture(colour="green")}, paper=Paper.EVIDENCE, case=only.pk)
    assert Document.objects.filter(owner_kind="matter").values_list("owner_id", flat=True).order_by("pk")[2] == only.pk
    assert (minutes.document.village, own.case) == (int(VILLAGE), only)
    assert lines() == [
        ("minutes", True, 1, 1, False), ("sign_in", True, 0, 1, True), ("photographs", True, 1, 1, False),
        ("name_list", False, 0, 1, False), ("evidence", True, 1, 1, False),
    ]  # fmt: skip
    assert open_document(by=at.village, document=photo.document_id)[0] == photo.document
    assert refused(open_document, by=at.village, document=minutes.document_id) == "DOC-013"
    assert refused(withdraw_document, by=at.village, document=minutes.document_id, reason="演示") == "DOC-015"
    withdraw_evidence(by=at.village, evidence=minutes.pk, reason="演示：拍重了")
    withdraw_evidence(by=at.village, evidence=photo.pk, reason="演示：拍重了")
    withdraw_evidence(by=at.village, evidence=own.pk, reason="演示：拍重了")
    assert [(line.paper.value, line.kept) for line in papers_of(by=at.village, batch=batch.pk)] == [
        ("minutes", 0), ("sign_in", 0), ("photographs", 0), ("name_list", 0), ("evidence", 0),
    ]  # fmt: skip
    assert refused(withdraw_evidence, by=at.village, evidence=batch.pk, reason="演示") == "CAS-077"
    standing_at(batch, "verification")
    assert refused(withdraw_evidence, by=at.village, evidence=minutes.pk, reason="演示") == "CAS-032"


def test_households_answer_before_a_witness_and_no_account_for_them():
    at = place(4, status=PovertyStatus.PLANNED)
    batch = by_pack(begun(at), GANSU, "household_exit", "consent")
    agrees, refuses, missed, silent = cases_of(batch)
    yes = Answer(HouseholdAnswer.AGREED, DAY, "演示甲", "演示乙", Manner.HANDPRINT)
    no = replace(yes, answer=HouseholdAnswer.REFUSED, manner=Manner.SPOKEN, remark="演示：住房还没有修好")
    away = replace(yes, answer=HouseholdAnswer.ABSENT, manner=None, remark="外出务工")

    def told(answer: Answer) -> str:
        return refused(record_consents, by=at.village, batch=batch.pk, answers={agrees.pk: answer})

    assert told(replace(yes, manner=Manner.SPOKEN)) == "CAS-074"
    assert told(replace(away, manner=Manner.SIGNATURE)) == "CAS-074"
    assert told(replace(no, remark=" ")) == "CAS-034"
    assert told(replace(yes, witness="")) == "CAS-060"
    assert told(replace(yes, witness="演示甲")) == "CAS-062"
    record_consents(by=at.village, batch=batch.pk, answers={missed.pk: away})
    answers = {agrees.pk: yes, refuses.pk: no, missed.pk: away}
    record_consents(by=at.village, batch=batch.pk, answers=answers)
    back = {refuses.pk: Outcome(BACK, "verification", "演示：核实住房")}
    close = {"by": at.village, "batch": batch.pk}
    assert refused(close_consents, **close, refusals=back) == "CAS-071"  # one was not asked
    record_consents(by=at.village, batch=batch.pk, answers={silent.pk: yes})
    assert refused(close_consents, **close, refusals={}) == "CAS-071"  # nothing is said of the refusal
    close_consents(**close, refusals=back)
    assert standing() == [
        ("1", "notice", "open", 0), ("2", "verification", "open", 2), ("3", "consent", "open", 1),
        ("4", "notice", "open", 0),
    ]  # fmt: skip
    assert list(Consent.objects.filter(case=missed).values_list("answer", "heard_by", "by_name")) == [
        ("absent", "演示甲", at.village.name), ("absent", "演示甲", at.village.name),
    ]  # fmt: skip
    apart = Batch.objects.get(sequence=1)
    assert refused(close_consents, by=at.village, batch=apart.pk, refusals={}) == "CAS-071"  # to be asked again
    record_consents(by=at.village, batch=apart.pk, answers={missed.pk: away})
    assert refused(close_consents, by=at.village, batch=apart.pk, refusals={}) == "CAS-075"
    record_consents(by=at.village, batch=apart.pk, answers={missed.pk: replace(yes, heard_on=dt.date(2014, 6, 9))})
    close_consents(by=at.village, batch=apart.pk, refusals={})
    assert standing()[2] == ("3", "notice", "open", 1)


def test_an_optional_stage_is_left_out_with_a_reason_and_an_evaluation_has_its_report():
    at = place(2, status=PovertyStatus.PLANNED)
    batch = by_pack(begun(at), GANSU, "household_exit", "evaluation")
    sign(batch)
    sign_rosters(batch)
    one, two = cases_of(batch)
    city = make.make_actor("451000000000", name="city")
    given = {"by": city, "batch": batch.pk, "stage": "evaluation"}
    assert refused(leave_out, **given, reason=" ") == "CAS-034"
    skipped = {two.pk: Outcome(StepResult.SKIPPED, reason="演示：未抽中")}
    assert refused(decide, **given, others=skipped, said=Said("属实")) == "CAS-060"  # whose report?
    report = Said("抽查户退出属实。", "演示评估机构", "演示评估报告第1号", DAY)
    decide(**given, others=skipped, said=report)
    results = Step.objects.filter(stage="evaluation").order_by("case__number").values_list("result", "to_stage")
    assert list(results) == [("passed", "announcement"), ("skipped", "announcement")]
    assert Opinion.objects.get().body == "演示评估机构"
    standing_at(batch, "evaluation")
    leave_out(**given, reason="演示：本年未组织评估")
    assert standing() == [("1", "announcement", "open", 0), ("2", "announcement", "open", 0)]
    assert Step.objects.filter(case=one, result=StepResult.SKIPPED).count() == 1
    standing_at(batch, "appraisal")
    assert refused(leave_out, by=at.village, batch=batch.pk, stage="appraisal", reason="演示") == "CAS-036"
