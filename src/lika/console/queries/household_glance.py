"""A household at one glance: who, where, status, causes, risks, helper; and what to do next for it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lika.accounts.queries import UserActor
from lika.assistance.choices import HELPED
from lika.console.facts import code_label, declared, heading, label, shown
from lika.console.names import path_name
from lika.console.queries.data_age import data_age_words
from lika.console.queries.household import Line
from lika.console.queries.why import Why
from lika.core.language import listed
from lika.core.permissions import Permission
from lika.register.choices import MonitoringStatus, lists
from lika.register.queries import HouseholdView

_CAUSES = ("main_cause", "other_cause_1", "other_cause_2")
_DEBTS = ("debt_illness", "debt_schooling", "debt_housing")
_DANGEROUS = frozenset({"C", "D"})  # the grades of 危房: what the code list itself calls dangerous


@dataclass(frozen=True)
class Step:
    """Something to do next for this household; `url` empty where nobody but the reader's own work does it."""

    text: str
    url: str = ""
    action: str = ""


def glance(household: HouseholdView, helpers: Sequence[str]) -> list[Line]:
    """The lines at the top of the page; those that the register does not hold are left out."""
    lines = [Line(_("Where"), path_name(household.village_path))]
    if household.in_full:
        people = sum(member.is_open for member in household.members)
        lines += [
            Line(_("Members"), ngettext("%(n)s person", "%(n)s persons", people) % {"n": people}),
            Line(label(lists.MONITORING), str(MonitoringStatus(household.monitoring_status).label)),
            Line(_("Causes"), _causes(household)),
            Line(_("Risks on record"), listed(list(_risks(household)))),
        ]
    lines.append(Line(_("Helper"), listed(list(helpers))))
    lines.append(Line(_("Data as of"), data_age_words(household)))
    return [line for line in lines if line.value]


def _causes(household: HouseholdView) -> str:
    values = household.years[0].values if household.years else {}
    return listed([code_label(lists.CAUSE, values[name]) for name in _CAUSES if values.get(name)])


def _risks(household: HouseholdView) -> Iterator[str]:
    """What the latest year says for itself: no threshold is applied here, that is the criteria's part."""
    if not household.years:
        return
    known, values = declared().units["household"], household.years[0].values
    if values.get("housing_grade") in _DANGEROUS:
        yield f"{label(known['housing_grade'])} {shown(known['housing_grade'], values['housing_grade'])}"
    for name, words in (
        ("safe_water", _("no safe drinking water")),
        ("food_secure", _("worries about food")),
        ("clothing_secure", _("worries about clothing")),
    ):
        if values.get(name) is False:
            yield words
    for name in _DEBTS:
        if (values.get(name) or Decimal(0)) > 0:
            yield f"{heading(known[name])} {shown(known[name], values[name])}"
    yield from _risks_of_members(household)


def _risks_of_members(household: HouseholdView) -> Iterator[str]:
    known = declared().units["person"]
    asked: Sequence[tuple[str, Callable[[Any], bool]]] = (
        ("serious_illness", bool),
        ("disabled", bool),
        ("out_of_school", lambda value: value == "yes"),
    )
    rows = [member.year.values for member in household.members if member.is_open and member.year]
    for name, applies in asked:
        people = sum(applies(values.get(name)) for values in rows)
        if people:
            yield ngettext("%(what)s: %(n)s person", "%(what)s: %(n)s persons", people) % {
                "what": label(known[name]),
                "n": people,
            }


def next_steps(
    who: UserActor, household: HouseholdView, found: Why | None, helpers: Sequence[str], *, sees_screening: bool
) -> list[Step]:
    """What the reader can do next, by their post: collect what is missing, import it, screen again, find a helper."""
    steps = _about_data(who, household, found, sees_screening=sees_screening)
    if not helpers and _wants_a_helper(household) and household.village in who.area_for(Permission.PAIRING_PROPOSE):
        here = reverse("assistance:household", args=[household.id])
        steps.append(Step(_("No helper is paired with this household."), here, _("Propose one")))
    return steps


def _about_data(who: UserActor, household: HouseholdView, found: Why | None, *, sees_screening: bool) -> list[Step]:
    steps: list[Step] = []
    if household.village in who.area_for(Permission.REGISTER_IMPORT):
        steps += _to_import(household, found)
    if not sees_screening or household.village not in who.area_for(Permission.SCREENING_RUN):
        return steps
    newest = household.years[0].data_year if household.years else 0
    if found is not None and newest > found.screening.snapshot.data_year:
        text = _("Data of %(year)s were recorded after this screening. Take a snapshot of that year and screen it.")
        steps.append(Step(text % {"year": newest}, reverse("snapshots:screenings"), _("Screenings")))
    elif found is None and household.years:
        text = _("This household has not been screened. Take a snapshot and screen it.")
        steps.append(Step(text, reverse("snapshots:screenings"), _("Screenings")))
    return steps


def _wants_a_helper(household: HouseholdView) -> bool:
    return household.poverty_status in HELPED and household.closed_on is None


def _to_import(household: HouseholdView, found: Why | None) -> Iterator[Step]:
    url, action = reverse("collection:import"), _("Import")
    if household.in_full and not any(member.is_open for member in household.members):
        yield Step(_("No member is recorded. Fill in the sheet “Members” and import it."), url, action)
    if not household.years:
        yield Step(_("No yearly data. Fill in the sheet “Household years” and import it."), url, action)
    elif found is not None and found.missing:
        fields = len(found.missing)
        text = ngettext(
            "%(n)s field is missing for an answer: collect it (below), fill in the workbook and import it.",
            "%(n)s fields are missing for an answer: collect them (below), fill in the workbook and import it.",
            fields,
        )
        yield Step(text % {"n": fields}, url, action)
