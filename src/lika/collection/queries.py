"""Named reads of imports. A person sees their own."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F, OrderBy, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.collection import claims
from lika.collection.choices import BatchState
from lika.collection.findings import Finding
from lika.collection.models import ImportBatch
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission

PAGE_SIZE = 50
IMPORTS_A_PAGE = 20
# What the list of imports may be sorted by; a minus in front turns the order round.
SORT_KEYS = {"file": "file_name", "when": "created_at", "errors": "errors", "warnings": "warnings"}
NEWEST_FIRST = "-when"
# A process that was started for an upload has marked it as running long before.
_START_SECONDS = 60


@dataclass(frozen=True)
class ImportPage:
    """A page of one's own imports, after filtering."""

    batches: Sequence[ImportBatch]
    total: int
    page: int
    pages: int


def list_imports(by: Actor, *, state: str = "", sort: str = NEWEST_FIRST, page: int = 1) -> ImportPage:
    """A page of the actor's imports; those whose process has died are marked. Raises as `find_imports`."""
    shown = Paginator(find_imports(by, state=state, sort=sort), IMPORTS_A_PAGE).get_page(page)
    return ImportPage(alive(shown.object_list), shown.paginator.count, shown.number, shown.paginator.num_pages)


def find_imports(by: Actor, *, state: str = "", sort: str = NEWEST_FIRST) -> QuerySet[ImportBatch]:
    """The actor's imports, without their findings. Raises ACC-001, COL-037 for an order that there is not."""
    key = SORT_KEYS.get(sort.removeprefix("-"))
    if key is None:
        raise UserError(
            "COL-037",
            _("The list cannot be sorted by this."),
            remedy=_("Choose a column of the list."),
            sort=sort,
        )
    found = _own(by).filter(**({"state": state} if state else {}))
    return found.order_by(OrderBy(F(key), descending=sort.startswith("-")), "-created_at")


def recent(by: Actor) -> Sequence[ImportBatch]:
    """The actor's latest imports, without their findings; those whose process has died are marked."""
    return alive(_own(by).order_by("-created_at")[:IMPORTS_A_PAGE])


def _own(by: Actor) -> QuerySet[ImportBatch]:
    by.require(Permission.REGISTER_IMPORT)
    return ImportBatch.objects.filter(by_name=by.name, official_id=by.official_id).defer("findings", "left_out")


def alive(found: Iterable[ImportBatch]) -> Sequence[ImportBatch]:
    """The imports, of which those whose process has died are marked as interrupted."""
    batches = list(found)
    for batch in batches:
        _mark_dead(batch)
    return batches


def finished_since(by: Actor, moment: dt.datetime) -> Sequence[ImportBatch]:
    """The actor's imports that ended after a moment, without their findings, the last one first; at most one page."""
    return list(_own(by).filter(finished_at__gt=moment).order_by("-finished_at")[:IMPORTS_A_PAGE])


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
