"""Reads of scenarios: which there are, their changes, and the trial run that shows what they give."""

import datetime as dt
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core import processes
from lika.core.actors import Actor
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.snapshots.choices import ChangeKind, RunState
from lika.snapshots.models import Scenario, Screening
from lika.snapshots.queries.snapshots import touching

# In this time the process of a run has begun, or never will.
_START = dt.timedelta(seconds=60)
_UNDER_WAY = (RunState.WAITING, RunState.RUNNING)
#: What ended a run that has no code of its own.
UNFORESEEN = "SCR-000"


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


def with_runs(found: QuerySet[Scenario]) -> QuerySet[Scenario]:
    """The scenarios with when each was last run to its end (`last_run`), for lists."""
    runs = Screening.objects.filter(scenario=OuterRef("pk")).order_by("-finished_at", "-id")
    return found.annotate(last_run=Subquery(runs.values("finished_at")[:1]))


def is_going(scenario: Scenario) -> bool:
    """Whether the process of its run lives, or was asked for just now. No query once it is over."""
    if scenario.state not in _UNDER_WAY:
        return False
    asked = scenario.asked_at
    if scenario.state == RunState.WAITING and asked is not None and asked >= timezone.now() - _START:
        return True
    if processes.is_held(scenario.lock_key):
        return True
    scenario.refresh_from_db(fields=["state", "fault"])  # it may have come to its end since it was read
    return False


def run_state(scenario: Scenario, *, last_run: dt.datetime | None) -> RunState:
    """How far its last run is: also where it was run by the command since, and where its process died."""
    if is_going(scenario):
        return RunState(scenario.state)
    asked = scenario.asked_at
    run_since = last_run is not None and (asked is None or last_run > asked)
    if scenario.state in (*_UNDER_WAY, RunState.FAILED) and not run_since:
        return RunState.FAILED
    return RunState.NONE if last_run is None else RunState.DONE


def fault_of(scenario: Scenario) -> str:
    """The code of what ended a failed run; of a process that died, the one for what nobody foresaw."""
    return scenario.fault or UNFORESEEN
