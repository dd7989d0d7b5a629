"""The work calendar of a place: a year of it, counting a period, and keeping it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.accounts.places import place_asked
from lika.casework.actions import days as actions
from lika.casework.choices import DayMark
from lika.casework.forms.days import ConfirmYearForm, CountForm, ReopenYearForm, SpecialDayForm
from lika.casework.models import SpecialDay
from lika.casework.periods import DayKind, period
from lika.casework.queries import days as reads
from lika.casework.views.common import tabs_for
from lika.core.errors import PermissionRefused, UserError
from lika.core.forms import ActionForm
from lika.core.permissions import Permission
from lika.divisions.models import Division

FIRST_YEAR, LAST_YEAR = 2004, 2099


@requires(Permission.CASEWORK_VIEW)
def workdays(request: HttpRequest) -> HttpResponse:
    """A year of days at a place: `?division=`, `?year=`; `?posted_on=`, `?days=`, `?kind=` count a period."""
    return _page(request)


@requires(Permission.WORKDAYS_KEEP)
@require_POST
def set_day(request: HttpRequest) -> HttpResponse:
    """Enter a special day at `?division=`."""
    form, place = SpecialDayForm(request.POST), _place(request)
    if form.is_valid():
        given = form.cleaned_data | {"mark": DayMark(form.cleaned_data["mark"])}
        try:
            actions.set_day(by=actor(request), division=place.code, **given)
        except PermissionRefused:
            raise
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Entered in the calendar."))
            return _back(place, given["day"].year)
    return _page(request, day_form=form)


@requires(Permission.WORKDAYS_KEEP)
@require_POST
def drop_day(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a special day out."""
    actions.drop_day(by=actor(request), special_day=pk)
    messages.success(request, _("Taken out of the calendar."))
    return _back(_place(request), year_asked(request.GET))


@requires(Permission.WORKDAYS_KEEP)
@require_POST
def confirm_year(request: HttpRequest) -> HttpResponse:
    """Confirm the year of `?year=` at `?division=`."""
    form, place, year = ConfirmYearForm(request.POST), _place(request), year_asked(request.GET)
    if form.is_valid():
        try:
            actions.confirm_year(by=actor(request), division=place.code, year=year, **form.cleaned_data)
        except PermissionRefused:
            raise
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(year)s is confirmed.") % {"year": year})
            return _back(place, year)
    return _page(request, confirm_form=form)


@requires(Permission.WORKDAYS_KEEP)
@require_POST
def reopen_year(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a confirmation back, with a reason."""
    form = ReopenYearForm(request.POST)
    if form.is_valid():
        actions.reopen_year(by=actor(request), calendar_year=pk, reason=form.cleaned_data["source"])
        return _back(_place(request), year_asked(request.GET))
    return _page(request, reopen_form=form)


def _page(request: HttpRequest, **forms: ActionForm) -> HttpResponse:
    who, place, year = actor(request), _place(request), year_asked(request.GET)
    shown, today = reads.year_of(place.code, year), timezone.localdate()
    keeps = who.area_for(Permission.WORKDAYS_KEEP).covers(place.code)
    counting = CountForm(request.GET if "days" in request.GET else None, initial={"posted_on": today})
    context: dict[str, Any] = {
        "place": place,
        "year": year,
        "years": [today.year + step for step in (-1, 0, 1)],
        "shown": shown,
        "lines": _runs(shown.days, place.code if keeps else ""),
        "own_year": keeps and shown.confirmed is not None and shown.confirmed.division_id == place.code,
        "count_form": counting,
        "counted": _counted(counting, place) if counting.is_valid() else None,
        "tabs": tabs_for(request, "workdays"),
    }
    if keeps:
        context |= {
            "day_form": SpecialDayForm(initial={"day": dt.date(year, 1, 1)}),
            "confirm_form": ConfirmYearForm(),
            "reopen_form": ReopenYearForm(),
        }
    return render(request, "casework/workdays.html", context | forms, status=422 if forms else 200)


def _runs(days: Sequence[SpecialDay], kept: str) -> list[dict[str, Any]]:
    """Days in a row that are alike as one line, but for those of the place that is kept: each can be taken out."""
    lines: list[dict[str, Any]] = []
    for row in days:
        own, before = row.division_id == kept, lines[-1] if lines else None
        if before and not own and _goes_on(before, row):
            before["last"] = row.day
        else:
            lines.append({"row": row, "last": row.day, "own": own})
    return lines


def _goes_on(line: dict[str, Any], row: SpecialDay) -> bool:
    alike = ("mark", "note", "source", "division_id")
    return (row.day - line["last"]).days == 1 and all(
        getattr(row, name) == getattr(line["row"], name) for name in alike
    )


def _counted(form: CountForm, place: Division) -> Any:
    given = form.cleaned_data
    return period(given["posted_on"], given["days"], DayKind(given["kind"]), reads.calendar_of(place.code))


def _place(request: HttpRequest) -> Division:
    return place_asked(actor(request), Permission.CASEWORK_VIEW, request.GET.get("division", ""))


def year_asked(given: QueryDict) -> int:
    """The year of an address (`year=`); else this one."""
    text = given.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else timezone.localdate().year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _back(place: Division, year: int) -> HttpResponseRedirect:
    return redirect(f"{reverse('casework:workdays')}?{urlencode({'division': place.code, 'year': year})}")
