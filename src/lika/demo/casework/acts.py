"""What is done with a batch at a stage, whole or in part: real actions, one for each kind of stage."""

import datetime as dt
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from lika.accounts.choices import Role
from lika.casework.actions import consents, decisions, effect, evidence, meetings, notices, objections, signing, surveys
from lika.casework.actions.consents import Answer
from lika.casework.actions.meetings import Ballot, Held
from lika.casework.actions.moving import Outcome
from lika.casework.actions.signing import Given
from lika.casework.actions.surveys import Finding, Visit
from lika.casework.choices import (
    DUTIES,
    PAPERS,
    ROSTER_LEVELS,
    CaseState,
    Duty,
    HouseholdAnswer,
    Manner,
    ObjectionChannel,
    SignatureKind,
    StepResult,
)
from lika.casework.models import Batch, Case, Notice
from lika.casework.queries.clock import database_now
from lika.casework.queries.indicators import asks_for_sheet, is_self_evaluated
from lika.casework.queries.notices import local_day
from lika.casework.queries.signatories import code_at
from lika.core.actors import Actor
from lika.demo import papers
from lika.demo.areas import period
from lika.demo.casework import cast
from lika.demo.casework.sheets import enter_sheet
from lika.demo.casework.standings import Course, Standing
from lika.disclosure.actions import open_notice_page
from lika.policy.choices import Capacity, PostingPlace, ProcedureUnit, StageKind, StageLevel
from lika.policy.queries.procedures import Procedure, ProcedureStage, Slot
from lika.register import actions as register
from lika.register import queries as register_reads
from lika.register.actions import Period

_EXPECTED, _ATTENDED = 30, 27  # representatives of a village, and how many of them came
_VISITORS = ("演示·驻村队员甲", "演示·村干部乙")
_CHECKERS = ("演示·行业部门核查员甲", "演示·行业部门核查员乙")
SURVEYED = (StageKind.SURVEY, StageKind.VERIFICATION)
_serial = itertools.count(1)


@dataclass
class Travel:
    """A batch of a course on its way to where it is to stand; `by` names whoever signs there."""

    by: Actor
    course: Course
    procedure: Procedure
    batch: Batch
    standing: Standing

    @property
    def village(self) -> str:
        """The 12-digit code of the batch's village."""
        return str(self.batch.division_id)

    @property
    def stage(self) -> ProcedureStage:
        """Where it stands."""
        self.batch.refresh_from_db()
        return self.procedure.stage(self.batch.stage)

    @property
    def cases(self) -> list[Case]:
        """Those that may move, in the order of the batch."""
        return list(self.batch.cases.filter(state=CaseState.OPEN).order_by("place", "number"))

    def office(self) -> Actor:
        """Who acts at its stage. Nobody verifies what they prepared, nor approves what they reviewed."""
        stage = self.stage
        duty = DUTIES.get(stage.kind, Duty.NONE)
        if stage.level is StageLevel.VILLAGE:
            return cast.officer(self.village, second=duty is Duty.VERIFY)
        reviewed = any(
            DUTIES.get(each.kind) is Duty.REVIEW and each.level is stage.level for each in self.procedure.stages
        )
        place = code_at(self.village, stage.level)
        if Role.DEPARTMENT in stage.roles:
            return cast.department(place)
        return cast.office(stage.level, place, second=duty is Duty.APPROVE and reviewed)


def leave(on: Travel, day: dt.date) -> None:
    """Do at the stage of a batch what its kind asks for, and go on; `day` is the one that is written on papers."""
    fill(on)
    ACTS[on.stage.kind](on, day)


def fill(on: Travel, *, half: bool = False) -> None:
    """The indicator sheet of a village, where its stage has one: every item, or the first half of them."""
    if asks_for_sheet(on.procedure, on.stage):
        (case,) = on.cases
        enter_sheet(by=on.office(), case=case, first=is_self_evaluated(on.procedure, on.stage), paper=_paper, half=half)


def post(on: Travel) -> Notice:
    """A notice or announcement of the batch, at every place from today, on the web where its stage says so."""
    by = on.office()
    notice = notices.open_notice(by=by, batch=on.batch.pk, phone=on.course.phone)
    today = local_day(database_now())
    for row in notice.postings.exclude(place=PostingPlace.WEB):
        notices.post(by=by, posting=row.pk, posted_on=today, proof=_paper())
    if PostingPlace.WEB in on.stage.places:
        open_notice_page(by=by, notice=notice.pk)
    return notice


def meet(on: Travel, day: dt.date) -> None:
    """A meeting that keeps the quorum, with its papers; put on record, not closed."""
    by = on.office()
    held = Held(day, "村委会会议室", "演示·村支书", "演示·文书", _EXPECTED, _ATTENDED, committee_members=3, others=2)
    others = _others(on)
    ballots = {
        case.pk: Ballot(4, 22, 1, others[case.pk]) if case.pk in others else Ballot(25 - place % 3, 1, 1 + place % 3)
        for place, case in enumerate(on.cases)
    }
    meetings.record_meeting(by=by, batch=on.batch.pk, held=held, ballots=ballots)
    for paper in on.stage.documents:
        if PAPERS[paper].blocks:
            evidence.add_evidence(by=by, batch=on.batch.pk, paper=paper, content=_paper(), dated_on=day)


def survey(on: Travel, day: dt.date) -> None:
    """Two went to every door, or to the village, and found what the register says."""
    found = Finding(as_registered=True, photographs=2)
    two = _VISITORS if on.procedure.unit is ProcedureUnit.HOUSEHOLD else _CHECKERS
    surveys.record_survey(
        by=on.office(), batch=on.batch.pk, visit=Visit(*two, day), findings={each.pk: found for each in on.cases}
    )


def ask(on: Travel, day: dt.date, *, missed: bool = False) -> None:
    """Every household agrees by handprint; with `missed` nobody was met at the last one."""
    agreed = Answer(HouseholdAnswer.AGREED, day, *_VISITORS, Manner.HANDPRINT)
    answers = {each.pk: agreed for each in on.cases}
    if missed and len(answers) > 1:
        answers[on.cases[-1].pk] = Answer(HouseholdAnswer.ABSENT, day, *_VISITORS, remark="演示：全家外出务工")
    consents.record_consents(by=on.office(), batch=on.batch.pk, answers=answers)


def sign(on: Travel, *, but: int = 0, by_account: bool = False) -> None:
    """The slots of the stage in their order; the last ones wait."""
    slots = on.stage.slots
    for index, slot in enumerate(slots[: len(slots) - but]):
        by, given = signed_by(on, slot, by_account=by_account)
        signing.sign_cases(by=by, batch=on.batch.pk, slot=index, given=given)


def signed_by(on: Travel, slot: Slot, *, by_account: bool) -> tuple[Actor, Given]:
    """Who enters a signature, and how it is given: by whoever holds an account with it, else on paper."""
    office = cast.officer(on.village) if slot.level is StageLevel.VILLAGE else on.office()
    if slot.capacity is not Capacity.HOUSEHOLD:
        holder = cast.named(by=on.by, capacity=slot.capacity, division=code_at(on.village, slot.level))
        if by_account and holder.user is not None:
            signer = cast.person(holder.user.username)
            return signer, Given(SignatureKind.ACCOUNT, confirmation=cast.confirmed(signer))
    return office, Given(SignatureKind.PAPER, sheet=_paper(), witness=cast.witness(slot.level, on.village))


def object_to(on: Travel) -> None:
    """Somebody telephones about the first case: it stops, and the others go on."""
    by = on.office()
    case = on.cases[0]
    said = objections.Said(
        ObjectionChannel.TELEPHONE, "演示：反映该户在县城有商品房，请核实", database_now(), name="演示·村民"
    )
    row = objections.receive(by=by, case=case.pk, said=said)
    objections.acknowledge(by=by, objection=row.pk)


def change_record(on: Travel) -> None:
    """The house of the first case's household is found to be another grade than was screened."""
    household = register_reads.household_visible_to(on.by, on.cases[0].household_id or "")
    year = on.course.place.time_point.year
    grade = household.years.get(data_year=year).housing_grade
    register.record_household_year(
        by=on.by, household=household.pk, period=Period(year, *period(year)),
        values={"housing_grade": "A" if grade != "A" else "B"}, reason="演示：复核住房鉴定等级",
    )  # fmt: skip


def _met(on: Travel, day: dt.date) -> None:
    meet(on, day)
    meetings.close_meeting(by=on.office(), batch=on.batch.pk)


def _asked(on: Travel, day: dt.date) -> None:
    ask(on, day)
    consents.close_consents(by=on.office(), batch=on.batch.pk, refusals={})


def _decided(on: Travel, day: dt.date) -> None:
    if on.stage.kind in SURVEYED:
        survey(on, day)
    sign(on)
    said = decisions.Said("演示：材料齐全，程序到位，同意", dated_on=day)
    if on.stage.kind in decisions.WITH_OPINION:
        said = replace(said, document=f"演示〔{day.year}〕{next(_serial)}号")
    if on.stage.kind is StageKind.EVALUATION:
        said = replace(said, body="演示评估机构")
    decisions.decide(by=on.office(), batch=on.batch.pk, stage=on.stage.id, others=_others(on), said=said)


def _ended(on: Travel, _day: dt.date) -> None:
    notices.end_notice(by=on.office(), batch=on.batch.pk)


def _signed(on: Travel, _day: dt.date) -> None:
    """Below the county; from there up a roster is signed for all batches at once."""
    if on.stage.level not in ROSTER_LEVELS:
        sign(on)
        signing.pass_on(by=on.office(), batch=on.batch.pk, outcomes=_others(on))


def _announced(on: Travel, _day: dt.date) -> None:
    effect.announce(by=on.office(), batch=on.batch.pk, effective_on=on.course.place.time_point)


def _others(on: Travel) -> Mapping[UUID, Outcome]:
    """The last case where the course strikes it out or returns it here, if it is not the only one."""
    at, to = on.standing.returned
    last = on.cases[1:][-1:]
    if on.standing.struck == on.stage.id:
        return {each.pk: Outcome(StepResult.STRUCK_OUT, reason="演示：评议认为不符合条件") for each in last}
    if at == on.stage.id:
        return {each.pk: Outcome(StepResult.RETURNED, to, "演示：家庭人口与台账不一致，请重新核实") for each in last}
    return {}


def _paper() -> bytes:
    return papers.sheet(next(_serial), smaller=2)


ACTS: Mapping[StageKind, Callable[[Travel, dt.date], None]] = {
    **dict.fromkeys(decisions.DECIDED, _decided),
    StageKind.MEETING: _met,
    StageKind.CONSENT: _asked,
    StageKind.SIGNATURES: _signed,
    StageKind.PUBLIC_NOTICE: _ended,
    StageKind.ANNOUNCEMENT: _announced,
}
