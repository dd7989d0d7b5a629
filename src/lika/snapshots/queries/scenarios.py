"""Reads of scenarios: which there are, their changes, and the trial run that shows what they give."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.snapshots.choices import ChangeKind
from lika.snapshots.models import Scenario, Screening
from lika.snapshots.queries.snapshots import touching


def list_scenarios(by: Actor) -> QuerySet[Scenario]:
    """The scenarios of areas that share something with where the actor sees screenings, newest first."""
    area = by.sees(Permission.SCREENING_VIEW)
    condition = touching(area, division="base__snapshot__division", last="base__snapshot__last")
    return Scenario.objects.filter(condition).select_related("base__snapshot").prefetch_related("changes")


def get_scenario(by: Actor, identifier: UUID) -> Scenario:
    """One of them. Raises SCR-063 where there is none."""
    found = list_scenarios(by).filter(pk=identifier).first()
    if found is None:
        raise NotFound(
            "SCR-063",
            _("There is no such scenario in your area."),
            remedy=_("`lika scenario list` shows all scenarios."),
        )
    return found


def run_of(scenario: Scenario) -> Screening:
    """Its last trial run. Raises SCR-064 where it was not run yet."""
    found = scenario.runs.select_related("snapshot").order_by("-finished_at", "-id").first()
    if found is None:
        raise NotFound(
            "SCR-064",
            _("The scenario %(name)s was not run yet.") % {"name": scenario.name},
            remedy=_("Run it: lika scenario run %(id)s") % {"id": scenario.pk},
        )
    return found


def amounts_of(scenario: Scenario) -> dict[str, str]:
    """What one unit that meets a criterion costs, as typed, by criterion."""
    return {change.item: change.text for change in scenario.changes.all() if change.kind == ChangeKind.AMOUNT}
