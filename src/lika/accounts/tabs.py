"""The tabs between pages of one line of the menu: each reader has those that their posts open."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from lika.accounts.access import actor
from lika.core.permissions import Permission

# The address by its name, what stands on the tab, who may open it.
Tab = tuple[str, str | Promise, Permission]


def tabs_open(request: HttpRequest, tabs: Iterable[Tab], current: str) -> list[dict[str, Any]]:
    """The `tabs` that the reader may open, in their order; `current` is the name of the one that is open."""
    who = actor(request)
    return [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, label, permission in tabs
        if who.has(permission)
    ]
