"""Pages of the exchange with another system: receipts, what changed here since, and files that came back."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lika.accounts.access import actor, requires
from lika.collection.choices import ComparisonState, Difference
from lika.collection.exporting import comparisons, queries, sending
from lika.collection.exporting.comparing import Differing
from lika.collection.failures import FAILURES
from lika.collection.findings import field_label
from lika.collection.forms import ComparisonForm, QueueForm
from lika.collection.layouts import queries as profiles
from lika.collection.models import Comparison
from lika.collection.schema import SHEETS_BY_KEY
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.language import chosen
from lika.core.leaving import csv_of
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.register.choices import YearState
from lika.register.queries.scope import households_visible_to

PAGE_SIZE = 50


@require_GET
@requires(Permission.REGISTER_EXPORT)
def receipt(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """What left in another system's layout: number, digest, rows, who and when."""
    export = queries.in_area(actor(request), export_id)
    states = [(YearState(state).label, rows) for state, rows in export.told.get("states", {}).items()]
    context = {"export": export, "states": states, "without_code": export.told.get("without_code", {}).items()}
    return render(request, "collection/receipt.html", context)


@require_GET
@requires(Permission.REGISTER_EXPORT)
def queue_page(request: HttpRequest) -> HttpResponse:
    """What changed in a township since its last receipt."""
    by = actor(request)
    choices, places = queries.choices_for(by), queries.townships_for(by)
    given = request.GET or _first(places, choices)
    form = QueueForm(given, places=places, years=choices.years, profiles=choices.profiles)
    found = None
    if form.is_valid():
        asked = form.cleaned_data
        found = sending.queue(
            by=by, profile=profiles.profile(asked["layout"]), division=asked["division"], data_year=asked["data_year"]
        )
    shown = Paginator(found.lines if found else (), PAGE_SIZE).get_page(page_of(request))
    context = {
        "form": form, "queue": found, "lines": shown.object_list,
        "list": {"page": shown.number, "pages": shown.paginator.num_pages, "total": shown.paginator.count},
    }  # fmt: skip
    return render(request, "collection/sending.html", context)


def _first(places: list[tuple[str, str]], choices: queries.ExportChoices) -> dict[str, Any]:
    if not (places and choices.years and choices.profiles):
        return {"division": ""}
    return {"division": places[0][0], "data_year": choices.years[0], "layout": choices.profiles[0][0]}


@require_http_methods(["GET", "POST"])
@requires(Permission.REGISTER_EXPORT)
def comparisons_page(request: HttpRequest) -> HttpResponse:
    """A file of another system laid beside the register; and one's own comparisons."""
    by = actor(request)
    choices = queries.choices_for(by)
    form = ComparisonForm(request.POST or None, request.FILES or None, years=choices.years, profiles=choices.profiles)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            kept = comparisons.keep(by=by, file=given["file"], profile=given["layout"], data_year=given["data_year"])
        except UserError as error:
            form.add_error("file", f"{error.code} {error.message} {error.remedy}")
        else:
            comparisons.begin(kept)
            return redirect("collection:comparison", kept.id)
    context = {"form": form, "lines": comparisons.own_ones(by)}
    return render(request, "collection/comparisons.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Permission.REGISTER_EXPORT)
def comparison_page(request: HttpRequest, comparison_id: UUID) -> HttpResponse:
    """The differences, field by field; each leads to the household, where a change is proposed."""
    by = actor(request)
    comparison = comparisons.own(by, comparison_id)
    kind = request.GET.get("kind", "")
    found = comparisons.differences(comparison) if comparison.state == ComparisonState.READY else []
    shown = Paginator([each for each in found if kind in ("", each.kind)], PAGE_SIZE).get_page(page_of(request))
    context = {
        "comparison": comparison, "lines": _lines(by, list(shown.object_list)), "kind": kind,
        "kinds": [(each.value, each.label, comparison.counts.get(each.value, 0)) for each in Difference],
        "list": {"page": shown.number, "pages": shown.paginator.num_pages, "total": shown.paginator.count},
        "failure": FAILURES.get(comparison.fault),
    }  # fmt: skip
    return render(request, "collection/comparison.html", context)


def _lines(by: Actor, found: list[Differing]) -> list[dict[str, Any]]:
    numbers = {each.household for each in found}
    ids = dict(households_visible_to(by).filter(number__in=numbers).values_list("number", "id"))
    return [
        {
            "found": each,
            "kind": Difference(each.kind).label,
            "sheet": chosen(SHEETS_BY_KEY[each.sheet].zh, SHEETS_BY_KEY[each.sheet].en),
            "field": field_label(each.sheet, each.field) if each.field else "",
            "household": ids.get(each.household),
        }
        for each in found
    ]


@never_cache
@require_GET
@requires(Permission.REGISTER_EXPORT)
def comparison_file(request: HttpRequest, comparison_id: UUID) -> HttpResponse:
    """The difference list as a file, marked with whose it is; numbers masked as on the page."""
    by = actor(request)
    comparison: Comparison = comparisons.own(by, comparison_id)
    head = (_("How it differs"), _("Sheet"), _("Household number"), _("Name"), _("Field"), _("Here"), _("There"))
    rows = comparisons.take(by=by, comparison=comparison)
    cells = (
        (
            str(Difference(each.kind).label), chosen(SHEETS_BY_KEY[each.sheet].zh, SHEETS_BY_KEY[each.sheet].en),
            each.household, each.person, field_label(each.sheet, each.field) if each.field else "", each.ours,
            each.theirs,
        )
        for each in rows
    )  # fmt: skip
    content = csv_of(head, cells)
    disposition = content_disposition_header(as_attachment=True, filename=f"lika-{comparison.id.hex[-8:]}.csv")
    headers = {"Content-Disposition": disposition or ""}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
