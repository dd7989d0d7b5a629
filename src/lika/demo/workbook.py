"""A place as its official workbook: the rows that go through the spreadsheet door."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lika.collection import workbook
from lika.collection.schema import sheets_asked
from lika.core.areas import Area
from lika.demo.areas import period
from lika.demo.households import House
from lika.demo.people import Member
from lika.demo.place import Place, last_year

Row = dict[str, Any]
_HEALTH = (("chronic_illness", "02"), ("serious_illness", "03"), ("disabled", "04"))


def write(path: Path, place: Place) -> None:
    """Write the place's workbook: five sheets, with what is collected there; a county has some 25,000 households."""
    workbook.write(path, rows(place), sheets_asked(Area.of([place.table["area"]])))


def rows(place: Place) -> dict[str, Iterator[Row]]:
    """Rows by sheet key, as `collection.workbook.write` takes them."""
    return {
        "households": (household_row(house) for house in place.houses),
        "persons": (member_row(house, order) for house in place.houses for order in range(1, len(house.members) + 1)),
        "household_years": (row for house in place.houses for row in year_rows(house)),
        "village_years": _village_rows(place),
        "county_years": iter([_county_row(place)] if place.is_county else ()),
    }


def _year_head(year: int) -> Row:
    start, end = period(year)
    return {"data_year": year, "period_from": start, "period_to": end}


def status_since(house: House) -> dt.date | None:
    """The day since which the household's status holds: the end of the year of identification, exit or return."""
    base, last = house.base, max(house.years)
    if house.status == "00":
        return None
    if house.status == "30":
        return dt.date(base["exit_year"], 12, 31)
    if house.status in ("40", "90"):
        return dt.date(last, 11, 30)
    if house.status == "21":
        return dt.date(last, 3, 31)
    if house.status == "10":
        return dt.date(last, 12, 20)
    return dt.date(base["identified_year"], 12, 31)


def household_row(house: House) -> Row:
    """A row of 户信息."""
    kept = {name: value for name, value in house.base.items() if name != "exit_year"}
    return kept | {"number": house.number, "village": house.village, "poverty_on": status_since(house)}


def member_row(house: House, order: int) -> Row:
    """A row of 家庭成员: who, and their last year."""
    member = house.members[order - 1]
    facts = {name: value for name, value in member.facts.items() if name not in dict(_HEALTH)}
    return (
        facts
        | _year_head(max(house.years))
        | {
            "number": house.number,
            "person_number": f"{house.number}{order:02d}",
            "name": member.name,
            "sex": member.sex,
            "id_type": member.id_type if member.identity else None,
            "id_number": member.identity or None,
            "no_id_reason": None if member.identity else member.no_id_reason,
            "birth_date": member.birth,
            "relation": member.relation,
            "ethnicity": member.ethnicity,
            "change": member.join_reason or None,
            "change_on": member.joined_on,
            "health": _health(member),
        }
    )


def _health(member: Member) -> tuple[str, ...] | None:
    answers = [member.facts[name] for name, _code in _HEALTH]
    if None in answers:
        return None
    return tuple(code for name, code in _HEALTH if member.facts[name]) or ("01",)


def year_rows(house: House) -> Iterator[Row]:
    """Rows of 户年度数据, oldest first."""
    for year in sorted(house.years):
        yield house.years[year] | _year_head(year) | {"number": house.number}


def _village_rows(place: Place) -> Iterator[Row]:
    last = last_year(place.table)
    for village in place.villages:
        has_exited = village.advanced and village.code not in place.table.get("villages_to_exit", ())
        status = "0" if not village.poor else "3" if has_exited else "1"
        since = {"0": None, "1": dt.date(2013, 12, 31), "3": dt.date(last, 12, 31)}[status]
        yield (
            place.village_years[village.code]
            | _year_head(last)
            | {"village": int(village.code), "poor_area": status, "poor_area_on": since}
        )


def _county_row(place: Place) -> Row:
    return (
        place.county_year
        | _year_head(last_year(place.table))
        | {"county": int(place.table["county"]), "poor_area": "1", "poor_area_on": dt.date(2012, 3, 19)}
    )
