"""What an indicator sheet must have before its village or county goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lika.casework.models import Case, IndicatorSheet
from lika.casework.queries.indicators import Item, asks_for_sheet, is_self_evaluated, items_of
from lika.core.errors import UserError
from lika.policy.choices import ProcedureUnit, StageKind
from lika.policy.queries.procedures import ProcedureStage

if TYPE_CHECKING:
    from lika.casework.actions.moving import Standing


def sheet_is_whole(standing: Standing, cases: Sequence[Case]) -> None:
    """At a stage with a sheet: every item known, evaluated with evidence at the first stage, found met at the others.

    Raises CAS-135 (no sheet, or an item that is unknown by the record), CAS-136 (not evaluated, or without evidence),
    CAS-137 (not checked here since it was worked out, or found not met), CAS-191 (of another screening).
    """
    announced_by_its_sheet(standing, standing.stage, cases)
    if not asks_for_sheet(standing.procedure, standing.stage):
        return
    first = is_self_evaluated(standing.procedure, standing.stage)
    for case in cases:
        items, sheet = items_of(standing.by, case), IndicatorSheet.objects.filter(case=case).first()
        _refuse_other_screening(case, sheet)
        _refuse_unknown(case, items)
        if first:
            _refuse_not_evaluated(case, items)
        elif sheet is not None:
            _refuse_not_found_met(case, items, standing.stage.id, sheet.drawn_at)


def announced_by_its_sheet(standing: Standing, stage: ProcedureStage, cases: Sequence[Case]) -> None:
    """What is announced of an area rests on the screening of which its sheet tells. Raises CAS-191."""
    if stage.kind is StageKind.ANNOUNCEMENT and standing.procedure.unit is not ProcedureUnit.HOUSEHOLD:
        for case in cases:
            _refuse_other_screening(case, IndicatorSheet.objects.filter(case=case).first())


def _refuse_other_screening(case: Case, sheet: IndicatorSheet | None) -> None:
    if sheet is not None and sheet.screening_id != case.screening_id:
        raise UserError(
            "CAS-191",
            _("The indicator sheet of %(case)s tells of another screening than the case rests on.")
            % {"case": case.number},
            remedy=_("Return the case to its first stage with the reason and have the sheet worked out anew there."),
        )


def _refuse_unknown(case: Case, items: Sequence[Item]) -> None:
    unknown = [each.indicator.title for each in items if each.indicator.met is None]
    if unknown or not items:
        raise UserError(
            "CAS-135",
            _("The record does not tell every indicator of %(case)s: %(item)s.")
            % {"case": case.number, "item": unknown[0] if unknown else "—"},
            remedy=_("Complete the yearly data, screen again, and have the sheet worked out anew."),
        )


def _refuse_not_evaluated(case: Case, items: Sequence[Item]) -> None:
    open_ = [each.indicator.title for each in items if each.indicator.self_met is None or not each.is_shown]
    if open_:
        raise UserError(
            "CAS-136",
            _("%(case)s is not evaluated by itself on every indicator, with its evidence: %(item)s.")
            % {"case": case.number, "item": open_[0]},
            remedy=_("Enter for each item whether it is met, and name or upload the papers that show it."),
        )


def _refuse_not_found_met(case: Case, items: Sequence[Item], stage: str, since: dt.datetime) -> None:
    """What was checked before the sheet was worked out anew was another sheet."""
    failing = [
        each.indicator.title
        for each in items
        if (found := each.checks.get(stage)) is None or not found.met or found.at < since
    ]
    if failing:
        raise UserError(
            "CAS-137",
            _("An indicator of %(case)s is not checked at this stage, or found not met: %(item)s.")
            % {"case": case.number, "item": failing[0]},
            remedy=_("Check every item; what is not met goes back with the reason."),
        )
