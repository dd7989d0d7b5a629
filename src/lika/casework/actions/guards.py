"""What must hold before cases leave a stage, and before they enter one. `moving.settle` asks all of them, in order.

A guard takes the standing and the cases that would go on; it raises a `UserError` or returns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lika.casework.actions.guarding_indicators import sheet_is_whole
from lika.casework.actions.guarding_notices import announcement_hangs, period_over
from lika.casework.actions.guarding_quotas import within_the_number
from lika.casework.actions.guarding_records import announced_as_it_holds, announcing_what_holds
from lika.casework.actions.guarding_signatures import slots_signed
from lika.casework.actions.guarding_stages import work_done
from lika.casework.models import Case
from lika.core.errors import UserError
from lika.policy.queries.procedures import ProcedureStage

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
    """Unknown is not met: a case goes on only with every criterion of the stage met. Raises CAS-037."""
    failing = [case for case in cases if any(case.verdicts.get(each) != MET for each in stage.criteria)]
    if failing:
        unknown = [case for case in failing if any(case.verdicts.get(each) is None for each in stage.criteria)]
        raise UserError(
            "CAS-037",
            _("%(n)s cases do not meet what the stage %(stage)s asks for, %(unknown)s of them unknown: %(case)s …")
            % {"n": len(failing), "stage": str(stage.title), "unknown": len(unknown), "case": failing[0].number},
            remedy=_("Complete the data and screen again, or strike these cases out with the reason."),
        )


LEAVING: tuple[Callable[[Standing, Sequence[Case]], None], ...] = (
    criteria_here,
    announcing_what_holds,
    work_done,
    period_over,
    announcement_hangs,
    sheet_is_whole,
    slots_signed,
)
ENTERING: tuple[Callable[[Standing, ProcedureStage, Sequence[Case]], None], ...] = (
    criteria_met,
    announced_as_it_holds,
    within_the_number,
)
