"""What the pages of help share: the tabs between them, the place that they are about, ids of an address."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lika.accounts.access import actor
from lika.accounts.places import place_asked
from lika.accounts.tabs import Tab, tabs_open
from lika.core.permissions import Permission
from lika.divisions.models import Division

PAGE_SIZE = 50
_TABS: tuple[Tab, ...] = (
    ("assistance:coverage", _("Coverage of pairing"), Permission.PAIRING_VIEW),
    ("assistance:pairings", _("Pairings"), Permission.PAIRING_VIEW),
    ("assistance:proposals", _("Proposals of pairings"), Permission.PAIRING_VIEW),
    ("assistance:units", _("Units and helpers"), Permission.PAIRING_VIEW),
)


def tabs_for(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The tabs that the reader may open, in the order of daily use."""
    return tabs_open(request, _TABS, f"assistance:{current}")


def place_of(request: HttpRequest) -> Division:
    """The division that a page is about: `?division=`, or the reader's own. Raises as `place_asked`."""
    return place_asked(actor(request), Permission.PAIRING_VIEW, request.GET.get("division", ""))


def id_of(text: str) -> uuid.UUID | None:
    """An id of an address; none where it is no id."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
