"""Undoing a change: another change that puts back what one did, and names it. Nothing is deleted."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.register.actions.changes import steps as lines
from lika.register.actions.changes.flow import Grounds, locked_change, not_waiting, propose
from lika.register.actions.changes.steps import Step
from lika.register.actions.common import locked_household
from lika.register.choices import ChangeKind, ChangeState, Subject
from lika.register.models import Change, Membership


@transaction.atomic
def propose_undo(*, by: Actor, change: UUID, reason: str, evidence: str = "") -> Change:
    """Put back what a change did, as far back as it reached; undoing an undoing does it again.

    It is checked like what it undoes, and a household that it sends back to another village is accepted there. Raises
    as `flow.propose`, ACC-001, ACC-002, REG-001, REG-063, REG-067 (not in force), REG-070 (undone already, or later
    changes rest on it).
    """
    by.require(Permission.REGISTER_CHANGE)
    original = locked_change(by, change)
    if original.state != ChangeState.APPLIED:
        raise not_waiting(original)
    steps = lines.reversed_steps(lines.read(original), original.effective_on)
    of_year = any(step.subject.endswith("_year") for step in steps)
    village = _place_in_reach(by, original, of_year=of_year)
    undone = Change.objects.filter(reverses=original).exclude(state=ChangeState.REFUSED).exists()
    if undone or lines.differs(steps) or _others_inside(steps):
        raise _rested_on()
    back = [step.new for step in steps if (step.subject, step.field) == (Subject.HOUSEHOLD, "village")]
    grounds = Grounds(original.effective_on, reason, evidence)
    return propose(
        by, ChangeKind.UNDO, grounds, steps,
        village=village, household=original.household_id, person_id=original.person_id,
        other_household=original.other_household,
        to_village=back[0] if back else None, reverses=original, needs_check=original.needs_check,
    )  # fmt: skip


def _place_in_reach(by: Actor, original: Change, *, of_year: bool) -> int:
    """The village whose matter it is: of a year where it was lived, else where the household, now locked, stands."""
    if of_year or original.household_id is None:
        by.require(Permission.REGISTER_CHANGE, village=original.village)
        return original.village
    found = {
        each: locked_household(by, Permission.REGISTER_CHANGE, each)
        for each in sorted(filter(None, {original.household_id, original.other_household}))
    }
    return found[original.household_id].village


def _others_inside(steps: Sequence[Step]) -> bool:
    """Whether a household that would be closed has members by another way than the change."""
    ended = {step.row for step in steps if step.subject == Subject.MEMBERSHIP and step.field == "left_on"}
    closed = [step.row for step in steps if step.field == "closed_on" and step.new is not None]
    return Membership.objects.filter(household__in=closed, left_on=None).exclude(pk__in=ended).exists()


def _rested_on() -> UserError:
    return UserError(
        "REG-070",
        _("This change is undone already, or later changes rest on it."),
        remedy=_("Undo the later changes first."),
    )
