"""Lists of a scenario: who enters, who leaves, who is missed and who is wrongly in, in a division and within sight."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.core.errors import NotFound
from lika.core.pages import number_of_page
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.snapshots import queries
from lika.snapshots.choices import UnitKind
from lika.snapshots.models import Scenario, ScreenedCriterion
from lika.snapshots.queries import scenarios as reads
from lika.snapshots.queries.compared_units import units_moved
from lika.snapshots.queries.effects import Truth, units_in_error
from lika.snapshots.scenario_report import truth_heading, truth_of
from lika.snapshots.units import units_shown
from lika.snapshots.views import division_asked

_WHICH = {
    "enter": _lazy("Who enters by the scenario"),
    "leave": _lazy("Who leaves by the scenario"),
    "missed": _lazy("Who is missed by the scenario"),
    "wrong": _lazy("Who is wrongly in by the scenario"),
}


@requires(Permission.SCREENING_VIEW)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def units(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """`which` of them, by which `criterion`, in which `division`, on which `page`.

    Against a truth it is a POST, for an expression of one's own stands in no address.
    """
    who = actor(request)
    found = reads.get_scenario(who, pk)
    given = request.POST if request.method == "POST" else request.GET
    which = given.get("which", "")
    if which not in _WHICH:
        raise NotFound("SCR-024", _("This list does not exist."), remedy=_("Click a number on the screening's page."))
    trial = reads.run_of(found)
    item = queries.criterion_of(trial, str(given.get("criterion", "")))
    division = division_asked(given, who, found.base)
    page = number_of_page(str(given.get("page", "")))
    context: dict[str, Any] = {}
    if which in ("enter", "leave"):
        listed = units_moved(who, found.base, trial, item, division, enter=which == "enter", page=page)
    else:
        truth = _truth(who, given)
        listed = units_in_error(
            who, found.base, trial, item.criterion, truth, division, missed=which == "missed", page=page
        )
        context = {"heading": truth_heading(item, truth, found.base), "posted": _posted(given, which)}
    return render(request, "snapshots/scenario_units.html", context | _shown(who, found, item, division, listed, which))


def _truth(who: UserActor, given: QueryDict) -> Truth:
    """What is held to be true, as typed. Raises SCR-024 where nothing is, SCR-020."""
    text, true_by = str(given.get("truth", "")), str(given.get("true_by", ""))
    if bool(text) == bool(true_by):
        raise NotFound("SCR-024", _("This list does not exist."), remedy=_("Click a number on the screening's page."))
    return truth_of(who, text, true_by)


def _posted(given: QueryDict, which: str) -> list[tuple[str, str]]:
    """What the next page asks for again."""
    names = ("criterion", "division", "truth", "true_by")
    return [("which", which), *((name, str(given.get(name, ""))) for name in names)]


def _shown(
    who: UserActor, found: Scenario, item: ScreenedCriterion, division: int, listed: queries.UnitPage, which: str
) -> dict[str, Any]:
    return {
        "scenario": found,
        "criterion": item,
        "which": _WHICH[which],
        "division": divisions.place(f"{division:012d}"),
        "list": listed,
        "lines": units_shown(who, item.unit_kind, listed.units),
        "unit": UnitKind(item.unit_kind),
    }
