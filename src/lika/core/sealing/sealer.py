"""Linking new audit rows to their county's chain, in short transactions."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from lika.core.actors import Actor
from lika.core.models import AuditEntry, AuditHead, AuditLink
from lika.core.permissions import Permission
from lika.core.sealing import heads
from lika.core.sealing.signing import FIRST_LINK, ensure_key, head_message, next_link, sign

# Rows of one transaction: a bulk load of a county is sealed in a few steps and blocks nobody.
BATCH = 5_000
# The first half of our advisory locks; the second is the county.
_LOCK_SPACE = 0x4C4B41


@dataclass(frozen=True)
class Sealed:
    """What one pass did: rows linked, and the counties that another sealer was busy with."""

    entries: int
    counties: int
    busy: tuple[int, ...]


def seal(*, by: Actor) -> Sealed:
    """Link and sign everything that is not sealed yet. Safe to run twice, and by several processes.

    Raises ACC-001, COR-010 (the signing key is lost).
    """
    by.require(Permission.AUDIT_SEAL)
    ensure_key(may_make=not AuditHead.objects.exists())
    with heads.held():
        heads.append_missing()
    linked: dict[int, int] = {}
    busy = []
    for county in _counties():
        while (done := _seal_batch(county)) is not None:
            linked[county] = linked.get(county, 0) + done
            if done < BATCH:
                break
        else:
            busy.append(county)
    return Sealed(sum(linked.values()), len(linked), tuple(busy))


def _counties() -> Iterator[int]:
    """The counties with unsealed rows: one look into the index for each."""
    unsealed = AuditEntry.objects.filter(sealed=False).order_by("county")
    county = unsealed.values_list("county", flat=True).first()
    while county is not None:
        yield county
        county = unsealed.filter(county__gt=county).values_list("county", flat=True).first()


def _seal_batch(county: int) -> int | None:
    """Rows linked; None where another sealer holds the county."""
    with heads.held():
        with transaction.atomic():
            if not _locked(county):
                return None
            entries = _unsealed(county)
            head = _link(county, entries) if entries else None
        heads.append([head] if head else [])
    return len(entries)


def _unsealed(county: int) -> list[AuditEntry]:
    """The next rows, locked: nobody changes their hash between its reading and the commit."""
    rows = AuditEntry.objects.select_for_update().filter(county=county, sealed=False)
    return list(rows.order_by("id").only("id", "content_hash")[:BATCH])


def _locked(county: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, county])
        return bool(cursor.fetchone()[0])


def _link(county: int, entries: list[AuditEntry]) -> heads.Head:
    last = AuditLink.objects.filter(county=county).order_by("-position").first()
    position, link = (last.position, bytes(last.link)) if last else (0, FIRST_LINK)
    links = []
    for entry in entries:
        position, link = position + 1, next_link(link, bytes(entry.content_hash))
        links.append(AuditLink(entry_id=entry.id, county=county, position=position, link=link))
    AuditLink.objects.bulk_create(links)
    AuditEntry.objects.filter(id__in=[entry.id for entry in entries]).update(sealed=True)
    now = timezone.now()
    row = AuditHead.objects.create(
        county=county,
        position=position,
        link=link,
        sealed_at=now,
        signature=sign(head_message(county, position, link, now)),
    )
    return heads.of_row(row)
