"""A household and its years: status, cause with the facts that fit it, income, conditions, guarantees."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lika.demo import people
from lika.demo.people import Member
from lika.demo.table import Draw

GROUPS = ("poor", "planned", "exited", "other")
_GROUP = {"10": "poor", "20": "poor", "40": "poor", "21": "planned", "30": "exited"}
_CENT = Decimal("0.01")

# Causes whose fact the door can check: the misfit of these is a warning there.
CHECKABLE = ("01", "02", "03", "06", "08")
MOST_ABLE_OF_LACKING = 1


def yuan(value: float) -> Decimal:
    """Money with two places."""
    return Decimal(str(value)).quantize(_CENT, rounding=ROUND_HALF_UP)


@dataclass
class House:
    """A household with its members and years. `base` holds columns of Household, `years` of HouseholdYear."""

    number: str
    village: str
    status: str
    base: dict[str, Any]
    members: list[Member]
    years: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def group(self) -> str:
        return _GROUP.get(self.status, "other")


def draw_household(
    draw: Draw, *, number: str, village: str, advanced: bool, at: dt.date, statuses: Mapping[str, float] | None = None
) -> House:
    """One household at the end of the last data year, with all its years; `statuses` stand for those of its village."""
    table = draw.table
    status = draw.pick(statuses or (table["advanced_statuses"] if advanced else table["statuses"]))
    house = House(number, village, status, _base(draw, table, status, at), people.members(draw, at))
    if house.group == "exited":
        for member in house.members:
            people.insure(member)
    _support(draw, table, house)
    causes = _causes(draw, table, house)
    last = at.year
    income = draw.around(*table["income_per_head"][status])
    for year in sorted(table["data_years"], reverse=True):
        house.years[year] = _year(draw, table, house, income * len(house.members)) | causes
        if causes["main_cause"] == "06":
            house.years[year].update(water_difficult=True, safe_water=draw.yes(0.5))
        income /= 1 + draw.between(*table["income_growth"])
    _unknowns(draw, table, house.years[last])
    _items(draw, table, house)
    return house


def _base(draw: Draw, table: Mapping[str, Any], status: str, at: dt.date) -> dict[str, Any]:
    base: dict[str, Any] = {"kind": "registered", "poverty_status": status, "standard": "1"}
    if status == "00":
        return base | {"kind": draw.pick(table["unregistered_kinds"]), "standard": None, "attribute": None}
    base["attribute"] = draw.pick(table["attributes"])
    base["identified_year"] = at.year if status == "10" else draw.pick(table["identified_years"])
    if status in ("10", "20", "40"):
        base["planned_exit_year"] = at.year + draw.pick({1: 0.4, 2: 0.35, 3: 0.25})
    if status == "21":
        base["planned_exit_year"] = at.year
    if status == "30":
        base["exit_year"] = max(base["identified_year"] + 1, draw.pick(table["exit_years"]))
    if status == "40":
        base["exit_year"] = at.year - 1
    return base


def _support(draw: Draw, table: Mapping[str, Any], house: House) -> None:
    """Dibao and extreme-poverty support, by attribute."""
    attribute = house.base.get("attribute")
    if attribute == "04":
        for member in house.members:
            member.facts["extreme_support"] = True
    elif attribute in ("02", "03") or (attribute and draw.yes(table["people"]["dibao_household"] * 0.2)):
        for member in house.members:
            member.facts["dibao"] = True


def _feasible(house: House) -> set[str]:
    """The causes that the members could bear out, perhaps after an illness or a disability is given to one."""
    able = sum(member.is_able for member in house.members)
    causes = {"01", "02", "04", "05", "10", "11", "12", "99"}
    if any(member.is_student and member.age >= 6 for member in house.members):
        causes.add("03")
    if house.group == "poor":
        causes.add("06")
    if able <= MOST_ABLE_OF_LACKING:
        causes.add("08")
    if able:
        causes |= {"07", "09"}
    return causes


def bears_out(cause: str, house: House) -> bool:
    """Whether the facts of the members bear out a checkable cause."""
    if cause == "01":
        return any(member.facts["serious_illness"] or member.facts["chronic_illness"] for member in house.members)
    if cause == "02":
        return any(member.facts["disabled"] for member in house.members)
    if cause == "03":
        return any(member.is_student for member in house.members)
    if cause == "06":
        return any(year["safe_water"] is False or year["water_difficult"] for year in house.years.values())
    return sum(member.is_able for member in house.members) <= MOST_ABLE_OF_LACKING


def _causes(draw: Draw, table: Mapping[str, Any], house: House) -> dict[str, Any]:
    """Main cause and others; unregistered households have none."""
    none = {"main_cause": None, "other_cause_1": None, "other_cause_2": None}
    if house.status == "00":
        return none
    weights = {code: weight for code, weight in table["causes"].items() if code in _feasible(house)}
    if draw.yes(table["cause_misfit_checkable"]):
        wrong = [code for code in CHECKABLE if code != "06" and not bears_out(code, house)]
        main = draw.one_of(wrong) if wrong else draw.pick(weights)
    elif draw.yes(table["cause_misfit_other"]) and not any(member.is_able for member in house.members):
        main = draw.one_of(("07", "09"))
    else:
        main = draw.pick(weights)
        _fit(draw, main, house)
    others = [
        code for code in weights if code not in (main, "06") and (code not in CHECKABLE or bears_out(code, house))
    ]
    second = draw.one_of(others) if others and draw.yes(table["second_cause"]) else None
    return none | {"main_cause": main, "other_cause_1": second}


def _fit(draw: Draw, cause: str, house: House) -> None:
    """Give a member what the cause names, where nobody has it yet."""
    adults = [member for member in house.members if member.age >= 18] or house.members
    if cause == "01" and not bears_out(cause, house):
        people.make_ill(draw.one_of(adults), serious=draw.yes(0.4))
    if cause == "02" and not bears_out(cause, house):
        people.make_disabled(draw, draw.one_of(adults))


def _year(draw: Draw, table: Mapping[str, Any], house: House, net: float) -> dict[str, Any]:
    group = GROUPS.index(house.group)
    row: dict[str, Any] = {name: draw.yes(chance[group]) for name, chance in table["yes"].items()}
    row.update(_conditions(draw, table, house.group, row, len(house.members)))
    row.update(_income(draw, table, house, net, returned_forest=row["land_returned_forest"] > 0))
    row["water_difficult"] = not row["safe_water"] and draw.yes(0.7)
    row["batch_education"] = row["batch_education"] and any(member.is_student for member in house.members)
    row["dibao_listed"] = any(member.facts["dibao"] or member.facts["extreme_support"] for member in house.members)
    row["income_channels"] = draw.pick(table["income_channels"][house.group])
    for name, (chance, low, high) in table["debt"].items():
        scale = table["debt_large_factor"] if house.group in ("planned", "exited") else 1
        row[name] = yuan(round(draw.between(low, high) * scale, -2)) if draw.yes(chance) else yuan(0)
    return row


def _income(
    draw: Draw, table: Mapping[str, Any], house: House, net: float, *, returned_forest: bool
) -> dict[str, Decimal]:
    """Accounts whose total less the operating cost comes to about the wanted net income."""
    shares = table["income_shares"]
    parts = {name: yuan(round(net * draw.between(*shares[name]))) for name in shares if name != "wage"}
    if not returned_forest:
        parts["transfer_eco"] = yuan(0)
    members = [member.facts for member in house.members]
    elders = sum(member.age >= 60 and bool(member.facts["pension_resident"]) for member in house.members)
    parts["transfer_pension"] = yuan(elders * table["pension_year"])
    parts["transfer_dibao"] = yuan(sum(bool(facts["dibao"]) for facts in members) * table["dibao_year"])
    parts["transfer_extreme"] = yuan(sum(bool(facts["extreme_support"]) for facts in members) * table["extreme_year"])
    rest = max(0.0, net - float(sum(parts.values())))
    works = any(facts["work_status"] or facts["welfare_post"] for facts in members)
    wage = round(rest * draw.between(*shares["wage"]), -1) if works else 0
    # Whose work brings less than is plausible for a year lives by what the household makes itself.
    parts["wage"] = yuan(wage if wage >= table["least_wage"] else 0)
    operating_net = max(Decimal(0), yuan(rest) - parts["wage"])
    cost = Decimal(str(round(draw.between(*table["expense_share"]), 3)))
    parts["operating"] = (operating_net / (1 - cost)).quantize(_CENT, rounding=ROUND_HALF_UP)
    parts["expense_operating"] = parts["operating"] - operating_net
    return parts


def _conditions(draw: Draw, table: Mapping[str, Any], group: str, row: dict[str, Any], members: int) -> dict[str, Any]:
    grade = draw.pick(table["housing_grade"][group])
    road = draw.pick(table["road_type"])
    return {
        "housing_grade": grade,
        "house_area": None if grade == "N" else yuan(round(members * draw.between(14, 34))),
        "house_structure": None if grade == "N" else draw.pick(table["house_structure"]),
        "house_built_year": None if grade == "N" else draw.whole(1978, 2014),
        "house_renovated_year": draw.whole(2009, 2014) if grade in ("A", "B") and draw.yes(0.3) else None,
        "land_cultivated": yuan(round(members * draw.between(0.6, 2.8), 1)),
        "land_forest": yuan(round(members * draw.between(0, 3), 1)),
        "land_returned_forest": yuan(round(draw.between(0, 2), 1)) if draw.yes(0.3) else yuan(0),
        "road_type": road,
        "road_distance": yuan(round(draw.between(0.1, 4.5), 1)),
        "water_source": draw.pick(table["water_source"]) if row["safe_water"] else draw.pick({"3": 4, "4": 1, "5": 3}),
        "fuel": draw.pick(table["fuel"]),
    }


def _items(draw: Draw, table: Mapping[str, Any], house: House) -> None:
    """What the place alone collects: yes or no, the same in all years, a few not collected in the last."""
    for name, chance in table.get("items", {}).items():
        answer = draw.yes(chance)
        for year in house.years.values():
            year[name] = answer
        if draw.yes(table["items_unknown"]):
            house.years[max(house.years)][name] = None


def _unknowns(draw: Draw, table: Mapping[str, Any], row: dict[str, Any]) -> None:
    """Some answers of the last year were not collected."""
    for name, chance in table["unknown"].items():
        if name in row and draw.yes(chance):
            row[name] = None
