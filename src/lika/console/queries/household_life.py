"""The life of a household over the years: income by account against the line, who joined and left, schooling, health.

Only what the register holds; a year without an account of its income is left out of the chart, never filled in.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lika.console.facts import NOTHING, code_label, declared, label
from lika.console.queries.household import health_of
from lika.console.queries.lines import INCOME_PER_HEAD, IncomeLine
from lika.core.language import listed
from lika.register.choices import lists
from lika.register.queries import HouseholdView, MemberView, YearView

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Change:
    """Somebody joined or left."""

    on: dt.date
    name: str
    joined: bool
    relation: str
    reason: str


@dataclass(frozen=True)
class MemberYears:
    """One member through the years: schooling and health, one cell for each year of the table."""

    name: str
    schooling: Sequence[str]
    health: Sequence[str]


def income_chart(household: HouseholdView, line: IncomeLine | None) -> dict[str, Any] | None:
    """Income per head by account (stacked; operating expenses below zero), net income per head and the line, by year.

    None where no year holds the whole account of its income.
    """
    years = [year for year in reversed(household.years) if _is_whole(year) and members_at(household, year.period_to)]
    if not years:
        return None
    heads = [members_at(household, year.period_to) for year in years]
    drawn = [
        {"name": label(fact), "values": [_per_head(sum(year.values[name] for name in names), size) * sign
                                         for year, size in zip(years, heads, strict=True)]}
        for fact, names, sign in _accounts()
    ]  # fmt: skip
    net = [_per_head(year.values["net_income"], size) for year, size in zip(years, heads, strict=True)]
    per_head = declared().units["household"][INCOME_PER_HEAD]
    lines: list[dict[str, Any]] = [{"name": label(per_head), "values": net}]
    limit = {each.year: each.value for each in line.years} if line else {}
    if line and any(limit.get(year.data_year) is not None for year in years):
        lines.append(
            {"name": line.label, "values": [_float(limit.get(year.data_year)) for year in years], "limit": True}
        )
    return {
        "categories": [str(year.data_year) for year in years],
        "category_label": _("Data year"),
        "stacked": True,
        "unit": _("yuan a head"),
        "bars": [bar for bar in drawn if any(bar["values"])],
        "lines": lines,
    }


def members_at(household: HouseholdView, day: dt.date) -> int:
    """How many people belonged to the household on a day, as snapshots count them."""
    return sum(
        (member.joined_on is None or member.joined_on <= day) and (member.left_on is None or member.left_on > day)
        for member in household.members
    )


def ends(household: HouseholdView) -> list[tuple[int, dt.date]]:
    """Each data year with its standard time point, the oldest first."""
    return [(year.data_year, year.period_to) for year in reversed(household.years)]


def changes(household: HouseholdView) -> list[Change]:
    """Who joined and who left, the latest first; what was so since before the record is no change."""
    return sorted(_changes(household.members), key=lambda change: (change.on, change.name), reverse=True)


def _changes(members: Sequence[MemberView]) -> Iterator[Change]:
    for member in members:
        relation = code_label(lists.RELATION, member.relation)
        if member.joined_on:
            yield Change(member.joined_on, member.name, True, relation, _reason(member.join_reason))
        if member.left_on:
            yield Change(member.left_on, member.name, False, relation, _reason(member.leave_reason))


def member_years(household: HouseholdView) -> tuple[list[int], list[MemberYears]]:
    """The years that hold data of any member, latest first, and schooling and health of the members now in them."""
    lived = [
        (member.name, {year.data_year: year.values for year in member.years})
        for member in household.members
        if member.is_open and member.years
    ]
    years = sorted({year for _name, by_year in lived for year in by_year}, reverse=True)
    rows = [
        MemberYears(
            name,
            [_schooling(by_year[year]) if year in by_year else NOTHING for year in years],
            [health_of(by_year[year]) if year in by_year else NOTHING for year in years],
        )
        for name, by_year in lived
    ]
    return years, rows


def _schooling(values: Mapping[str, Any]) -> str:
    """What is attended, else what was reached; somebody out of school says so."""
    reached = code_label(lists.EDUCATION, values.get("education"))
    attends = values.get("student_status")
    if attends and attends != lists.NOT_A_STUDENT:
        reached = _("in school: %(stage)s") % {"stage": code_label(lists.STUDENT, attends)}
    left = values.get("dropout_reason")
    out = _("out of school: %(reason)s") % {"reason": code_label(lists.DROPOUT, left)} if left else ""
    return listed([text for text in (reached, out) if text and text != NOTHING]) or NOTHING


def _accounts() -> Iterator[tuple[Any, tuple[str, ...], int]]:
    known = declared().units["household"]
    yield known["wage"], ("wage",), 1
    yield known["operating"], ("operating",), 1
    yield known["property_income"], ("property_dividend", "property_other"), 1
    yield known["transfer_income"], _TRANSFERS, 1
    yield known["expense_operating"], ("expense_operating",), -1


_TRANSFERS = (
    *("transfer_family_planning", "transfer_dibao", "transfer_extreme"),
    *("transfer_pension", "transfer_eco", "transfer_other"),
)


def _is_whole(year: YearView) -> bool:
    """The net income is worked out by the database and known only where every part of it is."""
    return year.values.get("net_income") is not None


def _per_head(amount: Decimal, heads: int) -> float:
    return float((amount / heads).quantize(_CENT))


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _reason(code: str) -> str:
    return code_label(lists.MEMBER_CHANGE, code) if code else ""
