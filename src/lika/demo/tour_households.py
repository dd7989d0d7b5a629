"""The twenty households of the tour, made from `data/tour.yaml`."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lika.demo import people
from lika.demo.areas import period
from lika.demo.households import House, yuan
from lika.demo.names import Names, Numbers, account, telephone
from lika.demo.people import Member
from lika.demo.table import Draw, read

_QUIET = {  # what a member of the tour has unless the table says otherwise
    "chronic_illness": False, "serious_illness": False, "disabled": False, "disability_type": None,
    "disability_grade": None, "illness_collected": False, "medical_aid": False, "medical_resident": True,
    "major_illness_insurance": True, "work_status": None, "work_months": None, "monthly_pay": None,
    "welfare_post": None, "welfare_post_months": None,
}  # fmt: skip
_MONEY = ("debt_illness", "debt_schooling", "debt_housing", "monthly_pay")


@dataclass(frozen=True)
class Shown:
    """A household of the tour: what it shows, and the verdicts that it must get."""

    number: str
    name: str
    zh: str
    en: str
    expect: Mapping[str, str]


def shown() -> tuple[Shown, ...]:
    """The tour in its order."""
    table = read("tour")
    return tuple(
        Shown(_number(order), entry["name"], entry["zh"], entry["en"], entry["expect"])
        for order, entry in enumerate(table["households"])
    )


def _number(order: int) -> str:
    table = read("tour")
    return f"{table['village']}{table['first_number'] + order}"


def draw_tour(numbers: Numbers) -> tuple[House, ...]:
    """The households; `numbers` hands out identity numbers that nobody else in the county has."""
    return tuple(_household(order, entry, numbers) for order, entry in enumerate(read("tour")["households"]))


def _household(order: int, entry: Mapping[str, Any], numbers: Numbers) -> House:
    table = read("tour")
    draw = Draw(f"tour:{order}")
    years = sorted(read("distributions")["data_years"])
    at = period(years[-1])[1]
    status = entry.get("status", table["status"])
    base = {
        "kind": "registered", "poverty_status": status, "standard": "1", "attribute": "01",
        "natural_village": table["natural_villages"][order % len(table["natural_villages"])],
        "identified_year": years[0] - 1, "planned_exit_year": at.year,
        "address": f"官鹅村{order % 6 + 1}组{order + 1}号", "phone": telephone(draw), "bank_name": "农村信用社",
        "bank_account": account(draw),
    }  # fmt: skip
    members = [_member(draw, at, entry, index, numbers) for index in range(len(_shape(entry)))]
    house = House(_number(order), table["village"], status, base, members)
    facts = _money(table["year"] | entry.get("year", {}))
    for year in years:
        net = entry.get("net", table["net"]) if year == at.year else entry.get("net_before", table["net_before"])
        house.years[year] = _year(draw, facts, Decimal(str(net)))
    return house


def _shape(entry: Mapping[str, Any]) -> list[list[Any]]:
    shape: list[list[Any]] = entry.get("members", read("tour")["members"])
    return shape


def _money(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: yuan(value) if name in _MONEY and value is not None else value for name, value in facts.items()}


def _member(draw: Draw, at: dt.date, entry: Mapping[str, Any], index: int, numbers: Numbers) -> Member:
    relation, sex, age = _shape(entry)[index]
    new_born = entry.get("new_born") == index + 1
    birth = dt.date(at.year, 11, 8) if new_born else people.birth_of(draw, age, at)
    member = Member(relation, sex, age, birth)
    member.name = entry["name"] if index == 0 else f"{entry['name'][-1]}{Names(draw).given(sex)}"
    member.facts = people.year_of(draw, member) | _QUIET
    member.facts |= (
        {"out_of_school": "no", "student_status": people.GRADE[age], "dropout_reason": None}
        if (age in people.SCHOOL_AGES)
        else {"student_status": "01"}
    )
    member.facts["labour"] = "01" if 16 <= age < 60 else "05" if 60 <= age < 72 else "04"
    member.facts |= _money(entry.get("person", {}).get(index + 1, {}))
    if new_born:
        member.joined_on, member.join_reason = birth, "06"
    else:
        member.identity = numbers.identity(birth, sex)
    return member


def _year(draw: Draw, facts: Mapping[str, Any], net: Decimal) -> dict[str, Any]:
    """A year whose net income is exactly what the table says."""
    none = yuan(0)
    accounts = ("property_dividend", "property_other", "transfer_family_planning", "transfer_dibao", "transfer_extreme")
    cost = yuan(1200)
    wage = yuan(4000)
    return {
        **dict.fromkeys((*accounts, "transfer_pension", "transfer_eco"), none),
        "transfer_other": yuan(600),
        "wage": wage,
        "expense_operating": cost,
        "operating": net - wage - yuan(600) + cost,
        "land_cultivated": yuan(6.5),
        "land_forest": yuan(2),
        "land_returned_forest": none,
        "house_area": yuan(draw.whole(70, 120)),
        "house_structure": "3",
        "house_built_year": 2006,
        "house_renovated_year": None,
        "power_life": True,
        "power_production": True,
        "tv": True,
        "broadband": False,
        "road_type": "03",
        "road_distance": yuan(0.4),
        "fuel": "01",
        "toilet": True,
        "coop_member": True,
        "leading_firm": False,
        "leader_support": False,
        **facts,
    }
