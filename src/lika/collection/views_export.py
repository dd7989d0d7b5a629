"""The export page: ask, agree or refuse, take."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.collection.choices import ExportFormat
from lika.collection.exporting import actions, queries
from lika.collection.forms import ExportForm
from lika.core.errors import UserError
from lika.core.permissions import Permission

_TYPES = {ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_http_methods(["GET", "POST"])
@requires(Permission.REGISTER_EXPORT)
def export_page(request: HttpRequest) -> HttpResponse:
    """What left the area, what waits for a second person, and the form that asks for a file."""
    by = actor(request)
    choices = queries.choices_for(by)
    form = ExportForm(request.POST or None, places=choices.places, years=choices.years, profiles=choices.profiles)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"kind": ExportFormat(form.cleaned_data["kind"])}
        try:
            export = actions.ask(by=by, **given)
        except UserError as error:
            form.add_error(error.where.get("field"), f"{error.code} {error.message} {error.remedy}")
        else:
            if export.personal:
                messages.info(request, _("A second person who may export in this area must agree now."))
            else:
                actions.begin(export)
            return redirect("collection:exports")
    context = {"form": form, "lines": queries.listed(by)}
    return render(request, "collection/exports.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.REGISTER_EXPORT)
def decide(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The second person agrees or refuses."""
    agree = request.POST.get("decision") == "agree"
    export = actions.decide(by=actor(request), export=export_id, agree=agree)
    if not agree:
        messages.success(request, _("Refused."))
    elif export.page:
        messages.success(request, _("Agreed: whoever asked may take the list now."))
    else:
        actions.begin(export)
        messages.success(request, _("Agreed: the file is being made."))
    return redirect("collection:exports")


@never_cache
@require_POST
@requires(Permission.REGISTER_EXPORT)
def take(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The file. By POST: taking it is a write, of a row in the audit."""
    export, content = actions.take(by=actor(request), export=export_id)
    disposition = content_disposition_header(as_attachment=True, filename=export.file_name)
    kind = _TYPES.get(ExportFormat(export.kind), "application/zip")
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition or ""})
