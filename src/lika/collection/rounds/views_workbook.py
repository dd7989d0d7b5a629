"""The round's workbook of a village: taken to be filled offline, and brought back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.collection.rounds import actions, queries
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
    """The filled workbook is taken into the drafts; what came of it, and each fault in its cell."""
    who = actor(request)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    brought = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            brought = actions.bring_workbook(
                by=who,
                submission=submission_id,
                content=file.read(),
                name=file.name,
                finish=form.cleaned_data["finish"],
            )
        except UserError as error:
            if isinstance(error, PermissionRefused | NotFound):
                raise
            form.refuse(error)
    found = queries.submission_in_sight(who, submission_id)
    context = {**village_context(who, found), "brought": brought, "workbook_form": form}
    refused = bool(form.errors) or (brought is not None and bool(brought.problems))
    return render(request, "collection/rounds/workbook.html", context, status=422 if refused else 200)
