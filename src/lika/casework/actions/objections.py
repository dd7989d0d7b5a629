"""Objections: received in any way, they stop the clock of one case; investigated, answered and decided step by step.

Whoever receives or decides one takes the batch of the case first, as every act on its stage does: an objection comes
before an announcement or after it, never between.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.models import Official
from lika.casework import telling
from lika.casework.actions import moving
from lika.casework.actions.moving import Standing
from lika.casework.actions.notices import close_finished, require_any
from lika.casework.choices import (
    LIVE_STATES,
    OBJECTION_MOVES,
    OBJECTIONS_DECIDED,
    BatchState,
    CaseState,
    Duty,
    NoticeState,
    ObjectionChannel,
    ObjectionVerb,
    StepResult,
)
from lika.casework.models import Batch, Case, Notice, Objection, ObjectionStep, Step
from lika.casework.queries import cases as case_reads
from lika.casework.queries import objections as reads
from lika.casework.queries.clock import sure_moment
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import PermissionRefused, UserError
from lika.policy.choices import StageKind
from lika.register.actions.documents import Paper, add_for_matter

LONGEST = {"name": 60, "phone": 20, "text": 2000, "note": 2000}
_OTHER_PAPER = "99"  # CL-DOCKIND


@dataclass(frozen=True)
class Said:
    """What somebody said. Without `name` it is anonymous; `against` is the official whom it blames.

    `received_at` is when the office got it, by telephone or on paper, or when the page took it.
    """

    channel: ObjectionChannel
    text: str
    received_at: dt.datetime
    name: str = ""
    phone: str = ""
    against: UUID | None = None
    origin_id: UUID | None = None


@transaction.atomic
def receive(*, by: Actor, case: UUID, said: Said) -> Objection:
    """Enter an objection: the case stops where it stands, until it is decided; the others go on.

    Raises ACC-001, ACC-002, CAS-031, CAS-092, CAS-101 (no notice named it), CAS-102 (announced, or over), CAS-103
    (words, or a moment to come), CAS-108 (whom it blames is nobody here).
    """
    seen = case_reads.case_in_sight(by, case)
    require_any(by, reads.receiving(seen), seen.division)
    standing, held = _taken(by, seen)
    notice = _named_by(held)
    _refuse_announced(standing, held)
    moment = sure_moment()
    if said.received_at > moment:
        raise _wrong_words("received_at")
    row = Objection.objects.create(
        case=held, notice=notice, number=f"{held.number}-Y{Objection.objects.filter(case=held).count() + 1}",
        channel=ObjectionChannel(said.channel), name=_words("name", said.name, optional=True),
        phone=_words("phone", said.phone, optional=True), text=_words("text", said.text),
        against=None if said.against is None else _official(held, said.against), origin_id=said.origin_id,
        received_at=said.received_at, entered_at=moment,
    )  # fmt: skip
    _step(by, row, ObjectionVerb.RECEIVE, moment)
    if held.state == CaseState.OPEN:
        _set_state(standing, held, CaseState.STOPPED, StepResult.STOPPED)
    return row


@transaction.atomic
def acknowledge(*, by: Actor, objection: UUID) -> Objection:
    """Tell whoever objected that it was received; of an anonymous one it is noted. Raises as `answer`."""
    row = _moved(by, objection, ObjectionVerb.ACKNOWLEDGE)
    _save(by, row, ObjectionVerb.ACKNOWLEDGE)
    return row


@transaction.atomic
def assign(*, by: Actor, objection: UUID, to: UUID) -> Objection:
    """Name who investigates: an official posted at the case's place or above, who neither is blamed nor prepared it.

    Raises ACC-001, ACC-002, CAS-092, CAS-104 (blamed, or prepared the case), CAS-105, CAS-106, CAS-108, CAS-175 (no
    account or post that could record the finding).
    """
    row = _moved(by, objection, ObjectionVerb.ASSIGN)
    official = _official(row.case, to)
    name = "" if official.user is None else official.user.username
    if official.pk == row.against_id or reads.had_duty(row.case, name, (Duty.PREPARE,)):
        raise _partial()
    if not reads.investigators_for(row).filter(pk=to).exists():
        raise UserError(
            "CAS-175",
            _("This official could not record the finding: no account, or no post that acts on cases."),
            remedy=_("Choose one from the list."),
            field="to",
        )
    row.assigned_to = official
    _save(by, row, ObjectionVerb.ASSIGN, "assigned_to", to=official)
    return row


@transaction.atomic
def investigate(*, by: Actor, objection: UUID, finding: str, evidence: bytes) -> Objection:
    """Write down what was found, with the paper or photograph that shows it. Only whoever it is assigned to does so.

    Raises ACC-001, ACC-002, CAS-092, CAS-103, CAS-104 (assigned to another), CAS-105, CAS-106, and what
    `add_for_matter` raises.
    """
    row = _moved(by, objection, ObjectionVerb.INVESTIGATE)
    case = row.case
    said = Paper(kind=_OTHER_PAPER, title=row.number)
    kept = add_for_matter(by=by, matter=case.pk, village=case.division, paper=said, content=evidence)
    _save(by, row, ObjectionVerb.INVESTIGATE, note=_words("note", finding), evidence=kept.pk)
    return row


@transaction.atomic
def answer(*, by: Actor, objection: UUID, text: str) -> Objection:
    """Draft what whoever objected is told.

    Raises ACC-001, ACC-002, CAS-092, CAS-103, CAS-105 (not now), CAS-106.
    """
    row = _moved(by, objection, ObjectionVerb.ANSWER)
    row.reply = _words("text", text)
    _save(by, row, ObjectionVerb.ANSWER, "reply", note=row.reply)
    return row


@transaction.atomic
def dismiss(*, by: Actor, objection: UUID, reason: str) -> Objection:
    """It is unfounded: the case goes on where it stands, its period with the days that were left.

    Raises ACC-001, ACC-002, CAS-034, CAS-092, CAS-104 (blamed, prepared, or investigated it), CAS-105, CAS-106.
    """
    row, standing, case = _to_decide(by, objection, ObjectionVerb.DISMISS)
    text = moving.reason_of(reason)
    _decided(by, row, ObjectionVerb.DISMISS, text)
    if case.state == CaseState.STOPPED and not _others_open(row):
        _set_state(standing, case, CaseState.OPEN, StepResult.RESUMED, text)
    return row


@transaction.atomic
def uphold(*, by: Actor, objection: UUID, reason: str, to: str = "") -> Objection:
    """It is right: the case goes back to a stage, or with an empty `to` is struck out.

    Where it may go is what `ways_out` finds for it under the lock; sent to where it stands already it goes on there. Of
    a case that is over it is recorded alone. Raises as `dismiss`, and CAS-107 (the procedure does not allow that).
    """
    row, standing, case = _to_decide(by, objection, ObjectionVerb.UPHOLD)
    text = moving.reason_of(reason)
    _decided(by, row, ObjectionVerb.UPHOLD, text)
    if case.state not in LIVE_STATES:
        return row
    if to not in reads.ways_out(case, row.notice):
        raise UserError(
            "CAS-107",
            _("The procedure does not send a case there, or strikes nobody out here."),
            remedy=_("Choose one of the stages that the page offers."),
            field="to",
        )
    left = standing.stage.id
    if to == left:  # another objection has sent it there before: what is done there anew answers both
        if not _others_open(row):
            _set_state(standing, case, CaseState.OPEN, StepResult.RESUMED, text)
        return row
    case.state = CaseState.STRUCK_OUT if not to else CaseState.STOPPED if _others_open(row) else CaseState.OPEN
    result = StepResult.RETURNED if to else StepResult.STRUCK_OUT
    Step.objects.create(
        case=case, batch=standing.batch, stage=left, to_stage=to or left, result=result, reason=text, by_name=by.name,
        at=standing.at,
    )  # fmt: skip
    if to:
        moving.put_apart(standing, [case], to)
    case.save(update_fields=["state"])
    _close_if_left(standing.batch)
    close_finished(standing, [case])
    moving.record(standing, "objection.upheld", new={"case": case.number, "to": to or "struck_out"}, reason=text)
    return row


def _taken(by: Actor, seen: Case) -> tuple[Standing, Case]:
    """The batch of a case, locked, and the case as it is then. It may go to another batch while this one waits."""
    batch = seen.batch_id
    while True:
        locked = Batch.objects.select_for_update(of=("self",)).select_related("campaign", "division").get(pk=batch)
        case = Case.objects.get(pk=seen.pk)
        if case.batch_id == locked.pk:
            break
        batch = case.batch_id
    case.batch = locked
    procedure = case_reads.procedure_of(locked)
    live = list(locked.cases.filter(state__in=LIVE_STATES).order_by("place", "number"))
    return Standing(by, locked, procedure, procedure.stage(case.stage), live, timezone.now()), case


def _named_by(case: Case) -> Notice:
    """The last notice that named the case. Raises CAS-101."""
    named = Notice.objects.filter(lines__case=case).exclude(state=NoticeState.VOID)
    found = named.order_by("-opened_at", "-pk").first()
    if found is None:
        raise UserError(
            "CAS-101",
            _("No notice has named case %(case)s yet: there is nothing to object to.") % {"case": case.number},
            remedy=_("Take it up with whoever prepares the case."),
        )
    return found


def _refuse_announced(standing: Standing, case: Case) -> None:
    stages = [each.kind for each in standing.procedure.stages]
    stands = [each.id for each in standing.procedure.stages].index(case.stage)
    announced = StageKind.ANNOUNCEMENT in stages[:stands]
    if case.state not in LIVE_STATES or announced:
        raise UserError(
            "CAS-102",
            _("Case %(case)s is announced or over: an objection no longer stops it.") % {"case": case.number},
            remedy=_("Enter it as a request at the service window; a wrong decision is corrected by a new case."),
        )


def _to_decide(by: Actor, objection: UUID, verb: ObjectionVerb) -> tuple[Objection, Standing, Case]:
    """An objection that may be decided by the actor, with its case; the batch first, then the objection."""
    seen = reads.objection_in_sight(by, objection)
    require_any(by, reads.acting(seen, verb), seen.case.division)
    standing, case = _taken(by, seen.case)
    row = _held(seen, verb)
    row.case = case
    if reads.concerns(by, row, verb):
        raise _partial()
    return row, standing, case


def _moved(by: Actor, objection: UUID, verb: ObjectionVerb) -> Objection:
    """An objection for a step that leaves its case where it is, in its new state, not saved."""
    seen = reads.objection_in_sight(by, objection)
    require_any(by, reads.acting(seen, verb), seen.case.division)
    row = _held(seen, verb)
    if reads.concerns(by, row, verb):
        raise _partial()
    row.state = OBJECTION_MOVES[verb][1]
    return row


def _held(seen: Objection, verb: ObjectionVerb) -> Objection:
    row = Objection.objects.select_for_update(of=("self",)).select_related("case", "notice").get(pk=seen.pk)
    if row.state not in OBJECTION_MOVES[verb][0]:
        raise UserError(
            "CAS-105",
            _("The objection is at another step now: %(state)s.") % {"state": row.get_state_display()},
            remedy=_("Open it again and go on from what it shows."),
        )
    return row


def _decided(by: Actor, row: Objection, verb: ObjectionVerb, reason: str) -> None:
    row.state, row.decided_at = OBJECTION_MOVES[verb][1], sure_moment(row.entered_at)
    _save(by, row, verb, "decided_at", note=reason)


def _save(
    by: Actor, row: Objection, verb: ObjectionVerb, *fields: str,
    note: str = "", to: Official | None = None, evidence: UUID | None = None,
) -> None:  # fmt: skip
    row.save(update_fields=["state", *fields])
    _step(by, row, verb, sure_moment(row.entered_at), note=note, to=to, evidence=evidence)


def _step(
    by: Actor, row: Objection, verb: ObjectionVerb, at: dt.datetime, *,
    note: str = "", to: Official | None = None, evidence: UUID | None = None,
) -> None:  # fmt: skip
    ObjectionStep.objects.create(
        objection=row, verb=verb, note=note, to=to, evidence_id=evidence, by_name=by.name, at=at
    )
    change = audit.Change(
        "objection", row.pk, audit.chain_of(row.case.division), row.number,
        new={"state": row.state, "note": note, "to": None if to is None else to.pk, "evidence": evidence},
    )  # fmt: skip
    audit.record(by=by, action=f"objection.{verb}", change=change)
    telling.objection_step(by, row, verb, at)


def _set_state(standing: Standing, case: Case, state: CaseState, result: StepResult, reason: str = "") -> None:
    case.state = state
    case.save(update_fields=["state"])
    moving.steps_for(standing, [case], result, reason=reason)


def _close_if_left(batch: Batch) -> None:
    if not batch.cases.filter(state__in=LIVE_STATES).exists():
        batch.state = BatchState.CLOSED
        batch.save(update_fields=["state"])


def _others_open(row: Objection) -> bool:
    others = Objection.objects.filter(case=row.case).exclude(pk=row.pk)
    return others.exclude(state__in=OBJECTIONS_DECIDED).exists()


def _official(case: Case, official: UUID) -> Official:
    found = reads.officials_for(case).filter(pk=official).first()
    if found is None:
        raise UserError(
            "CAS-108",
            _("This official holds no post at the place of the case or above it."),
            remedy=_("Choose one from the list."),
            field="to",
        )
    return found


def _words(field: str, given: str, *, optional: bool = False) -> str:
    text = given.strip()
    if (not text and not optional) or len(text) > LONGEST[field]:
        raise _wrong_words(field)
    return text


def _wrong_words(field: str) -> UserError:
    return UserError(
        "CAS-103",
        _("Something is missing or too long, or the moment is to come."),
        remedy=_("Write down what was said and when the office got it."),
        field=field,
    )


def _partial() -> PermissionRefused:
    return PermissionRefused(
        "CAS-104",
        _("Who prepared the case, is blamed by the objection or investigated it does not do this; nor does anybody "
          "but whom it is assigned to record the finding."),
        remedy=_("Ask a colleague whom it does not concern."),
    )  # fmt: skip
