"""Which papers are printed at which stage of a batch or case."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.casework.models import Batch, Case
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.papers import of_batches, of_cases
from lika.casework.queries.papers.desk import Desk, Provider
from lika.core.actors import Actor
from lika.core.errors import NotFound
from lika.core.papers import PaperData
from lika.policy.choices import Paper, ProcedureUnit
from lika.policy.queries.procedures import Procedure, ProcedureStage

# Of a household these tell nothing, of a village or county those tell nothing.
_OF_AREAS = frozenset({Paper.INDICATOR_SHEET, Paper.SELF_EVALUATION})
_OF_HOUSEHOLDS = frozenset(of_cases.PAPERS) - _OF_AREAS


_LABELS: Mapping[Paper, Promise] = {
    Paper.POSTING_PROOF: gettext_lazy("Certificate of posting"),
    Paper.PHOTOGRAPHS: gettext_lazy("List of photographs"),
    Paper.EVIDENCE: gettext_lazy("List of evidence"),
    Paper.HANDBOOK: gettext_lazy("Register of handbooks handed out"),
}


@dataclass(frozen=True)
class Offer:
    """A paper that may be printed at a stage."""

    stage: ProcedureStage
    paper: Paper

    @property
    def label(self) -> str:
        """What is printed, where that is not what the stage calls its paper: a list of what is kept, a certificate."""
        return str(_LABELS.get(self.paper, self.paper.label))


def offers_of_batch(procedure: Procedure, reached: str) -> list[Offer]:
    """The papers of a whole batch, stage by stage up to the one reached. The text of a notice is printed from it."""
    return [each for each in _offers(procedure, reached) if each.paper in of_batches.PAPERS]


def offers_of_case(procedure: Procedure, reached: str) -> list[Offer]:
    """The papers of one case, stage by stage up to the one reached."""
    fitting = _OF_HOUSEHOLDS if procedure.unit is ProcedureUnit.HOUSEHOLD else _OF_AREAS
    return [each for each in _offers(procedure, reached) if each.paper in fitting]


def desk_of(by: Actor, batch: Batch, stage: str, case: Case | None = None) -> Desk:
    """The desk of a stage of a batch, or of one case of it."""
    procedure = procedure_of(batch)
    cases = [case] if case else list(batch.cases.select_related("campaign", "screening__snapshot"))
    return Desk(by, batch, procedure, procedure.stage(stage), cases)


def paper_data(desk: Desk, paper: Paper, *, of_case: bool) -> PaperData:
    """What a paper tells. Raises NotOnRecordError, CAS-172 (no such paper)."""
    providers: Mapping[Paper, Provider] = of_cases.PAPERS if of_case else of_batches.PAPERS
    if paper not in providers:
        raise no_such_paper()
    return providers[paper](desk)


def no_such_paper() -> NotFound:
    """CAS-172: the stage has none, or is not reached."""
    return NotFound(
        "CAS-172", _("There is no such paper at this stage."), remedy=_("Choose from the list of papers to print.")
    )


def _offers(procedure: Procedure, reached: str) -> list[Offer]:
    found: list[Offer] = []
    for stage in procedure.stages:
        named = list(stage.documents)
        if stage.slots and Paper.SIGNATURE_SHEET not in named:
            named.append(Paper.SIGNATURE_SHEET)
        if Paper.SIGNATURE_SHEET in named:  # one sheet for all levels: it is offered where it is signed last
            found = [each for each in found if each.paper is not Paper.SIGNATURE_SHEET]
        found += [Offer(stage, paper) for paper in named]
        if stage.id == reached:
            break
    return found
