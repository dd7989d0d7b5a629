"""What the chart and the map draw: plain numbers and words, for the script of the page."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.divisions.outlines import county_outline, outlines
from lika.reports.fields import LEVELS
from lika.reports.formats import shown
from lika.reports.queries.tables import Cell, Line, Table
from lika.snapshots.queries.analysis import What

Json = dict[str, Any]
#: More bars than this are no picture any more; the table has them all.
MOST_BARS = 40
MOST_COMBINATIONS = 24
_ADDABLE = {What.COUNT, What.PERSONS, What.SUM}


def chart_of(table: Table) -> Json | None:
    """The chart that suits a table; None where there is nothing to draw."""
    if not table.groups or table.empty:
        return None
    if table.definition.rows is not None and table.definition.rows.key == "overlap":
        return _upset(table)
    return _bars(table)


def _bars(table: Table) -> Json:
    lines = table.groups[:MOST_BARS]
    columns = list(enumerate(table.columns[:-1])) or [(0, table.columns[-1])]
    return {
        "kind": "bars",
        "share": table.is_share,
        "places": 0 if table.is_share else table.places,
        "stacked": len(columns) > 1 and table.what in _ADDABLE,
        "categories": [line.heading.label for line in lines],
        "series": [
            {
                "name": heading.label,
                "unknown": heading.unknown,
                "values": [_plain(line.cells[index]) for line in lines],
                "urls": [line.cells[index].url for line in lines],
            }
            for index, heading in columns
        ],
        "left_out": len(table.groups) - len(lines),
    }


def _upset(table: Table) -> Json:
    """Combinations of measures, largest first, over the measures that they are made of."""
    combined = [line for line in table.groups if line.heading.members]
    titles = [item.title for item in table.catalogue.measures]
    totals = [sum(_units(line) for line in combined if bit in line.heading.members) for bit in range(len(titles))]
    kept = combined[:MOST_COMBINATIONS]
    rest = combined[MOST_COMBINATIONS:]
    return {
        "kind": "upset",
        "sets": [{"name": title, "total": total} for title, total in zip(titles, totals, strict=True)],
        "combinations": [
            {"members": list(line.heading.members), "value": _units(line), "url": line.cells[-1].url} for line in kept
        ],
        "words": {
            "units": _("Households"),
            "rest": _("%(n)s rarer combinations with %(units)s households stand in the table only.")
            % {"n": len(rest), "units": f"{sum(map(_units, rest)):,}"}
            if rest
            else "",
        },
    }


def map_of(table: Table) -> Json | None:
    """The rows of a table on the map: counties as areas, villages and the middle of townships as points."""
    axis = table.definition.rows
    if axis is None or axis.key not in LEVELS or table.empty:
        return None
    codes = [str(line.heading.key).zfill(12) for line in table.groups if line.heading.key is not None]
    counties = {f"{code[:6]}000000" for code in codes}
    if axis.key == "county":
        return _areas(table, codes)
    outline = county_outline(next(iter(counties))) if len(counties) == 1 else None
    return None if outline is None else _points(table, axis.key, next(iter(counties)), outline)


def _areas(table: Table, codes: Sequence[str]) -> Json | None:
    drawn = outlines(list(codes))
    if not drawn["features"]:
        return None
    # ECharts joins by the name of a feature: the code is unique, the name is not.
    features = [
        {**each, "properties": {**each["properties"], "name": each["properties"]["code"]}} for each in drawn["features"]
    ]
    places = [_place(table, line, None) for line in table.groups]
    return {
        "kind": "areas",
        "code": "analysis",
        "outline": {**drawn, "features": features},
        **_described(table, places),
    }


def _points(table: Table, key: str, county: str, outline: Json) -> Json | None:
    villages = list(divisions.within(county, Level.VILLAGE))
    positions = _positions(villages, 12 if key == "village" else 9)
    places = [
        _place(table, line, positions.get(str(line.heading.key)[: 12 if key == "village" else 9]))
        for line in table.groups
    ]
    invented = any(division.position_invented for division in villages)
    return {
        "kind": "points",
        "code": county,
        "outline": outline,
        "invented": _("Position for illustration") if invented else "",
        **_described(table, [place for place in places if place["position"]]),
    }


def _positions(villages: Sequence[Division], digits: int) -> dict[str, list[float]]:
    """The middle of the villages that share so many digits."""
    found: dict[str, list[tuple[float, float]]] = {}
    for village in villages:
        if village.longitude is not None and village.latitude is not None:
            found.setdefault(village.code[:digits], []).append((float(village.longitude), float(village.latitude)))
    return {
        code: [sum(x for x, _y in each) / len(each), sum(y for _x, y in each) / len(each)]
        for code, each in found.items()
    }


def _described(table: Table, places: list[Json]) -> Json:
    values = [place["value"] for place in places if place["value"] is not None]
    return {
        "places": places,
        "share": table.is_share,
        "low": min(values, default=0),
        "high": max(values, default=0),
    }


def _place(table: Table, line: Line, position: list[float] | None) -> Json:
    cell = line.cells[-1]
    return {
        "code": str(line.heading.key).zfill(12),
        "name": line.heading.label,
        "value": _plain(cell),
        "shown": shown(table, cell.value),
        "size": cell.counted.units,
        "position": position,
        "url": cell.url,
    }


def _plain(cell: Cell) -> float | int | None:
    return float(cell.value) if isinstance(cell.value, Decimal) else cell.value


def _units(line: Line) -> int:
    return line.cells[-1].counted.units
