"""What must hold of a village's number before households are announced: whole households, and no more than it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from lika.casework.choices import LIVE_STATES, CaseState
from lika.casework.models import Batch, Case, Step
from lika.casework.queries.quota_lines import quota_line, quota_of
from lika.core.errors import UserError
from lika.policy.choices import ProcedureUnit, StageKind
from lika.policy.queries.procedures import ProcedureStage

if TYPE_CHECKING:
    from lika.casework.actions.moving import Standing


def within_the_number(standing: Standing, stage: ProcedureStage, cases: Sequence[Case]) -> None:
    """Before the announcement a village's households stay within its locked number. Raises CAS-059.

    Those of the campaign that came so far before count first; the last one may pass the number unless the pack's rule
    leaves it, nobody behind it.
    """
    if stage.kind is StageKind.ANNOUNCEMENT:
        _refuse_beyond(standing, stage, cases, cases)


def announced_within_the_number(standing: Standing, cases: Sequence[Case]) -> None:
    """Asked again when they are announced: who was screened again may have more persons. Raises CAS-059."""
    if standing.stage.kind is StageKind.ANNOUNCEMENT:
        _refuse_beyond(standing, standing.stage, (), cases)


def _refuse_beyond(standing: Standing, stage: ProcedureStage, entering: Sequence[Case], cases: Sequence[Case]) -> None:
    batch = standing.batch
    quota = quota_of(batch) if standing.procedure.unit is ProcedureUnit.HOUSEHOLD else None
    if quota is None:
        return
    # One number for all batches of a village: acts on two of them come one after the other, at the one opened first.
    Batch.objects.select_for_update().get(campaign=batch.campaign_id, number=batch.number, sequence=0)
    reached = _reached(standing, stage)
    line = quota_line(quota, [*reached, *entering], standing.procedure.crossing)
    own = {each.pk for each in cases}
    decided = {each.pk for each in reached if each.decided_on is not None} - own
    # Who grew behind the back of those announced already may not push them beyond the number either.
    beyond = [each for each in cases if each.pk in line.beyond or decided & line.beyond]
    if beyond:
        raise UserError(
            "CAS-059",
            _("The village's number of %(quota)s persons is reached before case %(case)s; %(n)s cases lie beyond it.")
            % {"quota": quota, "case": beyond[0].number, "n": len(beyond)},
            remedy=_("Return or strike out the cases beyond the number with the reason, in the order of the meeting."),
        )


def _reached(standing: Standing, stage: ProcedureStage) -> list[Case]:
    """The cases of the village that stand at a stage or came further, in the order in which they came there."""
    stages = [each.id for each in standing.procedure.stages]
    came = Step.objects.filter(case=OuterRef("pk"), to_stage=stage.id).exclude(stage=stage.id).order_by("-at")
    found = Case.objects.filter(
        Q(state=CaseState.DONE) | Q(state__in=LIVE_STATES, stage__in=stages[stages.index(stage.id) :]),
        campaign=standing.batch.campaign_id,
        division=standing.batch.number,
    )
    return list(found.annotate(came=Subquery(came.values("at")[:1])).order_by("came", "place", "number"))
