"""The information officer's page: what to enter and correct in the village, and which policy reached whom."""

from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.collection.exporting.differing import households_differing
from lika.console.facts import code_label
from lika.console.queries import officer as reads
from lika.console.queries.focus import Focus, focus_of
from lika.core.errors import NotFound
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.register import queries as register
from lika.register.choices import lists
from lika.register.models import Household
from lika.register.queries import reach

PAGE_SIZE = 50
MOST_DIFFERING = 10


@requires(Permission.REGISTER_IMPORT)
@never_cache
def officer(request: HttpRequest) -> HttpResponse:
    """The work in one village: `?division=`; above a village, the divisions below to choose from."""
    who = actor(request)
    focus = _focus(request, who)
    context: dict[str, Any] = {"focus": focus}
    if focus.is_village:
        year = _year(focus)
        context |= {
            "named": reads.named_officer(who, focus),
            "work": reads.work(who, focus),
            "differing": households_differing(who, focus.area, MOST_DIFFERING),
            "year": year,
            "coverage": reads.coverage_lines(who, focus, year) if year else [],
        }
    else:
        context["below"] = focus.below.get(focus.division.code, ())
    return render(request, "console/officer.html", context)


@requires(Permission.REGISTER_IMPORT)
@never_cache
def policy(request: HttpRequest, name: str, answer: str) -> HttpResponse:
    """The households or persons behind a number of the coverage: `?division=`, `?page=`."""
    who = actor(request)
    focus, found = _focus(request, who), reach.policy_named(name)
    if found is None or answer not in set(reach.Reached):
        raise NotFound("CON-005", _("There is no such policy."), remedy=_("Click a number of the coverage."))
    inside, year = register.households_within(who, focus.area), _year(focus)
    lines, listed = _behind(request, who, inside, year, found, reach.Reached(answer))
    context = {
        "focus": focus,
        "title": reads.title_of(found),
        "answer": answer,
        "year": year,
        "lines": lines,
        "list": listed,
    }
    return render(request, "console/officer_policy.html", context)


def _behind(
    request: HttpRequest,
    who: UserActor,
    inside: QuerySet[Household],
    year: int,
    found: reach.Policy,
    answer: reach.Reached,
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """A page of the households or members behind a number, and which page of how many it is."""
    if found.unit == "household":
        homes = Paginator(reach.households_reached(inside, year, found, answer), PAGE_SIZE).get_page(page_of(request))
        rows = register.rows_of(cast(QuerySet[Household], homes.object_list), by=who, year=year)
        return [{"id": row.id, "number": row.number, "name": row.head, "relation": ""} for row in rows], _paged(homes)
    members = Paginator(reach.members_reached(inside, year, found, answer), PAGE_SIZE).get_page(page_of(request))
    lines = [
        {
            "id": each.household_id,
            "number": each.household.number,
            "name": each.person.name,
            "relation": code_label(lists.RELATION, each.relation),
        }
        for each in members.object_list
    ]
    return lines, _paged(members)


def _paged(page: Page[Any]) -> dict[str, int]:
    return {"page": page.number, "pages": page.paginator.num_pages, "total": page.paginator.count}


def _year(focus: Focus) -> int:
    """The latest data year that is not being collected any more; 0 where there is none."""
    return next(iter(register.data_years(focus.area)), 0)


def _focus(request: HttpRequest, who: UserActor) -> Focus:
    """The division asked for, where the reader enters data and reads names. Raises ACC-002, CON-001, CON-002."""
    focus = focus_of(who, request.GET.get("division"))
    if focus is None:
        raise NotFound("CON-002", _("No area belongs to your posts."), remedy=_("Open the list of households."))
    who.require(Permission.REGISTER_IMPORT, division=focus.division.code)
    who.require(Permission.REGISTER_PERSONAL, division=focus.division.code)
    return focus
