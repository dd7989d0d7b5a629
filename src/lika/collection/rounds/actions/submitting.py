"""A village hands in: everything, or it is told what is missing."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.collection.rounds.actions.common import begin, end, note_of
from lika.collection.rounds.choices import EntryState, Verb
from lika.collection.rounds.models import Submission
from lika.collection.rounds.queries.villages import village_standing
from lika.core.actors import Actor
from lika.core.errors import ManyErrors, UserError


@transaction.atomic
def submit(*, by: Actor, submission: UUID, note: str = "") -> Submission:
    """Hand in what a village filled.

    Raises ACC-001, ACC-002, RND-001, RND-002, RND-004, RND-020 (with all that is missing).
    """
    found = begin(by, submission, Verb.SUBMIT)
    kept = note_of(note)
    refuse_incomplete(by, found)
    return end(
        by, found, Verb.SUBMIT, kept, submitted_by=by.name, submitted_at=timezone.now(), passed_by="", passed_at=None
    )


def refuse_incomplete(by: Actor, found: Submission) -> None:
    """RND-020 with RND-021 for each household that is not whole and filled, and for the form of the village."""
    missing = list(_missing(by, found))
    if missing:
        raise ManyErrors(
            "RND-020",
            _("The village is not complete."),
            missing,
            remedy=_("Fill in what is named below, then hand in."),
        )


def _missing(by: Actor, found: Submission) -> Iterator[UserError]:
    standing = village_standing(by=by, submission=found)
    for line in standing.lines:
        if not line.is_done:
            yield UserError(
                "RND-021",
                _("This household is not finished."),
                remedy=_("Open its form."),
                household=line.household.number,
            )
    if standing.form != EntryState.FILLED:
        yield UserError(
            "RND-022", _("The form of the village is not finished."), remedy=_("Open the figures of the village.")
        )
