"""Reading the whole chain again: what was changed, removed, inserted, cut off or rewritten."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from lika.core.actors import Actor
from lika.core.audit import content_hash
from lika.core.models import AuditEntry, AuditHead, AuditLink
from lika.core.permissions import Permission
from lika.core.sealing import heads
from lika.core.sealing.findings import Finding, Report
from lika.core.sealing.heads import BadLine, Head
from lika.core.sealing.signing import FIRST_LINK, head_message, is_signed, next_link, public_key

CHUNK = 2_000
Progress = Callable[[int], None]  # is told how many entries were read so far


def _quiet(_entries: int) -> None:
    """Nobody watches."""


def verify(
    *,
    by: Actor,
    copies: Path | None = None,
    key: Path | None = None,
    county: int | None = None,
    progress: Progress = _quiet,
) -> Report:
    """Everything that is not as it was written, county by county; with `county` (six digits, 0 for none) only that one.

    `copies` and `key`: another file of heads and the exported public key, for checking on another machine's word.
    A damaged line of the copies names no county: it is a finding of each.
    Must be called outside a transaction: it reads one moment of the database. Raises ACC-001, COR-010 (no key).
    """
    by.require(Permission.AUDIT_VIEW)
    if connection.in_atomic_block:
        raise RuntimeError("verification reads a snapshot of its own")
    file = copies or heads.heads_file()
    with transaction.atomic():
        copied, bad_lines = _open_snapshot(file)
        of_county = Q() if county is None else Q(county=county)
        copied = [head for head in copied if county in (None, head.county)]
        signed = [heads.of_row(row) for row in AuditHead.objects.filter(of_county).order_by("county", "position")]
        findings = [Finding("AUD-009", position=line.number) for line in bad_lines]
        if signed and not file.exists():
            findings.append(Finding("AUD-014"))
        counties = _Counties(signed, copied, public_key(key) if signed or copied else None, file.exists(), progress)
        for each in sorted(counties.named | set(_counties_linked(of_county))):
            findings += counties.findings(each)
        findings += _misplaced(of_county)
        unsealed = AuditEntry.objects.filter(of_county, sealed=False)
        oldest = unsealed.aggregate(oldest=Min("at"))["oldest"]
        return Report(
            findings=tuple(findings),
            counties=len(counties.named),
            entries=counties.entries,
            heads=len(signed),
            copies=len(copied),
            unsealed=unsealed.count(),
            oldest_unsealed=oldest,
        )


def _open_snapshot(file: Path) -> tuple[list[Head], list[BadLine]]:
    """Fix the moment of the database and read the copies of the same moment: the sealer waits meanwhile."""
    with heads.held():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT 1")
        lines = list(heads.read(file)) if file.exists() else []
    return [line for line in lines if isinstance(line, Head)], [line for line in lines if isinstance(line, BadLine)]


def _counties_linked(condition: Q) -> QuerySet[AuditLink, int]:
    return AuditLink.objects.filter(condition).order_by("county").values_list("county", flat=True).distinct()


def _misplaced(condition: Q) -> Iterator[Finding]:
    linked = Exists(AuditLink.objects.filter(entry_id=OuterRef("pk")))
    for entry in AuditEntry.objects.filter(condition, ~linked, sealed=True).only("id", "county").order_by("id"):
        yield Finding("AUD-005", entry.county, entry=entry.id)
    for entry in AuditEntry.objects.filter(condition, linked, sealed=False).only("id", "county").order_by("id"):
        yield Finding("AUD-015", entry.county, entry=entry.id)


class _Counties:
    """The heads of all counties, from the table and from the copies, and the walk along each chain."""

    def __init__(
        self,
        signed: Iterable[Head],
        copied: Iterable[Head],
        key: Ed25519PublicKey | None,
        has_copies: bool,
        progress: Progress,
    ) -> None:
        self.key = key
        self.progress = progress
        self.has_copies = has_copies
        self.entries = 0
        self.signed: dict[int, dict[int, Head]] = defaultdict(dict)
        self.copied: dict[int, list[Head]] = defaultdict(list)
        for head in signed:
            self.signed[head.county][head.position] = head
        for head in copied:
            self.copied[head.county].append(head)

    @property
    def named(self) -> set[int]:
        return set(self.signed) | set(self.copied)

    def findings(self, county: int) -> list[Finding]:
        signed, copied = self.signed[county], self.copied[county]
        before = self.entries
        watched = {*signed, *(head.position for head in copied)}
        walk = _Walk(county, watched, lambda read: self.progress(before + read))
        found = list(walk.findings())
        self.entries += walk.entries
        found += self._of_table(walk, signed)
        found += self._of_copies(walk, signed, copied)
        heads_end = max([*signed, *(head.position for head in copied)], default=0)
        if heads_end > walk.end:
            found.append(Finding("AUD-010", county, walk.end + 1))
        elif walk.end > max(signed, default=0):
            found.append(Finding("AUD-006", county, max(signed, default=0) + 1))
        return found

    def _of_table(self, walk: "_Walk", signed: dict[int, Head]) -> Iterator[Finding]:
        for position, head in signed.items():
            if not self._is_signed(head):
                yield Finding("AUD-007", walk.county, position)
            if position <= walk.end and walk.links.get(position) != head.link:
                yield Finding("AUD-008", walk.county, position)

    def _of_copies(self, walk: "_Walk", signed: dict[int, Head], copied: list[Head]) -> Iterator[Finding]:
        for head in copied:
            if not self._is_signed(head):
                yield Finding("AUD-009", walk.county, head.position)
            elif head.position <= walk.end and walk.links.get(head.position) != head.link:
                yield Finding("AUD-011", walk.county, head.position)
            elif head.position <= walk.end and head.position not in signed:
                yield Finding("AUD-012", walk.county, head.position)
        known = set(copied)
        if self.has_copies:
            yield from (Finding("AUD-013", walk.county, head.position) for head in signed.values() if head not in known)

    def _is_signed(self, head: Head) -> bool:
        message = head_message(head.county, head.position, head.link, head.sealed_at)
        return self.key is not None and is_signed(message, head.signature, self.key)


@dataclass
class _Walk:
    """One walk along a county's chain; keeps the links at the positions that heads name."""

    county: int
    watched: set[int]
    progress: Progress
    links: dict[int, bytes] = field(default_factory=dict)
    end: int = 0
    entries: int = 0

    def findings(self) -> Iterator[Finding]:
        previous: bytes | None = FIRST_LINK
        for chunk in self._chunks():
            entries = AuditEntry.objects.in_bulk([link.entry_id for link in chunk])
            for link in chunk:
                if link.position != self.end + 1:
                    yield Finding("AUD-003", self.county, self.end + 1)
                    previous = None
                yield from self._of_link(link, entries.get(link.entry_id), previous)
                previous = bytes(link.link)
                self.end = link.position
                if link.position in self.watched:
                    self.links[link.position] = previous
            self.progress(self.entries)

    def _of_link(self, link: AuditLink, entry: AuditEntry | None, previous: bytes | None) -> Iterator[Finding]:
        if entry is None:
            yield Finding("AUD-002", self.county, link.position, link.entry_id)
            return
        self.entries += 1
        written = bytes(entry.content_hash)
        if content_hash(entry) != written:
            yield Finding("AUD-001", self.county, link.position, entry.id)
        if previous is not None and next_link(previous, written) != bytes(link.link):
            yield Finding("AUD-004", self.county, link.position, entry.id)

    def _chunks(self) -> Iterator[list[AuditLink]]:
        links = AuditLink.objects.filter(county=self.county).order_by("position")
        chunk = list(links[:CHUNK])
        while chunk:
            yield chunk
            chunk = list(links.filter(position__gt=chunk[-1].position)[:CHUNK])
