"""A household's page in words: codes by their labels, ages, years side by side."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.console.facts import NOTHING, code_label, declared, label
from lika.console.names import path_name
from lika.core.language import listed
from lika.register.actions.reveal import HouseholdSecret
from lika.register.choices import Axis, MonitoringStatus, PovertyStatus, lists
from lika.register.queries import HouseholdView, MemberView, PlacementView, StatusView

# The yearly form's parts, as the table shows them: a title and the facts under it.
YEAR_GROUPS: Sequence[tuple[str | Promise, str]] = (
    (
        gettext_lazy("Income and cost"),
        """wage operating property_dividend property_other transfer_family_planning transfer_dibao transfer_extreme
        transfer_pension transfer_eco transfer_other expense_operating""",
    ),
    (
        gettext_lazy("Two no-worries, housing and water"),
        """food_secure clothing_secure housing_grade house_structure house_area house_built_year house_renovated_year
        safe_water water_source water_difficult""",
    ),
    (
        gettext_lazy("Debts and causes"),
        "debt_illness debt_schooling debt_housing main_cause other_cause_1 other_cause_2",
    ),
    (
        gettext_lazy("Means and surroundings"),
        """income_channels land_cultivated land_forest land_returned_forest power_life power_production tv broadband
        road_type road_distance fuel toilet coop_member leading_firm leader_support""",
    ),
    (
        gettext_lazy("Measures"),
        "batch_industry batch_ecology batch_education relocation_planned dibao_listed",
    ),
)
# Decisions that stand in the register because a workbook brought them; their label is that of the batch.
_BY_IMPORT = frozenset({"import", "initial"})


@dataclass(frozen=True)
class Line:
    """A label and its value."""

    label: str | Promise
    value: str


@dataclass(frozen=True)
class MemberLine:
    """A member in words."""

    name: str
    relation: str
    sex: str
    age: int | None
    id_number: str
    education: str
    health: str
    labour: str
    insurance: str
    left_on: dt.date | None
    leave_reason: str


@dataclass(frozen=True)
class EventLine:
    """A change of status in words."""

    axis: str
    effective_on: dt.date
    from_label: str
    to_label: str
    decision: str


def base_lines(household: HouseholdView) -> list[Line]:
    """What identifies the household; lines without a value are left out."""
    if household.in_full:
        attribute = code_label(lists.HOUSEHOLD_ATTRIBUTE, household.attribute)
        monitoring = str(MonitoringStatus(household.monitoring_status).label)
    else:
        attribute = monitoring = _("Not open to you")
    lines = [
        Line(_("Village of residence"), path_name(household.village_path)),
        Line(_("Natural village"), next((p.natural_village for p in household.placements if p.ended_on is None), "")),
        Line(label(lists.REGISTER_KIND), code_label(lists.REGISTER_KIND, household.kind)),
        Line(label(lists.HOUSEHOLD_ATTRIBUTE), attribute),
        Line(label(lists.STANDARD), code_label(lists.STANDARD, household.standard)),
        Line(label(lists.MONITORING), monitoring),
        Line(_("Year of identification"), str(household.identified_year or "")),
        Line(_("Planned year of exit"), str(household.planned_exit_year or "")),
    ]
    return [line for line in lines if line.value not in ("", NOTHING)]


def masked_lines(household: HouseholdView) -> list[Line]:
    """What is shown in full only with a reason."""
    account = f"{household.bank_name} {household.bank_account}".strip()
    without = NOTHING if household.in_full else _("Not open to you")
    return [
        Line(_("Telephone"), household.phone or without),
        Line(_("Address"), household.address or without),
        Line(_("Bank account"), account or without),
    ]


def secrets(household: HouseholdView) -> list[tuple[str, str]]:
    """What may be asked for in full: the household's own values, then the identity number of each member."""
    own = [
        (HouseholdSecret.PHONE.value, _("Telephone"), household.phone),
        (HouseholdSecret.ADDRESS.value, _("Address"), household.address),
        (HouseholdSecret.BANK_ACCOUNT.value, _("Bank account"), household.bank_account),
    ]
    members = [
        (str(member.id), _("Identity number of %(name)s") % {"name": member.name}, member.id_number)
        for member in household.members
    ]
    return [(key, words) for key, words, masked in [*own, *members] if masked]


def member_line(member: MemberView, on: dt.date) -> MemberLine:
    """A member in words, as old as on a day; what the reader may not see arrives empty and stays so."""
    values = member.year.values if member.year else {}
    return MemberLine(
        name=member.name,
        relation=code_label(lists.RELATION, member.relation),
        sex=code_label(lists.SEX, member.sex),
        age=_age(member.birth_date, on),
        id_number=member.id_number or code_label(lists.NO_ID, member.no_id_reason),
        education=code_label(lists.EDUCATION, values.get("education")),
        health=health_of(values),
        labour=_answered(
            code_label(lists.LABOUR, values.get("labour")), code_label(lists.WORK, values.get("work_status"))
        ),
        insurance=_insurance(values),
        left_on=member.left_on,
        leave_reason="" if not member.leave_reason else code_label(lists.MEMBER_CHANGE, member.leave_reason),
    )


def event_line(event: StatusView) -> EventLine:
    """A change of status in words; `decision` names the decision behind it, where one is recorded."""
    names = PovertyStatus if event.axis == Axis.POVERTY else MonitoringStatus
    return EventLine(
        axis=str(Axis(event.axis).label),
        effective_on=event.effective_on,
        from_label=str(names(event.from_status).label) if event.from_status else NOTHING,
        to_label=str(names(event.to_status).label),
        decision=" · ".join(filter(None, (_decision(event), event.pack_version))),
    )


def _decision(event: StatusView) -> str:
    if event.decision_label and event.decision_kind in _BY_IMPORT:
        return _("Import %(batch)s") % {"batch": event.decision_label}
    return event.decision_label


@dataclass(frozen=True)
class PlacementLine:
    """Where the household stood, from and to (the first day elsewhere)."""

    place: str
    started_on: dt.date | None
    ended_on: dt.date | None


def placement_line(placement: PlacementView) -> PlacementLine:
    """A placement with the path to the village, and the natural village where one is recorded."""
    place = f"{path_name(placement.path)} {placement.natural_village}".strip()
    return PlacementLine(place, placement.started_on, placement.ended_on)


def _age(birth: dt.date | None, on: dt.date) -> int | None:
    """Full years (周岁); none before birth."""
    if birth is None or birth > on:
        return None
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def health_of(values: Mapping[str, Any]) -> str:
    """The state of health that a yearly row of a person tells."""
    known = declared().units["person"]
    names = ("chronic_illness", "serious_illness", "disabled")
    answers = [values.get(name) for name in names]
    found = [label(known[name]) for name, answer in zip(names, answers, strict=True) if answer]
    if found:
        grade = code_label(lists.DISABILITY_GRADE, values.get("disability_grade"))
        return listed(found) + (f" {grade}" if grade != NOTHING else "")
    return _("Healthy") if answers == [False, False, False] else NOTHING


def _insurance(values: Any) -> str:
    groups = (
        (_("Medical insurance"), ("medical_resident", "medical_employee")),
        (_("Pension insurance"), ("pension_resident", "pension_employee")),
    )
    found = [name for name, facts in groups if any(values.get(fact) for fact in facts)]
    answered = any(values.get(fact) is not None for _name, facts in groups for fact in facts)
    return listed(found) or (_("None taken out") if answered else NOTHING)


def _answered(*texts: str) -> str:
    return listed([text for text in texts if text != NOTHING]) or NOTHING
