"""How far the log is sealed: cheap, for screens and `lika audit status`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db.models import Count, Max, Min
from django.utils import timezone

from lika.core.actors import Actor
from lika.core.models import AuditEntry, AuditHead, AuditLink
from lika.core.permissions import Permission
from lika.core.sealing import heads
from lika.core.sealing.heads import Head
from lika.core.sealing.signing import head_message, is_signed, public_key

# The sealer runs every few seconds: what it has not reached after this long tells that it stands still.
SEALED_WITHIN = timedelta(minutes=10)


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

    @property
    def overdue_since(self) -> datetime | None:
        """Since when the oldest waits, where that is longer than a running sealer leaves anything."""
        late = self.oldest is not None and timezone.now() - self.oldest >= SEALED_WITHIN
        return self.oldest if late else None


def tail(*, by: Actor) -> Tail:
    """What the sealer has not reached: one query on an index that holds these rows alone. Raises ACC-001."""
    by.require(Permission.AUDIT_VIEW)
    waiting = AuditEntry.objects.filter(sealed=False).aggregate(number=Count("pk"), oldest=Min("at"))
    return Tail(waiting["number"], waiting["oldest"])


@dataclass(frozen=True)
class Chain:
    """The end of a county's chain as its copy outside the database tells it, and what is not sealed yet."""

    county: int
    head: Head | None
    signed: bool
    unsealed: int


def chains(*, by: Actor) -> list[Chain]:
    """The chains in the actor's sight, without reading one: the copied heads and the unsealed rows. Raises ACC-001."""
    by.require(Permission.AUDIT_VIEW)
    area = by.area_for(Permission.AUDIT_VIEW)
    waiting = dict(
        AuditEntry.objects.filter(sealed=False).order_by("county").values_list("county").annotate(number=Count("pk"))
    )
    newest = heads.newest()
    key = public_key() if newest else None
    return [
        Chain(county, head := newest.get(county), _is_signed(head, key), waiting.get(county, 0))
        for county in sorted({*newest, *waiting})
        if county == 0 or area.covers(f"{county:06}000000")
    ]


def _is_signed(head: Head | None, key: Ed25519PublicKey | None) -> bool:
    if head is None or key is None:
        return False
    return is_signed(head_message(head.county, head.position, head.link, head.sealed_at), head.signature, key)


def status(*, by: Actor) -> Status:
    """The state of the log now. Raises ACC-001."""
    unsealed = tail(by=by)
    return Status(
        sealed=AuditLink.objects.count(),
        unsealed=unsealed.unsealed,
        oldest_unsealed=unsealed.oldest,
        last_sealed=AuditHead.objects.aggregate(last=Max("sealed_at"))["last"],
    )
