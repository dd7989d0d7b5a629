"""What the map of an area draws: the divisions below it, each with its figure, its class and where a click leads.

Above counties the divisions below are drawn by their outlines (a prefecture by those of its counties), and as
tiles where no outline is known. A county shows its townships as tiles and its villages as points in its outline; a
township its villages as points.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lika.console.queries.cartogram import Position, cells, tile_features, under
from lika.console.queries.focus import Focus
from lika.console.queries.measures import NO_SCALE, Measure, Scale, figure_of, scale_of
from lika.console.queries.places import Place, address_of
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.divisions.outlines import GeoJSON, county_outline, joined_outline

Json = dict[str, Any]


@dataclass(frozen=True)
class Drawing:
    """What is drawn: by which figure, what the criterion is called, and the pack that the addresses carry on."""

    focus: Focus
    measure: Measure
    criterion: str
    pack: str = ""


def area_map(drawing: Drawing, places: Sequence[Place], villages: Sequence[Place] = ()) -> Json:
    """The map of a focus with the places below it; a county's villages are given too."""
    focus, measure = drawing.focus, drawing.measure
    scale = scale_of([figure_of(place, measure) for place in places], measure)
    if focus.level < Level.COUNTY:
        drawn = _areas(drawing, places, scale)
    elif focus.level == Level.COUNTY:
        drawn = _county(drawing, places, villages, scale)
    else:
        drawn = _points(drawing, places, scale, list(divisions.within(focus.division.code, Level.VILLAGE)))
    return {
        **drawn,
        "legend": scale.labels(measure, open_ends=bool(villages) and measure.share),
        "words": _words(drawing),
    }


def _words(drawing: Drawing) -> Json:
    return {
        "title": str(drawing.measure.label),
        "criterion": drawing.criterion,
        "invented": _("Position for illustration"),
        "nothing": _("No data"),
        "tiles": _("Townships: one square each"),
        "points": _("Villages: one point each"),
    }


def _areas(drawing: Drawing, places: Sequence[Place], scale: Scale) -> Json:
    # A province is drawn so small that a thirtieth of a degree, three kilometres, is about a point of the screen.
    grid = 30 if drawing.focus.level < Level.PREFECTURE else 400
    found = {place.code: joined_outline(place.code, grid=grid) for place in places}
    features = [feature for feature in found.values() if feature is not None]
    tiles = under(features, [code for code, feature in found.items() if feature is None])
    return {
        "kind": "areas",
        "code": drawing.focus.division.code,
        "outline": {"type": "FeatureCollection", "features": [*features, *tiles]},
        "places": [_shown(drawing, place, scale) for place in places],
    }


def _county(drawing: Drawing, townships: Sequence[Place], villages: Sequence[Place], scale: Scale) -> Json:
    inside = list(divisions.within(drawing.focus.division.code, Level.VILLAGE))
    middles = _middles(inside)
    tiles = cells({place.code: middles.get(place.code[:9]) for place in townships})
    return {
        # Counts of villages are of another size than those of townships: only shares have one scale for both.
        **_points(drawing, villages, scale if drawing.measure.share else NO_SCALE, inside),
        "tiles": {
            "code": f"{drawing.focus.division.code}-tiles",
            "outline": {"type": "FeatureCollection", "features": tile_features(tiles)},
            "places": [_shown(drawing, place, scale) for place in townships],
        },
    }


def _middles(villages: Iterable[Division]) -> dict[str, Position]:
    """The mean position of the villages of each township that have one, by the township's nine digits."""
    found: dict[str, list[Position]] = {}
    for village in villages:
        if village.longitude is not None and village.latitude is not None:
            found.setdefault(village.code[:9], []).append((float(village.longitude), float(village.latitude)))
    return {
        code: (sum(x for x, _y in each) / len(each), sum(y for _x, y in each) / len(each))
        for code, each in found.items()
    }


def _points(drawing: Drawing, villages: Sequence[Place], scale: Scale, inside: Sequence[Division]) -> Json:
    focus = drawing.focus
    county = focus.county_code or focus.division.code
    outline: GeoJSON = county_outline(county) or {"type": "FeatureCollection", "features": []}
    positions = {division.code: division for division in inside}
    return {
        "kind": "points",
        "code": county,
        "closer": focus.level > Level.COUNTY,
        "outline": outline,
        "places": [{**_shown(drawing, place, scale), **_position(positions.get(place.code))} for place in villages],
    }


def _position(division: Division | None) -> Json:
    if division is None or division.longitude is None or division.latitude is None:
        return {"position": None, "invented": False}
    return {
        "position": [float(division.longitude), float(division.latitude)],
        "invented": division.position_invented,
    }


def _shown(drawing: Drawing, place: Place, scale: Scale) -> Json:
    value = figure_of(place, drawing.measure)
    return {
        "code": place.code,
        "name": place.name,
        "size": place.households,
        "value": None if value is None else float(value),
        "text": drawing.measure.text(value),
        "class": scale.class_of(value),
        "lines": _lines(place),
        "url": address_of(place.code, pack=drawing.pack, figure=drawing.measure.key),
    }


def _lines(place: Place) -> Sequence[str]:
    lines = [ngettext("%(n)s household", "%(n)s households", place.households) % {"n": f"{place.households:,}"}]
    if place.counts is None:
        return [*lines, _("Not screened")]
    counted = (
        (_("Met"), place.counts.met), (_("Not met"), place.counts.not_met), (_("Unknown"), place.counts.unknown)
    )  # fmt: skip
    return [*lines, *(f"{word} {number:,}" for word, number in counted)]
