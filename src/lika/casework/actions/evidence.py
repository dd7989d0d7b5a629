"""Files of casework: kept in the register's document store, of a batch or a case at the stage where it stands."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.casework.actions import moving
from lika.casework.actions.given import open_cases
from lika.casework.actions.moving import Standing
from lika.casework.choices import ALWAYS_TAKEN, PAPERS, Source
from lika.casework.models import Case, Evidence, Indicator
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.policy.choices import Paper
from lika.policy.queries.procedures import ProcedureStage
from lika.register.actions import documents


def uploadable(stage: ProcedureStage) -> tuple[Paper, ...]:
    """The papers that may be added at a stage: those it names that are files, then photographs and evidence."""
    named = [each for each in stage.documents if PAPERS[each].source is Source.UPLOADED]
    return tuple(dict.fromkeys([*named, *ALWAYS_TAKEN]))


@transaction.atomic
def add_evidence(
    *,
    by: Actor,
    batch: UUID,
    paper: Paper,
    content: bytes,
    case: UUID | None = None,
    title: str = "",
    dated_on: dt.date | None = None,
) -> Evidence:
    """Keep a file at the stage where a batch stands; `case` where it is that case's own.

    Raises ACC-001, ACC-002, CAS-030, CAS-032, CAS-033, CAS-063 (no such case here), CAS-076 (not asked for here), and
    DOC-001 to DOC-008 (the file).
    """
    standing = moving.take(by, batch)
    if paper not in uploadable(standing.stage):
        raise UserError(
            "CAS-076",
            _("%(paper)s is not uploaded at this stage.") % {"paper": paper.label},
            remedy=_("Choose a paper from the list."),
            field="paper",
        )
    of = None if case is None else open_cases(standing, [case])[case]
    return _keep(standing, documents.Paper(PAPERS[paper].kind, title, dated_on), content, paper=paper, case=of)


def show_indicator(standing: Standing, indicator: Indicator, case: Case, content: bytes) -> Evidence:
    """Keep a file that shows an item of a case's sheet, in the transaction of who enters it. Raises DOC-001 to 008."""
    said = documents.Paper(PAPERS[Paper.EVIDENCE].kind, indicator.title, None)
    return _keep(standing, said, content, paper=Paper.EVIDENCE, case=case, indicator=indicator)


def _keep(standing: Standing, said: documents.Paper, content: bytes, **of: Any) -> Evidence:
    made = Evidence(batch=standing.batch, stage=standing.stage.id, **of)
    document = documents.add_for_matter(
        by=standing.by, matter=made.matter, village=standing.batch.number, paper=said, content=content
    )
    made.document = document
    made.save(force_insert=True)
    moving.record(standing, "evidence.added", new={"paper": made.paper, "document": document.pk})
    return made


@transaction.atomic
def withdraw_evidence(*, by: Actor, evidence: UUID, reason: str) -> Evidence:
    """A file counts no more, while its batch still stands at the stage; it is kept with the reason.

    Raises ACC-001, ACC-002, CAS-030, CAS-032 (the batch has gone on), CAS-033, CAS-077 (no such file), DOC-010,
    REG-060.
    """
    found = Evidence.objects.filter(pk=evidence).first()
    if found is None:
        raise NotFound("CAS-077", _("There is no such file here."), remedy=_("Open the batch again."))
    standing = moving.take(by, found.batch_id, stage_id=found.stage)
    documents.withdraw_for_matter(by=by, document=found.document_id, reason=reason)
    moving.record(standing, "evidence.withdrawn", new={"paper": found.paper, "document": found.document_id})
    return found
