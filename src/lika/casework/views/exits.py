"""The list of a yearly plan: whole households planned to exit, village by village, within each one's number."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.casework.actions import plan
from lika.casework.forms.exits import ExitListForm, TakeOffForm
from lika.casework.models import Campaign, Quota
from lika.casework.queries import exit_lists as reads
from lika.casework.queries import quotas as campaigns
from lika.casework.views.common import tabs_for
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.register.choices import PovertyStatus
from lika.register.queries import HouseholdRow

VILLAGES_A_PAGE = 50
TAKE_OFF = "off"


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exit_list(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The villages of a plan with what is listed; `?division=` one of them, with the form to list households."""
    who = actor(request)
    found = campaigns.campaign_in_sight(who, pk)
    village = request.GET.get("division", "")
    if village:
        return _village(request, who, found, campaigns.quota_in_sight(who, pk, village))
    page = Paginator(reads.villages_of(who, found), VILLAGES_A_PAGE).get_page(page_of(request))
    context = {
        **_shared(request, who, found),
        "lines": reads.lines_of(who, found, page.object_list),
        "list": {"page": page.number, "pages": page.paginator.num_pages, "total": page.paginator.count},
    }
    return render(request, "casework/exit_lists.html", context)


def _village(request: HttpRequest, who: UserActor, found: Campaign, quota: Quota) -> HttpResponse:
    households = reads.exit_list(who, found, quota.division_id)
    shared = _shared(request, who, found)
    off = [each for each in households.listed if each.id in households.removable]
    takes_off = request.POST.get("act") == TAKE_OFF
    form = ExitListForm(None if takes_off else request.POST or None, rows=households.fitting)
    off_form = TakeOffForm(request.POST if takes_off else None, rows=off, auto_id="off_%s")
    if request.method == "POST" and (
        told := _taken_off(who, found, off_form) if takes_off else _put_on(who, found, form)
    ):
        messages.success(request, told)
        here = reverse("casework:exit-list", args=[found.pk])
        return redirect(f"{here}?{urlencode({'division': quota.division_id})}")
    context = {
        **shared,
        "line": reads.lines_of(who, found, [quota])[0],
        "fitting": _shown(households.fitting),
        "listed": _shown(households.listed, households.removable),
        "form": form if shared["may_list"] and households.fitting else None,
        "off_form": off_form if shared["may_list"] and off else None,
        "take_off": TAKE_OFF,
        "leaves_crossing": reads.crossing_of(found) is False,
    }
    refused = request.method == "POST"
    return render(request, "casework/exit_list.html", context, status=422 if refused else 200)


def _put_on(who: UserActor, found: Campaign, form: ExitListForm) -> str:
    """List the households; what is said of it, or nothing where it was refused."""
    listed: list[int] = []
    if not form.is_valid() or not form.accepts(lambda: listed.append(_listed(who, found, form))):
        return ""
    told = ngettext("%(n)s person is planned to exit.", "%(n)s persons are planned to exit.", listed[0])
    return told % {"n": f"{listed[0]:,}"}


def _taken_off(who: UserActor, found: Campaign, form: TakeOffForm) -> str:
    """Take the households off; what is said of it, or nothing where it was refused."""
    taken: list[int] = []
    if not form.is_valid() or not form.accepts(lambda: taken.append(_off(who, found, form))):
        return ""
    told = ngettext(
        "%(n)s person is off the list and still poor.", "%(n)s persons are off the list and still poor.", taken[0]
    )
    return told % {"n": f"{taken[0]:,}"}


def _listed(who: UserActor, found: Campaign, form: ExitListForm) -> int:
    return plan.list_for_exit(
        by=who, campaign=found.pk, households=form.chosen, listed_on=form.cleaned_data["listed_on"]
    )


def _off(who: UserActor, found: Campaign, form: TakeOffForm) -> int:
    given = form.cleaned_data
    return plan.take_off_list(
        by=who, campaign=found.pk, households=form.chosen, taken_off_on=given["taken_off_on"], reason=given["reason"]
    )


def _shown(rows: Sequence[HouseholdRow], may_be: Collection[uuid.UUID] | None = None) -> list[dict[str, Any]]:
    """The rows for the table; `may_be` those of them that may be ticked, None all."""
    return [
        {
            "row": each, "key": str(each.id), "status": PovertyStatus(each.poverty_status).label,
            "may_be": may_be is None or each.id in may_be,
        }
        for each in rows
    ]  # fmt: skip


def _shared(request: HttpRequest, who: UserActor, found: Campaign) -> dict[str, Any]:
    lists = reads.lists_exits(found)
    return {
        "campaign": found,
        "lists": lists,
        "may_list": lists and who.has(Permission.REGISTER_STATUS),
        "tabs": tabs_for(request, "campaigns"),
    }
