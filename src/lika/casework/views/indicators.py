"""The indicator sheet on the page of the batch of a village or county."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import names_of
from lika.casework.actions import indicators as actions
from lika.casework.forms.indicators import SheetForm
from lika.casework.models import Case
from lika.casework.queries import cases as reads
from lika.casework.queries.indicators import asks_for_sheet, is_self_evaluated, items_of
from lika.casework.views.batches import batch_page
from lika.casework.views.stages import STAGE_PARTS, StageView
from lika.core.forms import ActionForm
from lika.core.permissions import Permission


def sheet_shown(request: HttpRequest, on: StageView) -> Mapping[str, Any]:
    """What the page of a batch shows of the sheet of its one case; nothing for households."""
    live = [each.case for each in on.cases]
    asked = any(asks_for_sheet(on.procedure, each) for each in on.procedure.stages)
    if not live or not asked:
        return {}
    items = items_of(actor(request), live[0])
    names = names_of(check.by_name for each in items for check in each.checks.values())
    enters = on.may_act and asks_for_sheet(on.procedure, on.stage)
    first = is_self_evaluated(on.procedure, on.stage)
    return {
        "sheet_case": live[0],
        "sheet_items": [
            {
                "item": each,
                "checks": [
                    (on.procedure.stage(key).title, check, names[check.by_name]) for key, check in each.checks.items()
                ],
            }
            for each in items
        ],
        "sheet_draws": enters and first,
        "sheet_is_first": first,
        "sheet_form": SheetForm(items=items, evidence=first) if enters and items else None,
    }


STAGE_PARTS.append(sheet_shown)


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_POST
def draw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Work the sheet out from the screening."""
    case = reads.case_in_sight(actor(request), pk)

    def act() -> None:
        actions.draw(by=actor(request), case=pk)
        messages.success(request, _("The sheet is worked out from the record."))

    return _done(request, case, ActionForm(request.POST), act, "sheet_draw_form")


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_POST
def enter(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The unit's own evaluation at the first stage, the check of the level at a later one."""
    case = reads.case_in_sight(actor(request), pk)
    procedure = reads.procedure_of(case.batch)
    first = is_self_evaluated(procedure, procedure.stage(case.batch.stage))
    form = SheetForm(request.POST, request.FILES, items=items_of(actor(request), case), evidence=first)

    def act() -> None:
        if first:
            actions.evaluate(by=actor(request), case=pk, given=form.evaluations())
        else:
            actions.check(by=actor(request), case=pk, given=form.findings())
        messages.success(request, _("What was entered on the sheet is kept."))

    return _done(request, case, form, act, "sheet_form")


def _done(request: HttpRequest, case: Case, form: ActionForm, act: Callable[[], object], name: str) -> HttpResponse:
    if form.is_valid() and form.accepts(act):
        return redirect("casework:batch", pk=case.batch_id)
    return batch_page(request, case.batch, {name: form})
