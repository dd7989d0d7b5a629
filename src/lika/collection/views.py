"""The import page: template, upload, progress, result, marked workbook."""

import tempfile
from pathlib import Path
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.collection import marking, queries, template, uploads
from lika.collection.choices import STARTABLE, BatchState
from lika.collection.failures import FAILURES
from lika.collection.forms import FindingFilterForm, ImportFilterForm, RunForm, UploadForm
from lika.collection.layouts import queries as profiles
from lika.collection.models import ImportBatch
from lika.collection.schema import SHEETS, sheets_asked
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.language import chosen
from lika.core.pages import Column, page_of
from lika.core.permissions import Permission

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_PROGRESS = frozenset({BatchState.WAITING, BatchState.RUNNING})
_COLUMNS = (
    Column("file", _lazy("File")),
    Column("when", _lazy("When")),
    Column("", _lazy("State")),
    Column("errors", _lazy("Errors"), numeric=True),
    Column("warnings", _lazy("Warnings"), numeric=True),
)
_FATES = ("new", "changed", "unchanged", "left_out")


@require_http_methods(["GET", "POST"])
@requires(Permission.REGISTER_IMPORT)
def import_page(request: HttpRequest) -> HttpResponse:
    """The template, the upload, and one's own imports."""
    by = actor(request)
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        profiles=profiles.choices(by),
        may_assign=by.has(Permission.PROFILE_KEEP),
        initial={"profile": request.GET.get("profile", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            batch = _kept(by, form)
            if form.assigns:
                return redirect("collection:columns", batch.id)
            uploads.start(by=by, batch=batch, dry_run=not form.cleaned_data["at_once"], good_rows=False)
        except UserError as error:
            form.add_error("file", _refusal(error))
        else:
            return redirect("collection:batch", batch.id)
    status = 422 if form.errors else 200
    context = {"form": form, "may_export": by.has(Permission.REGISTER_EXPORT), **_own_imports(request)}
    return render(request, "collection/import.html", context, status=status)


def _kept(by: Actor, form: UploadForm) -> ImportBatch:
    given = form.cleaned_data
    profile = "" if form.assigns else given["profile"]
    return uploads.keep(by=by, file=given["file"], data_year=given["data_year"], profile=profile, assign=form.assigns)


def _refusal(error: UserError) -> forms.ValidationError:
    return forms.ValidationError(f"{error.message} ({error.code})", params={"remedy": error.remedy})


def _own_imports(request: HttpRequest) -> dict[str, object]:
    """The list of one's own imports: `?state=`, `?sort=`, `?page=`."""
    filters = ImportFilterForm(request.GET)
    filters.is_valid()
    state = filters.cleaned_data.get("state", "")
    sort = request.GET.get("sort") or queries.NEWEST_FIRST
    found = queries.list_imports(actor(request), state=state, sort=sort, page=page_of(request))
    return {
        "filters": filters,
        "filtered": bool(state),
        "sort": sort,
        "columns": [column.sorted_by(sort) for column in _COLUMNS],
        "list": found,
        "lines": [{"batch": batch, "marked": _can_be_marked(batch)} for batch in found.batches],
    }


def _can_be_marked(batch: ImportBatch) -> bool:
    return bool(batch.finding_counts) and uploads.path_of(batch).exists()


@require_GET
@requires(Permission.REGISTER_IMPORT)
def template_file(request: HttpRequest) -> HttpResponse:
    """The empty workbook, with what is collected in the official's area besides the common form."""
    headers = {"Content-Disposition": 'attachment; filename="lika-template.xlsx"'}
    sheets = sheets_asked(actor(request).area_for(Permission.REGISTER_IMPORT))
    return HttpResponse(template.build(sheets), content_type=_XLSX, headers=headers)


@require_GET
@requires(Permission.REGISTER_IMPORT)
def batch_page(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One import: how far it is, or what it found and did."""
    batch = queries.own_batch(actor(request), batch_id)
    wanted = {"sheet": request.GET.get("sheet", ""), "code": request.GET.get("code", "")}
    found = queries.findings(batch, **wanted, page=page_of(request))
    context = {
        "batch": batch,
        "running": batch.state in _IN_PROGRESS,
        "list": found,
        "form": FindingFilterForm(request.GET, sheets=found.sheets, codes=found.codes),
        "filtered": any(wanted.values()),
        "sheets": _sheet_lines(batch),
        "kept": uploads.path_of(batch).exists(),
        "may_assign": actor(request).has(Permission.PROFILE_KEEP),
        "startable": batch.state in STARTABLE,
        "failure": FAILURES.get(batch.fault),
    }
    return render(request, "collection/batch.html", context)


def _sheet_lines(batch: ImportBatch) -> list[dict[str, object]]:
    return [
        {"label": chosen(sheet.zh, sheet.en), "rows": batch.rows[sheet.key]}
        | {fate: batch.counts.get(sheet.key, {}).get(fate, 0) for fate in _FATES}
        for sheet in SHEETS
        if sheet.key in batch.rows
    ]


@require_GET
@requires(Permission.REGISTER_IMPORT)
def progress(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The progress bar; once the import is over, the word to load the page again."""
    batch = queries.own_batch(actor(request), batch_id)
    if batch.state not in _IN_PROGRESS:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "collection/parts/progress.html", {"batch": batch})


@require_POST
@requires(Permission.REGISTER_IMPORT)
def run(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Check again, import, or import without faulty households."""
    by = actor(request)
    batch = queries.own_batch(by, batch_id)
    form = RunForm(request.POST)
    if not form.is_valid():
        raise UserError("COL-016", _("Nothing was chosen."), remedy=_("Choose what to do with the workbook."))
    mode = form.cleaned_data["mode"]
    uploads.start(by=by, batch=batch, dry_run=mode == "check", good_rows=mode == "good_rows")
    return redirect("collection:batch", batch.id)


@require_POST
@requires(Permission.REGISTER_IMPORT)
def discard(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Remove the uploaded workbook."""
    by = actor(request)
    uploads.discard(by=by, batch=queries.own_batch(by, batch_id))
    return redirect("collection:import")


@require_GET
@requires(Permission.REGISTER_IMPORT)
def marked_file(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The workbook with its faults marked."""
    batch = queries.own_batch(actor(request), batch_id)
    source = uploads.contents(batch)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "marked.xlsx"
        layout = profiles.layout_of(batch.profile)
        marking.write(source, batch.file_name, target, queries.stored_findings(batch), layout)
        content = target.read_bytes()
    name = f"{Path(batch.file_name).stem}-{_('marked')}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=_XLSX, headers={"Content-Disposition": disposition or ""})
