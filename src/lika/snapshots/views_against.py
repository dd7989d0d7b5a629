"""Pages of two screenings held against each other: what differs, who enters and leaves, and what changed of whom."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.core.errors import NotFound
from lika.core.language import listed
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.snapshots import diffing, queries
from lika.snapshots.choices import UnitKind
from lika.snapshots.forms import AgainstForm
from lika.snapshots.models import Screening
from lika.snapshots.move_tables import against_url, kinds_moved
from lika.snapshots.moved_lists import division_named, moved_list, old_asked, screening_told
from lika.snapshots.queries.compared import Compared, KindCompared, compare_screenings
from lika.snapshots.queries.compared_units import TOLD_BY_FACTS, rules_turned, told_in_sum, turned_in_all, turned_units
from lika.snapshots.units import units_shown

MOST_OFFERED = 50
UNITS_A_PAGE = 10


@requires(Permission.SCREENING_VIEW)
@never_cache
def against(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A screening held against another of its area: `?old=`, `?division=`; the form that asks which, where none is."""
    who = actor(request)
    new = queries.get_screening(who, pk)
    try:
        old = old_asked(who, request.GET)
    except NotFound:
        return _choose(request, who, new)
    found = compare_screenings(who, old, new, division=division_named(request.GET, old, new))
    kinds = kinds_moved(who, found)
    context = {
        "old": old,
        "new": new,
        "sides": [(old, screening_told(old)), (new, screening_told(new))],
        "found": found,
        "place": divisions.place(f"{found.division:012d}"),
        "within": found.division != new.snapshot.division,
        "whole_url": against_url("against", old, new),
        "kinds": kinds,
        "rules": rules_turned(found),
        "apart": listed(str(kind.label) for kind in found.apart),
        "changes_url": next((kind.changes for kind in kinds if kind.differing), ""),
    }
    return render(request, "snapshots/against.html", context)


def _choose(request: HttpRequest, who: UserActor, new: Screening) -> HttpResponse:
    """The form that asks for the other screening; what was named and is none in sight is said beside the field."""
    others = list(queries.others_of_area(who, new)[:MOST_OFFERED])
    form = AgainstForm(
        request.GET if "old" in request.GET else None,
        screenings=[(str(each.pk), screening_told(each)) for each in others],
        initial={"division": request.GET.get("division", "")},
    )
    context = {"new": new, "told": screening_told(new), "form": form, "others": others}
    return render(request, "snapshots/against_choose.html", context, status=422 if form.is_bound else 200)


@requires(Permission.SCREENING_VIEW)
@never_cache
def units(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who enters or leaves: `?old=`, `?criterion=`, `?division=`, `?which=`, `?page=`."""
    who = actor(request)
    asked = moved_list(who, pk, request.GET)
    found = asked.page(who, page_of(request))
    code = f"{asked.division:012d}"
    scenario = asked.new.scenario
    context = {
        "asked": asked,
        "screening": asked.new,
        "criterion": asked.criterion,
        "division": divisions.place(code),
        "in_part": not who.sees(Permission.SCREENING_VIEW).covers(code),
        "list": found,
        "lines": units_shown(who, asked.criterion.unit_kind, found.units),
        "unit": UnitKind(asked.criterion.unit_kind),
        # A trial held against what it starts from is the scenario's own page.
        "scenario": scenario if scenario is not None and scenario.base_id == asked.old.pk else None,
        "back_url": against_url("against", asked.old, asked.new, division=code),
        "sides": [screening_told(each) for each in (asked.old, asked.new)],
    }
    return render(request, "snapshots/against_units.html", context)


@requires(Permission.SCREENING_VIEW)
@never_cache
def changes(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The units that differ, with what turned and the facts behind it: `?old=`, `?division=`, `?kind=`, `?page=`."""
    who = actor(request)
    new = queries.get_screening(who, pk)
    old = old_asked(who, request.GET)
    found = compare_screenings(who, old, new, division=division_named(request.GET, old, new))
    kind, page, code = _kind(request, found), page_of(request), f"{found.division:012d}"
    turned = turned_units(who, found, kind.kind, limit=UNITS_A_PAGE, offset=(page - 1) * UNITS_A_PAGE)
    in_sum = told_in_sum(who, found, kind.kind)
    total = turned_in_all(who, found, kind.kind) if in_sum else kind.units_differing
    context = {
        "screening": new,
        "found": found,
        "division": divisions.place(code),
        "kind": kind.kind,
        "tabs": [
            {
                "label": each.kind.label,
                "url": against_url("against-changes", old, new, division=code, kind=each.kind.value),
                "current": each is kind,
                "count": each.units_differing,
            }
            for each in found.kinds
        ],
        "named": kind.kind in TOLD_BY_FACTS,
        "lines": diffing.units_listed(who, found, kind.kind, turned),
        "in_sum": listed(item.title for item in in_sum if item in kind.changed),
        "list": queries.UnitPage(total, page, UNITS_A_PAGE, ()),
        "back_url": against_url("against", old, new, division=code),
        "sides": [screening_told(each) for each in (old, new)],
    }
    return render(request, "snapshots/against_changes.html", context)


def _kind(request: HttpRequest, found: Compared) -> KindCompared:
    """The kind asked for; else the first of which something differs. Raises SCR-024 for one that is not compared."""
    asked = request.GET.get("kind", "")
    if not asked:
        return next((each for each in found.kinds if each.units_differing), found.kinds[0])
    for each in found.kinds:
        if each.kind == asked:
            return each
    raise queries.no_such_list()
