"""What an indicator sheet must have before its village or county goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lika.casework.models import Case, Indicator, IndicatorCheck
from lika.casework.queries.indicators import asks_for_sheet, is_self_evaluated
from lika.core.errors import UserError

if TYPE_CHECKING:
    from lika.casework.actions.moving import Standing


def sheet_is_whole(standing: Standing, cases: Sequence[Case]) -> None:
    """At a stage with a sheet: every item known, evaluated with evidence at the first stage, found met at the others.

    Raises CAS-135 (no sheet, or an item that is unknown by the record), CAS-136 (not evaluated, or without evidence),
    CAS-137 (not checked here, or found not met).
    """
    if not asks_for_sheet(standing.procedure, standing.stage):
        return
    first = is_self_evaluated(standing.procedure, standing.stage)
    for case in cases:
        items = list(Indicator.objects.filter(sheet__case=case))
        _refuse_unknown(case, items)
        if first:
            _refuse_not_evaluated(case, items)
        else:
            _refuse_not_found_met(case, items, standing.stage.id)


def _refuse_unknown(case: Case, items: Sequence[Indicator]) -> None:
    unknown = [each.title for each in items if each.met is None]
    if unknown or not items:
        raise UserError(
            "CAS-135",
            _("The record does not tell every indicator of %(case)s: %(item)s.")
            % {"case": case.number, "item": unknown[0] if unknown else "—"},
            remedy=_("Complete the yearly data, screen again, and have the sheet worked out anew."),
        )


def _refuse_not_evaluated(case: Case, items: Sequence[Indicator]) -> None:
    open_ = [each.title for each in items if each.self_met is None or not each.evidence]
    if open_:
        raise UserError(
            "CAS-136",
            _("%(case)s is not evaluated by itself on every indicator, with its evidence: %(item)s.")
            % {"case": case.number, "item": open_[0]},
            remedy=_("Enter for each item whether it is met and which papers show it."),
        )


def _refuse_not_found_met(case: Case, items: Sequence[Indicator], stage: str) -> None:
    checks = IndicatorCheck.objects.filter(indicator__in=items, stage=stage).order_by("at", "id")
    last = dict(checks.values_list("indicator_id", "met"))
    failing = [each.title for each in items if not last.get(each.pk)]
    if failing:
        raise UserError(
            "CAS-137",
            _("An indicator of %(case)s is not checked at this stage, or found not met: %(item)s.")
            % {"case": case.number, "item": failing[0]},
            remedy=_("Check every item; what is not met goes back with the reason."),
        )
