"""The map's data."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.console.queries import verdicts
from lika.console.queries.below import level_below
from lika.console.queries.focus import Focus, focus_of
from lika.console.queries.maps import Drawing, area_map
from lika.console.queries.measures import Measure, chosen_measure
from lika.console.queries.places import Place, places_of
from lika.console.queries.verdicts import Current
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions.choices import Level


@requires(Permission.REGISTER_VIEW)
def area_map_json(request: HttpRequest) -> JsonResponse:
    """Outlines, tiles and points below the division asked for. Raises CON-001 (outside the area), CON-002 (no area)."""
    who = actor(request)
    focus = focus_of(who, request.GET.get("division"))
    if focus is None:
        raise NotFound("CON-002", _("No area belongs to your posts."), remedy=_("Open the list of households."))
    screening = verdicts.current(who, focus, request.GET.get("pack", ""))
    measure = chosen_measure(request.GET.get("figure", ""), screening is not None)
    drawing = Drawing(focus, measure, screening.title if screening else "", screening.pack_id if screening else "")
    level = level_below(focus)
    villages = _places(who, focus, screening, measure, Level.VILLAGE) if focus.level == Level.COUNTY else []
    return JsonResponse(area_map(drawing, _places(who, focus, screening, measure, level), villages))


def _places(who: UserActor, focus: Focus, screening: Current | None, measure: Measure, level: Level) -> list[Place]:
    return places_of(
        focus,
        level,
        verdicts.counts(who, screening, level),
        population_too=measure.population_too,
    )
