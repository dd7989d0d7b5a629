"""No case leaves a stage with slots before all of them are validly signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lika.casework.models import Case
from lika.casework.queries.signing import signed
from lika.core.errors import UserError

if TYPE_CHECKING:
    from lika.casework.actions.moving import Standing


def slots_signed(standing: Standing, cases: Sequence[Case]) -> None:
    """Every slot of this stage and of those before it holds a signature over the case as it is. Raises CAS-080."""
    if not standing.stage.slots:
        return
    states = signed(cases, standing.procedure, standing.stage.id)
    waiting = [(case, missing) for case in cases if (missing := states[case.pk].missing) is not None]
    if waiting:
        case, missing = waiting[0]
        raise UserError(
            "CAS-080",
            _("%(n)s cases are not signed by everybody: %(case)s waits for %(capacity)s.")
            % {"n": len(waiting), "case": case.number, "capacity": missing.slot.capacity.label},
            remedy=_("Have the slots signed in their order; a case that changed is signed anew."),
        )
