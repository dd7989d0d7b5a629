"""Pages of proposals: what waits, one with its lines, the steps, and the balanced assignment that may become one."""

import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.accounts.places import place_asked
from lika.accounts.queries import UserActor, names_of
from lika.assistance.actions import proposals as actions
from lika.assistance.actions.wanted import Line
from lika.assistance.choices import PROPOSAL_MOVES, ProposalState, ProposalVerb
from lika.assistance.forms.pairing import PairsForm, StepForm
from lika.assistance.models import Proposal
from lika.assistance.queries import proposals as reads
from lika.assistance.queries.pairing import heads_of
from lika.assistance.queries.suggesting import Suggested, suggest
from lika.assistance.views.common import PAGE_SIZE, tabs_for
from lika.core.areas import CODE_LENGTH
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.forms import ActionForm
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.divisions import queries as divisions

SIGNS = {
    ProposalState.PROPOSED: "waiting",
    ProposalState.PASSED: "waiting",
    ProposalState.AGREED: "done",
    ProposalState.RETURNED: "not_met",
    ProposalState.WITHDRAWN: "plain",
}


@requires(Permission.PAIRING_VIEW)
@never_cache
def proposals(request: HttpRequest) -> HttpResponse:
    """The proposals of the reader's area, open ones first: `?page=`."""
    found = reads.waiting_first(reads.proposals(actor(request)))
    page = Paginator(found, PAGE_SIZE).get_page(page_of(request))
    shown: list[Proposal] = list(page.object_list)
    places = divisions.by_codes({_code(each.number) for each in shown})
    names = names_of({each.proposed_by for each in shown})
    context = {
        "tabs": tabs_for(request, "proposals"),
        "list": {"page": page.number, "pages": page.paginator.num_pages},
        "total": page.paginator.count,
        "lines": [
            {
                "proposal": each,
                "place": places[_code(each.number)],
                "by": names.get(each.proposed_by, each.proposed_by),
                "sign": SIGNS[ProposalState(each.state)],
            }
            for each in shown
        ],
    }
    return render(request, "assistance/proposals.html", context)


@requires(Permission.PAIRING_VIEW)
@never_cache
def proposal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One proposal: what would change, why, who has done what, what the reader may do."""
    return _page(request, pk)


@requires(Permission.PAIRING_REVIEW)
@never_cache
@require_POST
def proposal_pass(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The township passes it."""
    return _stepped(request, pk, None, lambda who, _note: actions.pass_proposal(by=who, proposal=pk))


@requires(Permission.PAIRING_AGREE)
@never_cache
@require_POST
def proposal_agree(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The county headquarters agrees."""
    return _stepped(request, pk, None, lambda who, _note: actions.agree(by=who, proposal=pk))


@requires(Permission.PAIRING_VIEW)
@never_cache
@require_POST
def proposal_return(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """It is sent back, with the reason."""
    form = StepForm(request.POST, auto_id="return_%s")
    return _stepped(
        request, pk, ("return_form", form), lambda who, note: actions.send_back(by=who, proposal=pk, note=note)
    )


@requires(Permission.PAIRING_PROPOSE)
@never_cache
@require_POST
def proposal_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """It is withdrawn, with the reason."""
    form = StepForm(request.POST, auto_id="withdraw_%s")
    return _stepped(
        request, pk, ("withdraw_form", form), lambda who, note: actions.withdraw(by=who, proposal=pk, note=note)
    )


@requires(Permission.PAIRING_PROPOSE)
@never_cache
@require_http_methods(["GET", "POST"])
def suggestion(request: HttpRequest) -> HttpResponse:
    """A balanced assignment for the households without a helper (`?division=`): shown, then proposed as shown."""
    who = actor(request)
    place = place_asked(who, Permission.PAIRING_PROPOSE, request.GET.get("division", ""))
    form = PairsForm(request.POST or None, initial={"reason": _("Households without a helper get one.")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        lines = [Line(household, helper=helper) for household, helper in given["pairs"]]
        made: list[Proposal] = []
        if form.accepts(
            lambda: made.append(
                actions.propose(by=who, division=place.code, lines=lines, reason=given["reason"], suggested=True)
            )
        ):
            messages.success(request, _("The proposal is made. It takes effect when it is agreed."))
            return redirect("assistance:proposal", pk=made[0].pk)
    found: Suggested | None = None
    refused: UserError | None = None
    try:
        found = suggest(who, place, timezone.localdate())
    except (PermissionRefused, NotFound):
        raise
    except UserError as error:
        refused = error
    if found is not None:
        pairs = (f"{line.household.id} {line.helper.pk}" for line in found.lines if line.helper is not None)
        form.initial["pairs"] = ";".join(pairs)
    context = {"place": place, "found": found, "refused": refused, "form": form}
    return render(request, "assistance/suggestion.html", context, status=422 if form.errors or refused else 200)


def _stepped(
    request: HttpRequest,
    pk: uuid.UUID,
    asked: tuple[str, ActionForm] | None,
    act: Callable[[UserActor, str], Proposal],
) -> HttpResponse:
    """Do a step and go back to the proposal; what is refused stands on its page."""
    who = actor(request)
    if asked is not None and not asked[1].is_valid():
        return _page(request, pk, forms=dict([asked]))
    try:
        done = act(who, asked[1].cleaned_data["note"] if asked is not None else "")
    except (PermissionRefused, NotFound):
        raise
    except UserError as error:
        return _page(request, pk, refused=error)
    messages.success(request, _("Now: %(state)s.") % {"state": ProposalState(done.state).label})
    return redirect("assistance:proposal", pk=pk)


def _page(
    request: HttpRequest,
    pk: uuid.UUID,
    *,
    refused: UserError | None = None,
    forms: Mapping[str, ActionForm] = MappingProxyType({}),
) -> HttpResponse:
    who = actor(request)
    found = reads.proposal_in_sight(who, pk)
    lines = reads.lines_of(found)
    heads = heads_of(who, [line.household_id for line in lines])
    villages = divisions.by_codes({_code(line.household.village) for line in lines})
    steps = reads.steps_of(found)
    context: dict[str, Any] = {
        "proposal": found,
        "place": divisions.get(_code(found.number)),
        "sign": SIGNS[ProposalState(found.state)],
        "lines": [
            {
                "line": line,
                "head": heads.get(line.household_id, ""),
                "village": villages[_code(line.household.village)],
            }
            for line in lines
        ],
        "steps": _events(steps),
        "refused": refused,
        **_may(who, found),
        **forms,
    }
    bad = refused is not None or any(form.errors for form in forms.values())
    return render(request, "assistance/proposal.html", context, status=422 if bad else 200)


def _may(who: UserActor, found: Proposal) -> dict[str, Any]:
    """The steps that the reader may take: not those of somebody who had a hand in it."""
    code = _code(found.number)
    open_to = {verb for verb, begins in PROPOSAL_MOVES.items() if found.state in begins}
    fresh = who.name not in reads.passed_by(found)
    passes = fresh and ProposalVerb.PASS in open_to and who.area_for(Permission.PAIRING_REVIEW).covers(code)
    agrees = fresh and ProposalVerb.AGREE in open_to and who.area_for(Permission.PAIRING_AGREE).covers(code)
    proposes = ProposalVerb.WITHDRAW in open_to and who.area_for(Permission.PAIRING_PROPOSE).covers(code)
    may: dict[str, Any] = {"passes": passes, "agrees": agrees, "had_a_hand": not fresh and bool(open_to)}
    if passes or agrees:
        may["return_form"] = StepForm(auto_id="return_%s")
    if proposes:
        may["withdraw_form"] = StepForm(auto_id="withdraw_%s")
    return may


def _events(steps: list[Any]) -> list[dict[str, Any]]:
    names = names_of({step.by_name for step in steps})
    told = []
    for step in steps:
        by = names.get(step.by_name, step.by_name)
        text = f"{step.note} · {by}" if step.note else by
        told.append({"on": timezone.localdate(step.at), "title": str(ProposalVerb(step.verb).label), "text": text})
    return told


def _code(number: int) -> str:
    return f"{number:0{CODE_LENGTH}d}"
