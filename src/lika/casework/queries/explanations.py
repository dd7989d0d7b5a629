"""The verdict that a case pins, explained from the snapshot that it pins: each criterion with working and clause."""

from dataclasses import dataclass

from lika.casework.models import Case
from lika.casework.queries.cases import procedure_of
from lika.core.actors import Actor
from lika.snapshots import queries as snapshots
from lika.snapshots.criteria_told import CriterionTold, unit_told


@dataclass(frozen=True)
class CaseExplained:
    """The criteria that the procedure asks for, and all others about the unit, in the pack's order."""

    asked: list[CriterionTold]
    others: list[CriterionTold]


def explanation_of(by: Actor, case: Case) -> CaseExplained:
    """Nothing where no screening is pinned.

    Raises SCR-023 where the pinned snapshot has no such unit in the actor's sight, and as `unit_told`.
    """
    if case.screening is None:
        return CaseExplained([], [])
    unit = case.household_id or case.division
    explained = snapshots.explain_unit(by, case.screening, case.unit, unit, near=case.division)
    asked = {name for stage in procedure_of(case.batch).stages for name in stage.criteria}
    told = unit_told(case.screening, explained).criteria
    return CaseExplained([each for each in told if each.id in asked], [each for each in told if each.id not in asked])
