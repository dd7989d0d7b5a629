"""What the map of an area draws: outlines, and places with their position, size and share."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lika.console.queries.focus import Focus
from lika.console.queries.places import Place, places_of
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.divisions.outlines import GeoJSON, county_outline, outlines
from lika.snapshots.queries import Counts

Json = dict[str, Any]


def area_map(focus: Focus, verdicts: Mapping[int, Counts], title: str, pack: str = "") -> Json:
    """Counties as areas for what lies above them; below, the county's outline with its villages as points.

    `pack` is carried on by the addresses that a click leads to.
    """
    drawn = _counties(focus, verdicts) if focus.level < Level.COUNTY else _villages(focus, verdicts)
    for place in drawn["places"]:
        place["url"] += f"&{urlencode({'pack': pack})}" if pack else ""
    return {**drawn, "words": {"title": title, "invented": _("Position for illustration")}}


def _counties(focus: Focus, verdicts: Mapping[int, Counts]) -> Json:
    places = {place.code: place for place in places_of(focus, Level.COUNTY, verdicts, persons_too=False)}
    drawn = outlines(list(places))
    found = {feature["properties"]["code"] for feature in drawn["features"]}
    # ECharts joins by the name of a feature: the code is unique, the name is not.
    features = [
        {**each, "properties": {**each["properties"], "name": each["properties"]["code"]}} for each in drawn["features"]
    ]
    return {
        "kind": "areas",
        "code": focus.division.code,
        "outline": {**drawn, "features": features},
        "places": [_shown(place, "console:home") for code, place in places.items() if code in found],
    }


def _villages(focus: Focus, verdicts: Mapping[int, Counts]) -> Json:
    county = focus.county_code or focus.division.code
    outline: GeoJSON = county_outline(county) or {"type": "FeatureCollection", "features": []}
    positions = {division.code: division for division in divisions.within(focus.division.code, Level.VILLAGE)}
    return {
        "kind": "points",
        "code": county,
        "closer": focus.level > Level.COUNTY,
        "outline": outline,
        "places": [
            {**_shown(place, "console:households"), **_position(positions.get(place.code))}
            for place in places_of(focus, Level.VILLAGE, verdicts, persons_too=False)
        ],
    }


def _position(division: Division | None) -> Json:
    if division is None or division.longitude is None or division.latitude is None:
        return {"position": None, "invented": False}
    return {
        "position": [float(division.longitude), float(division.latitude)],
        "invented": division.position_invented,
    }


def _shown(place: Place, target: str) -> Json:
    return {
        "code": place.code,
        "name": place.name,
        "size": place.households,
        "share": None if place.share_met is None else float(place.share_met),
        "lines": _lines(place),
        "url": f"{reverse(target)}?division={place.code}",
        "invented": False,
    }


def _lines(place: Place) -> Sequence[str]:
    lines = [ngettext("%(n)s household", "%(n)s households", place.households) % {"n": f"{place.households:,}"}]
    if place.counts is None:
        return [*lines, _("Not screened")]
    counted = (
        (_("Met"), place.counts.met), (_("Not met"), place.counts.not_met), (_("Unknown"), place.counts.unknown)
    )  # fmt: skip
    return [*lines, *(f"{word} {number:,}" for word, number in counted)]
