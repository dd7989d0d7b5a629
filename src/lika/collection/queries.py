"""Named reads of imports. A person sees their own."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.collection import claims
from lika.collection.choices import BatchState
from lika.collection.findings import Finding
from lika.collection.models import ImportBatch
from lika.core.actors import Actor
from lika.core.errors import NotFound
from lika.core.permissions import Permission

PAGE_SIZE = 50
_LISTED = 20
# A process that was started for an upload has marked it as running long before.
_START_SECONDS = 60


def recent(by: Actor) -> Sequence[ImportBatch]:
    """The actor's latest imports, without their findings; those whose process has died are marked."""
    by.require(Permission.REGISTER_IMPORT)
    found = (
        ImportBatch.objects.filter(by_name=by.name, official_id=by.official_id)
        .defer("findings", "left_out")
        .order_by("-created_at")
    )
    batches = list(found[:_LISTED])
    for batch in batches:
        _mark_dead(batch)
    return batches


def own_batch(by: Actor, batch_id: UUID) -> ImportBatch:
    """One import of the actor. Raises COL-008."""
    by.require(Permission.REGISTER_IMPORT)
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound("COL-008", _("There is no such import."), remedy=_("Upload the workbook again."))
    claims.require_own(by, batch)
    _mark_dead(batch)
    return batch


def _mark_dead(batch: ImportBatch) -> None:
    """Mark a batch as interrupted whose process has died, or never began."""
    late = timezone.now() - (batch.started_at or batch.created_at) > dt.timedelta(seconds=_START_SECONDS)
    never_began = batch.state == BatchState.WAITING and late
    died = batch.state == BatchState.RUNNING and not claims.is_alive(batch)
    if never_began or died:
        claims.mark_interrupted(batch)


@dataclass(frozen=True)
class FindingPage:
    """A page of findings, after filtering; `sheets` and `codes` are what may be chosen."""

    findings: Sequence[Finding]
    total: int
    page: int
    pages: int
    sheets: Sequence[tuple[str, str]]
    codes: Sequence[str]


def findings(batch: ImportBatch, *, sheet: str = "", code: str = "", page: int = 1) -> FindingPage:
    """The findings of a batch in the order of the workbook, narrowed to a sheet or a code."""
    everything = [Finding.from_json(data) for data in batch.findings]
    chosen = [found for found in everything if sheet in ("", found.sheet) and code in ("", found.code)]
    pages = max(1, -(-len(chosen) // PAGE_SIZE))
    page = min(max(1, page), pages)
    return FindingPage(
        findings=chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        total=len(chosen),
        page=page,
        pages=pages,
        sheets=list({found.sheet: (found.sheet, found.sheet_label) for found in everything}.values()),
        codes=sorted({found.code for found in everything}),
    )


def stored_findings(batch: ImportBatch) -> list[Finding]:
    """All kept findings of a batch."""
    return [Finding.from_json(data) for data in batch.findings]
