"""The round's workbook of a village: taken to be filled offline, and brought back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.collection.rounds import actions, queries
from lika.collection.rounds.brought import brought_of
from lika.collection.rounds.choices import GOING, WorkbookState
from lika.collection.rounds.forms import WorkbookForm
from lika.collection.rounds.views import village_context
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
@never_cache
@requires(Permission.REGISTER_CHANGE)
def take(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The workbook. By POST: taking it is a write, of a row in the audit."""
    found, content = actions.take_workbook(by=actor(request), submission=submission_id)
    name = _("collection") + f"-{found.round.data_year}-{found.code}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=_XLSX, headers={"Content-Disposition": disposition or ""})


@require_http_methods(["GET", "POST"])
@never_cache
@requires(Permission.REGISTER_CHANGE)
def bring(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Bring the filled workbook, to be taken into the drafts; how far the last is, what came of it, each fault."""
    who = actor(request)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            kept = actions.keep_workbook(by=who, submission=submission_id, **given)
        except (PermissionRefused, NotFound):
            raise
        except UserError as error:
            form.refuse(error)
        else:
            actions.begin_workbook(kept)
            return redirect("rounds:workbook", submission_id)
    found = queries.submission_in_sight(who, submission_id)
    last = queries.last_workbook(found) if found.village in who.area_for(Permission.REGISTER_PERSONAL) else None
    context = {
        **village_context(who, found),
        "last": last,
        "going": last is not None and last.state in GOING,
        "failed": last is not None and last.state == WorkbookState.FAILED,
        "brought": brought_of(last.told) if last is not None and last.told else None,
        "workbook_form": form,
    }
    return render(request, "collection/rounds/workbook.html", context, status=422 if form.errors else 200)
