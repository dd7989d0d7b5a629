"""Having a snapshot held against the rules from the page, and how far that is."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lika.accounts.access import actor, requires
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.monitoring import actions
from lika.monitoring.queries import jobs

_ON_THE_PAGE = ("QUA-001", "QUA-002")


@require_POST
@requires(Permission.QUALITY_RUN)
def run(request: HttpRequest) -> HttpResponse:
    """Have a snapshot checked now; the page of data quality tells how far it is."""
    try:
        actions.begin_job(actions.ask_for_quality(by=actor(request), snapshot=request.POST.get("snapshot", "")))
    except UserError as error:
        if error.code not in _ON_THE_PAGE:
            raise
        messages.error(request, f"{error.message} {error.remedy}")
    return redirect("monitoring:quality")


@require_GET
@requires(Permission.QUALITY_VIEW)
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far a run is; once it is over, the word to load the page again."""
    found = jobs.job_of(actor(request), pk)
    if not jobs.is_going(found):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "monitoring/parts/quality_progress.html", {"job": found})
