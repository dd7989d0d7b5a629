"""The demonstration county: real divisions, invented people, drawn village by village from one seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from lika.demo.areas import Village, county_year, period, village_year
from lika.demo.households import House, draw_household
from lika.demo.names import Names, Numbers, account, telephone
from lika.demo.table import Draw, read
from lika.demo.tour_households import draw_tour
from lika.divisions.sources import DATA as DIVISIONS

_TIBETAN_TOWNSHIP = "621223214000"
_SUFFIXES = ("村民委员会", "社区居民委员会", "居民委员会")


@dataclass(frozen=True)
class County:
    """The county as it will stand in the workbook."""

    villages: tuple[Village, ...]
    houses: tuple[House, ...]
    village_years: dict[str, dict[str, Any]]

    @cached_property
    def county_year(self) -> dict[str, Any]:
        return county_year(list(self.village_years.values()))

    @property
    def persons(self) -> int:
        return sum(len(house.members) for house in self.houses)


def villages(households: int) -> tuple[Village, ...]:
    """The county's real villages, each with its share of the households."""
    table = read("distributions")
    code = table["county"]
    listed = pq.read_table(
        DIVISIONS / "divisions.parquet", filters=[("level", "==", 5)], columns=["code", "name", "parent"]
    )
    listed = listed.filter(pc.starts_with(listed["code"], code[:6])).sort_by("code")
    draw = Draw(f"{table['seed']}:villages")
    weights = [draw.near_one(table["households_per_village_spread"]) for _ in range(listed.num_rows)]
    return tuple(
        Village(
            code=row["code"],
            name=short_name(row["name"]),
            township=row["parent"],
            households=share,
            advanced=draw.yes(table["advanced_villages"]),
            poor=draw.yes(table["poor_villages"]),
        )
        for row, share in zip(listed.to_pylist(), _shares(households, weights), strict=True)
    )


def short_name(name: str) -> str:
    """石磊村村民委员会 -> 石磊村."""
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def _shares(total: int, weights: Sequence[float]) -> list[int]:
    """Whole shares by the largest remainder."""
    exact = [total * weight / sum(weights) for weight in weights]
    shares = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: exact[i] - shares[i], reverse=True)
    for index in order[: total - sum(shares)]:
        shares[index] += 1
    return shares


def draw_county(households: int | None = None, *, numbers: Numbers | None = None) -> County:
    """The whole county; a smaller number of households gives a smaller county with the same villages.

    Pass `numbers` to hand out more identity numbers afterwards without giving one twice.
    """
    table = read("distributions")
    numbers = Numbers() if numbers is None else numbers
    listed = villages(table["households"] if households is None else households)
    houses: list[House] = []
    years: dict[str, dict[str, Any]] = {}
    for village in listed:
        here = list(draw_village(village, numbers))
        if village.code == read("tour")["village"]:
            here += draw_tour(numbers)
        last = max(table["data_years"])
        years[village.code] = village_year(Draw(f"{table['seed']}:{village.code}:year"), village, here, last)
        houses += here
    return County(listed, tuple(houses), years)


def draw_village(village: Village, numbers: Numbers, *, first: int = 1, seed: str = "") -> Iterator[House]:
    """The households of one village, numbered from `first`; another `seed` gives other people."""
    table = read("distributions")
    draw = Draw(f"{table['seed']}:{village.code}{seed}")
    names = Names(draw)
    at = period(max(table["data_years"]))[1]
    for order in range(first, first + village.households):
        house = draw_household(
            draw, number=f"{village.code}{order:04d}", village=village.code, advanced=village.advanced, at=at
        )
        _identify(draw, house, village, names, numbers)
        house.base["address"] = f"{village.name}{draw.whole(1, 6)}组{draw.whole(1, 90)}号"
        house.base["phone"] = telephone(draw) if draw.yes(0.9985) else None
        house.base["bank_name"] = "农村信用社"
        house.base["bank_account"] = account(draw)
        yield house


def _identify(draw: Draw, house: House, village: Village, names: Names, numbers: Numbers) -> None:
    """Names, ethnicity and identity numbers of a household's members."""
    table = read("distributions")["people"]
    tibetan = village.township == _TIBETAN_TOWNSHIP
    ethnicity = draw.pick(table["ethnicity_tibetan_township" if tibetan else "ethnicity"])
    surname = names.surname()
    for member in house.members:
        married_in = member.relation in ("02", "05", "12")
        member.ethnicity = ethnicity
        if ethnicity == "04":
            member.name = names.tibetan(member.sex)
        else:
            member.name = (names.surname() if married_in else surname) + names.given(member.sex)
        member.identity = numbers.identity(member.birth, member.sex)
        first_year = period(min(read("distributions")["data_years"]))[0]
        if member.birth >= first_year:
            member.joined_on, member.join_reason = member.birth, "06"
