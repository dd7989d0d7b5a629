"""What is not recorded and stands between a household and an answer: field by field, with the sheet to fill in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lika.collection.schema.columns import Column, Sheet
from lika.collection.schema.sheets import HOUSEHOLD_YEARS, HOUSEHOLDS, PERSONS
from lika.console.facts import declared, label
from lika.core.language import listed
from lika.engine.criteria import CheckedSet, FactUse
from lika.register.queries import HouseholdView, MemberView, YearView
from lika.snapshots.queries import Explained

# 健康状况 is one column of the sheet and three facts.
_ONE_COLUMN = dict.fromkeys(("chronic_illness", "serious_illness", "disabled"), "health")
# What is worked out when a snapshot is taken, and what it is worked out from.
_MADE_FROM = {"age": "birth_date"}


@dataclass(frozen=True)
class Missing:
    """A field to collect: where it stands in the workbook, of which year, and of whom (empty: of the household)."""

    sheet: str
    field: str
    year: int
    who: str


def missing_facts(
    household: HouseholdView, explained: Iterable[Explained], checked: CheckedSet, data_year: int
) -> list[Missing]:
    """What some criteria read and the register does not hold; of members only those whose answer is unknown."""
    asked: dict[tuple[str, str, int], dict[str, None]] = {}
    for each in explained:
        unknown = {one for part in each.explanation.walk() if part.rows for one in part.rows.unknown}
        for use in sorted(checked.by_id[each.criterion.criterion].facts, key=lambda use: (use.unit, use.name)):
            for sheet, who in _gaps(household, use, data_year - use.lag, unknown):
                field = _field(sheet, use, checked)
                asked.setdefault((label(sheet), field, data_year - use.lag), {})[who] = None
    return [Missing(*key, who=listed([name for name in names if name])) for key, names in asked.items()]


def _gaps(household: HouseholdView, use: FactUse, year: int, unknown: set[str]) -> Sequence[tuple[Sheet, str]]:
    """The sheets, and the names of members, that a fact is missing in."""
    if use.unit == "household":
        if hasattr(household, use.name):
            return [(HOUSEHOLDS, "")] if getattr(household, use.name) in (None, "") else []
        return [(HOUSEHOLD_YEARS, "")] if _is_missing(HOUSEHOLD_YEARS, use.name, household.years, year) else []
    if use.unit == "person":
        concerned = [member for member in household.members if str(member.id) in unknown]
        return [(PERSONS, member.name) for member in concerned if _is_missing_of(member, use.name, year)]
    return []


def _is_missing_of(member: MemberView, name: str, year: int) -> bool:
    given = _MADE_FROM.get(name, name)
    if hasattr(member, given):
        return getattr(member, given) in (None, "")
    return _is_missing(PERSONS, name, [*([member.year] if member.year else []), *member.years], year)


def _is_missing(sheet: Sheet, name: str, years: Iterable[YearView], year: int) -> bool:
    """Whether the year lacks a fact that is collected; what the register works out by itself is never missing."""
    unit = "person" if sheet is PERSONS else "household"
    if name in declared().units[unit] and _column(sheet, name) is None:
        return False
    row = next((each for each in years if each.data_year == year), None)
    if row is None:
        return True
    held: dict[str, Any] = {**row.values, **{fact.name: value for fact, value in row.items}}
    return held.get(name) in (None, "")


def _column(sheet: Sheet, name: str) -> Column | None:
    given = _ONE_COLUMN.get(name, _MADE_FROM.get(name, name))
    return next((column for column in sheet.columns if column.name == given), None)


def _field(sheet: Sheet, use: FactUse, checked: CheckedSet) -> str:
    """The heading of the column; an item that only this place collects is headed by its own label."""
    return label(_column(sheet, use.name) or checked.schema.units[use.unit][use.name])
