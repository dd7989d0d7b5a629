"""The staff pages of notices on the web: a page opened and closed, and what the public sent from it."""

import json
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.casework.models import NoticeLine
from lika.casework.queries import notices as casework
from lika.casework.queries.courses import lines_of
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.disclosure import actions, sealing
from lika.disclosure.queries.inbox import inbox_waiting, nothing_waits

LISTED = 50  # entries at a time; each is opened with the key


@requires(Permission.CASEWORK_VIEW)
@require_POST
def notice_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a notice on the web, or longer; `act` close: no more."""
    who = actor(request)
    found = casework.notice_in_sight(who, pk)
    act = actions.close_notice_page if request.POST.get("act") == "close" else actions.open_notice_page
    try:
        act(by=who, notice=pk)
        messages.success(request, _("Done."))
    except (PermissionRefused, NotFound):
        raise
    except UserError as error:
        messages.error(request, f"{error.message} {error.remedy} ({error.code})")
    return redirect(reverse("casework:notices", args=[found.batch_id]))


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def inbox(request: HttpRequest) -> HttpResponse:
    """What was sent and waits: each is taken in as an objection of a case, or refused with a reason."""
    who = actor(request)
    error = None
    if request.method == "POST":
        try:
            _deal_with(request)
            messages.success(request, _("Done."))
            return redirect("disclosure:inbox")
        except (PermissionRefused, NotFound):
            raise
        except UserError as refused:
            error = refused
    entries = list(inbox_waiting(who)[:LISTED])
    lines = NoticeLine.objects.filter(notice__in=[each.page_id for each in entries]).select_related("case")
    lines = lines.order_by("case__number")
    named = {line.case.pk: line for line in lines_of(who, {line.case for line in lines})}
    told = [
        {
            "row": each,
            "said": json.loads(sealing.opened(bytes(each.box))),
            "cases": [named[line.case_id] for line in lines if line.notice_id == each.page_id],
        }
        for each in entries
    ]
    return render(request, "disclosure/inbox.html", {"entries": told, "error": error}, status=422 if error else 200)


def _deal_with(request: HttpRequest) -> None:
    who, given = actor(request), request.POST
    try:
        entry = uuid.UUID(given.get("entry", ""))
        case = uuid.UUID(given["case"]) if given.get("case") else None
    except ValueError as error:
        raise nothing_waits() from error
    if case is None:
        actions.refuse_from_inbox(by=who, entry=entry, reason=given.get("reason", ""))
    else:
        actions.take_from_inbox(by=who, entry=entry, case=case)
