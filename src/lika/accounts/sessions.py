"""Where an account is signed in, and ending what its holder does not know."""

import datetime as dt
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.db import transaction

from lika.accounts.models import User
from lika.accounts.queries import UserActor
from lika.core import audit

# What a browser calls itself, the more particular first: the others carry "Chrome" and "Safari" in their names too.
_BROWSERS = ("Edg", "MicroMessenger", "QQBrowser", "Firefox", "Chrome", "Safari")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")


@dataclass(frozen=True)
class SignedIn:
    """One place: since when, from which address, by what; `current` is the one that asks."""

    id: int
    since: dt.datetime
    address: str
    browser: str
    system: str
    current: bool


def sessions_of(user: User, *, current: str) -> list[SignedIn]:
    """The places where an account is signed in now, the latest first; `current` is the key of the session that asks."""
    found = UserSession.objects.purge_and_list(user)
    rows = [
        SignedIn(
            id=row.pk,
            since=row.created_at,
            address=row.ip,
            browser=_named(_BROWSERS, row.user_agent).replace("Edg", "Edge").replace("MicroMessenger", "WeChat"),
            system=_named(_SYSTEMS, row.user_agent),
            current=row.session_key == current,
        )
        for row in found
    ]
    return sorted(rows, key=lambda row: (not row.current, -row.since.timestamp()))


@transaction.atomic
def end_sessions(*, by: UserActor, session: int | None, current: str) -> int:
    """End one of one's own sessions, or all but the current one; returns how many ended. Others' are never found."""
    mine = UserSession.objects.filter(user=by.user)
    wanted = list(mine.exclude(session_key=current) if session is None else mine.filter(pk=session))
    for row in wanted:
        row.end()
    if wanted:
        new = {"addresses": sorted(row.ip for row in wanted)}
        audit.record(by=by, action="session.ended", change=audit.Change("account", by.user.pk, new=new))
    return len(wanted)


def _named(words: tuple[str, ...], agent: str) -> str:
    return next((word for word in words if word in agent), "")
