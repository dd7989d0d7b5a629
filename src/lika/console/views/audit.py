"""The audit chain: how far it is sealed, what the last verification found, and another one now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lika.accounts.access import actor, requires
from lika.console.queries.chains import chain_lines
from lika.core import sealing
from lika.core.permissions import Permission


@requires(Permission.AUDIT_VIEW)
@require_GET
def chains(request: HttpRequest) -> HttpResponse:
    """The chains in sight, each with its end, its unsealed tail and its last verification."""
    return render(request, "console/audit.html", {"lines": chain_lines(actor(request))})


@requires(Permission.AUDIT_VIEW)
@require_GET
def progress(request: HttpRequest, county: int) -> HttpResponse:
    """How far a verification is; once it is over, the word to load the page again."""
    sealing.require_sight(actor(request), county)
    check = sealing.last_check(county)
    if check is None or not check.runs:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "console/parts/audit_progress.html", {"check": check})


@requires(Permission.AUDIT_VIEW)
@require_POST
def verify(request: HttpRequest, county: int) -> HttpResponse:
    """Verify one chain now, in a process of its own."""
    sealing.start_check(by=actor(request), county=county)
    return redirect("console:audit")
