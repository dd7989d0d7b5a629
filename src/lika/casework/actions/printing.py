"""A paper of a batch or a case, printed from what is on record; the audit keeps who took which."""

from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lika.casework.models import Batch, Case
from lika.casework.papers.registry import printed
from lika.casework.queries import cases as reads
from lika.casework.queries.papers import NotOnRecordError, desk_of, offers_of_batch, offers_of_case, paper_data
from lika.casework.queries.papers.offers import no_such_paper
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.papers import file_name
from lika.core.permissions import Permission
from lika.policy.choices import Paper


@transaction.atomic
def print_for_batch(*, by: Actor, batch: UUID, stage: str, paper: str) -> tuple[str, bytes]:
    """The name and the PDF/A of a paper of a batch, as of a stage that it reached.

    Raises ACC-001, ACC-002 (names are read where names are read), CAS-030, CAS-171 (not on record yet), CAS-172.
    """
    found = reads.batch_in_sight(by, batch)
    offers = offers_of_batch(reads.procedure_of(found), found.stage)
    if (stage, paper) not in {(each.stage.id, each.paper) for each in offers}:
        raise no_such_paper()
    return _printed(by, found, None, stage, Paper(paper))


@transaction.atomic
def print_for_case(*, by: Actor, case: UUID, stage: str, paper: str) -> tuple[str, bytes]:
    """The name and the PDF/A of a paper of one case. Raises ACC-001, ACC-002, CAS-031, CAS-171, CAS-172."""
    found = reads.case_in_sight(by, case)
    offers = offers_of_case(reads.procedure_of(found.batch), found.stage)
    if (stage, paper) not in {(each.stage.id, each.paper) for each in offers}:
        raise no_such_paper()
    return _printed(by, found.batch, found, stage, Paper(paper))


def _printed(by: Actor, batch: Batch, case: Case | None, stage: str, paper: Paper) -> tuple[str, bytes]:
    by.require(Permission.REGISTER_PERSONAL, division=batch.division_id)
    try:
        with translation.override("zh-hans"):  # a document of an office here, whatever its clerk reads
            data = paper_data(desk_of(by, batch, stage, case), paper, of_case=case is not None)
            content = printed(data)
    except NotOnRecordError as error:
        raise _not_yet(error.lacks) from error
    subject = audit.Change(
        "case" if case else "batch", case.pk if case else batch.pk, audit.chain_of(batch.division_id),
        case.number if case else batch.label,
        new={"stage": stage, "paper": paper.value, "bytes": len(content)},
    )  # fmt: skip
    audit.record(by=by, action="paper.printed", change=subject)
    return file_name(case.number if case else batch.division_id, data.title, f"{data.made_on}"), content


def _not_yet(lacks: Promise) -> UserError:
    return UserError(
        "CAS-171",
        _("This paper cannot be printed yet. %(lacks)s") % {"lacks": lacks},
        remedy=_("Enter it on the page of the batch first, then print."),
    )
