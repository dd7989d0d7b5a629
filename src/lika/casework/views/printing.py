"""Papers of a batch or a case, printed from its page."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.casework.actions import printing
from lika.casework.models import Batch, Case
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.papers import Offer, offers_of_batch, offers_of_case
from lika.core.papers import pdf_answer
from lika.core.permissions import Permission
from lika.policy.queries.procedures import ProcedureStage


@dataclass(frozen=True)
class Print:
    """A paper with the address that gives it."""

    offer: Offer
    url: str


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_POST
def batch_paper(request: HttpRequest, pk: uuid.UUID, stage: str, paper: str) -> HttpResponse:
    """A paper of a batch. By POST: taking it is written down."""
    name, content = printing.print_for_batch(by=actor(request), batch=pk, stage=stage, paper=paper)
    return pdf_answer(content, name)


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_POST
def case_paper(request: HttpRequest, pk: uuid.UUID, stage: str, paper: str) -> HttpResponse:
    """A paper of one case."""
    name, content = printing.print_for_case(by=actor(request), case=pk, stage=stage, paper=paper)
    return pdf_answer(content, name)


def prints_of(who: UserActor, batch: Batch, stage: ProcedureStage, case: Case | None = None) -> dict[str, object]:
    """What may be printed now, and of the stages before; nothing where the reader reads no names.

    `of_cases` says of a batch whether its stage has papers that are printed case by case.
    """
    if batch.number not in who.area_for(Permission.REGISTER_PERSONAL):
        return {"now": [], "earlier": [], "of_cases": False}
    procedure = procedure_of(batch)
    if case is None:
        offers, address, of = offers_of_batch(procedure, stage.id), "casework:batch-print", batch.pk
    else:
        offers, address, of = offers_of_case(procedure, stage.id), "casework:case-print", case.pk
    prints = [Print(each, reverse(address, args=[of, each.stage.id, each.paper.value])) for each in offers]
    return {
        "now": [each for each in prints if each.offer.stage.id == stage.id],
        "earlier": [each for each in prints if each.offer.stage.id != stage.id],
        "of_cases": case is None and any(each.stage.id == stage.id for each in offers_of_case(procedure, stage.id)),
    }
