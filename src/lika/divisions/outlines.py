"""County outlines for maps: indicative (示意), of 2018; see `data/SOURCES.md`."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from lika.core.areas import range_of
from lika.divisions.codes import full_code

_FILE = Path(__file__).parent / "data/outlines.parquet"
_UNITS_PER_DEGREE = 10_000
_SHORTEST_RING = 3  # three points, the first repeated, enclose nothing

GeoJSON = dict[str, Any]


@lru_cache(maxsize=1)
def _table() -> tuple[Any, dict[str, int]]:
    table = pq.read_table(_FILE)
    return table, {code: row for row, code in enumerate(table.column("code").to_pylist())}


def county_outline(code: str) -> GeoJSON | None:
    """A county as a GeoJSON FeatureCollection of one feature, ready for `echarts.registerMap`; None if there is none.

    The feature's properties are `name`, `code` (12 digits) and `cp`, the longitude and latitude of its centre. A
    prefecture without counties (东莞, 中山, 儋州) has an outline too. Raises DIV-001 (not a code).
    """
    outline = outlines([code])
    return outline if outline["features"] else None


def outlines(codes: list[str]) -> GeoJSON:
    """The outlines that exist among some codes, in their order, as one FeatureCollection (perhaps empty)."""
    table, rows = _table()
    found = [rows[full] for full in map(full_code, codes) if full in rows]
    return {"type": "FeatureCollection", "features": [_feature(table.slice(row, 1).to_pylist()[0]) for row in found]}


@lru_cache(maxsize=512)
def joined_outline(code: str, *, grid: int) -> GeoJSON | None:
    """All county outlines at or below a division as one feature, named by its code; None where there is none.

    Positions are moved to a grid of `grid` lines per degree, and parts that vanish on it are left out: fewer points
    for a small map. Shared by its callers: do not change it. Raises DIV-001 (not a code).
    """
    low, high = range_of(full_code(code))
    features = outlines([each for each in _table()[1] if low <= int(each) <= high])["features"]
    polygons = [polygon for each in features for polygon in each["geometry"]["coordinates"]]
    coarse = [rings for polygon in polygons if (rings := _coarse(polygon, grid))]
    if not coarse:
        return None
    centres = [each["properties"]["cp"] for each in features]
    middle = [round(sum(each[axis] for each in centres) / len(centres), 4) for axis in (0, 1)]
    return {
        "type": "Feature",
        "properties": {"name": full_code(code), "cp": middle},
        "geometry": {"type": "MultiPolygon", "coordinates": coarse},
    }


def _coarse(polygon: list[list[list[float]]], grid: int) -> list[list[list[float]]]:
    """The rings of a polygon on a grid; nothing where the outer one shrinks to a line."""
    rings = [[list(point) for point, _same in groupby(_on_grid(ring, grid))] for ring in polygon]
    return [ring for ring in rings if len(ring) > _SHORTEST_RING] if len(rings[0]) > _SHORTEST_RING else []


def _on_grid(ring: list[list[float]], grid: int) -> Iterator[tuple[float, float]]:
    return ((round(round(x * grid) / grid, 4), round(round(y * grid) / grid, 4)) for x, y in ring)


def centre(code: str) -> tuple[float, float] | None:
    """Longitude and latitude, in degrees, of the middle of a county's largest part; None without an outline."""
    outline = county_outline(code)
    if outline is None:
        return None
    longitude, latitude = outline["features"][0]["properties"]["cp"]
    return longitude, latitude


def _feature(row: dict[str, Any]) -> GeoJSON:
    return {
        "type": "Feature",
        "properties": {
            "name": row["name"],
            "code": row["code"],
            "cp": [row["longitude"] / _UNITS_PER_DEGREE, row["latitude"] / _UNITS_PER_DEGREE],
        },
        "geometry": {
            "type": "MultiPolygon",
            "coordinates": [[_ring(steps) for steps in polygon] for polygon in row["polygons"]],
        },
    }


def _ring(steps: list[int]) -> list[list[float]]:
    """Positions from alternating x and y differences."""
    x = y = 0
    ring = []
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x += dx
        y += dy
        ring.append([x / _UNITS_PER_DEGREE, y / _UNITS_PER_DEGREE])
    return ring
