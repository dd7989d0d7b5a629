"""Sign-in that is closed for a while after failed attempts: per account, and per address in case one tries many.

Counted in the database, for several processes serve the pages and are restarted. The name that was typed is kept as
a blind index: people type passwords into the wrong field.
"""

import datetime as dt

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from lika.accounts.models import FailedSignIn, User
from lika.core import crypto

# Behind one address sits a whole office.
ADDRESS_TIMES = 4


def account_index(typed: str) -> bytes:
    """What stands for a user name or mail address in the table."""
    return crypto.blind_index(typed.strip().casefold(), "sign-in")


def names_of(user: User) -> list[bytes]:
    """The indexes of all that a user may type as their name."""
    return [account_index(name) for name in (user.get_username(), user.email) if name]


def window() -> dt.timedelta:
    """How long a failed attempt counts, and how long sign-in stays closed after the last one that did."""
    return dt.timedelta(minutes=settings.LIKA.signin_minutes)


def closed_until(*, account: bytes, address: str) -> dt.datetime | None:
    """Until when attempts of an account, or from an address, are refused; None where they are not."""
    limit: int = settings.LIKA.signin_tries
    ends = [
        _end(Q(account=account), limit),
        _end(Q(address=address), limit * ADDRESS_TIMES),
    ]
    return max((end for end in ends if end is not None), default=None)


def account_closed_until(user: User) -> dt.datetime | None:
    """Until when the account is closed by itself, for whoever keeps it."""
    ends = (_end(Q(account=name), settings.LIKA.signin_tries) for name in names_of(user))
    return max((end for end in ends if end is not None), default=None)


def _end(which: Q, limit: int) -> dt.datetime | None:
    since = timezone.now() - window()
    failed = list(FailedSignIn.objects.filter(which, at__gt=since).order_by("-at").values_list("at", flat=True)[:limit])
    return failed[0] + window() if len(failed) == limit else None
