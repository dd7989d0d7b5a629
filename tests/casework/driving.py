"""Cases driven through a procedure of a pack, stage by stage, each kind by the action that belongs to it. 演示数据"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db import transaction

from lika.casework.actions import cases as actions
from lika.casework.actions import (
    consents,
    days,
    decisions,
    effect,
    evidence,
    indicators,
    meetings,
    moving,
    notices,
    quotas,
    rosters,
    signing,
    surveys,
)
from lika.casework.actions.cases import Candidate
from lika.casework.actions.consents import Answer
from lika.casework.actions.decisions import Said
from lika.casework.actions.indicators import SelfEvaluation
from lika.casework.actions.meetings import Ballot, Held
from lika.casework.actions.quotas import Opening
from lika.casework.actions.signing import Given
from lika.casework.actions.surveys import Finding, Visit
from lika.casework.choices import (
    DUTIES,
    LEVELS,
    NUMBERED,
    PAPERS,
    ROSTER_LEVELS,
    WORKS,
    CampaignKind,
    Duty,
    HouseholdAnswer,
    Manner,
    SignatureKind,
    StepResult,
)
from lika.casework.models import Batch, Campaign, Case, Indicator, Notice, Signatory, Step
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.indicators import asks_for_sheet, is_self_evaluated
from lika.casework.queries.stages import SURVEYED
from lika.core.actors import SystemActor
from lika.core.areas import DIGITS_OF_LEVEL, EVERYWHERE
from lika.core.ids import uuid7
from lika.core.permissions import Permission
from lika.policy import actions as policy
from lika.policy.choices import Capacity, PostingPlace, ProcedureUnit, StageKind, StageLevel
from lika.policy.packs.library import Library
from lika.policy.queries.procedures import Procedure, ProcedureStage
from lika.register.choices import Axis
from lika.register.models import Household
from tests import factories as make
from tests.casework.noticing import PHONE, age, photograph, today
from tests.casework.signers import actor_for, by_account, ink, names, official
from tests.files import pdf

Act = Callable[["Course"], None]


@dataclass
class Course:
    """A campaign of one village (or county) on its way; `village` is a 12-digit code."""

    village: str
    campaign: Campaign
    batch: Batch
    households: list[Household] = field(default_factory=list)

    @property
    def day(self) -> dt.date:
        """The day of everything: the last of the campaign's year."""
        return dt.date(self.campaign.year, 12, 31)

    @property
    def procedure(self) -> Procedure:
        return procedure_of(self.batch)

    @property
    def stage(self) -> ProcedureStage:
        self.batch.refresh_from_db()
        return self.procedure.stage(self.batch.stage)

    @property
    def cases(self) -> list[Case]:
        return list(self.batch.cases.order_by("number"))

    def official(self, stage: ProcedureStage | None = None, *, second: bool = False) -> SystemActor:
        """Who acts at a stage: one for each level and duty, for nobody has two duties on one case."""
        at = stage or self.stage
        duty = DUTIES.get(at.kind, Duty.NONE)
        name = f"{at.level.value} {duty.value or 'office'}{' 2' if second else ''}"
        return make.make_actor(self.place(at.level), name=name)

    def signer(self, capacity: Capacity, level: StageLevel) -> SystemActor:
        """Who holds a capacity at a level."""
        division, name = self.place(level), str(capacity)
        holder = Signatory.objects.filter(capacity=capacity, division=division).first()
        if holder is None:
            office = make.make_actor(division, name="signatories")
            holder = names(office, official(f"{name}·演示", division), name, division)
        return actor_for(holder.official, division, name)

    @property
    def witness(self) -> UUID:
        """Somebody in post in the village."""
        return official("见证·演示", self.village).pk

    def place(self, level: StageLevel) -> str:
        """The division of a level around the village."""
        digits = DIGITS_OF_LEVEL[LEVELS[level]]
        return self.village[:digits].ljust(12, "0")


def loaded(pack_id: str, root: Path | None = None) -> str:
    """A pack and all that it extends, loaded and active; its reference."""
    operator = _operator()
    folder = root / pack_id if root else Library.shipped().folder(pack_id)
    for base in _bases(folder, root):
        policy.load(by=operator, path=base)
    row = policy.load(by=operator, path=folder)
    policy.activate(by=operator, reference=row.reference)
    return row.reference


def _operator() -> SystemActor:
    return SystemActor("test", tuple(Permission), EVERYWHERE)


def _bases(folder: Path, root: Path | None) -> list[Path]:
    """What a pack extends, the deepest first: an upper version is loaded before a lower one names it."""
    for line in (folder / "pack.yaml").read_text().splitlines():
        if line.startswith("extends: "):
            base = Library.shipped().folder(line.removeprefix("extends: ").split("@")[0])
            return [*_bases(base, root), base]
    return []


def started(
    reference: str,
    kind: CampaignKind,
    village: str,
    *,
    year: int,
    procedure: str = "",
    statuses: tuple[str, ...] = (),
    area_status: str = "",
) -> Course:
    """A campaign of the county (of the province, for a county's case), begun, with a case for each status given.

    `statuses` are those of households; for a village or county there is one case of itself.
    """
    days.load_days(by=_operator())
    place = make.make_division(village)
    if area_status:
        make.make_status(place, Axis.POOR_AREA, area_status, on=dt.date(year - 1, 12, 31))
    opener = _opener(kind, village)
    opening = Opening(
        kind=kind, year=year, size=100 if kind in NUMBERED else None, document="演示：工作通知", pack=reference,
        procedure=procedure, time_point=dt.date(year, 12, 31),
    )  # fmt: skip
    campaign = quotas.open_campaign(by=opener, division=_area(kind, village), opening=opening)
    (batch,) = actions.begin(by=opener, campaign=campaign.pk, procedure=procedure)
    households = [
        make.make_household(
            village, number=f"YS{n:03d}", members=2, poverty=status, status_on=dt.date(year - 1, 12, 31)
        )
        for n, status in enumerate(statuses)
    ]
    course = Course(village, campaign, batch, households)
    criteria = {name: 1 for stage in course.procedure.stages for name in stage.criteria}
    of_household = WORKS[kind].unit is ProcedureUnit.HOUSEHOLD
    candidates = [
        Candidate(
            division=batch.number,
            household_id=each.id if each else None,
            persons=2 if each else None,
            verdicts=criteria,
        )
        for each in (households if of_household else [None])
    ]
    campaign.refresh_from_db()
    with transaction.atomic():
        actions.take_in(by=opener, campaign=campaign, candidates=candidates)
    return course


def _area(kind: CampaignKind, village: str) -> str:
    return village[:6].ljust(12, "0") if village[6:].strip("0") else village


def _opener(kind: CampaignKind, village: str) -> SystemActor:
    return make.make_actor(_area(kind, village), name="opener")


def plain(on: Course) -> None:
    """Pass the stage with all its cases, by the core alone."""
    papers(on)
    stage = on.stage
    with transaction.atomic():
        moving.passed(moving.take(on.official(), on.batch.pk, stage.kind), action="case.test")


def papers(on: Course) -> None:
    """Keep the papers without which the stage is not left."""
    for paper in on.stage.documents:
        if PAPERS[paper].blocks:
            content = pdf(1, noise=f"{on.stage.id} {paper}".encode())
            evidence.add_evidence(by=on.official(), batch=on.batch.pk, paper=paper, content=content)


def met(on: Course) -> None:
    """A meeting of all who may vote, all in favour, and done as it decided."""
    held = Held(on.day, "村委会", "演示主持", "演示记录", expected=30, attended=30)
    by, ballots = on.official(), {case.pk: Ballot(30) for case in on.cases}
    meetings.record_meeting(by=by, batch=on.batch.pk, held=held, ballots=ballots)
    papers(on)
    meetings.close_meeting(by=by, batch=on.batch.pk)


def asked(on: Course) -> None:
    """Every household agrees, by handprint."""
    answer = Answer(HouseholdAnswer.AGREED, on.day, "演示甲", "演示乙", Manner.HANDPRINT)
    consents.record_consents(by=on.official(), batch=on.batch.pk, answers={case.pk: answer for case in on.cases})
    papers(on)
    consents.close_consents(by=on.official(), batch=on.batch.pk, refusals={})


def decided(on: Course) -> None:
    """Survey forms where there are to be some, then the office's word."""
    if on.stage.kind in SURVEYED:
        visit, finding = Visit("演示甲", "演示乙", on.day), Finding(as_registered=True)
        surveys.record_survey(
            by=on.official(), batch=on.batch.pk, visit=visit, findings={case.pk: finding for case in on.cases}
        )
    papers(on)
    signed_below(on)
    said = Said("演示：同意", body="演示评估机构", document="演示〔2016〕1号", dated_on=on.day)
    decisions.decide(by=on.official(), batch=on.batch.pk, stage=on.stage.id, others={}, said=said)


def hung_out(on: Course) -> None:
    """A notice made, posted everywhere and on the web, hung for its days, ended."""
    age(posted(on), 40)
    notices.end_notice(by=on.official(), batch=on.batch.pk)


def posted(on: Course) -> Notice:
    """The notice or announcement of the batch, at every place since today."""
    by = on.official()
    notice = notices.open_notice(by=by, batch=on.batch.pk, phone=PHONE)
    for row in notice.postings.all():
        if row.place == PostingPlace.WEB:
            notices.put_up(by=by, notice=notice.pk, page=uuid7())
        else:
            notices.post(by=by, posting=row.pk, posted_on=today(), proof=photograph())
    return notice


def signed_below(on: Course) -> None:
    """Every slot of a verification by whoever holds its capacity; a household by hand, before a witness."""
    for slot, each in enumerate(on.stage.slots):
        if each.capacity is Capacity.HOUSEHOLD:
            signs = on.official(), Given(SignatureKind.INK, sheet=ink(), witness=on.witness)
        else:
            by = on.signer(each.capacity, each.level)
            signs = by, by_account(by)
        for case in on.cases:
            signing.sign_cases(by=signs[0], batch=on.batch.pk, slot=slot, given=signs[1], cases=[case.pk])


def signed_off(on: Course) -> None:
    """A stage of signatures: cases below the county, from there up a roster; then passed on."""
    stage = on.stage
    if stage.level not in ROSTER_LEVELS:
        signed_below(on)
        signing.pass_on(by=on.official(), batch=on.batch.pk)
        return
    office, place = on.official(), on.place(stage.level)
    roster = rosters.draw_roster(by=office, campaign=on.campaign.pk, division=place, stage=stage.id)
    for slot, each in enumerate(stage.slots):
        by = on.signer(each.capacity, each.level)
        rosters.sign_roster(by=by, roster=roster.pk, slot=slot, given=by_account(by))
    rosters.pass_roster_on(by=office, roster=roster.pk)


def announced(on: Course) -> None:
    """Post the announcement and announce, in effect from the last day of the year."""
    posted(on)
    papers(on)
    effect.announce(by=on.official(), batch=on.batch.pk, effective_on=on.day)


# What belongs to each kind; what is not here has no action of its own and is passed by the core.
ACTS: dict[StageKind, Act] = {
    **dict.fromkeys(decisions.DECIDED, decided),
    StageKind.MEETING: met,
    StageKind.CONSENT: asked,
    StageKind.SIGNATURES: signed_off,
    StageKind.PUBLIC_NOTICE: hung_out,
    StageKind.ANNOUNCEMENT: announced,
}


def sheet_entered(on: Course) -> None:
    """The indicator sheet where the stage asks for it: drawn and self-evaluated first, found met by every other."""
    if not asks_for_sheet(on.procedure, on.stage):
        return
    (case,) = on.cases
    if is_self_evaluated(on.procedure, on.stage):
        indicators.draw(by=on.official(), case=case.pk)
        named = SelfEvaluation(True, "演示", file=photograph())
        indicators.evaluate(by=on.official(), case=case.pk, given=dict.fromkeys(items(case), named))
    else:
        found = indicators.Finding(True)
        indicators.check(by=on.official(), case=case.pk, given=dict.fromkeys(items(case), found))


def items(case: Case) -> list[str]:
    """The criteria on the sheet of a case, in its order."""
    return list(Indicator.objects.filter(sheet__case=case).values_list("criterion", flat=True))


def act(on: Course) -> None:
    """Do at the stage where the batch stands what its kind asks for, and go on."""
    sheet_entered(on)
    ACTS.get(on.stage.kind, plain)(on)


def walk(on: Course) -> list[str]:
    """Go from the stage where the batch stands to the end; the stages passed, in order."""
    passed = []
    while on.stage and on.batch.state == "open":
        passed.append(on.stage.id)
        act(on)
        on.batch.refresh_from_db()
    return passed


def course_of(case: Case) -> list[tuple[str, str, str]]:
    """Stage, result and who, step by step; what was only put on record is left out."""
    moves = Step.objects.filter(case=case).exclude(result=StepResult.RECORDED).order_by("at", "id")
    rows = moves.values_list("stage", "result", "by_name")
    return [(stage, result, name.removeprefix("system:")) for stage, result, name in rows]
