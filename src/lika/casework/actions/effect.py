"""What an announcement does: the status of every unit, on one day, in one transaction with its audit."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.queries import Scope
from lika.casework.actions import moving
from lika.casework.actions.moving import Standing
from lika.casework.actions.notices import close_finished
from lika.casework.choices import StepResult
from lika.casework.models import Batch, Case
from lika.core.actors import Actor, Executor
from lika.core.areas import Area
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.policy.choices import ProcedureUnit, StageKind
from lika.policy.queries.procedures import StatusEffect
from lika.register import actions as register
from lika.register import queries as reads
from lika.register.actions import Decision, StatusMove
from lika.register.choices import Axis

DECISION = "case"
_REMEDY = gettext_lazy("Hold these cases back and announce the others; then look at the record of the household.")


@dataclass(frozen=True)
class Announced:
    """What an announcement did: cases whose unit changed its status, and those whose status it confirmed."""

    changed: Sequence[Case]
    confirmed: Sequence[Case]


@transaction.atomic
def announce(*, by: Actor, batch: UUID, effective_on: dt.date) -> Announced:
    """Announce the cases under way of a batch: their units have the new status from a day on, and the batch goes on.

    The announcement ends when no case is left under it: its page on the web is then closed by whoever posted it.

    Whoever the procedure lets announce also writes the status, for these units alone: no permission of the register is
    asked of them. Raises ACC-001, ACC-002, CAS-030, CAS-032, CAS-033, CAS-110 (a status from which the procedure does
    not lead here), CAS-111 (a day in the future), CAS-112 (nobody to announce), CAS-113 (a household is gone from the
    village), REG-041 (a day before the last change), and what the guards raise; then nothing is written.
    """
    standing = moving.take(by, batch, StageKind.ANNOUNCEMENT)
    cases = standing.open
    _refuse_impossible(cases, effective_on)
    effect = standing.procedure.effect
    executor = Executor(by, [Permission.REGISTER_STATUS], Area.of([standing.batch.division_id]))
    changed = _changing(executor, standing, effect) if effect else []
    for case in cases:
        case.decided_on, case.effective_on = timezone.localdate(standing.at), effective_on
        case.support_kept = effect.support_kept if effect else None
    Case.objects.bulk_update(cases, ["decided_on", "effective_on", "support_kept"], batch_size=1000)
    moving.passed(standing, action="batch.announced")  # its guards look at the record as it is before the announcement
    close_finished(standing, cases)
    if effect and changed:
        _write(executor, standing.batch, effect, changed, effective_on)
    return Announced(changed, [each for each in cases if each not in changed])


@transaction.atomic
def hold_back(*, by: Actor, batch: UUID, cases: Collection[UUID], reason: str) -> Batch:
    """Leave cases out of an announcement, so that the others are not kept waiting: they stand at the same stage in a
    supplementary batch, until what hinders them is put right.

    Raises ACC-001, ACC-002, CAS-030, CAS-032, CAS-033, CAS-034 (reason), CAS-114 (not open here, or all of it).
    """
    standing = moving.take(by, batch, StageKind.ANNOUNCEMENT)
    words = moving.reason_of(reason)
    held = [each for each in standing.open if each.pk in set(cases)]
    if not held or len(held) != len(set(cases)) or len(held) == len(standing.cases):
        raise UserError(
            "CAS-114",
            _("Cases are held back from among those of the batch that may be announced, and not all of them."),
            remedy=_("Open the batch again and choose from what it shows."),
        )
    moving.steps_for(standing, held, StepResult.SET_APART, reason=words)
    apart = moving.put_apart(standing, held, standing.stage.id)
    numbers = {"held_back": [each.number for each in held], "sequence": apart.sequence}
    moving.record(standing, "batch.held_back", new=numbers, reason=words)
    return apart


def _refuse_impossible(cases: Sequence[Case], effective_on: dt.date) -> None:
    if effective_on > timezone.localdate():
        raise UserError(
            "CAS-111",
            _("What takes effect later is not announced yet."),
            remedy=_("Enter the day of the announcement, or an earlier one that the decision names."),
            field="effective_on",
        )
    if not cases:
        raise UserError(
            "CAS-112",
            _("No case of this batch may be announced now: objections stop them."),
            remedy=_("Have the objections answered first."),
        )


def _changing(executor: Actor, standing: Standing, effect: StatusEffect) -> list[Case]:
    """The cases whose unit changes its status; it is held as it stands until the end of the transaction."""
    if standing.procedure.unit is ProcedureUnit.HOUSEHOLD:
        now = _statuses_of_households(executor, standing, effect)
    else:
        now = _status_of_area(executor, standing)
    _refuse_other_status(standing, effect, now)
    return [each for each in standing.open if now[each.pk] in effect.before]


def _write(executor: Actor, batch: Batch, effect: StatusEffect, cases: Sequence[Case], effective_on: dt.date) -> None:
    if cases[0].unit == ProcedureUnit.HOUSEHOLD:
        moves = [StatusMove(_household(each), effect.after, decision_of(each, batch)) for each in cases]
        register.record_household_statuses(by=executor, axis=Axis(effect.axis), moves=moves, effective_on=effective_on)
    else:
        register.record_area_status(
            by=executor, division=batch.division_id, to=effect.after, effective_on=effective_on,
            decision=decision_of(cases[0], batch),
        )  # fmt: skip


def decision_of(case: Case, batch: Batch) -> Decision:
    """How the register names a case as what a status rests on."""
    return Decision(kind=DECISION, id=case.pk, label=case.number, pack_version=batch.pack)


def _statuses_of_households(executor: Actor, standing: Standing, effect: StatusEffect) -> Mapping[UUID, str]:
    households = {each.pk: _household(each) for each in standing.open}
    here = reads.households_visible_to(Scope(executor.area)).filter(id__in=set(households.values()), closed_on=None)
    _refuse_gone(standing, set(here.values_list("id", flat=True)))
    held = register.hold_household_statuses(by=executor, axis=Axis(effect.axis), households=set(households.values()))
    return {case: held[household] for case, household in households.items()}


def _refuse_gone(standing: Standing, here: Collection[UUID]) -> None:
    gone = [each for each in standing.open if each.household_id not in here]
    if gone:
        raise UserError(
            "CAS-113",
            _("The households of %(n)s cases no longer stand in the village: %(case)s …")
            % {"n": len(gone), "case": gone[0].number},
            remedy=_REMEDY,
            case=gone[0].number,
        )


def _status_of_area(executor: Actor, standing: Standing) -> Mapping[UUID, str]:
    status = register.hold_area_status(by=executor, division=standing.batch.division_id)
    return {each.pk: status for each in standing.open}


def _household(case: Case) -> UUID:
    if case.household_id is None:
        raise ValueError(f"case {case.pk} is of no household")
    return case.household_id


def _refuse_other_status(standing: Standing, effect: StatusEffect, now: Mapping[UUID, str]) -> None:
    fitting = {*effect.before, *effect.confirms}
    failing = [each for each in standing.open if now[each.pk] not in fitting]
    if failing:
        raise UserError(
            "CAS-110",
            _("%(n)s cases stand at another status than the procedure begins from: %(case)s at %(status)s …")
            % {"n": len(failing), "case": failing[0].number, "status": now[failing[0].pk]},
            remedy=_REMEDY,
            case=failing[0].number,
        )
