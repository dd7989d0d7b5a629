"""Sending cases back, or striking them out, from a stage that the others do not leave by it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lika.accounts.access import requires
from lika.casework.actions import sending_back
from lika.casework.forms.signing import SendBackForm
from lika.casework.queries.cases import leaves, lets_out
from lika.casework.views.acts import done, seen
from lika.casework.views.stages import StageView
from lika.core.permissions import Permission


def offered(on: StageView) -> SendBackForm | None:
    """The form with a line for each case; None where the reader does not act, or nobody may leave."""
    return _form(on) if on.may_act and leaves(on.procedure, on.stage) else None


@requires(Permission.CASEWORK_VIEW)
@never_cache
@sensitive_post_parameters()
@require_POST
def send_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Cases go back, or are struck out; the others stay."""
    on = seen(request, pk)
    form = _form(on, request.POST)
    return done(
        request, on, "send_form", form,
        lambda who: sending_back.send_back(
            by=who, batch=pk, outcomes=form.outcomes, stage=request.POST.get("stage", "")
        ),
    )  # fmt: skip


def _form(on: StageView, data: Any = None) -> SendBackForm:
    stage = lets_out(on.procedure, on.stage)
    return SendBackForm(data, cases=on.cases, procedure=on.procedure, stage=stage, auto_id="send_%s")
