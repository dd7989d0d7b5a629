"""What must hold of a village's number before households are announced: whole households, and no more than it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from lika.casework.choices import LIVE_STATES, CaseState
from lika.casework.models import Case
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
    if stage.kind is not StageKind.ANNOUNCEMENT or standing.procedure.unit is not ProcedureUnit.HOUSEHOLD:
        return
    quota = quota_of(standing.batch)
    if quota is None:
        return
    stages = [each.id for each in standing.procedure.stages]
    behind = stages[stages.index(stage.id) :]
    through = Case.objects.filter(
        Q(state=CaseState.DONE) | Q(state__in=LIVE_STATES, stage__in=behind),
        campaign=standing.batch.campaign_id,
        division=standing.batch.number,
    ).order_by("place", "number")
    line = quota_line(quota, [*through, *cases], standing.procedure.crossing)
    beyond = [case for case in cases if case.pk in line.beyond]
    if beyond:
        raise UserError(
            "CAS-059",
            _("The village's number of %(quota)s persons is reached before case %(case)s; %(n)s cases lie beyond it.")
            % {"quota": quota, "case": beyond[0].number, "n": len(beyond)},
            remedy=_("Return or strike out the cases beyond the number with the reason, in the order of the meeting."),
        )
