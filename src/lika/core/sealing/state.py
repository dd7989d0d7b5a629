"""How far the log is sealed: cheap, for screens and `lika audit status`."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min

from lika.core.actors import Actor
from lika.core.models import AuditEntry, AuditHead, AuditLink
from lika.core.permissions import Permission


@dataclass(frozen=True)
class Status:
    """Rows sealed and not sealed yet, and when."""

    sealed: int
    unsealed: int
    oldest_unsealed: datetime | None
    last_sealed: datetime | None


@dataclass(frozen=True)
class Tail:
    """Rows that are not sealed yet, and since when the oldest of them waits."""

    unsealed: int
    oldest: datetime | None


def tail(*, by: Actor) -> Tail:
    """What the sealer has not reached: one query on an index that holds these rows alone. Raises ACC-001."""
    by.require(Permission.AUDIT_VIEW)
    waiting = AuditEntry.objects.filter(sealed=False).aggregate(number=Count("pk"), oldest=Min("at"))
    return Tail(waiting["number"], waiting["oldest"])


def status(*, by: Actor) -> Status:
    """The state of the log now. Raises ACC-001."""
    unsealed = tail(by=by)
    return Status(
        sealed=AuditLink.objects.count(),
        unsealed=unsealed.unsealed,
        oldest_unsealed=unsealed.oldest,
        last_sealed=AuditHead.objects.aggregate(last=Max("sealed_at"))["last"],
    )
