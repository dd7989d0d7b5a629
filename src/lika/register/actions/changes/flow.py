"""The way of a change: proposed, checked by a second person, accepted by the other village, in force; or refused.

What a change does stands in its lines from the beginning, so that whoever checks sees field by field what will be.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.bounds import also_seeing
from lika.core.errors import PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.engine.snapshots.layout import county_of
from lika.policy.record import change_ruling
from lika.register.actions.changes import steps as lines
from lika.register.actions.changes.steps import Step
from lika.register.actions.common import LONGEST_REASON, reason_of, refuse_future, text_refused
from lika.register.actions.members import belongs_already
from lika.register.choices import HEAD, OPEN_STATES, ChangeKind, ChangeState, Subject
from lika.register.models import Change, ChangeField, Household, Membership
from lika.register.queries.documents import counting_documents
from lika.register.queries.scope import changes_in_sight, no_such_change


@dataclass(frozen=True)
class Grounds:
    """What every change says of itself: since when, why, and what shows it (死亡证明, 结婚证, 协议 …)."""

    effective_on: dt.date
    reason: str
    evidence: str = ""


def propose(
    by: Actor,
    kind: ChangeKind,
    grounds: Grounds,
    steps: Sequence[Step],
    *,
    village: int,
    household: UUID | None = None,
    **named: Any,
) -> Change:
    """Keep a proposal with its lines; where its kind asks for nobody else it is carried out at once.

    `named`: `person_id`, `reason_code`, `other_household`, `to_village`, `reverses`, `needs_check`. Inside the caller's
    transaction, which has locked the household. Raises REG-029, REG-060 (no reason), REG-019, REG-068 (nothing
    changes), REG-074 (before the last change of a field).
    """
    refuse_future(grounds.effective_on, "effective_on")
    _refuse_without_reason(grounds)
    if not steps and kind not in (ChangeKind.AWAY, ChangeKind.UNDO):
        raise UserError(
            "REG-068", _("Nothing would change."), remedy=_("Enter at least one value that differs from the record.")
        )
    if kind is not ChangeKind.UNDO:
        _refuse_before_the_last(steps, grounds.effective_on)
    to_village = named.get("to_village")
    ruling = change_ruling(kind, f"{village:012d}", grounds.effective_on)
    change = Change(
        kind=kind,
        household_id=household,
        village=village,
        effective_on=grounds.effective_on,
        reason=grounds.reason.strip(),
        evidence=grounds.evidence.strip(),
        recorder=by.name,
        **{"needs_check": ruling.checked, "needs_evidence": ruling.evidence, **named},
    )
    change.save(force_insert=True)
    lines.write(change, steps)
    _note(by, change, "change.proposed", steps)
    if not change.needs_check and to_village is None:
        _apply(by, change)
    return change


@transaction.atomic
def check_change(*, by: Actor, change: UUID) -> Change:
    """A second person finds a proposal right. It holds from then on, but for a move, which the other village accepts.

    Raises ACC-001, ACC-002, REG-063, REG-065 (recorded by the actor), REG-067 (not waiting for this), DOC-014 (no
    evidence), REG-066, REG-064, REG-023.
    """
    by.require(Permission.REGISTER_CONFIRM)
    found = locked_change(by, change)
    by.require(Permission.REGISTER_CONFIRM, village=found.village)
    _refuse_unless(found, ChangeState.PROPOSED)
    _refuse_own(by, found)
    _refuse_without_evidence(found)
    found.checker, found.checked_at = by.name, timezone.now()
    if found.to_village is not None:
        found.state = ChangeState.CHECKED
        found.save(update_fields=["checker", "checked_at", "state"])
        _note(by, found, "change.checked")
        return found
    return _apply(by, found)


@transaction.atomic
def accept_handover(*, by: Actor, change: UUID) -> Change:
    """The village that a household moves to takes it over; until then it belongs to the old one.

    Raises as `check_change`.
    """
    by.require(Permission.REGISTER_CHANGE)
    found = locked_change(by, change)
    _refuse_unless(found, ChangeState.CHECKED)
    by.require(Permission.REGISTER_CHANGE, village=found.to_village)
    _refuse_own(by, found)
    return _apply(by, found)


@transaction.atomic
def refuse_change(*, by: Actor, change: UUID, remark: str) -> Change:
    """The change is not made: the recorder takes it back, the checker refuses it, or the other village a hand-over.

    Raises ACC-002, REG-060 (no remark), REG-063, REG-067 (closed already).
    """
    found = locked_change(by, change)
    if found.state not in OPEN_STATES:
        raise not_waiting(found)
    _refuse_stranger(by, found)
    text = reason_of(remark, "remark")
    found.state, found.closer, found.closed_at, found.remark = ChangeState.REFUSED, by.name, timezone.now(), text
    found.save(update_fields=["state", "closer", "closed_at", "remark"])
    _note(by, found, "change.refused", reason=text)
    return found


def _refuse_stranger(by: Actor, found: Change) -> None:
    if by.name == found.recorder or found.village in by.area_for(Permission.REGISTER_CONFIRM):
        return
    coming = found.to_village if found.state == ChangeState.CHECKED else None
    if coming is None or coming not in by.area_for(Permission.REGISTER_CHANGE):
        raise PermissionRefused(
            "REG-069",
            _("Only its recorder, its checker or the village that takes over may refuse this change."),
            remedy=_("Tell your township station what is wrong with it."),
        )


def _apply(by: Actor, change: Change) -> Change:
    steps = lines.read(change)
    touched = [each for each in (change.household_id, change.other_household) if each is not None]
    with also_seeing(touched):
        # The household first, as every action locks it.
        list(Household.objects.select_for_update().filter(pk__in=touched).order_by("pk"))
        try:
            with transaction.atomic():
                lines.carry_out(steps, recorder=change.recorder)
        except IntegrityError as error:
            raise _clash(error) from error
        _refuse_broken(touched)
        change.state, change.closer, change.closed_at = ChangeState.APPLIED, by.name, timezone.now()
        change.save(update_fields=["state", "checker", "checked_at", "closer", "closed_at"])
        _note(by, change, "change.applied", steps, before_too=True)
    return change


def _clash(error: IntegrityError) -> UserError:
    """What a rule of the database says to a change that fitted when it was proposed."""
    told = str(error)
    if "membership_no_overlap" in told or "membership_person_open" in told:
        return belongs_already()
    return lines.overtaken()


def _refuse_broken(households: Iterable[UUID]) -> None:
    """REG-064 where a household has members and not one head, or is closed with members in it."""
    for household in Household.objects.filter(pk__in=list(households)):
        members = Membership.objects.filter(household=household, left_on=None)
        heads = members.filter(relation=HEAD).count()
        count = members.count()
        if (count and heads != 1) or (household.closed_on is not None and count):
            raise headless(household)


def headless(household: Household) -> UserError:
    """REG-064: the members that remain need one head, and one only."""
    return UserError(
        "REG-064",
        _("The household would have no head, or several."),
        remedy=_("Name one head among those who belong to it then."),
        household=household.number,
    )


def _refuse_without_reason(grounds: Grounds) -> None:
    reason_of(grounds.reason)
    if len(grounds.evidence) > LONGEST_REASON:
        raise text_refused("evidence", LONGEST_REASON)


def _refuse_before_the_last(steps: Iterable[Step], day: dt.date) -> None:
    """Values without periods of their own are told for an earlier day by their changes: those must be in order."""
    for step in steps:
        if step.is_new or step.subject in (Subject.MEMBERSHIP, Subject.PLACEMENT):
            continue
        later = ChangeField.objects.filter(
            subject_id=step.row, field=step.field, change__state=ChangeState.APPLIED, change__effective_on__gt=day
        ).values_list("change__effective_on", flat=True)
        last = max(later, default=None)
        if last is not None:
            raise UserError(
                "REG-074",
                _("This was changed already from a later day on."),
                remedy=_("Give a day that is not before that, or undo the later change first."),
                field="effective_on",
                last_change=last,
            )


def locked_change(by: Actor, change: UUID) -> Change:
    """The change, locked, if either side of it lies in sight. Raises REG-063."""
    found = Change.objects.select_for_update(of=("self",)).filter(changes_in_sight(by), pk=change).first()
    if found is None:
        raise no_such_change()
    return found


def _refuse_unless(change: Change, state: ChangeState) -> None:
    if change.state != state:
        raise not_waiting(change)


def not_waiting(change: Change) -> UserError:
    """REG-067: the change is in another state than the step begins with."""
    return UserError(
        "REG-067",
        _("The change does not wait for this step."),
        remedy=_("Look at its state in the household's history."),
        state=change.state,
    )


def _refuse_own(by: Actor, change: Change) -> None:
    if by.name == change.recorder:
        raise UserError("REG-065", _("You recorded this change yourself."), remedy=_("Have a second person check it."))


def _refuse_without_evidence(change: Change) -> None:
    if change.needs_evidence and not counting_documents([change.pk]):
        raise UserError(
            "DOC-014",
            _("This kind of change needs evidence, and none is there."),
            remedy=_("Add a photograph or a paper to the change, then have it checked."),
        )


def _note(
    by: Actor, change: Change, action: str, steps: Iterable[Step] = (), *, before_too: bool = False, reason: str = ""
) -> None:
    kept = list(steps)
    old = {_named(step): step.old for step in kept if not step.is_new}
    new = {"change": change.id, "kind": change.kind, "effective_on": change.effective_on, "evidence": change.evidence}
    new |= {_named(step): step.new for step in kept}
    kind, subject, label = _subject(change)
    entries = [
        audit.Change(kind, subject, county, label, old if before_too else None, new) for county in _counties(change)
    ]
    audit.record_many(by=by, action=action, changes=entries, reason=reason or change.reason)


def _counties(change: Change) -> list[int]:
    """The chains that tell of a change: that of its county; once a move holds, that of the county it led to as well."""
    moved = change.to_village is not None and change.state == ChangeState.APPLIED
    villages = [change.village, change.to_village] if moved else [change.village]
    return list(dict.fromkeys(county_of(village) for village in villages if village is not None))


def _subject(change: Change) -> tuple[str, UUID, str]:
    """What the audit files a change under: its household; of an area's year, the change itself."""
    if change.household_id is None:
        return "change", change.id, ""
    with also_seeing([change.household_id]):  # a village that takes over does not see it yet
        return "household", change.household_id, Household.objects.get(pk=change.household_id).number


def _named(step: Step) -> str:
    return f"{step.subject}.{step.row}.{step.field}"
