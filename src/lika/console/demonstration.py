"""The accounts that the sign-in page offers on a demonstration.

The app that makes them says so in its `AppConfig.ready()`; nothing is offered where the installation
is not marked as a demonstration (`LIKA_DEMO`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class DemonstrationAccount:
    """An account with a known password: who it plays (`title`) and where (`place`)."""

    username: str
    password: str
    title: str | Promise
    place: str | Promise


_offered: list[DemonstrationAccount] = []


def offer(accounts: Iterable[DemonstrationAccount]) -> None:
    """Show these on the sign-in page of a demonstration."""
    _offered.extend(accounts)


def accounts_to_try() -> list[DemonstrationAccount]:
    """What was offered, in that order."""
    return list(_offered)
