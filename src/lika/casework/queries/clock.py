"""What time it is for periods: the database's, never that of the machine that asks, and only where the clocks agree."""

import datetime as dt

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core.errors import UserError

# How far two clocks of one installation may be apart. A fault of the machines, not a rule of anybody's.
TOLERANCE = dt.timedelta(minutes=5)


def database_now() -> dt.datetime:
    """The moment by the clock of the database, also within a long transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


def sure_moment(*stored: dt.datetime) -> dt.datetime:
    """The moment by which a period is judged; `stored` are moments that were written down before. Raises CAS-092."""
    return sure(database_now(), *stored)


def sure(moment: dt.datetime, *stored: dt.datetime) -> dt.datetime:
    """A moment that the database gave just now.

    Raises CAS-092 where this machine and the database differ, or something that is written down lies in the future:
    one of the clocks was set. Until that is put right nothing begins and nothing ends.
    """
    apart = abs(timezone.now() - moment) > TOLERANCE
    if apart or any(each > moment + TOLERANCE for each in stored):
        raise UserError(
            "CAS-092",
            _("The clock of the server was changed: no period is begun or ended by it."),
            remedy=_("Have the operator set the clocks of the server and the database, then try again."),
        )
    return moment
