"""How far the process is that opens a large campaign; stopping it, and going on."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lika.accounts.access import actor, requires
from lika.casework.actions import runs as actions
from lika.casework.queries import runs
from lika.core.errors import UserError
from lika.core.permissions import Permission

_ON_THE_PAGE = ("CAS-160", "CAS-162")  # somebody else was faster: the page shows how it stands


@requires(Permission.CAMPAIGN_OPEN)
@never_cache
@require_GET
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far a run is; once it is over, the word to load the page again."""
    found = runs.progress_of(runs.run_in_sight(actor(request), pk))
    if not found.is_going:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "casework/parts/run_progress.html", {"progress": found})


@requires(Permission.CAMPAIGN_OPEN)
@never_cache
@require_POST
def stop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop after the county that is being done."""
    who = actor(request)
    found = runs.run_in_sight(who, pk)
    try:
        actions.stop_run(by=who, run=pk)
    except UserError as error:
        _tell(request, error)
    return redirect("casework:campaign-cases", pk=found.campaign_id)


@requires(Permission.CAMPAIGN_OPEN)
@never_cache
@require_POST
def go_on(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Go on with what was stopped, failed or was killed."""
    try:
        actions.begin_run(actions.ask_for_run(by=actor(request), campaign=pk))
    except UserError as error:
        _tell(request, error)
    return redirect("casework:campaign-cases", pk=pk)


def _tell(request: HttpRequest, error: UserError) -> None:
    if error.code not in _ON_THE_PAGE:
        raise error
    messages.error(request, f"{error.message} {error.remedy}")
