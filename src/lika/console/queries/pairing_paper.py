"""Annex 9 (003 附件9): what the helper of a household surveys, filled in as far as the register knows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lika.accounts.queries import UserActor
from lika.assistance.models import Pairing
from lika.assistance.queries.pairing import pairings_of
from lika.console.facts import code_label, declared, heading, shown
from lika.console.names import path_name
from lika.core.papers import PaperData, paper
from lika.policy.queries.in_force import parameter_in_force
from lika.register.choices import PovertyStatus, lists
from lika.register.queries import HouseholdView, MemberView

TEMPLATE = Path(__file__).parents[1] / "papers" / "pairing_form.typ"
COPIES = "pairing_form_copies"
# Who keeps the copies, in the order of the document (003 §四(二)3): township, county headquarters, helping unit.
_KEEPERS = ("乡（镇）人民政府", "县扶贫开发攻坚指挥部", "定点帮扶单位")
_INCOME = ("wage", "operating", "property_income", "transfer_income", "expense_operating", "net_income")
_LIVING = (
    *("house_area", "house_structure", "housing_grade", "water_source", "safe_water", "road_type"),
    *("land_cultivated", "land_forest", "fuel", "toilet", "broadband", "coop_member"),
)
_CAUSES = ("main_cause", "other_cause_1", "other_cause_2")


@dataclass(frozen=True)
class HelperOnPaper:
    """A helper of the household."""

    name: str
    unit: str
    title: str
    phone: str
    since: dt.date


@dataclass(frozen=True)
class MemberOnPaper:
    """A member, as far as the reader sees them."""

    name: str
    relation: str
    sex: str
    born: str


@dataclass(frozen=True)
class Known:
    """A fact in words; empty where it is to be written by hand."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class PairingForm(PaperData):
    """The form. `copies` are who keeps each; of `year` are income and conditions, 0 where none is on record."""

    copies: tuple[str, ...]
    number: str
    head: str
    place: str
    status: str
    causes: str
    helpers: tuple[HelperOnPaper, ...]
    members: tuple[MemberOnPaper, ...]
    year: int
    income: tuple[Known, ...]
    living: tuple[Known, ...]


def pairing_form(by: UserActor, household: HouseholdView, on: dt.date) -> bytes:
    """The form of one household as PDF, each copy with who keeps it. Raises as `lika.core.papers.paper`."""
    holding = [each for each in pairings_of(household.id) if each.ended_on is None]
    return paper(TEMPLATE, form_of(household, holding, copies_of(household, on), on))


def copies_of(household: HouseholdView, on: dt.date) -> tuple[str, ...]:
    """Who keeps the copies: as many as the pack in force says, one where none does."""
    found = parameter_in_force(COPIES, division=f"{household.village:012d}", at=on)
    number = found.value if found is not None and isinstance(found.value, int) else 1
    return tuple((_KEEPERS[n] if n < len(_KEEPERS) else "") if number > 1 else "" for n in range(number))


def form_of(household: HouseholdView, holding: Sequence[Pairing], copies: tuple[str, ...], on: dt.date) -> PairingForm:
    """What stands in the form."""
    known, row = declared().units["household"], household.years[0] if household.years else None
    values = row.values if row is not None else {}

    def lines(names: Sequence[str]) -> tuple[Known, ...]:
        return tuple(
            Known(heading(known[name]), shown(known[name], values[name]) if values.get(name) is not None else "")
            for name in names
        )

    return PairingForm(
        title="结对帮扶贫困户情况表",
        made_on=on,
        copies=copies,
        number=household.number,
        head=household.head,
        place=path_name(household.village_path),
        status=str(PovertyStatus(household.poverty_status).label),
        causes="、".join(code_label(lists.CAUSE, values[name]) for name in _CAUSES if values.get(name)),
        helpers=tuple(
            HelperOnPaper(
                each.helper.official.name, each.helper.unit.name, each.helper.title, each.helper.phone, each.began_on
            )
            for each in holding
        ),
        members=tuple(_member(member) for member in household.members if member.is_open),
        year=row.data_year if row is not None else 0,
        income=lines([name for name in _INCOME if name in known]),
        living=lines([name for name in _LIVING if name in known]),
    )


def _member(member: MemberView) -> MemberOnPaper:
    born = f"{member.birth_date:%Y.%m}" if member.birth_date else ""
    return MemberOnPaper(
        member.name,
        code_label(lists.RELATION, member.relation) if member.relation else "",
        code_label(lists.SEX, member.sex) if member.sex else "",
        born,
    )
