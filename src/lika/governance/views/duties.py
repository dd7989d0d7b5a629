"""Pages of duties: who is answerable in each township and village this year, what is vacant, who is named."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.accounts.places import place_asked, way_up
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.governance.actions import duties as actions
from lika.governance.choices import Holding
from lika.governance.duties import duties as table
from lika.governance.duties import duty as duty_of
from lika.governance.forms.duties import AppointDutyForm, EndDutyForm
from lika.governance.queries import duties as reads
from lika.governance.views.common import tabs_for

FIRST_YEAR = 2013  # the register begins at the end of that year
SIGNS = {Holding.HELD: "done", Holding.POST_ENDED: "late", Holding.VACANT: "late"}


@requires(Permission.DUTIES_VIEW)
def duties(request: HttpRequest) -> HttpResponse:
    """The duties of one division in a year: `?division=`, `?year=`, `?vacant=1` for those without a holder alone."""
    who = actor(request)
    place = place_asked(who, Permission.DUTIES_VIEW, request.GET.get("division", ""))
    year, only_vacant = year_asked(request.GET), request.GET.get("vacant") == "1"
    context: dict[str, Any] = {
        "place": place,
        "path": way_up(who, Permission.DUTIES_VIEW, place),
        "year": year,
        "years": [timezone.localdate().year + step for step in (-1, 0, 1)],
        "only_vacant": only_vacant,
        "tabs": tabs_for(request, "duties"),
        "table": table(),
        "may_appoint": who.area_for(Permission.DUTIES_APPOINT).covers(place.code),
    }
    if place.level < Level.TOWNSHIP:
        counts = reads.counts(who, place, year)
        context["counts"] = [each for each in counts if each.vacant or not only_vacant]
        context["vacant"] = sum(each.vacant for each in counts)
        context["asked"] = sum(each.asked for each in counts)
    else:
        lines = reads.lines(who, place.code, year)
        context["vacant"] = sum(line.holding != Holding.HELD for line in lines)
        context["asked"] = len(lines)
        context["lines"] = [
            {"line": line, "sign": SIGNS[line.holding]}
            for line in lines
            if line.holding != Holding.HELD or not only_vacant
        ]
        context["lasting"] = reads.lasting_last_year(who, place.code, year)
    return render(request, "governance/duties.html", context)


@requires(Permission.DUTIES_APPOINT)
@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest) -> HttpResponse:
    """Name the holder of a duty: `?division=`, `?duty=`, `?year=`."""
    who = actor(request)
    place = place_asked(who, Permission.DUTIES_APPOINT, request.GET.get("division", ""))
    year, asked = year_asked(request.GET), duty_of(request.GET.get("duty", ""))
    if asked is None or asked.level != place.level:
        raise NotFound(
            "GOV-001",
            _("No such duty is asked of this division."),
            remedy=_("Choose a duty from the page of duties."),
        )
    day = reads.day_of(year)
    form = AppointDutyForm(
        request.POST or None, officials=reads.candidates(who, place, day), initial={"begins_on": day}
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        official, name, organisation = (given.pop(key) for key in ("official", "name", "organisation"))
        try:
            if official:
                actions.appoint_duty(
                    by=who, official=uuid.UUID(official), duty_id=asked.id, division=place.code, **given
                )
            else:
                actions.appoint_by_name(
                    by=who, name=name, organisation=organisation, duty_id=asked.id, division=place.code, **given
                )
        except PermissionRefused:
            raise
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(duty)s is named.") % {"duty": asked.title})
            return _back(place.code, given["begins_on"].year)
    context = {"form": form, "place": place, "duty": asked, "year": year, "back": _address(place.code, year)}
    return render(request, "governance/duty_appoint.html", context, status=422 if form.errors else 200)


@requires(Permission.DUTIES_APPOINT)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End a term, then name who follows."""
    who = actor(request)
    term = reads.term_in_sight(who, pk)
    if term is None or term.ended_on is not None:
        raise NotFound("GOV-005", _("There is no such open term."), remedy=_("Look at the page of duties again."))
    who.require(Permission.DUTIES_APPOINT, division=term.division_id)
    form = EndDutyForm(request.POST or None, initial={"last_day": reads.day_of(term.year)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_duty(by=who, term=pk, **form.cleaned_data)
        except PermissionRefused:
            raise
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The term is ended. Name who follows."))
            asked = {"division": term.division_id, "duty": term.duty, "year": term.year}
            return redirect(f"{reverse('governance:duty-appoint')}?{urlencode(asked)}")
    context = {
        "form": form,
        "term": term,
        "title": reads.title_of(term.duty),
        "back": _address(term.division_id, term.year),
    }
    return render(request, "governance/duty_end.html", context, status=422 if form.errors else 200)


@requires(Permission.DUTIES_APPOINT)
@require_POST
def carry_over(request: HttpRequest) -> HttpResponse:
    """The holders of the year before hold their duties in this one too."""
    who = actor(request)
    place = place_asked(who, Permission.DUTIES_APPOINT, request.GET.get("division", ""))
    year = year_asked(request.GET)
    number = len(actions.carry_over(by=who, division=place.code, year=year))
    told = ngettext("%(n)s holder carried over.", "%(n)s holders carried over.", number) % {"n": number}
    messages.success(request, told)
    return _back(place.code, year)


def year_asked(given: QueryDict) -> int:
    """The year asked for, this one where that is none that the register can have."""
    text, this = str(given.get("year", "")), timezone.localdate().year
    asked = int(text) if text.isascii() and text.isdigit() and len(text) == len(str(this)) else this
    return asked if FIRST_YEAR <= asked <= this + 1 else this


def _address(division: str, year: int) -> str:
    return f"{reverse('governance:duties')}?{urlencode({'division': division, 'year': year})}"


def _back(division: str, year: int) -> HttpResponseRedirect:
    """To the page of the township, where the villages stand too."""
    return redirect(_address(division, year))
