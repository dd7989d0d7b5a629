"""How cases move: a batch is taken, every case in it gets a result, and those that do not go on with it leave it.

All stage actions go through here. Whoever acts locks the batch first, so that two acts on it come one after the other;
the second finds the batch where the first left it and is told so (CAS-032).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.casework.actions import guards
from lika.casework.actions.voiding import void_from
from lika.casework.choices import DUTIES, BatchState, CaseState, Duty, StepResult
from lika.casework.models import Batch, Case, Step
from lika.casework.queries import cases as reads
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.policy.choices import StageKind
from lika.policy.queries.procedures import Procedure, ProcedureStage

LONGEST = 500  # characters of a reason


@dataclass(frozen=True)
class Standing:
    """A batch that was taken for an act: locked, with its procedure, its stage, and the cases that are under way in it.

    `cases` are in the order that the meeting fixed, else by number; stopped ones are among them.
    """

    by: Actor
    batch: Batch
    procedure: Procedure
    stage: ProcedureStage
    cases: Sequence[Case]
    at: dt.datetime

    @property
    def open(self) -> list[Case]:
        """The cases that may move now."""
        return [each for each in self.cases if each.state == CaseState.OPEN]

    @property
    def duty(self) -> Duty:
        """What acting at this stage counts as."""
        return DUTIES.get(self.stage.kind, Duty.NONE)


@dataclass(frozen=True)
class Outcome:
    """What an act decides on one case. `to` is the stage that a returned case goes back to."""

    result: StepResult = StepResult.PASSED
    to: str = ""
    reason: str = ""


@dataclass
class _Moved:
    """What is written at the end, in as few statements as there are tables."""

    cases: list[Case] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


def take(by: Actor, batch: UUID, *kinds: StageKind, stage_id: str | None = None) -> Standing:
    """Lock a batch for an act on its stage, within a transaction. Without `kinds` any stage will do.

    `stage_id` is the stage that the actor saw: an act that is sent twice must not pass two stages of one kind.

    Raises ACC-001, ACC-002, CAS-030, CAS-032 (it stands at another stage, or is closed), CAS-033 (the actor had another
    duty on one of its cases).
    """
    standing = hold(by, batch, *kinds, stage_id=stage_id)
    _require_acting(by, standing.stage, standing.batch.number)
    _refuse_second_duty(standing)
    return standing


def hold(by: Actor, batch: UUID, *kinds: StageKind, stage_id: str | None = None) -> Standing:
    """`take` for an act that the caller asks permission for: signing, which goes by capacity and not by post.

    Raises ACC-001, CAS-030, CAS-032.
    """
    seen = reads.batch_in_sight(by, batch)
    locked = Batch.objects.select_for_update().get(pk=seen.pk)
    locked.campaign, locked.division = seen.campaign, seen.division
    procedure = reads.procedure_of(locked)
    stage = procedure.stage(locked.stage)
    elsewhere = (kinds and stage.kind not in kinds) or stage_id not in (None, stage.id)
    if locked.state != BatchState.OPEN or elsewhere:
        raise UserError(
            "CAS-032",
            _("The batch stands at another stage now: %(stage)s.") % {"stage": str(stage.title)}
            if locked.state == BatchState.OPEN
            else _("The batch is closed: no case in it is under way."),
            remedy=_("Open the batch again and go on from what it shows."),
        )
    live = locked.cases.filter(state__in=(CaseState.OPEN, CaseState.STOPPED)).order_by("place", "number")
    return Standing(by, locked, procedure, stage, list(live), timezone.now())


def settle(standing: Standing, outcomes: Mapping[UUID, Outcome], *, action: str) -> None:
    """Give every case under way its result and move on: passed cases with the batch to the next stage, or to the end.

    Returned ones go to a supplementary batch at the stage named, stopped ones to one at this stage; struck out ones
    end here. `outcomes` has one entry for each open case. Raises CAS-035 (one is missing, or is not in the batch),
    CAS-036 (the stage does not return there, or strikes nobody out), CAS-013 (reason), CAS-192 (no case may move), and
    what the guards raise.
    """
    refuse_incomplete(standing, outcomes)
    if not standing.open:
        raise UserError(
            "CAS-192",
            _("No case of this batch may move now: there is none, or objections stop them."),
            remedy=_("Take cases in at its first stage, or have the objections answered first."),
        )
    passing = [each for each in standing.open if outcomes[each.pk].result in (StepResult.PASSED, StepResult.SKIPPED)]
    following = _next(standing)
    worked = [each for each in passing if outcomes[each.pk].result is StepResult.PASSED]
    guards.before_leaving(standing, worked)
    if following is not None:
        guards.before_entering(standing, standing.procedure.stage(following), passing)
    moved = _Moved()
    leaving: dict[str, list[Case]] = defaultdict(list)
    for case in standing.open:
        outcome = outcomes[case.pk]
        if outcome.result is StepResult.STRUCK_OUT:
            case.state = CaseState.STRUCK_OUT
        elif outcome.result is StepResult.RETURNED:
            leaving[outcome.to].append(case)
        moved.steps.append(_step(standing, case, outcome, following or standing.stage.id))
    if passing:  # the batch goes on without those who wait for an answer; else it waits with them
        leaving[standing.stage.id] += [each for each in standing.cases if each.state == CaseState.STOPPED]
    for stage, cases in leaving.items():
        if cases:
            _put_apart(standing, stage, cases)
    _go_on(standing, passing, following)
    moved.cases = list(standing.cases)
    _write(standing, moved, action, outcomes)


def send_off(standing: Standing, outcomes: Mapping[UUID, Outcome], *, action: str) -> None:
    """Some cases go back or end here at once; the others stay with the batch at its stage.

    At an announcement they go where the last stage before lets them (`queries.cases.lets_out`).
    Raises CAS-034, CAS-036, CAS-150 (nobody is named, one is not open here, or one would go on).
    """
    leaving = [each for each in standing.open if each.pk in outcomes]
    gone = (StepResult.RETURNED, StepResult.STRUCK_OUT)
    if not leaving or len(leaving) != len(outcomes) or any(each.result not in gone for each in outcomes.values()):
        raise UserError(
            "CAS-150",
            _("No case is chosen that goes back or is struck out."),
            remedy=_("Choose for at least one case where it goes, and write the reason."),
        )
    _refuse_results(reads.lets_out(standing.procedure, standing.stage), outcomes)
    returned: dict[str, list[Case]] = defaultdict(list)
    for case in leaving:
        outcome = outcomes[case.pk]
        if outcome.result is StepResult.STRUCK_OUT:
            case.state = CaseState.STRUCK_OUT
        else:
            returned[outcome.to].append(case)
    steps = [_step(standing, case, outcomes[case.pk], standing.stage.id) for case in leaving]
    for stage, cases in returned.items():
        _put_apart(standing, stage, cases)
    if len(leaving) == len(standing.cases):
        standing.batch.state = BatchState.CLOSED
        standing.batch.save(update_fields=["state"])
    _write(standing, _Moved(leaving, steps), action, outcomes)


def passed(standing: Standing, *, action: str) -> None:
    """Pass every open case of the batch. Raises as `settle`."""
    settle(standing, {each.pk: Outcome() for each in standing.open}, action=action)


def put_apart(standing: Standing, cases: Collection[Case], stage: str) -> Batch:
    """Move cases to a supplementary batch at a stage; the caller has recorded why. Saves them."""
    batch = _put_apart(standing, stage, list(cases))
    Case.objects.bulk_update(cases, ["batch", "stage", "stage_since"])
    return batch


def steps_for(
    standing: Standing, cases: Collection[Case], result: StepResult, *, reason: str = "", duty: Duty = Duty.NONE
) -> None:
    """Write one step for each case, which stays at its stage."""
    Step.objects.bulk_create(
        Step(
            case=case, batch=standing.batch, stage=case.stage, to_stage=case.stage, result=result, duty=duty,
            reason=reason, by_name=standing.by.name, at=standing.at,
        )
        for case in cases
    )  # fmt: skip


def reason_of(given: str, field: str = "reason") -> str:
    """A reason as it is kept. Raises CAS-034."""
    text = given.strip()
    if not text or len(text) > LONGEST:
        raise UserError(
            "CAS-034",
            _("A reason has to be written, of not more than %(longest)s characters.") % {"longest": LONGEST},
            remedy=_("Write what was found, so that whoever reads the file later understands it."),
            field=field,
        )
    return text


def _require_acting(by: Actor, stage: ProcedureStage, place: int) -> None:
    asked = reads.acting_permissions(stage)
    if not reads.may_act(by, stage, place):
        by.require(next((each for each in asked if by.has(each)), asked[0]), village=place)


def _refuse_second_duty(standing: Standing) -> None:
    if not standing.duty:
        return
    others = Step.objects.filter(case__in=[each.pk for each in standing.cases], by_name=standing.by.name)
    found = others.exclude(duty__in=(Duty.NONE, standing.duty)).select_related("case").first()
    if found is not None:
        raise UserError(
            "CAS-033",
            _("You had another duty on case %(case)s: %(duty)s.")
            % {"case": found.case.number, "duty": found.get_duty_display()},
            remedy=_("Nobody does two of prepare, verify, review, approve on one case: ask a colleague."),
        )


def refuse_incomplete(standing: Standing, outcomes: Mapping[UUID, Outcome]) -> None:
    """Whether every open case has a result that the procedure allows here. Raises CAS-034, CAS-035, CAS-036."""
    expected = {each.pk for each in standing.open}
    if expected != set(outcomes):
        raise UserError(
            "CAS-035",
            _("Each of the %(n)s cases under way needs one result.") % {"n": len(expected)},
            remedy=_("Open the batch again: a case may have left or joined it."),
        )
    _refuse_results(standing.stage, outcomes)


def _refuse_results(stage: ProcedureStage, outcomes: Mapping[UUID, Outcome]) -> None:
    for outcome in outcomes.values():
        back = outcome.result is StepResult.RETURNED and outcome.to not in stage.returns
        out = outcome.result is StepResult.STRUCK_OUT and not stage.strike_out
        skip = outcome.result is StepResult.SKIPPED and not stage.optional
        if back or out or skip:
            raise UserError(
                "CAS-036",
                _("The procedure does not allow that at the stage %(stage)s.") % {"stage": str(stage.title)},
                remedy=_("Choose what the page offers; the procedure stands on the page of its pack."),
            )
        if outcome.result in (StepResult.RETURNED, StepResult.STRUCK_OUT, StepResult.SKIPPED):
            reason_of(outcome.reason)


def _next(standing: Standing) -> str | None:
    following = standing.procedure.following(standing.stage.id)
    return following[0] if following else None


def _step(standing: Standing, case: Case, outcome: Outcome, following: str) -> Step:
    goes_on = outcome.result in (StepResult.PASSED, StepResult.SKIPPED)
    to = following if goes_on else outcome.to or standing.stage.id
    return Step(
        case=case, batch=standing.batch, stage=standing.stage.id, to_stage=to, result=outcome.result,
        duty=standing.duty, reason=outcome.reason.strip(), by_name=standing.by.name, at=standing.at,
    )  # fmt: skip


def _put_apart(standing: Standing, stage: str, cases: Sequence[Case]) -> Batch:
    first = standing.batch
    # The batch that the campaign opened is locked too: two supplements of one village must not take one number.
    siblings = Batch.objects.filter(campaign=first.campaign_id, division=first.division_id)
    siblings.select_for_update().get(sequence=0)
    last: int = siblings.aggregate(last=Max("sequence"))["last"]
    apart = Batch.objects.create(
        campaign=first.campaign, division=first.division, number=first.number, sequence=last + 1, split_from=first,
        pack=first.pack, procedure=first.procedure, stage=stage, stage_since=standing.at,
    )  # fmt: skip
    if stage != standing.stage.id:
        void_from(standing.procedure, cases, stage, at=standing.at)
    for case in cases:
        case.batch, case.stage, case.stage_since = apart, stage, standing.at
    return apart


def _go_on(standing: Standing, passing: Sequence[Case], following: str | None) -> None:
    batch = standing.batch
    for case in passing:
        case.stage_since = standing.at
        if following is None:
            case.state = CaseState.DONE
        else:
            case.stage = following
    if passing and following is not None:
        batch.stage, batch.stage_since = following, standing.at
    elif passing or all(each.state != CaseState.STOPPED for each in standing.cases):
        batch.state = BatchState.CLOSED
    batch.save(update_fields=["stage", "stage_since", "state"])


def _write(standing: Standing, moved: _Moved, action: str, outcomes: Mapping[UUID, Outcome]) -> None:
    Case.objects.bulk_update(moved.cases, ["batch", "stage", "stage_since", "state"], batch_size=1000)
    Step.objects.bulk_create(moved.steps, batch_size=1000)
    numbers = {case.number: outcomes[case.pk].result.value for case in standing.cases if case.pk in outcomes}
    record(standing, action, new={"stage": standing.stage.id, "to": standing.batch.stage, "results": numbers})


def record(standing: Standing, action: str, *, new: Mapping[str, object], reason: str = "") -> None:
    """The audit row of an act on a batch."""
    batch = standing.batch
    change = audit.Change("batch", batch.pk, audit.chain_of(batch.division_id), batch.label, new=new)
    audit.record(by=standing.by, action=action, change=change, reason=reason)
