"""What a demonstration adds to every page: people to enter as, and a guide.

The app that makes them says so in its `AppConfig.ready()`; nothing is offered where the installation
is not marked as a demonstration (`LIKA_DEMO`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise

Guide = Callable[[HttpRequest], Any]


@dataclass(frozen=True)
class DemonstrationAccount:
    """An account with a known password: who it plays (`title`) and where (`place`).

    `first` are the few that stand at the top of the sign-in page.
    """

    username: str
    password: str
    title: str | Promise
    place: str | Promise
    first: bool = False


@dataclass(frozen=True)
class DemonstrationVisit:
    """Somebody who needs no account: who it is (`title`), where they look (`place`), and the name of that page."""

    title: str | Promise
    place: str | Promise
    page: str


_offered: list[DemonstrationAccount] = []
_visits: list[DemonstrationVisit] = []
_guides: list[Guide] = []


def offer(accounts: Iterable[DemonstrationAccount], visits: Iterable[DemonstrationVisit], guide: Guide) -> None:
    """Show these on the sign-in page of a demonstration, and the guide on its pages."""
    _offered.extend(accounts)
    _visits.extend(visits)
    _guides.append(guide)


def accounts_to_try() -> list[DemonstrationAccount]:
    """What was offered, in that order; none outside demonstrations."""
    return list(_offered) if settings.LIKA.demo else []


def visits_to_make() -> list[DemonstrationVisit]:
    """Those who enter without an account; none outside demonstrations."""
    return list(_visits) if settings.LIKA.demo else []


def guide_for(request: HttpRequest) -> Any:
    """What the guide says on this page (see `lika.demo.guide.Shown`); None outside demonstrations."""
    return _guides[0](request) if settings.LIKA.demo and _guides and request.user.is_authenticated else None
