"""Pages of pairing: coverage by division, households without a helper, pairings, a household's helpers."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lika.accounts.access import actor, requires
from lika.accounts.places import way_up
from lika.assistance.actions.proposals import propose
from lika.assistance.actions.wanted import Line
from lika.assistance.forms.pairing import ChangeForm, PairingFilterForm, ProposeForm
from lika.assistance.models import Pairing, Proposal
from lika.assistance.queries import pairing as reads
from lika.assistance.queries.rules import rules_at
from lika.assistance.queries.units import helpers, units
from lika.assistance.views.common import PAGE_SIZE, id_of, place_of, tabs_for
from lika.core.areas import CODE_LENGTH, Area
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.names import place_name
from lika.register import queries as register
from lika.register.choices import PovertyStatus


@requires(Permission.PAIRING_VIEW)
@never_cache
def coverage(request: HttpRequest) -> HttpResponse:
    """How many registered households have a helper, by division: `?division=`."""
    who, place = actor(request), place_of(request)
    lines = reads.coverage(who, place)
    households, paired, exited, exited_paired = reads.total_of(lines)
    context = {
        "place": place,
        "path": way_up(who, Permission.PAIRING_VIEW, place),
        "tabs": tabs_for(request, "coverage"),
        "lines": lines,
        "households": households,
        "paired": paired,
        "unpaired": households - paired,
        "exited": exited,
        "exited_paired": exited_paired,
        "rules": rules_at(place.code, timezone.localdate()),
        "may_suggest": place.level >= Level.TOWNSHIP and who.area_for(Permission.PAIRING_PROPOSE).covers(place.code),
    }
    return render(request, "assistance/coverage.html", context)


@requires(Permission.PAIRING_VIEW)
@never_cache
@require_http_methods(["GET", "POST"])
def unpaired(request: HttpRequest) -> HttpResponse:
    """The households without a helper (`?division=`, `?page=`); those ticked get one by a proposal."""
    who, place = actor(request), place_of(request)
    found = reads.unpaired(who, Area.of([place.code]))
    proposes = who.area_for(Permission.PAIRING_PROPOSE).covers(place.code)
    form = None
    if proposes:
        active = helpers(who).filter(ended_on=None, unit__ended_on=None)
        form = ProposeForm(request.POST or None, helpers=active)
    chosen = [key for key in map(id_of, request.POST.getlist("household")) if key is not None]
    if request.method == "POST" and form is not None and form.is_valid():
        given = form.cleaned_data
        lines = [Line(each, helper=uuid.UUID(given["helper"])) for each in chosen]
        made: list[Proposal] = []
        if form.accepts(lambda: made.append(propose(by=who, division=place.code, lines=lines, reason=given["reason"]))):
            messages.success(request, _("The proposal is made. It takes effect when it is agreed."))
            return redirect("assistance:proposal", pk=made[0].pk)
    page = Paginator(found, PAGE_SIZE).get_page(page_of(request))
    rows = register.rows_of(
        found.filter(pk__in=[each.pk for each in page.object_list]), by=who, year=register.latest_year(who)
    )
    context = {
        "place": place,
        "path": way_up(who, Permission.PAIRING_VIEW, place),
        "tabs": tabs_for(request, "coverage"),
        "list": {"page": page.number, "pages": page.paginator.num_pages},
        "total": page.paginator.count,
        "rows": [
            {
                "row": row,
                "label": PovertyStatus(row.poverty_status).label,
                "village": place_name(row.village_name),
            }
            for row in rows
        ],
        "form": form,
        "chosen": set(chosen),
        "may_suggest": proposes and place.level >= Level.TOWNSHIP,
    }
    return render(request, "assistance/unpaired.html", context, status=422 if form is not None and form.errors else 200)


@requires(Permission.PAIRING_VIEW)
@never_cache
def pairings(request: HttpRequest) -> HttpResponse:
    """The pairings that hold: `?division=`, `?unit=`, `?helper=`, `?page=`."""
    who, place = actor(request), place_of(request)
    unit, helper = id_of(request.GET.get("unit", "")), id_of(request.GET.get("helper", ""))
    found = reads.pairings(who, Area.of([place.code]), unit=unit, helper=helper)
    page = Paginator(found, PAGE_SIZE).get_page(page_of(request))
    shown: list[Pairing] = list(page.object_list)
    heads = reads.heads_of(who, [each.household_id for each in shown])
    villages = divisions.by_codes({f"{each.household.village:0{CODE_LENGTH}d}" for each in shown})
    context = {
        "place": place,
        "path": way_up(who, Permission.PAIRING_VIEW, place),
        "tabs": tabs_for(request, "pairings"),
        "list": {"page": page.number, "pages": page.paginator.num_pages},
        "total": page.paginator.count,
        "lines": [
            {
                "pairing": each,
                "head": heads.get(each.household_id, ""),
                "village": villages[f"{each.household.village:0{CODE_LENGTH}d}"],
                "label": PovertyStatus(each.household.poverty_status).label,
            }
            for each in shown
        ],
        "form": PairingFilterForm(request.GET, units=units(who).filter(ended_on=None)),
        "carried": [("division", place.code), *([("helper", str(helper))] if helper else [])],
        "filtered": bool(unit or helper),
    }
    return render(request, "assistance/pairings.html", context)


@requires(Permission.PAIRING_VIEW)
@never_cache
@require_http_methods(["GET", "POST"])
def household(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A household's helpers, now and before; where the reader may, another is proposed."""
    who = actor(request)
    found = register.household_visible_to(who, pk)
    code = f"{found.village:0{CODE_LENGTH}d}"
    known = reads.pairings_of(found.pk)
    holding = [each for each in known if each.ended_on is None]
    form = None
    if found.village in who.area_for(Permission.PAIRING_PROPOSE):
        active = helpers(who).filter(ended_on=None, unit__ended_on=None)
        form = ChangeForm(request.POST or None, helpers=active, holding=holding)
    if request.method == "POST" and form is not None and form.is_valid():
        given = form.cleaned_data
        line = Line(found.pk, helper=id_of(given["helper"]), ends=id_of(given["ends"]))
        made: list[Proposal] = []
        if form.accepts(lambda: made.append(propose(by=who, division=code, lines=[line], reason=given["reason"]))):
            messages.success(request, _("The proposal is made. It takes effect when it is agreed."))
            return redirect("assistance:proposal", pk=made[0].pk)
    context = {
        "household": found,
        "head": reads.heads_of(who, [found.pk]).get(found.pk, ""),
        "village": divisions.get(code),
        "label": PovertyStatus(found.poverty_status).label,
        "known": known,
        "holding": holding,
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "assistance/household.html", context, status=status)
