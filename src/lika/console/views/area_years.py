"""The yearly figures of villages and counties: entered and confirmed (counties), corrected once locked, the history."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.collection.rounds.forms import PartForm, PeriodForm
from lika.console.change_forms import YearForm
from lika.console.facts import declared
from lika.console.queries import changes as words
from lika.console.queries.focus import way_to
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.engine.schema import Fact
from lika.register import actions, queries
from lika.register.actions import Period, changes
from lika.register.choices import Subject, YearState
from lika.register.models import CountyYear
from lika.register.queries import AreaYear

_SIGNS = {YearState.DRAFT: "plain", YearState.CONFIRMED: "met", YearState.LOCKED: "done"}


@requires(Permission.REGISTER_VIEW)
def area_years(request: HttpRequest, code: str) -> HttpResponse:
    """The years of a village or county, and all corrections of them."""
    who = actor(request)
    place = _place(code)
    rows = queries.area_years(by=who, division=place)
    context = {
        "place": place,
        "path": way_to(who, place.code),
        "lines": [(row, YearState(row.state).label, _SIGNS[YearState(row.state)]) for row in rows],
        "next_year": _next_year(who, place, rows),
        "changes": words.told(queries.area_changes(by=who, division=place.number)),
    }
    return render(request, "console/area_years.html", context)


def _place(code: str) -> Division:
    """The village or county of a code. Raises DIV-001, DIV-010."""
    place = divisions.get(code)
    if place.level not in (Level.COUNTY, Level.VILLAGE):
        raise Http404
    return place


def _next_year(who: UserActor, place: Division, rows: tuple[AreaYear, ...]) -> int:
    """The year that the reader may enter next for a county: the one after the last; 0 where there is none."""
    if place.level != Level.COUNTY or not who.area_for(Permission.REGISTER_CHANGE).covers(place.code):
        return 0
    if rows:
        return rows[0].data_year + 1 if rows[0].data_year < _this_year() else 0
    return _this_year() - 1


def _this_year() -> int:
    return timezone.localdate().year


@requires(Permission.REGISTER_CHANGE)
@require_http_methods(["GET", "POST"])
def county_year(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Enter the figures of a county, or change them before they are locked; last year's stand beside them."""
    who = actor(request)
    place = _place(code)
    if place.level != Level.COUNTY:
        raise Http404
    who.require(Permission.REGISTER_CHANGE, division=place.code)
    held = next((row for row in queries.area_years(by=who, division=place) if row.data_year == year), None)
    part, facts = queries.county_year(place.number, year)
    form = PartForm(part, facts, request.POST or None)
    first, last = (held.period_from, held.period_to) if held else (dt.date(year, 1, 1), dt.date(year, 12, 31))
    period = PeriodForm(request.POST or None, initial={"period_from": first, "period_to": last})
    if request.method == "POST" and all([form.is_valid(), period.is_valid()]):
        given = Period(year, **period.cleaned_data)
        try:
            actions.record_county_year(by=who, county=place.code, period=given, values=form.cleaned_data)
        except UserError as error:
            if isinstance(error, PermissionRefused):
                raise
            period.refuse(error)
        else:
            messages.success(request, _("Kept: another person confirms it."))
            return redirect("console:area-years", place.code)
    context = {
        "place": place,
        "path": way_to(who, place.code),
        "year": year,
        "held": held,
        "lines": form.lines(()),
        "period": period,
    }
    return render(request, "console/county_year.html", context, status=422 if form.errors or period.errors else 200)


@requires(Permission.REGISTER_CONFIRM)
@require_POST
def settle(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    """A county's draft is confirmed by a second person; a confirmed year is locked (`step`)."""
    who = actor(request)
    place = _place(code)
    row = CountyYear(pk=pk)
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "confirm": (
            lambda: actions.confirm_year(by=who, row=row),
            _("Confirmed: lock it when nothing is left to mend."),
        ),
        "lock": (lambda: actions.lock_year(by=who, row=row), _("Locked: from now on by correction only.")),
    }
    act, told = acts.get(request.POST.get("step", ""), (None, ""))
    if act is None:
        raise Http404
    try:
        act()
    except UserError as error:
        if isinstance(error, PermissionRefused | NotFound):
            raise
        messages.error(request, f"{error.message} {error.remedy} ({error.code})")
    else:
        messages.success(request, told)
    return redirect("console:area-years", place.code)


@requires(Permission.REGISTER_CHANGE)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Correct a locked year of a village or county: for a reason, and a second person agrees. `?year=` chooses it."""
    who = actor(request)
    place = _place(code)
    who.require(Permission.REGISTER_CHANGE, division=place.code)
    rows = [row for row in queries.area_years(by=who, division=place) if row.may_correct]
    asked = next((f"{row.subject}:{row.id}" for row in rows if str(row.data_year) == request.GET.get("year")), "")
    form = YearForm(
        request.POST or None,
        rows=[(f"{row.subject}:{row.id}", str(row.data_year)) for row in rows],
        fields=_fields(Subject.COUNTY_YEAR if place.level == Level.COUNTY else Subject.VILLAGE_YEAR),
        initial={"row": asked},
    )
    if request.method == "POST" and form.is_valid():
        subject, row, values = form.asked()
        try:
            made = changes.propose_year_correction(
                by=who, subject=subject, row=row, values=values, grounds=form.grounds()
            )
        except UserError as error:
            if isinstance(error, PermissionRefused | NotFound):
                raise
            form.refuse(error)
        else:
            messages.success(request, _("Proposed: it waits for a second person."))
            return redirect("console:change", made.pk)
    context = {"place": place, "path": way_to(who, place.code), "form": form, "rows": rows}
    return render(request, "console/area_year_correct.html", context, status=422 if form.errors else 200)


def _fields(subject: Subject) -> dict[str, Fact]:
    """What may be corrected in a year, as the form names it."""
    known = declared().units[words.YEAR_UNITS[subject]]
    return {f"{subject}:{name}": known[name] for name in queries.yearly_fields(subject) if name in known}
