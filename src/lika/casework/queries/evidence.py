"""The papers of a batch at a stage: which are kept, which are missing, which the program makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from lika.casework.choices import ALWAYS_TAKEN, LIVE_STATES, PAPERS, Source
from lika.casework.models import Batch, Case, Evidence
from lika.casework.queries.cases import batch_in_sight, procedure_of
from lika.core.actors import Actor
from lika.policy.choices import Paper
from lika.register import queries as register
from lika.register.queries import DocumentView


@dataclass(frozen=True)
class File:
    """A file of a stage. `number` is that of the case whose own it is, empty for the batch's."""

    id: UUID
    number: str
    view: DocumentView


@dataclass(frozen=True)
class PaperLine:
    """One paper of the checklist. `kept` of `wanted` are there: one for the batch, or one for each case under way."""

    paper: Paper
    is_uploaded: bool
    of_case: bool
    blocks: bool
    is_named: bool
    wanted: int
    kept: int
    files: Sequence[File]

    @property
    def is_missing(self) -> bool:
        """Whether the stage names it and it is not all there."""
        return self.is_uploaded and self.is_named and self.kept < self.wanted


def papers_of(*, by: Actor, batch: UUID, stage: str | None = None) -> Sequence[PaperLine]:
    """The checklist of a stage of a batch, by default of that where it stands: what it names, then what else is kept.

    Raises ACC-001, CAS-030.
    """
    found = batch_in_sight(by, batch)
    live = found.cases.filter(state__in=LIVE_STATES).count()
    return checklist(by, found, stage or found.stage, live)


def checklist(by: Actor, batch: Batch, stage: str, live: int) -> Sequence[PaperLine]:
    """What `papers_of` gives of a batch in sight, `live` cases of which are under way. At most two queries."""
    named = procedure_of(batch).stage(stage).documents
    files = _files(by, batch, stage)
    return [
        _line(paper, files.get(paper, []), live, is_named=paper in named)
        for paper in dict.fromkeys([*named, *ALWAYS_TAKEN, *files])
        if paper in named or paper in files
    ]


def files_of_items(by: Actor, case: Case) -> Mapping[UUID, Sequence[File]]:
    """The files that show the items of a case's sheet, by indicator, in the order of keeping. Raises ACC-001."""
    rows = list(Evidence.objects.filter(case=case, indicator__isnull=False))
    matters = {row.matter for row in rows}
    views = {view.id: view for view in register.matter_documents(by=by, matters=matters, village=case.batch.number)}
    found: dict[UUID, list[File]] = {}
    for row in rows:
        if row.indicator_id is not None and row.document_id in views:
            found.setdefault(row.indicator_id, []).append(File(row.pk, case.number, views[row.document_id]))
    return found


def _line(paper: Paper, files: Sequence[File], live: int, *, is_named: bool) -> PaperLine:
    supply = PAPERS[paper]
    counting = [each for each in files if each.view.counts]
    return PaperLine(
        paper=paper, is_uploaded=supply.source is Source.UPLOADED, of_case=supply.of_case, blocks=supply.blocks,
        is_named=is_named, wanted=live if supply.of_case else 1,
        kept=len({each.number for each in counting}) if supply.of_case else min(1, len(counting)), files=files,
    )  # fmt: skip


def _files(by: Actor, batch: Batch, stage: str) -> Mapping[Paper, list[File]]:
    rows = list(Evidence.objects.filter(batch=batch, stage=stage).select_related("case"))
    if not rows:
        return {}
    matters = {row.matter for row in rows}
    views = {view.id: view for view in register.matter_documents(by=by, matters=matters, village=batch.number)}
    found: dict[Paper, list[File]] = {}
    for row in rows:
        if row.document_id in views:
            number = row.case.number if row.case is not None else ""
            found.setdefault(Paper(row.paper), []).append(File(row.pk, number, views[row.document_id]))
    return found
