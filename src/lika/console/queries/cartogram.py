"""Tiles for divisions that have no outline: one square each on a grid, as near to its true place as is free.

All pairs of a division and a cell are looked at, the closest first: a division takes the cell unless one of the two
is taken. So no tiles overlap, neighbours stay near each other, and the same divisions always give the same picture.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Position = tuple[float, float]
Cell = tuple[int, int]
Json = dict[str, Any]
_ROOM = 1.3  # cells per tile: with some left free, the shape of the area can be seen
_GAP = 0.04  # left free along each side of a tile, as a part of the side
ASPECT = 0.75  # how ECharts draws a degree of longitude beside one of latitude


def cells(positions: Mapping[str, Position | None]) -> dict[str, Cell]:
    """Column and row (from the upper left, the northwest) by code; those without a position follow in rows below."""
    placed = {code: position for code, position in positions.items() if position is not None}
    side = math.ceil(math.sqrt(_ROOM * len(placed)))
    ideal = _on_grid(placed, side)
    grid = [(column, row) for row in range(side) for column in range(side)]
    pairs = sorted((math.dist(ideal[code], cell), code, cell) for code in placed for cell in grid)
    taken: dict[str, Cell] = {}
    full: set[Cell] = set()
    for _distance, code, cell in pairs:
        if code not in taken and cell not in full:
            taken[code] = cell
            full.add(cell)
    below = max((row for _column, row in full), default=-1) + 1
    width = max(side, math.ceil(math.sqrt(len(positions))))
    unplaced = sorted(code for code in positions if code not in placed)
    return taken | {code: (number % width, below + number // width) for number, code in enumerate(unplaced)}


def _on_grid(placed: Mapping[str, Position], side: int) -> dict[str, Position]:
    """Positions stretched over the cells 0 … side - 1 of both directions, north on top."""
    xs, ys = [x for x, _y in placed.values()], [y for _x, y in placed.values()]
    return {
        code: (_part(x, min(xs), max(xs)) * (side - 1), (1 - _part(y, min(ys), max(ys))) * (side - 1))
        for code, (x, y) in placed.items()
    }


def _part(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) if high > low else 0.5


def tile_features(tiles: Mapping[str, Cell], *, origin: Position = (0.0, 0.0), side: float = 1.0) -> list[Json]:
    """Tiles as GeoJSON features, named by code: squares as drawn, `side` degrees high, from an upper left corner."""
    return [_square(code, cell, origin, side) for code, cell in sorted(tiles.items())]


def _square(code: str, cell: Cell, origin: Position, side: float) -> Json:
    width = side / ASPECT
    left, top = origin[0] + cell[0] * width, origin[1] - cell[1] * side
    west, east = round(left + _GAP * width, 4), round(left + (1 - _GAP) * width, 4)
    north, south = round(top - _GAP * side, 4), round(top - (1 - _GAP) * side, 4)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"name": code, "cp": [round((west + east) / 2, 4), round((north + south) / 2, 4)]},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def under(features: Sequence[Json], codes: Iterable[str]) -> list[Json]:
    """A row of tiles below the outlines drawn, for the divisions among them that have none."""
    corners = [point for each in features for polygon in each["geometry"]["coordinates"] for point in polygon[0]]
    wanted = sorted(codes)
    if not corners:
        return tile_features(cells(dict.fromkeys(wanted)))
    xs, ys = [x for x, _y in corners], [y for _x, y in corners]
    side = max((max(xs) - min(xs)) * ASPECT, max(ys) - min(ys)) / 8
    tiles = {code: (number % 8, number // 8) for number, code in enumerate(wanted)}
    return tile_features(tiles, origin=(min(xs), min(ys) - side / 2), side=side)
