"""Pages of screenings: which there are, what one counted, and the units behind a number."""

import uuid
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.core.errors import NotFound
from lika.core.pages import Column, page_of
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.snapshots import queries, tables
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.forms import ScreeningFilterForm
from lika.snapshots.models import Screening
from lika.snapshots.units import units_shown

SCREENINGS_A_PAGE = 20
_COLUMNS = (
    Column("pack", _lazy("Policy pack"), term="policy_pack"),
    Column("area", _lazy("Area")),
    Column("at", _lazy("Standard time point"), term="standard_time_point"),
    Column("households", _lazy("Households"), numeric=True),
    Column("run", _lazy("Run")),
)


@requires(Permission.SCREENING_VIEW)
def screenings(request: HttpRequest) -> HttpResponse:
    """The screenings of the areas in sight: `?pack=`, `?state=`, `?sort=`, `?page=`."""
    who = actor(request)
    form = ScreeningFilterForm(request.GET, packs=queries.packs_screened(who))
    form.is_valid()
    sort = request.GET.get("sort") or queries.NEWEST_FIRST
    wanted = queries.ScreeningFilter(form.cleaned_data.get("pack", ""), form.cleaned_data.get("state", ""), sort)
    page = Paginator(queries.find_screenings(who, wanted), SCREENINGS_A_PAGE).get_page(page_of(request))
    found = list(page.object_list)
    current = set(queries.current_among(found))
    names = divisions.places(f"{each.snapshot.division:012d}" for each in found)
    lines = [
        {"screening": each, "place": names.get(f"{each.snapshot.division:012d}"), "current": each.pk in current}
        for each in found
    ]
    context = {
        "form": form,
        "filtered": bool(wanted.pack or wanted.state),
        "sort": sort,
        "columns": [column.sorted_by(sort) for column in _COLUMNS],
        "lines": lines,
        "list": {"page": page.number, "pages": page.paginator.num_pages, "total": page.paginator.count},
    }
    return render(request, "snapshots/screenings.html", context)


@requires(Permission.SCREENING_VIEW)
def screening(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What a screening counted in one division and those below it: `?unit=`, `?division=`, `?result=`."""
    who = actor(request)
    found = queries.get_screening(who, pk)
    units = queries.units_of(found)
    unit = request.GET.get("unit", "")
    if unit not in units:
        unit = UnitKind.HOUSEHOLD if UnitKind.HOUSEHOLD in units else next(iter(units))
    result = _result(request) or Result.MET
    division = division_asked(request.GET, who, found)
    table = queries.rollup_table(who, found, unit, division)
    lists = tables.Lists(who, found, unit, division)
    own = reverse("snapshots:screening", args=[pk])
    page = f"{own}?{urlencode({'unit': unit, 'result': result.value})}"
    criteria = queries.criteria_of(found, UnitKind.HOUSEHOLD)
    context = {
        "screening": found,
        "may_try": found.scenario is None and may_screen(who, found),
        "comparable": queries.others_of_area(who, found).exists(),
        "current": bool(queries.current_among([found])),
        "newer": None if found.what_if else queries.newer_current(found),
        "kinds": [
            {
                "label": UnitKind(kind).label,
                "url": _asking(request, unit=kind),
                "current": kind == unit,
                "count": total,
            }
            for kind, total in units.items()
        ],
        "unit": unit,
        "results": list(Result),
        "result": result,
        "table": table,
        "criterion_lines": list(tables.criterion_lines(table, lists)),
        "division_lines": list(tables.division_lines(table, lists, result, page)),
        "page": page,
        "overlaps": [
            {"titles": tables.measure_titles(row.measures, criteria), "row": row}
            for row in queries.overlaps(who, found)
        ],
    }
    return render(request, "snapshots/screening.html", context)


@requires(Permission.SCREENING_VIEW)
def units(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The units behind a number: `?criterion=`, `?result=`, `?division=`, `?page=`."""
    who = actor(request)
    found = queries.get_screening(who, pk)
    result = _result(request)
    if result is None:
        raise queries.no_such_list()
    criterion = queries.criterion_of(found, request.GET.get("criterion", ""))
    division = division_asked(request.GET, who, found)
    page = queries.units_by_verdict(
        who,
        found,
        criterion.criterion,
        result,
        division=f"{division:012d}",
        page=page_of(request),
    )
    context = {
        "screening": found,
        "criterion": criterion,
        "result": result,
        "division": divisions.place(f"{division:012d}"),
        "list": page,
        "lines": units_shown(who, criterion.unit_kind, page.units),
        "unit": UnitKind(criterion.unit_kind),
    }
    return render(request, "snapshots/units.html", context)


def may_screen(who: UserActor, found: Screening) -> bool:
    """Whether the user may screen the whole area of a screening, and so try other rules on it."""
    area = who.area_for(Permission.SCREENING_RUN)
    return who.has(Permission.SCREENING_RUN) and area.covers(f"{found.snapshot.division:012d}")


def _asking(request: HttpRequest, **changed: str) -> str:
    """The address of the page with some of what it asks for changed."""
    asked = request.GET.copy()
    for name, value in changed.items():
        asked[name] = value
    return f"?{asked.urlencode()}"


def _result(request: HttpRequest) -> Result | None:
    asked = request.GET.get("result", "")
    return Result(asked) if asked in Result.values else None


def division_asked(given: QueryDict, who: UserActor, found: Screening) -> int:
    """The division asked for; else the uppermost that the user may see. Raises SCR-021 where there is none."""
    asked = str(given.get("division", ""))
    if asked:
        return divisions.place(asked).number
    uppermost = queries.roots(who, found)
    if not uppermost:
        raise NotFound(
            "SCR-021",
            _("This screening has no counts for that division in your area."),
            remedy=_("Choose a division from the table."),
        )
    return uppermost[0]
