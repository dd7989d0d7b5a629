"""Village and county years, and invented positions inside the county's outline (示意)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lika.demo.households import House, yuan
from lika.demo.table import Draw


@dataclass(frozen=True)
class Village:
    """A real village, with its invented character; `people` are to be registered as poor, where that is laid down."""

    code: str
    name: str
    township: str
    households: int
    advanced: bool
    poor: bool
    people: int | None = None


def village_year(draw: Draw, village: Village, houses: Sequence[House], last: int) -> dict[str, Any]:
    """The village form of the last data year, in keeping with its households."""
    table = draw.table
    chances = {name: pair for name, pair in table["villages"].items() if isinstance(pair, list)}
    row: dict[str, Any] = {
        name: None if draw.yes(table["villages"]["unknown"]) else draw.yes(pair[village.advanced])
        for name, pair in chances.items()
    }
    factor = table["registered_population_per_household"] * draw.near_one(0.15)
    members = sum(len(house.members) for house in houses)
    population = max(int(village.households * 3.8 * factor / 1.02), members + 40)
    households = max(int(population / 3.9), len(houses))
    years = [house.years[last] for house in houses]
    unsafe = sum(year["safe_water"] is False for year in years)
    dangerous = sum(year["housing_grade"] in ("C", "D") for year in years)
    row.update(
        rural_registered_population=population,
        rural_households=households,
        natural_villages=draw.whole(1, 7),
        terrain="3",
        net_income_per_head=yuan(round(draw.around(5300 if village.advanced else 4700, 0.08))),
        collective_income=yuan(round(draw.around(26000 if village.advanced else 8000, 0.6), -2)),
        natural_villages_unpaved=0 if row["hard_road"] and village.advanced else draw.whole(0, 3),
        tap_water_households=int(households * draw.between(0.6, 0.98)),
        unsafe_water_households=unsafe,
        dangerous_house_households=dangerous,
        medical_insured=int(population * draw.between(0.96, 0.995)),
        pension_insured=int(population * draw.between(0.5, 0.62)),
        village_doctors=draw.whole(1, 3),
        leading_industries=draw.pick({0: 0.05, 1: 0.45, 2: 0.4, 3: 0.1})
        if village.advanced
        else draw.pick({0: 0.3, 1: 0.5, 2: 0.2}),
        cooperatives=draw.whole(0, 4),
        cooperative_poor_households=sum(bool(year["coop_member"]) for year in years),
    )
    return row


def county_year(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The county form, added up from its villages."""

    def total(name: str) -> int:
        return sum(row[name] or 0 for row in rows)

    population, households = total("rural_registered_population"), total("rural_households")
    unsafe = total("unsafe_water_households")
    return {
        "rural_registered_population": population,
        "rural_households": households,
        "net_income_per_head": yuan(round(sum(float(row["net_income_per_head"]) for row in rows) / len(rows))),
        "safe_water_population": int(population * (1 - unsafe / households)),
        "safe_housing_households": households - total("dangerous_house_households"),
        "medical_insured": total("medical_insured"),
        "compulsory_retention_rate": yuan(95.6),
        "villages_total": len(rows),
        "villages_hard_road": total("hard_road"),
        "villages_standard_clinic": total("standard_clinic"),
    }


Ring = Sequence[Sequence[float]]


def positions(draw: Draw, ring: Ring, villages: Sequence[Village]) -> dict[str, tuple[float, float]]:
    """An invented longitude and latitude for each village and township: townships spread out, villages around them."""
    centres: dict[str, tuple[float, float]] = {}
    for township in sorted({village.township for village in villages}):
        candidates = [_inside(draw, ring) for _ in range(12)]
        centres[township] = max(
            candidates,
            key=lambda point: min((_distance(point, other) for other in centres.values()), default=0.0),
        )
    found = dict(centres)
    for village in villages:
        found[village.code] = _near(draw, ring, centres[village.township])
    return found


def _distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _near(draw: Draw, ring: Ring, centre: tuple[float, float]) -> tuple[float, float]:
    for _ in range(40):
        point = (centre[0] + draw.between(-0.075, 0.075), centre[1] + draw.between(-0.06, 0.06))
        if _contains(ring, point):
            return round(point[0], 4), round(point[1], 4)
    return centre


def _inside(draw: Draw, ring: Ring) -> tuple[float, float]:
    longitudes, latitudes = [point[0] for point in ring], [point[1] for point in ring]
    while True:
        point = (draw.between(min(longitudes), max(longitudes)), draw.between(min(latitudes), max(latitudes)))
        if _contains(ring, point):
            return round(point[0], 4), round(point[1], 4)


def _contains(ring: Ring, point: tuple[float, float]) -> bool:
    """Even-odd rule."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def period(year: int) -> tuple[dt.date, dt.date]:
    """The reference period of a data year: the calendar year."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)
