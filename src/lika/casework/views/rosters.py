"""Rosters on screen: drawn from the page of a batch, listed with what fell out, signed slot by slot, passed on."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.casework.actions import rosters as actions
from lika.casework.actions import signing
from lika.casework.actions.signing import Given
from lika.casework.choices import ACTING_LEVELS
from lika.casework.models import Roster
from lika.casework.queries import cases as reads
from lika.casework.queries import rosters as rosters_read
from lika.casework.queries.courses import lines_of
from lika.casework.queries.signatories import code_at
from lika.casework.views.common import tabs_for
from lika.casework.views.signing import may_look, sign_page, ways_to_sign
from lika.core.forms import ActionForm
from lika.core.permissions import Permission


@requires(Permission.CASEWORK_VIEW)
@require_POST
def draw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Draw the roster of the area in which a batch stands to be signed."""
    who = actor(request)
    batch = reads.batch_in_sight(who, pk)
    stage = reads.procedure_of(batch).stage(batch.stage)
    place = code_at(batch.division_id, stage.level)
    made = actions.draw_roster(by=who, campaign=batch.campaign_id, division=place, stage=stage.id)
    messages.success(request, _("The roster is drawn up."))
    return redirect("casework:roster", made.pk)


@requires(Permission.CASEWORK_VIEW)
@never_cache
def roster(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A roster: its hash, its cases with those that fell out, who signed, who signs next."""
    return _page(request, rosters_read.roster_in_sight(actor(request), pk))


@requires(Permission.CASEWORK_VIEW)
@never_cache
@sensitive_post_parameters()
def sign(request: HttpRequest, pk: uuid.UUID, slot: int) -> HttpResponse:
    """A slot of a roster: the cases that it still covers, and the ways to sign that are open to the reader."""
    who = actor(request)
    found = rosters_read.roster_in_sight(who, pk)
    stage = rosters_read.stage_of(found)

    def act(given: Given, _chosen: list[uuid.UUID] | None) -> object:
        return actions.sign_roster(by=who, roster=pk, slot=slot, given=given)

    holding = [each for each in rosters_read.lines_of(found) if each.holds]
    named = lines_of(who, [each.case for each in holding])
    context = {
        "title": stage.title,
        "stage": stage,
        "lines": [(line, each.hash_now) for line, each in zip(named, holding, strict=True)],
        "back": reverse("casework:roster", args=[pk]),
    }
    return sign_page(request, signing.slot_of(stage, slot), found.division, [], act, context)


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_POST
def pass_on(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The batches of a roster whose cases are all signed go on."""
    who = actor(request)
    found, form = rosters_read.roster_in_sight(who, pk), ActionForm(request.POST)

    def act() -> None:
        done = actions.pass_roster_on(by=who, roster=pk)
        told = {"n": done.passed, "waiting": done.waiting}
        messages.success(request, _("Batches that went on: %(n)s; that wait: %(waiting)s.") % told)

    if form.is_valid() and form.accepts(act):
        return redirect("casework:roster", pk)
    return _page(request, found, form)


def _page(request: HttpRequest, found: Roster, refused: ActionForm | None = None) -> HttpResponse:
    who, stage = actor(request), rosters_read.stage_of(found)
    given = {each.slot: each for each in found.signatures.select_related("official", "witness")}
    following = next((each for each in range(len(stage.slots)) if each not in given), None)
    signs = following is not None and bool(ways_to_sign(who, stage.slots[following], found.division))
    right = ACTING_LEVELS[stage.level]
    may_act = who.has(right) and who.area_for(right).covers(found.division_id)
    lines = rosters_read.lines_of(found)
    fallen = [each.case for each in lines if not each.holds]
    context = {
        "roster": found,
        "stage": stage,
        "lines": list(zip(lines_of(who, [each.case for each in lines]), lines, strict=True)),
        "fallen": len(fallen),
        "redraws": next((each.batch_id for each in fallen if may_act and each.stage == found.stage), None),
        "slots": [(index, slot, given.get(index), index == following) for index, slot in enumerate(stage.slots)],
        "following": following,
        "turn": "" if following is None else stage.slots[following].capacity.label,
        "signs": signs,
        "waits": may_act and any(each.holds and each.case.stage == found.stage for each in lines),
        "may_look": may_look(request, found.division),
        "pass_form": refused or (ActionForm() if may_act and following is None else None),
        "tabs": tabs_for(request, "batches"),
    }
    return render(request, "casework/roster.html", context, status=422 if refused else 200)
