"""Why a village, or what lies above it, meets the criteria of a screening or not."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.console.explaining import ExplanationFormat, take_division_explanation
from lika.console.queries.division_why import division_explained
from lika.console.views.explanation_files import file_answer, files
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.snapshots import queries as snapshots
from lika.snapshots.choices import UnitKind
from lika.snapshots.criteria_told import unit_told

# Levels whose yearly figures have a page.
_WITH_FIGURES = (Level.VILLAGE, Level.COUNTY)


@requires(Permission.SCREENING_VIEW)
@never_cache
def division_why(request: HttpRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """All criteria about a division by one screening; `?criterion=` is unfolded."""
    who = actor(request)
    found = snapshots.get_screening(who, pk)
    place = divisions.get(code)
    explained = division_explained(who, found, place)
    has_figures = place.level in _WITH_FIGURES and who.sees(Permission.REGISTER_VIEW).covers(place.code)
    context = {
        "place": place,
        "unit": UnitKind(explained.unit),
        "why": unit_told(found, explained),
        "in_full": explained.in_full,
        "current": bool(snapshots.current_among([found])),
        "screening": found,
        "opened": request.GET.get("criterion", ""),
        "figures": reverse("console:area-years", args=[place.code]) if has_figures else "",
        "explanation_files": files("console:division-explanation", found.pk, place.code),
    }
    return render(request, "console/division_why.html", context)


@requires(Permission.SCREENING_VIEW)
@never_cache
@require_POST
def explanation(request: HttpRequest, pk: uuid.UUID, code: str, kind: str) -> HttpResponse:
    """The same as JSON or PDF. By POST: taking it is written down."""
    if kind not in set(ExplanationFormat):
        raise Http404
    who = actor(request)
    found = snapshots.get_screening(who, pk)
    taken = take_division_explanation(
        by=who, screening=found, division=divisions.get(code), kind=ExplanationFormat(kind)
    )
    return file_answer(*taken)
