"""A place of the demonstration: real divisions, invented people, drawn village by village from one seed.

The first is a county with so many households; the second a township with so many people registered as poor, as the
document of its pack lays down. Both are drawn by the same functions, each from its own committed table.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from lika.core.areas import range_of
from lika.demo.areas import Village, county_year, period, village_year
from lika.demo.households import House, draw_household
from lika.demo.names import Names, Numbers, account, telephone
from lika.demo.table import FIRST, Draw, read
from lika.demo.tour_households import draw_tour
from lika.divisions.sources import DATA as DIVISIONS

Table = Mapping[str, Any]

_SUFFIXES = ("村民委员会", "社区居民委员会", "居民委员会")
_SHORT_SUFFIX = "委会"  # 魁圩村委会: the village's own character stays


@dataclass(frozen=True)
class Place:
    """A county or township as it will stand in its workbook."""

    table: Table
    villages: tuple[Village, ...]
    houses: tuple[House, ...]
    village_years: dict[str, dict[str, Any]]

    @cached_property
    def county_year(self) -> dict[str, Any]:
        return county_year(list(self.village_years.values()))

    @property
    def is_county(self) -> bool:
        """Whether all of the county is there: only then it has a county form."""
        return bool(self.table["area"] == self.table["county"])

    @property
    def persons(self) -> int:
        return sum(len(house.members) for house in self.houses)


def last_year(table: Table) -> int:
    """The data year that the register stands at the end of."""
    return int(max(table["data_years"]))


def villages(table: Table, households: int | None = None) -> tuple[Village, ...]:
    """The place's real villages, each with its share of the households, or of the people to be registered as poor."""
    low, high = range_of(table["area"])
    listed = pq.read_table(
        DIVISIONS / "divisions.parquet", filters=[("level", "==", 5)], columns=["code", "name", "parent"]
    )
    code = listed["code"]
    listed = listed.filter(pc.and_(pc.greater_equal(code, f"{low:012d}"), pc.less_equal(code, f"{high:012d}"))).sort_by(
        "code"
    )
    draw = Draw(f"{table['seed']}:villages", table)
    weights = [draw.near_one(table["households_per_village_spread"]) for _ in range(listed.num_rows)]
    people = table.get("registered_people")
    total = people or (table["households"] if households is None else households)
    return tuple(
        Village(
            code=row["code"],
            name=short_name(row["name"]),
            township=row["parent"],
            households=0 if people else share,
            advanced=draw.yes(table["advanced_villages"]),
            poor=draw.yes(table["poor_villages"]),
            people=share if people else None,
        )
        for row, share in zip(listed.to_pylist(), _shares(total, weights), strict=True)
    )


def short_name(name: str) -> str:
    """石磊村村民委员会 -> 石磊村; 魁圩村委会 -> 魁圩村."""
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name.removesuffix(_SHORT_SUFFIX)


def _shares(total: int, weights: Sequence[float]) -> list[int]:
    """Whole shares by the largest remainder."""
    exact = [total * weight / sum(weights) for weight in weights]
    shares = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: exact[i] - shares[i], reverse=True)
    for index in order[: total - sum(shares)]:
        shares[index] += 1
    return shares


def draw_place(name: str = FIRST, *, households: int | None = None, numbers: Numbers | None = None) -> Place:
    """A whole place from the table of that name; fewer households give a smaller county with the same villages.

    Pass `numbers` to hand out more identity numbers afterwards without giving one twice.
    """
    table = read(name)
    numbers = Numbers(table["identity_prefix"]) if numbers is None else numbers
    last = last_year(table)
    listed: list[Village] = []
    houses: list[House] = []
    years: dict[str, dict[str, Any]] = {}
    for planned in villages(table, households):
        here = list(draw_village(planned, numbers, table=table))
        village = planned if planned.people is None else replace(planned, households=len(here))
        if name == FIRST and village.code == read("tour")["village"]:
            here += draw_tour(numbers)
        draw = Draw(f"{table['seed']}:{village.code}:year", table)
        years[village.code] = village_year(draw, village, here, last)
        listed.append(village)
        houses += here
    return Place(table, tuple(listed), tuple(houses), years)


def draw_village(
    village: Village, numbers: Numbers, *, first: int = 1, seed: str = "", table: Table | None = None
) -> Iterator[House]:
    """The households of one village, numbered from `first`; another `seed` gives other people."""
    table = read(FIRST) if table is None else table
    draw = Draw(f"{table['seed']}:{village.code}{seed}", table)
    names = Names(draw)
    for house in _drawn(draw, village, first):
        _identify(draw, house, village, names, numbers)
        house.base["address"] = f"{village.name}{draw.whole(1, 6)}组{draw.whole(1, 90)}号"
        house.base["phone"] = telephone(draw) if draw.yes(0.9985) else None
        house.base["bank_name"] = "农村信用社"
        house.base["bank_account"] = account(draw)
        yield house


def _drawn(draw: Draw, village: Village, first: int) -> Iterator[House]:
    """The households, still without names: so many of them, or so many people and some others besides."""
    at = period(last_year(draw.table))[1]

    def one(order: int, statuses: Mapping[str, float] | None = None) -> House:
        number = f"{village.code}{order:04d}"
        return draw_household(
            draw, number=number, village=village.code, advanced=village.advanced, at=at, statuses=statuses
        )

    if village.people is None:
        yield from (one(order) for order in range(first, first + village.households))
        return
    order, left = first, village.people
    while left:
        house = one(order, draw.table["statuses"])
        if len(house.members) > left:
            continue  # whole households only: another one is drawn that still fits
        left -= len(house.members)
        order += 1
        yield house
    others = round((order - first) * draw.table["other_share"])
    yield from (one(following, draw.table["other_statuses"]) for following in range(order, order + others))


def _identify(draw: Draw, house: House, village: Village, names: Names, numbers: Numbers) -> None:
    """Names, ethnicity and identity numbers of a household's members."""
    table = draw.table
    ethnicity = draw.pick(table["ethnicity_of_township"].get(village.township, table["people"]["ethnicity"]))
    surname = names.surname()
    first_day = period(min(table["data_years"]))[0]
    for member in house.members:
        married_in = member.relation in ("02", "05", "12")
        member.ethnicity = ethnicity
        if ethnicity == "04":
            member.name = names.tibetan(member.sex)
        else:
            member.name = (names.surname() if married_in else surname) + names.given(member.sex)
        member.identity = numbers.identity(member.birth, member.sex)
        if member.birth >= first_day:
            member.joined_on, member.join_reason = member.birth, "06"
