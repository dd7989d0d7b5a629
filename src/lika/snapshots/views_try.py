"""The page on which an expression is tried on a household. Nothing of it is kept, and nothing stands in the address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots.forms import TryForm
from lika.snapshots.queries.analysis import Sources, language_of, sources
from lika.snapshots.queries.screenings import same_pack
from lika.snapshots.queries.trying import try_expression
from lika.snapshots.telling import node_of
from lika.snapshots.trying import marked


@requires(Permission.SCREENING_VIEW)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def try_it(request: HttpRequest) -> HttpResponse:
    """An empty box, or with `?pack=` and `?criterion=` the text of a published criterion; the answer to a POST."""
    who = actor(request)
    asked = request.POST if request.method == "POST" else request.GET
    try:
        found = sources(who, asked.get("pack", ""))
    except UserError as error:
        return render(request, "snapshots/try.html", {"nothing": error})
    context: dict[str, Any] = {"at": found.at, "names": _names(found)}
    if request.method == "POST":
        form = TryForm(request.POST, packs=found.packs)
        if form.is_valid():
            context |= _answer(who, form)
    else:
        chosen = found.screening.pack_id if found.screening else ""
        text = _text_of(found, request.GET.get("criterion", ""))
        form = TryForm(packs=found.packs, initial={"pack": chosen, "text": text})
    return render(request, "snapshots/try.html", context | {"form": form})


def _answer(who: UserActor, form: TryForm) -> dict[str, Any]:
    """The explanation, or the error with its place in the text."""
    asked = form.cleaned_data
    text = asked["text"].replace("\r\n", "\n")
    try:
        tried = try_expression(who, number=asked["number"], text=text, pack=asked.get("pack", ""))
    except UserError as error:
        place = error.where
        spot = marked(text, place["line"], place["column"]) if {"line", "column"} <= set(place) else None
        return {"error": error, "marked": spot}
    return {"tried": tried, "text": text, "nodes": [node_of(tried.explanation)]}


def _pack(found: Sources) -> ResolvedPack | None:
    screening = found.screening
    return same_pack(screening.pack, screening.pack_sha256) if screening else None


def _text_of(found: Sources, criterion: str) -> str:
    """The expression of a criterion about households; empty where the pack has none of that id."""
    pack = _pack(found)
    item = pack.criterion(criterion) if pack is not None else None
    return (item.expression or "").strip() if item is not None and item.unit == "household" else ""


def _names(found: Sources) -> dict[str, Any]:
    """What may be named: facts of households and persons, parameters, criteria about households."""
    known = language_of(found)
    return {
        "household": sorted(known.schema.units["household"].values(), key=lambda fact: fact.name),
        "person": sorted(known.schema.units["person"].values(), key=lambda fact: fact.name),
        "parameters": [spec for name, spec in known.parameters.items() if name != "basis_missing"],
        "criteria": [item for item in known.criteria.values() if item.unit == "household"],
    }
