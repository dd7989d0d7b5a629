"""Simplify county outlines of 2018 and file them under the codes of the committed divisions."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

UNITS_PER_DEGREE = 10_000  # coordinates are stored as whole ten-thousandths of a degree (about 10 m)
TOLERANCE = 0.002  # degrees, about 200 m: enough for a county that fills a page
FINE_TOLERANCE = 0.0008
FINE = {"621223", "451081"}  # the demonstration county and the county of the Guangxi seed are drawn large
SMALLEST_ISLAND = 0.00004  # square degrees, about 0.4 km2; a county's largest part stays whatever its size

SCHEMA = pa.schema(
    [
        ("code", pa.string()),
        ("name", pa.string()),
        ("matched_by", pa.string()),
        ("longitude", pa.int32()),
        ("latitude", pa.int32()),
        ("polygons", pa.list_(pa.list_(pa.list_(pa.int32())))),
    ]
)


@dataclass(frozen=True)
class SourceCounty:
    """One county file of the package: its own code (if it has one), name, prefecture folder and geometry."""

    code: str | None
    name: str
    prefecture: str
    geometry: dict


def write_outlines(source: Path, connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write one row a county: polygons of rings, a ring a flat list of x, y differences from the point before it."""
    listed = list(read_counties(source))
    counties = [county for county in listed if clean_rings(county.geometry)]
    print("without any polygon:", [county.name for county in listed if county not in counties])
    matched = match_codes(counties, connection)
    rows = []
    for code, (county, basis) in sorted(matched.items()):
        tolerance = FINE_TOLERANCE if code[:6] in FINE else TOLERANCE
        polygons = simplify(county.geometry, tolerance)
        largest = max((ring for polygon in polygons for ring in polygon[:1]), key=lambda ring: abs(area(ring)))
        centre = np.rint(centroid(largest) * UNITS_PER_DEGREE).astype(int)
        encoded = [[encode(ring) for ring in polygon] for polygon in polygons]
        rows.append((code, county.name, basis, int(centre[0]), int(centre[1]), encoded))
    columns = [pa.array(values, type=field.type) for values, field in zip(zip(*rows, strict=True), SCHEMA, strict=True)]
    pq.write_table(pa.table(columns, schema=SCHEMA), target, compression="zstd", compression_level=19)
    bases = [basis for _, basis in matched.values()]
    print({basis: bases.count(basis) for basis in sorted(set(bases))}, "of", len(counties), "outlines filed")


def read_counties(source: Path) -> Iterator[SourceCounty]:
    for path in sorted(source.glob("*/*/*.geojson")):
        (feature,) = json.loads(path.read_text(encoding="utf-8"))["features"]
        yield SourceCounty(feature.get("id"), feature["properties"]["name"], path.parent.name, feature["geometry"])


def match_codes(
    counties: list[SourceCounty], connection: duckdb.DuckDBPyConnection
) -> dict[str, tuple[SourceCounty, str]]:
    """Today's 12-digit code -> outline and what the match rests on, the surest first.

    ``code``: same code and name. ``name``: same name in the same prefecture, or alone of its name in the province.
    ``stem``: the county became a city or district of the same name (靖西县 -> 靖西市). A code alone is not enough:
    232701 was 加格达奇区 and is now 漠河市.
    """
    divisions = connection.execute(
        "SELECT county.code, county.name, upper.name FROM divisions AS county JOIN divisions AS upper "
        "ON county.parent = upper.code WHERE county.level = 3 OR county.code LIKE '____00000000' AND NOT EXISTS "
        "(SELECT 1 FROM divisions AS below WHERE below.parent = county.code AND below.level = 3)"
    ).fetchall()
    matched: dict[str, tuple[SourceCounty, str]] = {}
    left = counties
    for basis in ("code", "name", "stem"):
        keys = {"code": by_code, "name": by_name, "stem": by_stem}[basis](divisions)
        still = []
        for county in left:
            code = next((keys[key] for key in county_keys(county, basis) if key in keys), None)
            if code is None or code in matched:
                still.append(county)
            else:
                matched[code] = (county, basis)
        left = still
    return matched


def by_code(divisions: list[tuple[str, str, str]]) -> dict[tuple[str, ...], str]:
    return {(code[:6], name): code for code, name, _ in divisions}


def by_name(divisions: list[tuple[str, str, str]]) -> dict[tuple[str, ...], str]:
    keys: dict[tuple[str, ...], str] = {(prefecture, name): code for code, name, prefecture in divisions}
    return keys | unique(((code[:2], name), code) for code, name, _ in divisions)


def by_stem(divisions: list[tuple[str, str, str]]) -> dict[tuple[str, ...], str]:
    return unique(((code[:2], stem(name)), code) for code, name, _ in divisions if len(stem(name)) > 1)


def county_keys(county: SourceCounty, basis: str) -> list[tuple[str, ...]]:
    province = (county.code or "")[:2]
    if basis == "code":
        return [(county.code or "", county.name)]
    if basis == "name":
        return [(county.prefecture, county.name), (province, county.name)]
    return [(province, stem(county.name))]


def unique(pairs: Iterator[tuple[tuple[str, ...], str]]) -> dict[tuple[str, ...], str]:
    """A mapping of the keys that occur once: an ambiguous name matches nothing."""
    seen: dict[tuple[str, ...], set[str]] = {}
    for key, code in pairs:
        seen.setdefault(key, set()).add(code)
    return {key: codes.pop() for key, codes in seen.items() if len(codes) == 1}


def stem(name: str) -> str:
    return name[:-1] if name[-1] in "县市区" else name


def clean_rings(geometry: dict) -> list[list[np.ndarray]]:
    """Polygons of rings as arrays of (longitude, latitude), without the source's empty polygons and one-point rings."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    rings = [[np.asarray(ring, dtype=float)[:, :2] for ring in polygon if len(ring) > 3] for polygon in polygons]
    return [polygon for polygon in rings if polygon]


def simplify(geometry: dict, tolerance: float) -> list[list[np.ndarray]]:
    """Polygons of simplified, closed rings; the tiniest islands and holes are left out."""
    rings = clean_rings(geometry)
    largest = max(abs(area(polygon[0])) for polygon in rings)
    kept = []
    for polygon in rings:
        if abs(area(polygon[0])) < min(SMALLEST_ISLAND, largest):
            continue
        outer, *holes = polygon
        kept.append(
            [thin(outer, tolerance), *(thin(hole, tolerance) for hole in holes if abs(area(hole)) >= SMALLEST_ISLAND)]
        )
    return kept


def thin(ring: np.ndarray, tolerance: float) -> np.ndarray:
    """Douglas-Peucker on a closed ring, split at the point farthest from the first; never fewer than four points."""
    far = int(np.argmax(((ring - ring[0]) ** 2).sum(axis=1)))
    keep = {0, far, len(ring) - 1} | between(ring, 0, far, tolerance) | between(ring, far, len(ring) - 1, tolerance)
    while len(keep) < 4 <= len(ring):
        tolerance /= 2
        keep |= between(ring, 0, far, tolerance) | between(ring, far, len(ring) - 1, tolerance)
        if tolerance < 1e-7:
            break
    return ring[sorted(keep)]


def between(ring: np.ndarray, start: int, end: int, tolerance: float) -> set[int]:
    """Indexes to keep strictly between two points, so that no dropped point lies farther than the tolerance."""
    keep: set[int] = set()
    spans = [(start, end)]
    while spans:
        low, high = spans.pop()
        if high - low < 2:
            continue
        inner, origin = ring[low + 1 : high], ring[low]
        chord = ring[high] - origin
        length = float(np.hypot(*chord))
        offset = inner - origin
        if length:
            distance = np.abs(chord[0] * offset[:, 1] - chord[1] * offset[:, 0]) / length
        else:
            distance = np.hypot(offset[:, 0], offset[:, 1])
        worst = int(np.argmax(distance))
        if distance[worst] > tolerance:
            keep.add(low + 1 + worst)
            spans += [(low, low + 1 + worst), (low + 1 + worst, high)]
    return keep


def area(ring: np.ndarray) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def centroid(ring: np.ndarray) -> np.ndarray:
    moved = ring - ring[0]  # near the origin the cross products keep their precision
    following = np.roll(moved, -1, axis=0)
    cross = moved[:, 0] * following[:, 1] - following[:, 0] * moved[:, 1]
    return ring[0] + ((moved + following) * cross[:, None]).sum(axis=0) / (3 * cross.sum())


def encode(ring: np.ndarray) -> list[int]:
    points = np.rint(ring * UNITS_PER_DEGREE).astype(np.int64)
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    steps = np.concatenate([steps[:1], steps[1:][(steps[1:] != 0).any(axis=1)]])
    return steps.ravel().tolist()
