"""The map's data."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from lika.accounts.access import actor, requires
from lika.console.queries import verdicts
from lika.console.queries.focus import focus_of
from lika.console.queries.maps import area_map
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions.choices import Level


@requires(Permission.REGISTER_VIEW)
def area_map_json(request: HttpRequest) -> JsonResponse:
    """Outline and places of the division asked for. Raises CON-001 (outside the area), CON-002 (no area)."""
    who = actor(request)
    focus = focus_of(who, request.GET.get("division"))
    if focus is None:
        raise NotFound("CON-002", _("No area belongs to your posts."), remedy=_("Open the list of households."))
    screening = verdicts.current(who, focus, request.GET.get("pack", ""))
    level = Level.COUNTY if focus.level < Level.COUNTY else Level.VILLAGE
    title = screening.title if screening else _("Households")
    return JsonResponse(
        area_map(focus, verdicts.counts(who, screening, level), title, screening.pack_id if screening else "")
    )
