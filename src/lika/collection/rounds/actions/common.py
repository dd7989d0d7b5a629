"""What the actions on a submission share: the locked row in the actor's area, its moves, its history."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lika.collection.rounds.choices import FILLABLE, LONGEST_REMARK, MOVES, SubmissionState, Verb
from lika.collection.rounds.models import Step, Submission
from lika.collection.rounds.queries.lists import no_such_submission
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.engine.snapshots.layout import county_of
from lika.register.actions import Period


def locked_submission(by: Actor, permission: Permission, submission: UUID) -> Submission:
    """The submission, locked for this transaction. Raises ACC-001, ACC-002 (no such permission there), RND-001."""
    by.require(permission)
    found = Submission.objects.select_for_update(of=("self",)).select_related("round").filter(pk=submission).first()
    if found is None or found.village not in by.area:
        raise no_such_submission()
    by.require(permission, village=found.village)
    return found


def fillable(by: Actor, submission: UUID) -> Submission:
    """A submission that its village is still filling or mending. Raises as `locked_submission`, RND-010."""
    found = locked_submission(by, Permission.REGISTER_CHANGE, submission)
    if found.state not in FILLABLE:
        raise UserError(
            "RND-010",
            _("The village has handed in; its data wait for the next step."),
            remedy=_("Ask the township to return it, or after locking propose a correction."),
            state=SubmissionState(found.state).label,
        )
    return found


def begin(by: Actor, submission: UUID, verb: Verb) -> Submission:
    """The submission in a state that the verb begins with. Raises as `locked_submission`, RND-002."""
    move = MOVES[verb]
    found = locked_submission(by, move.permission, submission)
    if found.state not in move.begins:
        raise not_waiting(found)
    return found


def not_waiting(found: Submission) -> UserError:
    """RND-002: it is in another state than the step begins with."""
    return UserError(
        "RND-002",
        _("The submission does not wait for this step."),
        remedy=_("Look at its history: somebody may have been quicker."),
        state=SubmissionState(found.state).label,
    )


def refuse_same_person(by: Actor, *others: str) -> None:
    """RND-003: maker and checker are never one person."""
    if by.name in others:
        raise UserError(
            "RND-003",
            _("You handed this in or passed it yourself."),
            remedy=_("Have another person check it."),
        )


def note_of(text: str, *, needed: bool = False, field: str = "note") -> str:
    """A remark, trimmed. Raises RND-004 where it is too long, or is needed and not there."""
    kept = text.strip()
    if len(kept) > LONGEST_REMARK or (needed and not kept):
        raise UserError(
            "RND-004",
            _("A remark of at most %(longest)d characters is needed.") % {"longest": LONGEST_REMARK},
            remedy=_("Say in a sentence or two what it is about."),
            field=field,
        )
    return kept


def end(by: Actor, found: Submission, verb: Verb, note: str = "", **fields: object) -> Submission:
    """Move the submission to where the verb ends, with its history and its audit row."""
    before = found.state
    found.state = MOVES[verb].ends
    for name, value in fields.items():
        setattr(found, name, value)
    found.save(update_fields=["state", *fields])
    note_step(by, found, verb, note)
    record(by, found, f"round.{verb}", {"state": before}, {"state": found.state}, reason=note)
    return found


def note_step(by: Actor, found: Submission, verb: Verb, note: str) -> None:
    """A line of the submission's history."""
    Step.objects.create(submission=found, village=found.village, verb=verb, by_name=by.name, note=note)


def record(
    by: Actor,
    found: Submission,
    action: str,
    old: dict[str, object] | None,
    new: dict[str, object] | None,
    *,
    reason: str = "",
) -> None:
    """The audit row of something done with a submission."""
    change = audit.Change("submission", found.pk, county_of(found.village), found.label, old, new)
    audit.record(by=by, action=action, change=change, reason=reason)


def period_of(found: Submission) -> Period:
    """The year and reference period that a submission is for."""
    return Period(found.round.data_year, found.round.period_from, found.round.period_to)
