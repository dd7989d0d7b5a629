"""County outlines: present, closed, of the right size and in the right place."""

import math
from itertools import pairwise

import pytest

from lika.core.errors import UserError
from lika.divisions import outlines


def square_kilometres(ring: list[list[float]]) -> float:
    """Good to a per cent for a county."""
    width = 111.32 * math.cos(math.radians(sum(latitude for _, latitude in ring) / len(ring)))
    crossed = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
    return abs(crossed) / 2 * width * 110.9


@pytest.mark.parametrize(
    ("code", "name", "published", "points"),
    [("621223", "宕昌县", 3331, 800), ("451081", "靖西市", 3326, 800), ("131122", "武邑县", 830, 100)],
)
def test_a_county_has_its_shape(code: str, name: str, published: float, points: int) -> None:
    outline = outlines.county_outline(code)
    assert outline is not None
    (feature,) = outline["features"]
    assert (outline["type"], feature["properties"]["name"], feature["properties"]["code"]) == (
        "FeatureCollection", name, code + "000000",
    )  # fmt: skip
    assert feature["geometry"]["type"] == "MultiPolygon"
    ((ring,),) = feature["geometry"]["coordinates"]
    assert len(ring) >= points
    assert square_kilometres(ring) == pytest.approx(published, rel=0.02)


def test_the_centre_lies_in_the_county() -> None:
    longitude, latitude = outlines.centre("621223") or (0, 0)
    assert 104.0 < longitude < 104.8
    assert 33.75 < latitude < 34.35


def test_every_ring_is_closed_and_on_the_map() -> None:
    _table, rows = outlines._table()
    assert len(rows) == 2810
    for outline in outlines.outlines(sorted(rows))["features"]:
        rings = [ring for polygon in outline["geometry"]["coordinates"] for ring in polygon]
        assert rings
        assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in rings), outline["properties"]
        assert all(73 < x < 136 and 3 < y < 54 for ring in rings for x, y in ring), outline["properties"]


def test_a_reused_code_does_not_get_the_outline_of_another_place() -> None:
    """232701 was 加格达奇区 when the outlines were drawn; it is 漠河市 now."""
    named = {code: outlines.outlines([code])["features"][0]["properties"]["name"] for code in ("232701", "232761")}
    assert named == {"232701": "漠河县", "232761": "加格达奇区"}


def test_where_there_is_no_outline() -> None:
    assert outlines.county_outline("621299") is None
    assert outlines.county_outline("62") is None
    assert outlines.centre("62") is None
    assert outlines.outlines(["62", "621223"])["features"][0]["properties"]["name"] == "宕昌县"
    with pytest.raises(UserError, match="DIV-001"):
        outlines.county_outline("宕昌县")


def test_a_prefecture_without_counties_has_one() -> None:
    outline = outlines.county_outline("4419")
    assert outline is not None
    assert outline["features"][0]["properties"]["name"] == "东莞市"
