"""What the pages of governance share: the tabs between them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from lika.accounts.access import requires
from lika.accounts.tabs import Tab, tabs_open
from lika.core.permissions import Permission

_TABS: tuple[Tab, ...] = (
    ("governance:requests", _("Service window"), Permission.REQUESTS_VIEW),
    ("governance:surveys", _("Surveys"), Permission.SURVEYS_VIEW),
    ("governance:duties", _("Duties"), Permission.DUTIES_VIEW),
)


def tabs_for(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The tabs that the reader may open, in the order of daily use."""
    return tabs_open(request, _TABS, f"governance:{current}")


@requires(Permission.DUTIES_VIEW)
def work(request: HttpRequest) -> HttpResponse:
    """The line of the menu: the first of the pages that the reader may open."""
    return redirect(tabs_for(request, "")[0]["url"])
