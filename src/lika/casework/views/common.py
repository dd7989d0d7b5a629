"""What the pages of casework share: the tabs between them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lika.accounts.access import actor, requires
from lika.core.permissions import Permission

_TABS: tuple[tuple[str, str | Promise, Permission], ...] = (
    ("campaigns", _("Campaigns and quotas"), Permission.CASEWORK_VIEW),
    ("rolling", _("Rolling plan"), Permission.CASEWORK_VIEW),
    ("workdays", _("Work days"), Permission.CASEWORK_VIEW),
)


def tabs_for(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The tabs that the reader may open, in the order of daily use."""
    who = actor(request)
    return [
        {"label": label, "url": reverse(f"casework:{name}"), "current": name == current}
        for name, label, permission in _TABS
        if who.has(permission)
    ]


@requires(Permission.CASEWORK_VIEW)
def work(request: HttpRequest) -> HttpResponse:
    """The line of the menu: the first of the pages that the reader may open."""
    return redirect(tabs_for(request, "")[0]["url"])
