"""The staff pages of notices on the web: a page opened and closed, and what the public sent from it."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.casework.models import NoticeLine
from lika.casework.queries import notices as casework
from lika.casework.queries.courses import lines_of
from lika.casework.views.common import tabs_for
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.disclosure import actions, receiving
from lika.disclosure.choices import Entries
from lika.disclosure.forms import RefuseForm, TakeUpForm
from lika.disclosure.models import Inbox
from lika.disclosure.queries.inbox import (
    count_inbox,
    inbox_in_state,
    nothing_waits,
    objections_taken,
    pages_too_close,
    too_close,
)

LISTED = 20  # entries at a time; each is opened with the key


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
    """What was sent, `?state=`: each that waits is taken up as an objection of a case, or refused with a reason."""
    who = actor(request)
    counted = count_inbox(who)
    asked = request.GET.get("state", "")
    state = Entries(asked) if asked in Entries.values and request.method != "POST" else Entries.WAITING
    page = Paginator(inbox_in_state(who, state), LISTED).get_page(page_of(request))
    entries = list(page.object_list)
    lines = _lines(who, entries, request)
    if request.method == "POST":
        line = next((each for each in lines if str(each["row"].pk) == request.POST.get("entry")), None)
        if line is None:
            raise nothing_waits()
        done = _dealt_with(who, line, request)
        if done is not None:
            return done
    here = reverse("disclosure:inbox")
    context = {
        "lines": lines,
        "state": state,
        "waiting": counted[Entries.WAITING],
        "states": [
            {"label": each.label, "url": f"{here}?state={each}", "current": each is state, "count": counted[each]}
            for each in Entries
        ],
        "list": {"page": page.number, "pages": page.paginator.num_pages, "total": page.paginator.count},
        "tabs": tabs_for(request, "objections"),
    }
    return render(request, "disclosure/inbox.html", context, status=422 if request.method == "POST" else 200)


def _lines(who: UserActor, entries: Sequence[Inbox], request: HttpRequest) -> list[dict[str, Any]]:
    """What the page shows of each entry: opened, with the cases of its notice, the forms, and what became of it."""
    named = NoticeLine.objects.filter(notice__in=[each.page_id for each in entries])
    named = named.select_related("case").order_by("case__number")
    labels = {each.case.pk: each.label for each in lines_of(who, {line.case for line in named})}
    made = objections_taken(who, entries)
    close = pages_too_close(who, {each.page_id for each in entries})
    found = []
    for row in entries:
        cases = [line.case for line in named if line.notice_id == row.page_id]
        options = [(str(each.pk), labels[each.pk]) for each in cases]
        sent = request.POST if request.POST.get("entry") == str(row.pk) else None
        takes = "case" in request.POST
        found.append(
            {
                "row": row,
                **_said(row),
                "kept_from": too_close() if row.page_id in close else None,
                "objection": made.get(row.pk),
                "take": TakeUpForm(sent if takes else None, cases=options, auto_id=f"take-{row.pk}_%s"),
                "refuse": RefuseForm(None if takes else sent, auto_id=f"refuse-{row.pk}_%s"),
            }
        )
    return found


def _said(row: Inbox) -> dict[str, Any]:
    """What was sent; or that this one cannot be opened, which must not keep the office from the others."""
    try:
        return {"said": receiving.said_in(bytes(row.box))}
    except UserError as error:
        return {"said": None, "fault": error}


def _dealt_with(who: UserActor, line: Mapping[str, Any], request: HttpRequest) -> HttpResponse | None:
    """Act on an entry; None where that is refused, which then stands in its form."""
    entry = line["row"].pk
    if "case" in request.POST:
        form, taken = line["take"], list[Inbox]()
        if not form.is_valid() or not form.accepts(
            lambda: taken.append(
                actions.take_from_inbox(by=who, entry=entry, case=uuid.UUID(form.cleaned_data["case"]))
            )
        ):
            return None
        messages.success(request, _("Taken up as an objection. Now confirm to whoever sent it that it was received."))
        return redirect("casework:objection", taken[0].objection_id)
    form = line["refuse"]
    if not form.is_valid() or not form.accepts(
        lambda: actions.refuse_from_inbox(by=who, entry=entry, reason=form.cleaned_data["reason"])
    ):
        return None
    messages.success(request, _("Not taken up; the reason is kept, and its receipt says so."))
    return redirect("disclosure:inbox")
