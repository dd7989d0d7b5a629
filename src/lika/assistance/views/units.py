"""Pages of helping units: the list, a new one, one with its villages and helpers."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.assistance.actions import units as actions
from lika.assistance.actions.units import Named
from lika.assistance.choices import Affiliation, Rank
from lika.assistance.forms.pairing import HelperForm, UnitForm, VillagesForm
from lika.assistance.models import HelpingUnit
from lika.assistance.queries import units as reads
from lika.assistance.queries.rules import rules_at
from lika.assistance.views.common import id_of, tabs_for
from lika.core.areas import CODE_LENGTH, Area
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level


@requires(Permission.PAIRING_VIEW)
@never_cache
def units(request: HttpRequest) -> HttpResponse:
    """The units that help here, with their helpers and households."""
    who = actor(request)
    context = {
        "units": reads.units_with_counts(who),
        "tabs": tabs_for(request, "units"),
        "may_add": who.has(Permission.HELPERS_KEEP),
    }
    return render(request, "assistance/units.html", context)


@requires(Permission.HELPERS_KEEP)
@never_cache
@require_http_methods(["GET", "POST"])
def unit_new(request: HttpRequest) -> HttpResponse:
    """A new unit."""
    who = actor(request)
    form = UnitForm(request.POST or None, places=reads.places_kept(who))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"affiliation": Affiliation(form.cleaned_data["affiliation"])}
        made: list[HelpingUnit] = []
        if form.accepts(lambda: made.append(actions.add_unit(by=who, **given))):
            messages.success(request, _("The unit is entered. Choose its villages and name its helpers."))
            return redirect("assistance:unit", pk=made[0].pk)
    return render(request, "assistance/unit_new.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.PAIRING_VIEW)
@never_cache
def unit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One unit: its villages, its helpers with how many households each has of how many."""
    return _page(request, pk)


@requires(Permission.HELPERS_KEEP)
@never_cache
@require_POST
def villages(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The villages that the unit answers for."""
    found = reads.unit_in_sight(actor(request), pk)
    form = VillagesForm(request.POST, villages=_villages_near(found))
    if form.is_valid() and form.accepts(
        lambda: actions.set_villages(by=actor(request), unit=pk, villages=form.cleaned_data["villages"])
    ):
        messages.success(request, _("The villages are kept."))
        return redirect("assistance:unit", pk=pk)
    return _page(request, pk, villages_form=form)


@requires(Permission.HELPERS_KEEP)
@never_cache
@require_POST
def helper_new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The unit names a helper."""
    who = actor(request)
    found = reads.unit_in_sight(who, pk)
    form = HelperForm(request.POST, officials=reads.officials_to_name(found, timezone.localdate()))
    if form.is_valid():
        given = form.cleaned_data
        named = Named(
            rank=Rank(given["rank"]),
            official=id_of(given["official"]),
            name=given["name"],
            title=given["title"],
            phone=given["phone"],
            party_member=given["party_member"],
        )
        if form.accepts(lambda: actions.add_helper(by=who, unit=pk, named=named)):
            messages.success(request, _("The helper is named. Households are paired by a proposal."))
            return redirect("assistance:unit", pk=pk)
    return _page(request, pk, helper_form=form)


@requires(Permission.HELPERS_KEEP)
@never_cache
@require_POST
def helper_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A helper helps no more."""
    ended = actions.end_helper(by=actor(request), helper=pk)
    messages.success(request, _("%(name)s helps no more.") % {"name": ended.official.name})
    return redirect("assistance:unit", pk=ended.unit_id)


@requires(Permission.HELPERS_KEEP)
@never_cache
@require_POST
def unit_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A unit helps no more."""
    ended = actions.end_unit(by=actor(request), unit=pk)
    messages.success(request, _("%(name)s helps no more.") % {"name": ended.name})
    return redirect("assistance:units")


def _page(request: HttpRequest, pk: uuid.UUID, **refused: Any) -> HttpResponse:
    who = actor(request)
    found = reads.unit_in_sight(who, pk)
    today = timezone.localdate()
    rules = rules_at(found.division_id, today)
    active = list(reads.helpers(who).filter(unit=found, ended_on=None))
    here = {f"{each.village:0{CODE_LENGTH}d}" for each in found.villages.all()}
    keeps = found.ended_on is None and who.area_for(Permission.HELPERS_KEEP).covers(found.division_id)
    context: dict[str, Any] = {
        "unit": found,
        "loads": [reads.Load(each, vars(each)["households"], rules.quota(each.rank)) for each in active],
        "rules": rules,
        "villages": sorted(divisions.by_codes(here).values(), key=lambda each: each.code),
        "keeps": keeps,
    }
    if keeps:
        context["villages_form"] = VillagesForm(villages=_villages_near(found), initial={"villages": sorted(here)})
        context["helper_form"] = HelperForm(officials=reads.officials_to_name(found, today))
    status = 422 if any(form.errors for form in refused.values()) else 200
    return render(request, "assistance/unit.html", context | refused, status=status)


def _villages_near(found: HelpingUnit) -> Any:
    return divisions.lying_in(Area.of([found.division_id]), Level.VILLAGE)
