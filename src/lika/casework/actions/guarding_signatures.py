"""No case leaves a stage with slots before all of them are validly signed; what is announced is what was signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lika.casework.models import Case
from lika.casework.queries.signing import SlotState, signed, stages_signed
from lika.core.errors import UserError
from lika.policy.choices import StageKind
from lika.policy.queries.procedures import ProcedureStage

if TYPE_CHECKING:
    from lika.casework.actions.moving import Standing


def slots_signed(standing: Standing, cases: Sequence[Case]) -> None:
    """Every slot of this stage and of those before it holds a signature over the case as it is.

    Raises CAS-080, CAS-190 (at the announcement).
    """
    announced_as_signed(standing, standing.stage, cases)
    waiting = _waiting(standing, standing.stage, cases) if standing.stage.slots else []
    if waiting:
        case, missing = waiting[0]
        raise UserError(
            "CAS-080",
            _("%(n)s cases are not signed by everybody: %(case)s waits for %(capacity)s.")
            % {"n": len(waiting), "case": case.number, "capacity": missing.slot.capacity.label},
            remedy=_("Have the slots signed in their order; a case that changed is signed anew."),
        )


def announced_as_signed(standing: Standing, stage: ProcedureStage, cases: Sequence[Case]) -> None:
    """What is announced is what was signed: who was screened again since is signed anew first. Raises CAS-190."""
    if stage.kind is not StageKind.ANNOUNCEMENT or not stages_signed(standing.procedure, stage.id):
        return
    waiting = _waiting(standing, stage, cases)
    if waiting:
        case, missing = waiting[0]
        raise UserError(
            "CAS-190",
            _("%(n)s cases are not what was signed: %(case)s has no valid signature of %(capacity)s at %(stage)s.")
            % {
                "n": len(waiting), "case": case.number, "capacity": missing.slot.capacity.label,
                "stage": str(missing.stage.title),
            },
            remedy=_("Return these cases to that stage or before it with the reason and have them signed anew."),
        )  # fmt: skip


def _waiting(standing: Standing, stage: ProcedureStage, cases: Sequence[Case]) -> list[tuple[Case, SlotState]]:
    states = signed(cases, standing.procedure, stage.id)
    return [(case, missing) for case in cases if (missing := states[case.pk].missing) is not None]
