"""Who signs in which capacity at a place: holders, deputies, vacancies; entering and ending them."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.accounts.places import place_asked, way_up
from lika.accounts.queries import officials_holding
from lika.casework.actions import signatories as actions
from lika.casework.forms.signing import EndForm, SignatoryForm
from lika.casework.queries import signatories as reads
from lika.casework.queries.signatories import CapacityLine
from lika.casework.views.common import tabs_for
from lika.core.permissions import Permission
from lika.divisions.models import Division


@requires(Permission.CASEWORK_VIEW)
@never_cache
def signatories(request: HttpRequest) -> HttpResponse:
    """The capacities asked for at `?division=`, who holds them, and how many are vacant below."""
    return _page(request)


@requires(Permission.SIGNATORIES_KEEP)
@never_cache
@sensitive_post_parameters()
@require_POST
def name(request: HttpRequest) -> HttpResponse:
    """Enter who signs in a capacity at `?division=`."""
    place = _place(request)
    form = _form(request, place, reads.lines_of(actor(request), place, timezone.localdate()), request.POST)
    if form.is_valid() and form.accepts(
        lambda: actions.name_signatory(by=actor(request), division=place.code, **form.given())
    ):
        messages.success(request, _("Entered in the list of signatories."))
        return _back(place.code)
    return _page(request, name_form=form)


@requires(Permission.SIGNATORIES_KEEP)
@never_cache
@require_POST
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The last day of a signatory."""
    form = EndForm(request.POST)

    def act() -> None:
        actions.end_signatory(by=actor(request), signatory=pk, last_day=form.cleaned_data["last_day"])

    if form.is_valid() and form.accepts(act):
        messages.success(request, _("The last day is entered."))
        return _back(_place(request).code)
    return _page(request, end_form=form, ending=pk)


def _page(request: HttpRequest, **refused: Any) -> HttpResponse:
    who, place, today = actor(request), _place(request), timezone.localdate()
    lines = reads.lines_of(who, place, today)
    keeps = who.area_for(Permission.SIGNATORIES_KEEP).covers(place.code)
    context = {
        "place": place,
        "above": way_up(who, Permission.CASEWORK_VIEW, place),
        "lines": lines,
        "vacant": sum(each.holder is None for each in lines),
        "below": reads.vacant_below(place, today),
        "keeps": keeps,
        "name_form": _form(request, place, lines) if keeps and lines else None,
        "end_form": EndForm(initial={"last_day": today}),
        "tabs": tabs_for(request, "signatories"),
        **refused,
    }
    return render(request, "casework/signatories.html", context, status=422 if refused else 200)


def _form(request: HttpRequest, place: Division, lines: list[CapacityLine], data: Any = None) -> SignatoryForm:
    posted = officials_holding(Permission.CASEWORK_VIEW, place.code, timezone.localdate())
    own = actor(request).official_id
    return SignatoryForm(
        data,
        request.FILES if data is not None else None,
        capacities=[(each.capacity.value, each.capacity.label) for each in lines],
        officials=[(str(each.pk), each.name) for each in posted if each.pk != own],
        holders=[
            (str(each.holder.pk), f"{each.holder.official.name} · {each.capacity.label}")
            for each in lines
            if each.holder is not None
        ],
        initial={"valid_from": timezone.localdate()},
    )


def _place(request: HttpRequest) -> Division:
    return place_asked(actor(request), Permission.CASEWORK_VIEW, request.GET.get("division", ""))


def _back(division: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('casework:signatories')}?{urlencode({'division': division})}")
