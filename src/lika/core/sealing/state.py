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


def status(*, by: Actor) -> Status:
    """The state of the log now. Raises ACC-001."""
    by.require(Permission.AUDIT_VIEW)
    tail = AuditEntry.objects.filter(sealed=False).aggregate(number=Count("pk"), oldest=Min("at"))
    return Status(
        sealed=AuditLink.objects.count(),
        unsealed=tail["number"],
        oldest_unsealed=tail["oldest"],
        last_sealed=AuditHead.objects.aggregate(last=Max("sealed_at"))["last"],
    )
