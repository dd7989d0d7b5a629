"""What must hold of the record before a case is announced: it is as it was when it was screened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lika.casework.models import Case
from lika.casework.queries import staleness
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.policy.choices import StageKind
from lika.policy.queries.procedures import ProcedureStage

if TYPE_CHECKING:
    from lika.casework.actions.moving import Standing


def announcing_what_holds(standing: Standing, cases: Sequence[Case]) -> None:
    """An announcement rests on the record as it is: at the stage itself as before it. Raises CAS-057."""
    if standing.stage.kind is StageKind.ANNOUNCEMENT:
        refuse_stale(standing.by, cases)


def announced_as_it_holds(standing: Standing, stage: ProcedureStage, cases: Sequence[Case]) -> None:
    """Nobody comes before the announcement on a record that has changed since. Raises CAS-057."""
    if stage.kind is StageKind.ANNOUNCEMENT:
        refuse_stale(standing.by, cases)


def refuse_stale(by: Actor, cases: Sequence[Case]) -> None:
    """Raises CAS-057 where the record of a case has changed since its snapshot in what its procedure asks."""
    changed = staleness.changed_since(by, cases)
    stale = [case for case in cases if changed.get(case.pk)]
    if stale:
        raise UserError(
            "CAS-057",
            _("The record of %(n)s cases has changed since they were screened: %(case)s …")
            % {"n": len(stale), "case": stale[0].number},
            remedy=_("Take a new snapshot, screen it and screen these cases again; or strike them out."),
        )
