"""The staff pages: what may be proposed, what waits for a second person, what was told."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.core.errors import NotFound
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.disclosure import actions, content
from lika.disclosure.choices import Kind, State
from lika.disclosure.queries import proposals as queries

PROPOSALS_A_PAGE = 20


@requires(Permission.DISCLOSURE_PROPOSE)
def publications(request: HttpRequest) -> HttpResponse:
    """What waits, what could be proposed, and everything decided, newest first."""
    who = actor(request)
    found = queries.proposals(who).defer("content", "places")
    decided = Paginator(found.exclude(state=State.WAITING), PROPOSALS_A_PAGE).get_page(page_of(request))
    waiting = list(found.filter(state=State.WAITING))
    context = {
        "waiting": waiting,
        "offers": queries.offers(who),
        "page": decided,
        "total": len(waiting) + decided.paginator.count,
        "withdrawn": queries.withdrawn_among(decided.object_list),
        "list": {"page": decided.number, "pages": decided.paginator.num_pages},
    }
    return render(request, "disclosure/publications.html", context)


@requires(Permission.DISCLOSURE_PROPOSE)
def proposal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A proposal as everyone would read it, with what may be done with it."""
    who = actor(request)
    found = queries.proposal_of(who, pk)
    own = found.proposed_by == who.name
    publishes = who.area_for(Permission.DISCLOSURE_PUBLISH).covers(f"{found.division:012d}")
    context = {
        "proposal": found,
        "document": found,
        "content": content.read(found.content),
        "publication": queries.publication_of(found),
        "own": own,
        "may_publish": publishes and not own,
        "may_decline": publishes or own,
        "may_withdraw": publishes,
    }
    return render(request, "disclosure/proposal.html", context)


@requires(Permission.DISCLOSURE_PROPOSE)
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Propose what was chosen; on to its page. Raises DIS-011 for a kind that there is not."""
    kind = request.POST.get("kind", "")
    if kind not in Kind.values:
        raise NotFound("DIS-011", _("There is no such kind of publication."), remedy=_("Use the buttons of the list."))
    made = actions.propose(
        by=actor(request),
        kind=Kind(kind),
        division=request.POST.get("division", ""),
        pack_id=request.POST.get("pack", ""),
    )
    messages.success(request, _("Proposed: a second person publishes it."))
    return redirect("disclosure:proposal", made.pk)


@requires(Permission.DISCLOSURE_PUBLISH)
@require_POST
def publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Publish what another person proposed."""
    actions.publish(by=actor(request), proposal=pk)
    messages.success(request, _("Published: everyone can read it now."))
    return redirect("disclosure:proposal", pk)


@requires(Permission.DISCLOSURE_PROPOSE)
@require_POST
def decline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Decline a proposal, or take back one's own."""
    actions.decline(by=actor(request), proposal=pk, reason=request.POST.get("reason", ""))
    messages.success(request, _("Declined: nothing was published."))
    return redirect("disclosure:proposal", pk)


@requires(Permission.DISCLOSURE_PUBLISH)
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Withdraw a publication."""
    actions.withdraw(by=actor(request), publication=pk, reason=request.POST.get("reason", ""))
    messages.success(request, _("Withdrawn: the public page says so."))
    return redirect("disclosure:proposal", pk)
