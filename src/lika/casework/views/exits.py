"""The list of a yearly plan: whole households planned to exit, village by village, within each one's number."""

import uuid
from collections.abc import Sequence
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
from lika.casework.forms.exits import ExitListForm
from lika.casework.models import Campaign, Quota
from lika.casework.queries import exit_lists as reads
from lika.casework.queries import quotas as campaigns
from lika.casework.views.common import tabs_for
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.register.choices import PovertyStatus
from lika.register.queries import HouseholdRow

VILLAGES_A_PAGE = 50


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
    form = ExitListForm(request.POST or None, rows=households.fitting)
    if request.method == "POST" and form.is_valid():
        listed: list[int] = []
        if form.accepts(lambda: listed.append(_listed(who, found, form))):
            told = ngettext("%(n)s person is planned to exit.", "%(n)s persons are planned to exit.", listed[0])
            messages.success(request, told % {"n": f"{listed[0]:,}"})
            here = reverse("casework:exit-list", args=[found.pk])
            return redirect(f"{here}?{urlencode({'division': quota.division_id})}")
    context = {
        **shared,
        "line": reads.lines_of(who, found, [quota])[0],
        "fitting": _shown(households.fitting),
        "listed": _shown(households.listed),
        "form": form if shared["may_list"] and households.fitting else None,
    }
    refused = request.method == "POST"
    return render(request, "casework/exit_list.html", context, status=422 if refused else 200)


def _listed(who: UserActor, found: Campaign, form: ExitListForm) -> int:
    return plan.list_for_exit(
        by=who, campaign=found.pk, households=form.chosen, listed_on=form.cleaned_data["listed_on"]
    )


def _shown(rows: Sequence[HouseholdRow]) -> list[dict[str, Any]]:
    return [{"row": each, "key": str(each.id), "status": PovertyStatus(each.poverty_status).label} for each in rows]


def _shared(request: HttpRequest, who: UserActor, found: Campaign) -> dict[str, Any]:
    lists = reads.lists_exits(found)
    return {
        "campaign": found,
        "lists": lists,
        "may_list": lists and who.has(Permission.REGISTER_STATUS),
        "tabs": tabs_for(request, "campaigns"),
    }
