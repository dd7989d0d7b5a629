"""The home page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.access import actor, signed_in
from lika.accounts.queries import UserActor
from lika.console.names import place_name
from lika.console.queries import home as numbers
from lika.console.queries import verdicts
from lika.console.queries.focus import Focus, focus_of, own_divisions
from lika.console.queries.places import places_of, ranked
from lika.console.queries.waiting import of_the_office
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division

_BELOW = {
    Level.PREFECTURE: gettext_lazy("Prefectures"),
    Level.COUNTY: gettext_lazy("Counties"),
    Level.TOWNSHIP: gettext_lazy("Townships"),
    Level.VILLAGE: gettext_lazy("Villages"),
}


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What waits, the area on the map, the main numbers, the divisions below."""
    who = actor(request)
    may_see = who.has(Permission.REGISTER_VIEW)
    focus = focus_of(who, request.GET.get("division"))
    context: dict[str, Any] = {"focus": focus, "may_see_register": may_see, "areas": _other_areas(who, focus)}
    if focus is not None and may_see:
        context |= _area(who, focus, request.GET.get("pack", ""))
    context["waiting"] = [*of_the_office(who), *context.get("waiting", ())]
    return render(request, "console/home.html", context)


def _other_areas(who: UserActor, focus: Focus | None) -> list[Division]:
    """The user's own divisions where there are several (posts in two places, granted villages)."""
    codes = own_divisions(who)
    return list(divisions.by_codes(codes).values()) if focus is not None and len(codes) > 1 else []


def _area(who: UserActor, focus: Focus, pack: str) -> dict[str, Any]:
    """The map's title, the figures, and the divisions below with the result of the current screening."""
    screening = verdicts.current(who, focus, pack)
    below = Level(min(focus.level + 1, Level.VILLAGE))
    counted = verdicts.counts(who, screening, below)
    places = places_of(focus, below, counted)
    name = place_name(focus.division.name)
    return {
        "screening": screening,
        "waiting": numbers.waiting(who, focus, screening),
        "figures": numbers.figures(focus, places),
        "exit": numbers.exit_result(focus, screening, verdicts.total(counted, focus)) if screening else None,
        "map_title": (
            _("%(criterion)s: share of households in %(division)s") % {"criterion": screening.title, "division": name}
            if screening
            else _("Households in %(division)s") % {"division": name}
        ),
        "places": [] if focus.is_village else ranked(places),
        "places_title": _BELOW.get(below, ""),
        "target": "console:households" if below == Level.VILLAGE else "console:home",
    }
