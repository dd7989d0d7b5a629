"""Letting somebody see one household: the grant is kept by accounts, the register knows where the household stands."""

import datetime as dt

from django.db import connection, transaction

from lika.accounts import actions as accounts
from lika.accounts.models import Grant, Official
from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.register.queries.scope import no_such_household


@transaction.atomic
def grant_sight(
    *, by: Actor, official: Official, number: str, purpose: str, valid_from: dt.date, valid_to: dt.date | None
) -> Grant:
    """Sight of the household of a number for a purpose and a time; an account keeper sees no household and gives sight.

    Raises ACC-001, ACC-003, REG-001 (the household stands elsewhere, or there is none).
    """
    by.require(Permission.ACCOUNTS_MANAGE)
    with connection.cursor() as cursor:  # a door in the second wall
        cursor.execute("SELECT id, village FROM lika_household_numbered(%s)", [number])
        household, village = cursor.fetchone() or (None, 0)
    if household is None or village not in by.area_for(Permission.ACCOUNTS_MANAGE):
        raise no_such_household()
    return accounts.grant_household(
        by=by,
        official=official,
        household_id=household,
        village=str(village),
        purpose=purpose,
        valid_from=valid_from,
        valid_to=valid_to,
    )
