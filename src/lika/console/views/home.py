"""The home page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lika.accounts.access import actor, signed_in
from lika.console.queries import home as numbers
from lika.console.queries import verdicts
from lika.console.queries.focus import Focus, focus_of
from lika.console.queries.places import places_of, ranked
from lika.core.permissions import Permission
from lika.divisions.choices import Level


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What waits, the area on the map, the main numbers, the divisions below."""
    who = actor(request)
    may_see = who.has(Permission.REGISTER_VIEW)
    focus = focus_of(who, request.GET.get("division"))
    context: dict[str, Any] = {"focus": focus, "may_see_register": may_see}
    if focus is not None and may_see:
        context |= _area(focus)
    return render(request, "console/home.html", context)


def _area(focus: Focus) -> dict[str, Any]:
    screening = verdicts.current(focus)
    below = Level(min(focus.level + 1, Level.VILLAGE))
    places = [] if focus.is_village else ranked(places_of(focus, below, verdicts.counts(screening, below)))
    return {
        "screening": screening,
        "figures": numbers.figures(focus),
        "map_title": _("Households in %(division)s") % {"division": focus.division.name},
        "places": places,
        "places_title": {
            Level.PREFECTURE: _("Prefectures"), Level.COUNTY: _("Counties"),
            Level.TOWNSHIP: _("Townships"), Level.VILLAGE: _("Villages"),
        }.get(below, ""),
        "target": "console:households" if below == Level.VILLAGE else "console:home",
    }  # fmt: skip
