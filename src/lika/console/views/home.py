"""The home page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lika.accounts.access import actor, signed_in
from lika.accounts.queries import UserActor
from lika.console.queries import figures, verdicts
from lika.console.queries import home as numbers
from lika.console.queries.below import below, level_below
from lika.console.queries.focus import Focus, focus_of, own_divisions
from lika.console.queries.measures import chosen_measure
from lika.console.queries.news import Since, changes
from lika.console.queries.places import places_of
from lika.console.queries.waiting import of_the_office
from lika.console.visits import visit
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.models import Division


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What waits, the area on the map, the main numbers, the divisions below."""
    who = actor(request)
    may_see = who.has(Permission.REGISTER_VIEW)
    focus = focus_of(who, request.GET.get("division"))
    context: dict[str, Any] = {"focus": focus, "may_see_register": may_see, "areas": _other_areas(who, focus)}
    if focus is not None and may_see:
        context |= _area(who, focus, request.GET.get("pack", ""), request.GET.get("figure", ""))
    elif may_see:
        context["figures"] = _figures_granted(who)
    if may_see:
        context |= _news(who, focus, context.get("screening"))
    context["waiting"] = [*of_the_office(who), *context.get("waiting", ())]
    return render(request, "console/home.html", context)


def _other_areas(who: UserActor, focus: Focus | None) -> list[Division]:
    """The user's own divisions where there are several (posts in two places, granted villages)."""
    codes = own_divisions(who)
    return list(divisions.by_codes(codes).values()) if focus is not None and len(codes) > 1 else []


def _area(who: UserActor, focus: Focus, pack: str, figure: str) -> dict[str, Any]:
    """The map's title, the figures, and the divisions below with the result of the current screening."""
    screening = verdicts.current(who, focus, pack)
    measure = chosen_measure(figure, screening is not None)
    level = level_below(focus)
    counted = verdicts.counts(who, screening, level)
    places = places_of(focus, level, counted, population_too=measure.population_too)
    asked, role = figures.asked_of(who, focus, screening), figures.role_at(who, focus)
    return {
        "screening": screening,
        "waiting": numbers.waiting(who, focus, screening, asked.years[-1] if asked.years else 0),
        "figures": figures.figures(asked, role, figures.people_of(focus, places)) if role else [],
        "exit": numbers.exit_result(focus, screening, verdicts.total(counted, focus)) if screening else None,
        "below": below(who, focus, places, measure, screening.pack_id if screening else ""),
    }


def _figures_granted(who: UserActor) -> list[figures.Figure]:
    """The figures of somebody without an area, over the households granted to them."""
    role = figures.role_at(who, None)
    if role is None:
        return []
    return figures.figures(figures.asked_of(who, None, None), role, figures.people_granted(who))


def _news(who: UserActor, focus: Focus | None, screening: verdicts.Current | None) -> dict[str, Any]:
    """What changed since the reader's last visit, from `since` on; nothing to compare with on the first one."""
    since = visit(by=who)
    found = changes(Since(who, since, focus, screening)) if since is not None else []
    return {"since": since, "changes": found}
