"""The township audits what a village handed in; the county locks what was passed, or sends it back."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.accounts.queries import held_by_post
from lika.collection.rounds.actions.common import begin, end, note_of, period_of, record, refuse_same_person
from lika.collection.rounds.actions.submitting import refuse_incomplete
from lika.collection.rounds.choices import SubmissionState, Verb
from lika.collection.rounds.models import FieldRemark, Round, Submission
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.engine.schema import Fact
from lika.register import actions as register_actions
from lika.register import queries as register
from lika.register.queries import WholeYear


@dataclass(frozen=True)
class At:
    """Where a remark belongs: a household or (without) the village, a member of it, a field or (empty) the whole."""

    household: UUID | None = None
    person: UUID | None = None
    field: str = ""


@transaction.atomic
def add_remark(*, by: Actor, submission: UUID, at: At, text: str) -> FieldRemark:
    """Note what is wrong; the village is told when the submission is returned.

    Raises ACC-001, ACC-002, REG-001, RND-001, RND-002, RND-004, RND-030 (no such field).
    """
    found = begin(by, submission, Verb.RETURN)
    kept = note_of(text, needed=True, field="text")
    _refuse_nowhere(by, found, at)
    remark = FieldRemark.objects.create(
        submission=found, village=found.village, household_id=at.household, person_id=at.person, field=at.field,
        text=kept, by_name=by.name,
    )  # fmt: skip
    record(by, found, "round.remarked", None, {"household": at.household, "person": at.person, "field": at.field})
    return remark


@transaction.atomic
def drop_remark(*, by: Actor, submission: UUID, remark: UUID) -> None:
    """Take back a remark that the village was not told yet. Raises ACC-001, ACC-002, RND-001, RND-002, RND-031."""
    found = begin(by, submission, Verb.RETURN)
    dropped, _each = found.remarks.filter(pk=remark, told_at=None).delete()
    if not dropped:
        raise NotFound("RND-031", _("There is no such remark."), remedy=_("Look at the remarks of the submission."))
    record(by, found, "round.remark_dropped", {"remark": remark}, None)


@transaction.atomic
def return_submission(*, by: Actor, submission: UUID, mend_by: dt.date, note: str = "") -> Submission:
    """Give it back to the village with the remarks, to be mended by a day.

    Raises ACC-001, ACC-002, RND-001, RND-002, RND-003, RND-004 (no remark at all), RND-032 (a day that is past).
    """
    found = begin(by, submission, Verb.RETURN)
    refuse_same_person(by, found.submitted_by)
    untold = found.remarks.filter(told_at=None)
    kept = note_of(note, needed=not untold.exists())
    if mend_by < timezone.localdate():
        raise UserError(
            "RND-032", _("The day is past already."), remedy=_("Give the village time to mend."), field="mend_by"
        )
    untold.update(told_at=timezone.now())
    return end(by, found, Verb.RETURN, kept, due_on=mend_by)


@transaction.atomic
def pass_submission(*, by: Actor, submission: UUID, note: str = "") -> Submission:
    """Find the village's data right: its rows are confirmed.

    Raises ACC-001, ACC-002, RND-001, RND-002, RND-003, RND-004, RND-020 (no longer complete), RND-033 (a remark waits
    to be told), REG-035 (the actor entered a row).
    """
    return _passed(by, begin(by, submission, Verb.PASS), Verb.PASS, note_of(note))


@transaction.atomic
def pass_for_township(*, by: Actor, submission: UUID, reason: str) -> Submission:
    """The county finds the data right where nobody but whoever handed in may audit for the township.

    Another person of the county locks them. Raises as `pass_submission`, RND-004 (no reason), RND-034 (the township has
    an auditor).
    """
    found = begin(by, submission, Verb.STAND_IN)
    kept = note_of(reason, needed=True, field="reason")
    if found.village in held_by_post(Permission.ROUND_AUDIT, found.code, besides=found.submitted_by):
        raise UserError(
            "RND-034",
            _("The township has somebody who audits."),
            remedy=_("Leave the audit to the township; after it, lock the year or send it back."),
        )
    return _passed(by, found, Verb.STAND_IN, kept)


def _passed(by: Actor, found: Submission, verb: Verb, note: str) -> Submission:
    refuse_same_person(by, found.submitted_by)
    if found.remarks.filter(told_at=None).exists():
        raise UserError(
            "RND-033",
            _("There are remarks that the village was not told."),
            remedy=_("Return the submission with them, or take them back."),
        )
    refuse_incomplete(by, found)
    register_actions.confirm_years(
        by=by, village=found.code, households=_households(by, found), data_year=found.round.data_year
    )
    return end(by, found, verb, note, passed_by=by.name, passed_at=timezone.now())


@transaction.atomic
def send_back(*, by: Actor, submission: UUID, note: str) -> Submission:
    """The county wants what was passed audited again. Raises ACC-001, ACC-002, RND-001, RND-002, RND-004."""
    found = begin(by, submission, Verb.SEND_BACK)
    return end(by, found, Verb.SEND_BACK, note_of(note, needed=True), passed_by="", passed_at=None)


@transaction.atomic
def lock_submission(*, by: Actor, submission: UUID) -> Submission:
    """Close the village's year: from now on only by correction. The round ends with its last village.

    Raises ACC-001, ACC-002, RND-001, RND-002, RND-003, RND-020 (no longer complete), REG-032 (changed after the audit).
    """
    found = begin(by, submission, Verb.LOCK)
    refuse_same_person(by, found.submitted_by, found.passed_by)
    refuse_incomplete(by, found)
    register_actions.lock_years(
        by=by, village=found.code, households=_households(by, found), data_year=found.round.data_year
    )
    locked = end(by, found, Verb.LOCK, locked_by=by.name, locked_at=timezone.now())
    _close_if_last(by, locked)
    return locked


def _close_if_last(by: Actor, locked: Submission) -> None:
    """With the last village locked the year becomes the figures of its area."""
    opened = Round.objects.select_for_update().get(pk=locked.round_id)  # two may lock the last two villages at once
    if opened.submissions.exclude(state=SubmissionState.LOCKED).exists():
        return
    opened.closed_at = timezone.now()
    opened.save(update_fields=["closed_at"])
    register_actions.close_year(by=by, division=opened.code, data_year=opened.data_year)


def _households(by: Actor, found: Submission) -> list[UUID]:
    period = period_of(found)
    lines = register.households_to_collect(
        by=by, village=found.village, data_year=period.data_year, at=period.period_to
    )
    return [line.id for line in lines]


def _refuse_nowhere(by: Actor, found: Submission, at: At) -> None:
    """RND-030 where the household is not the village's, the person not of the household, or the field of neither."""
    if at.household is None:
        known = at.person is None and at.field in _names(register.yearly_facts("village", found.village))
    else:
        period = period_of(found)
        whole = register.whole_year(by=by, household=at.household, data_year=period.data_year, at=period.period_to)
        known = whole.village == found.village and _in_household(whole, at)
    if not known and not (at.household is None and at == At()):
        raise UserError(
            "RND-030", _("There is no such field in this submission."), remedy=_("Choose a field of the form."),
            field="at",
        )  # fmt: skip


def _in_household(whole: WholeYear, at: At) -> bool:
    unit = "household" if at.person is None else "person"
    there = at.person is None or any(part.id == at.person for part in whole.members)
    return there and (at.field == "" or at.field in _names(whole.facts[unit]))


def _names(facts: Iterable[Fact]) -> set[str]:
    return {fact.name for fact in facts}
