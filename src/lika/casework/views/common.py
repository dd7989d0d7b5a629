"""What the pages of casework share: the tabs between them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from lika.accounts.access import requires
from lika.accounts.tabs import Tab, tabs_open
from lika.core.permissions import Permission

_TABS: tuple[Tab, ...] = (
    ("casework:campaigns", _("Identification and exit"), Permission.CASEWORK_VIEW),
    ("casework:batches", _("Batches and cases"), Permission.CASEWORK_VIEW),
    ("casework:objections", _("Objections"), Permission.CASEWORK_VIEW),
    ("casework:rolling", _("Rolling plan"), Permission.CASEWORK_VIEW),
    ("casework:signatories", _("Signatories"), Permission.SIGNATORIES_KEEP),
    ("casework:workdays", _("Work days"), Permission.CASEWORK_VIEW),
)


def tabs_for(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The tabs that the reader may open, in the order of daily use."""
    return tabs_open(request, _TABS, f"casework:{current}")


@requires(Permission.CASEWORK_VIEW)
def work(request: HttpRequest) -> HttpResponse:
    """The line of the menu: the first of the pages that the reader may open."""
    return redirect(tabs_for(request, "")[0]["url"])
