"""Named write of a reader's visits. Nothing of the register changes, so the audit, which tells of that, has no row."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from lika.accounts.queries import UserActor
from lika.console.models import Visit

# Whoever comes back after this long began a new visit; how a visit is told from a pause is a matter of looks, no rule.
PAUSE = dt.timedelta(minutes=30)
# The moment is written no more often than this, so that pages that are loaded again and again only read.
_KEPT = dt.timedelta(minutes=1)


@transaction.atomic(savepoint=False)
def visit(*, by: UserActor) -> dt.datetime | None:
    """Note that the reader is here, and tell when their last visit ended; None on the first one.

    One query, two where the moment is written. It concerns the reader alone, so that it asks for no permission.
    """
    now = timezone.now()
    known = Visit.objects.select_for_update().filter(user=by.user).first()
    if known is None:
        Visit.objects.bulk_create([Visit(user=by.user, seen_at=now)], ignore_conflicts=True)  # two pages at once
        return None
    if now - known.seen_at > PAUSE:
        known.left_at = known.seen_at
    if now - known.seen_at > _KEPT:
        known.seen_at = now
        known.save(update_fields=["seen_at", "left_at"])
    return known.left_at
