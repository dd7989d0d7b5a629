"""Pages of the exchange with another system: receipts, what changed here since, and files that came back."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from lika.accounts.access import actor, requires
from lika.collection.choices import ComparisonState, Difference
from lika.collection.exporting import comparisons, queries, sending
from lika.collection.exporting.comparing import Differing
from lika.collection.failures import FAILURES
from lika.collection.findings import field_label
from lika.collection.forms import ComparisonForm, QueueForm
from lika.collection.layouts import queries as profiles
from lika.collection.schema import SHEETS_BY_KEY
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.language import chosen
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.divisions.names import place_name
from lika.register.choices import ChangeKind, Subject, YearState
from lika.register.queries import yearly_fields
from lika.register.queries.scope import households_visible_to

PAGE_SIZE = 50
# What is corrected in the base record, and what in a year, by sheet.
_CORRECTED = {
    "households": frozenset({"phone", "address", "bank_name", "bank_account", "attribute"}),
    "persons": frozenset({"name", "ethnicity", "relation"}),
}
_YEARLY = {
    "household_years": frozenset(yearly_fields(Subject.HOUSEHOLD_YEAR)),
    "persons": frozenset(yearly_fields(Subject.PERSON_YEAR)),
}


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
    found, townships = None, list[sending.TownshipQueue]()
    if form.is_valid():
        asked = form.cleaned_data
        townships = sending.by_township(by=by, profile=profiles.profile(asked["layout"]), data_year=asked["data_year"])
        found = sending.queue(
            by=by, profile=profiles.profile(asked["layout"]), division=asked["division"], data_year=asked["data_year"]
        )
    shown = Paginator(found.lines if found else (), PAGE_SIZE).get_page(page_of(request))
    context = {
        "form": form, "queue": found, "lines": shown.object_list,
        "townships": _townships(townships, form.cleaned_data) if len(townships) > 1 else [],
        "sums": [sum(getattr(each, name) for each in townships) for name in ("unsent", "unaudited", "sent")],
        "list": {"page": shown.number, "pages": shown.paginator.num_pages, "total": shown.paginator.count},
    }  # fmt: skip
    return render(request, "collection/sending.html", context)


def _townships(found: list[sending.TownshipQueue], asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The townships of a county, each with the way to its own queue."""
    rest = {"data_year": asked["data_year"], "layout": asked["layout"]}
    return [
        {
            "name": place_name(each.name),
            "url": f"{reverse('collection:sending')}?{urlencode({'division': each.code, **rest})}#queue",
            "numbers": [each.unsent, each.unaudited, each.sent],
        }
        for each in found
    ]


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
    numbered = [(at, each) for at, each in enumerate(found) if kind in ("", each.kind)]
    shown = Paginator(numbered, PAGE_SIZE).get_page(page_of(request))
    context = {
        "comparison": comparison, "lines": _lines(by, list(shown.object_list)), "kind": kind,
        "kinds": [(each.value, each.label, comparison.counts.get(each.value, 0)) for each in Difference],
        "list": {"page": shown.number, "pages": shown.paginator.num_pages, "total": shown.paginator.count},
        "failure": FAILURES.get(comparison.fault),
    }  # fmt: skip
    return render(request, "collection/comparison.html", context)


def _change_kind(found: Differing) -> str:
    """The kind of change that would take over what the other system says; empty where it is another matter."""
    if found.kind != Difference.VALUE:
        return ""
    if found.field in _CORRECTED.get(found.sheet, ()):
        return ChangeKind.CORRECT.value
    return ChangeKind.YEAR.value if found.field in _YEARLY.get(found.sheet, ()) else ""


def _lines(by: Actor, found: list[tuple[int, Differing]]) -> list[dict[str, Any]]:
    numbers = {each.household for _at, each in found}
    may = by.has(Permission.REGISTER_CHANGE)
    ids = dict(households_visible_to(by).filter(number__in=numbers).values_list("number", "id"))
    return [
        {
            "found": each,
            "at": at,
            "change": _change_kind(each) if may else "",
            "kind": Difference(each.kind).label,
            "sheet": chosen(SHEETS_BY_KEY[each.sheet].zh, SHEETS_BY_KEY[each.sheet].en),
            "field": field_label(each.sheet, each.field) if each.field else "",
            "household": ids.get(each.household),
        }
        for at, each in found
    ]
