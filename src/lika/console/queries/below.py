"""The level below a division, on the map and in the list beside it, by the figure that the reader chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.queries import UserActor
from lika.console.names import place_name
from lika.console.queries.focus import Focus
from lika.console.queries.measures import Measure, Ranked, offered, ranked
from lika.console.queries.places import Place, address_of
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.register import queries as register

_BELOW = {
    Level.PREFECTURE: gettext_lazy("Prefectures"),
    Level.COUNTY: gettext_lazy("Counties"),
    Level.TOWNSHIP: gettext_lazy("Townships"),
    Level.VILLAGE: gettext_lazy("Villages"),
}


@dataclass(frozen=True)
class Choice:
    """A figure to choose, as the design's tabs read it."""

    label: str | Promise
    url: str
    current: bool
    count: None = None


@dataclass(frozen=True)
class Line:
    """A division in the list, with where a click leads."""

    ranked: Ranked
    url: str


@dataclass(frozen=True)
class Below:
    """The map's address and title, the list, the figures to choose from, and in words what the map shows.

    `tiles` says what the squares are and how they are placed (empty: there are none). `holding` are the counties in
    sight that hold data, as (name, address), where the area itself holds none.
    """

    title: str | Promise
    measure: Measure
    choices: Sequence[Choice]
    lines: Sequence[Line]
    map_title: str
    map_url: str
    summary: str
    tiles: str
    empty: bool
    holding: Sequence[tuple[str, str]]


def level_below(focus: Focus) -> Level:
    """The level that is listed under the focus; of a village the village itself."""
    return Level(min(focus.level + 1, Level.VILLAGE))


def below(who: UserActor, focus: Focus, places: Sequence[Place], measure: Measure, pack: str = "") -> Below:
    """The list and the map of the places below the focus; `pack` only where the reader may choose among several."""
    lines = ranked(places, measure)
    empty = not any(place.households for place in places)
    asked = {"division": focus.division.code, **({"pack": pack} if pack else {})}
    return Below(
        title=_BELOW[level_below(focus)],
        measure=measure,
        choices=[
            Choice(each.label, f"?{urlencode({**asked, 'figure': each.key})}#area", each == measure)
            for each in offered(bool(pack))
        ],
        lines=[] if focus.is_village else [Line(line, _address(line.place, measure, pack)) for line in lines],
        map_title=_("%(figure)s in %(division)s")
        % {"figure": measure.label, "division": place_name(focus.division.name)},
        map_url=f"{reverse('console:map')}?{urlencode({**asked, 'figure': measure.key})}",
        summary=_summary(lines),
        tiles=_tiles(focus.division.code) if focus.level == Level.COUNTY else "",
        empty=empty,
        holding=_holding(who) if empty else [],
    )


def _tiles(county: str) -> str:
    """What the squares of a county are, and no more of their places than is known."""
    known = divisions.townships_placed(county)
    if not known.placed:
        return _("Each square is a township; where they lie is not known.")
    if known.placed < known.townships:
        return _("Each square is a township. Those whose place is not known stand in the last rows.")
    if known.invented:
        return _("Each square is a township, placed by positions that are for illustration.")
    return _("Each square is a township, placed near its true position.")


def _address(place: Place, measure: Measure, pack: str) -> str:
    return address_of(place.code, pack=pack, figure=measure.key)


def _summary(lines: Sequence[Ranked]) -> str:
    """What the map shows, for those who do not see it: the first and the last of the list."""
    known = [line for line in lines if line.rank is not None]
    if not known:
        return _("No figures yet.")
    return _("From %(first)s (%(one)s) to %(last)s (%(other)s); the list holds every figure.") % {
        "first": known[0].place.name, "one": known[0].text, "last": known[-1].place.name, "other": known[-1].text,
    }  # fmt: skip


def _holding(who: UserActor) -> list[tuple[str, str]]:
    counties = register.division_counts(who.area, Level.COUNTY)
    return [(place_name(county.name), address_of(county.code)) for county in counties if county.counts.total[0]]
