"""What must hold before cases leave a stage, and before they enter one. `moving.settle` asks all of them, in order.

A guard takes the standing and the cases that would go on; it raises a `UserError` or returns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lika.casework.actions.guarding_indicators import announced_by_its_sheet, sheet_is_whole
from lika.casework.actions.guarding_notices import announcement_hangs, period_over
from lika.casework.actions.guarding_quotas import announced_within_the_number, within_the_number
from lika.casework.actions.guarding_records import announced_as_it_holds, announcing_what_holds
from lika.casework.actions.guarding_signatures import announced_as_signed, slots_signed
from lika.casework.actions.guarding_stages import work_done
from lika.casework.models import Case
from lika.core.errors import UserError
from lika.policy.choices import StageKind
from lika.policy.queries.procedures import Procedure, ProcedureStage

if TYPE_CHECKING:
    from lika.casework.actions.moving import Standing

MET = 1


def before_leaving(standing: Standing, cases: Sequence[Case]) -> None:
    """Ask everything that a stage must have before anybody goes on from it."""
    for guard in LEAVING:
        guard(standing, cases)


def before_entering(standing: Standing, stage: ProcedureStage, cases: Sequence[Case]) -> None:
    """Ask everything that must hold before cases stand at the next stage."""
    for guard in ENTERING:
        guard(standing, stage, cases)


def criteria_here(standing: Standing, cases: Sequence[Case]) -> None:
    """The first stage takes in whoever is proposed; what it asks for must be met when they go on."""
    criteria_met(standing, standing.stage, cases)


def criteria_met(standing: Standing, stage: ProcedureStage, cases: Sequence[Case]) -> None:
    """Unknown is not met: a case goes on only with every criterion met of the stage and of those that it passed.

    A case that was screened again on its way must still meet what it met when it set out. Raises CAS-037.
    """
    for asking in _asking(standing.procedure, stage):
        failing = [case for case in cases if any(case.verdicts.get(each) != MET for each in asking.criteria)]
        if failing:
            unknown = [case for case in failing if any(case.verdicts.get(each) is None for each in asking.criteria)]
            raise UserError(
                "CAS-037",
                _("%(n)s cases do not meet what the stage %(stage)s asks for, %(unknown)s of them unknown: %(case)s …")
                % {"n": len(failing), "stage": str(asking.title), "unknown": len(unknown), "case": failing[0].number},
                remedy=_("Complete the data and screen again, or return or strike out these cases with the reason."),
            )


def _asking(procedure: Procedure, stage: ProcedureStage) -> list[ProcedureStage]:
    """The stages whose criteria hold at a stage: its own and of those before it that nobody may leave out.

    Behind the announcement nothing before it is asked again: that was decided.
    """
    up_to = procedure.stages[: procedure.stages.index(stage)]
    if any(each.kind is StageKind.ANNOUNCEMENT for each in up_to):
        return [stage]
    return [*(each for each in up_to if not each.optional), stage]


LEAVING: tuple[Callable[[Standing, Sequence[Case]], None], ...] = (
    criteria_here,
    announcing_what_holds,
    announced_within_the_number,
    work_done,
    period_over,
    announcement_hangs,
    sheet_is_whole,
    slots_signed,
)
ENTERING: tuple[Callable[[Standing, ProcedureStage, Sequence[Case]], None], ...] = (
    criteria_met,
    announced_as_it_holds,
    announced_by_its_sheet,
    announced_as_signed,
    within_the_number,
)
