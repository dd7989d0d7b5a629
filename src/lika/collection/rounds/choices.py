"""States of a round's parts, and who may move a village's submission from where to where."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lika.core.permissions import Permission


class SubmissionState(TextChoices):
    """Where a village's submission stands."""

    FILLING = "filling", _("Being filled")
    SUBMITTED = "submitted", _("Waits for the township's audit")
    RETURNED = "returned", _("Returned to be mended")
    PASSED = "passed", _("Passed by the township")
    LOCKED = "locked", _("Locked by the county")


class EntryState(TextChoices):
    """Where one household stands; a household without an entry is not begun."""

    DRAFT = "draft", _("Draft kept")
    DOUBT = "doubt", _("In doubt")
    FILLED = "filled", _("Filled")


NOT_BEGUN = ""


class Show(TextChoices):
    """What the list of a village's households may be narrowed to."""

    ALL = "all", _("All")
    TODO = "todo", _("Not finished")
    REMARKS = "remarks", _("With remarks")
    CHANGED = "changed", _("Differ from last year")
    WARNED = "warned", _("A rule asks")


class WorkbookState(TextChoices):
    """How far a workbook that came back is: waiting -> running -> done | failed."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


# While it is in one of these, the village brings no other.
GOING = frozenset({WorkbookState.WAITING, WorkbookState.RUNNING})


class Verb(TextChoices):
    """What is done with a submission."""

    SUBMIT = "submit", _("Handed in")
    RETURN = "return", _("Returned")
    PASS = "pass", _("Passed")
    SEND_BACK = "send_back", _("Sent back to the township")
    LOCK = "lock", _("Locked")
    STAND_IN = "stand_in", _("Passed by the county in the township's place")
    EXTEND = "extend", _("Later day given")
    WORKBOOK = "workbook", _("Workbook taken in")


@dataclass(frozen=True)
class Move:
    """From which states a verb leads to which, and what it asks of whoever does it."""

    begins: frozenset[SubmissionState]
    ends: SubmissionState
    permission: Permission


# The other verbs move nothing: they are told in the history.
MOVES: dict[Verb, Move] = {
    Verb.SUBMIT: Move(
        frozenset({SubmissionState.FILLING, SubmissionState.RETURNED}),
        SubmissionState.SUBMITTED,
        Permission.REGISTER_CHANGE,
    ),
    Verb.RETURN: Move(frozenset({SubmissionState.SUBMITTED}), SubmissionState.RETURNED, Permission.ROUND_AUDIT),
    Verb.PASS: Move(frozenset({SubmissionState.SUBMITTED}), SubmissionState.PASSED, Permission.ROUND_AUDIT),
    # Only where nobody may audit for the township.
    Verb.STAND_IN: Move(frozenset({SubmissionState.SUBMITTED}), SubmissionState.PASSED, Permission.ROUND_KEEP),
    Verb.SEND_BACK: Move(frozenset({SubmissionState.PASSED}), SubmissionState.SUBMITTED, Permission.ROUND_KEEP),
    Verb.LOCK: Move(frozenset({SubmissionState.PASSED}), SubmissionState.LOCKED, Permission.ROUND_KEEP),
}
# In these the village fills and mends; in all others nothing is changed but by sending it back.
FILLABLE = MOVES[Verb.SUBMIT].begins
# The sign beside each state (docs/design.md); of a submission that is late, the sign is another.
SIGNS: dict[str, str] = {
    SubmissionState.FILLING: "info",
    SubmissionState.SUBMITTED: "waiting",
    SubmissionState.RETURNED: "not_met",
    SubmissionState.PASSED: "met",
    SubmissionState.LOCKED: "done",
    NOT_BEGUN: "plain",
    EntryState.DRAFT: "info",
    EntryState.DOUBT: "unknown",
    EntryState.FILLED: "done",
}
LONGEST_REMARK = 300
