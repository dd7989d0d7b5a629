"""Giving one village a later day to hand in."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.collection.rounds.actions.common import locked_submission, not_waiting, note_of, note_step, record
from lika.collection.rounds.choices import FILLABLE, Verb
from lika.collection.rounds.models import Submission
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission


@transaction.atomic
def extend_due(*, by: Actor, submission: UUID, due_on: dt.date, reason: str) -> Submission:
    """The township that audits a village, or the county that keeps the round, gives it a later day to hand in.

    The round's own days stay for all others. Raises ACC-001, ACC-002, RND-001, RND-002 (handed in), RND-004 (no
    reason), RND-035 (no later day, or past).
    """
    keeps = by.has(Permission.ROUND_KEEP)
    found = locked_submission(by, Permission.ROUND_KEEP if keeps else Permission.ROUND_AUDIT, submission)
    if found.state not in FILLABLE:
        raise not_waiting(found)
    kept = note_of(reason, needed=True, field="reason")
    if due_on <= found.due_on or due_on < timezone.localdate():
        raise UserError(
            "RND-035",
            _("This is no later day."),
            remedy=_("Give a day after the one that holds now, not in the past."),
            field="due_on",
            due_on=found.due_on,
        )
    before, found.due_on = found.due_on, due_on
    found.save(update_fields=["due_on"])
    note_step(by, found, Verb.EXTEND, kept)
    record(by, found, "round.extend", {"due_on": before}, {"due_on": due_on}, reason=kept)
    return found
