"""The announcement on the page of a batch: carried out, or some of its cases held back."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.casework.actions import effect as actions
from lika.casework.choices import CaseState
from lika.casework.forms.effect import AnnounceForm, HoldBackForm
from lika.casework.models import Batch
from lika.casework.queries import cases as reads
from lika.casework.queries import notices, staleness
from lika.casework.queries.courses import lines_of
from lika.casework.views.batches import batch_page
from lika.casework.views.sending_back import offered
from lika.casework.views.stages import STAGE_FORMS, StageView
from lika.core.forms import ActionForm
from lika.core.permissions import Permission
from lika.policy.choices import StageKind
from lika.policy.queries.procedures import StatusEffect
from lika.register.choices import PoorAreaStatus, PovertyStatus


def announcing(request: HttpRequest, on: StageView) -> Mapping[str, Any]:
    """What the fragment of the announcement shows: what it will do, and the forms."""
    ready = [each for each in on.cases if each.case.state == CaseState.OPEN]
    changed = staleness.changed_since(actor(request), [each.case for each in ready]) if on.may_act else {}
    return {
        "stale": [each.case for each in ready if changed.get(each.case.pk)],
        "effect": _said(on.procedure.effect),
        "ready": len(ready),
        "to_post": {each.case.pk for each in ready} - notices.hanging([each.case for each in ready], on.stage.id),
        "announce_form": AnnounceForm(initial={"effective_on": timezone.localdate()}),
        "hold_back_form": HoldBackForm(cases=ready) if len(ready) > 1 else None,
        "send_form": offered(on),
    }


STAGE_FORMS[StageKind.ANNOUNCEMENT] = announcing


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_POST
def announce(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Announce the cases under way: their status changes."""
    form = AnnounceForm(request.POST)

    def act() -> None:
        actions.announce(by=actor(request), batch=pk, effective_on=form.cleaned_data["effective_on"])
        messages.success(request, _("Announced: the new status stands in the record."))

    return _done(request, reads.batch_in_sight(actor(request), pk), "announce_form", form, act)


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_POST
def hold_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Leave cases out of the announcement."""
    batch = reads.batch_in_sight(actor(request), pk)
    form = HoldBackForm(request.POST, cases=lines_of(actor(request), batch.cases.filter(state=CaseState.OPEN)))

    def act() -> None:
        chosen = [uuid.UUID(each) for each in form.cleaned_data["cases"]]
        actions.hold_back(by=actor(request), batch=pk, cases=chosen, reason=form.cleaned_data["reason"])
        messages.success(request, _("Held back: these cases wait in a supplementary batch."))

    return _done(request, batch, "hold_back_form", form, act)


def _done(request: HttpRequest, batch: Batch, name: str, form: ActionForm, act: Callable[[], object]) -> HttpResponse:
    if form.is_valid() and form.accepts(act):
        return redirect("casework:batch", pk=batch.pk)
    return batch_page(request, batch, {name: form})


def _said(effect: StatusEffect | None) -> Mapping[str, Any] | None:
    """The new status in words, and the clause by which support goes on."""
    if effect is None:
        return None
    words = PovertyStatus if effect.axis == "poverty" else PoorAreaStatus
    return {
        "after": words(effect.after).label,
        "confirms": bool(effect.confirms),
        "support_kept": effect.support_kept,
        "clause_ref": effect.clause_ref,
        "clause_text": effect.clause_text,
    }
