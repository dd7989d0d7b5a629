"""The pages of mapping profiles: the list, one version, and the assignment of a file's columns."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.collection import queries, uploads
from lika.collection.exporting.queries import places_for
from lika.collection.forms import ProfileForm
from lika.collection.layouts import queries as profiles
from lika.collection.layouts.actions import save_profile
from lika.collection.layouts.drafting import FACTORS, Draft, Fields
from lika.collection.layouts.model import ForeignTable, Profile
from lika.collection.layouts.proposing import look_at
from lika.collection.layouts.words import ours_of
from lika.collection.models import ImportBatch
from lika.collection.reading import books
from lika.collection.schema import sheets_read
from lika.core.errors import UserError
from lika.core.language import chosen
from lika.core.permissions import Permission


@require_GET
@requires(Permission.REGISTER_IMPORT)
def profiles_page(request: HttpRequest) -> HttpResponse:
    """Every profile with its versions."""
    by = actor(request)
    context = {"lines": profiles.lines(by), "may_assign": by.has(Permission.PROFILE_KEEP)}
    return render(request, "collection/profiles.html", context)


@require_GET
@requires(Permission.REGISTER_IMPORT)
def profile_page(request: HttpRequest, label: str) -> HttpResponse:
    """What one version says: column by column, code by code."""
    profile = profiles.profile(label)
    fields = Fields(sheets_read())
    context = {"profile": profile, "tables": [_table(table, fields) for table in profile.tables]}
    return render(request, "collection/profile.html", context)


def _table(table: ForeignTable, fields: Fields) -> dict[str, Any]:
    lines = []
    for column in table.columns:
        labels = {code: chosen(*words) for code, words in ours_of(fields.column(column.places[0]))}
        lines.append(
            {
                "column": column,
                "fields": [fields.label(place) for place in column.places],
                "codes": [(labels.get(code, code), words) for code, words in column.codes.items()],
            }
        )
    fixed = [(fields.label(place), value) for place, value in table.fixed.items()]
    return {"table": table, "lines": lines, "fixed": fixed}


@require_http_methods(["GET", "POST"])
@requires(Permission.PROFILE_KEEP)
def columns_page(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Assign the columns and codes of an uploaded file, save that as a profile, and check the file with it."""
    by = actor(request)
    batch = queries.own_batch(by, batch_id)
    base = profiles.profile(batch.profile) if batch.profile else None
    draft = _draft(batch, base, request)
    places = places_for(by, Permission.PROFILE_KEEP)
    form = ProfileForm(request.POST or None, places=places, initial=_initial(base, places))
    fault: UserError | None = None
    try:
        if request.POST.get("action") == "save" and form.is_valid() and not draft.missing():
            return _saved(by, batch, draft, form)
        lines, missing = draft.lines(), draft.missing()
    except UserError as error:
        fault, lines, missing = error, draft.lines(), []
    context = {
        "batch": batch, "form": form, "lines": lines, "missing": missing, "fault": fault,
        "labels": draft.fields.labels(), "factors": [f"{factor:f}" for factor in FACTORS],
        "asked": request.method == "POST",
    }  # fmt: skip
    return render(request, "collection/columns.html", context, status=422 if fault or form.errors else 200)


def _draft(batch: ImportBatch, base: Profile | None, request: HttpRequest) -> Draft:
    sheets = sheets_read()
    known = profiles.latest()
    with books.opened(uploads.contents(batch), batch.file_name) as book:
        seen = look_at(book, sheets, known)
    return Draft(seen, sheets, known, base, request.POST if request.method == "POST" else None)


def _initial(base: Profile | None, places: list[tuple[str, str]]) -> dict[str, Any]:
    if base is None:
        return {}
    own = {"name": base.name} if base.division in dict(places) else {}
    return {"title": base.zh, "system": base.system, "year": base.year, "division": base.division, **own}


def _saved(by: UserActor, batch: ImportBatch, draft: Draft, form: ProfileForm) -> HttpResponse:
    profile = save_profile(by=by, division=form.cleaned_data["division"], data=draft.data(form.about))
    uploads.read_with(by=by, batch=batch, profile=profile.label)
    uploads.start(by=by, batch=batch, dry_run=True, good_rows=False)
    return redirect("collection:batch", batch.id)
