"""The indicator sheet of a village or county as it stands, and at which stages one is entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lika.casework.models import Case, Indicator, IndicatorCheck
from lika.policy.choices import Paper, ProcedureUnit
from lika.policy.queries.procedures import Procedure, ProcedureStage


@dataclass(frozen=True)
class Item:
    """An indicator with what each stage found of it last, by the id of the stage."""

    indicator: Indicator
    checks: Mapping[str, IndicatorCheck]


def items_of(case: Case) -> Sequence[Item]:
    """The items of the sheet of a case in sight, in the pack's order; none where it is not drawn. Two queries."""
    items = list(Indicator.objects.filter(sheet__case=case))
    last: dict[tuple[object, str], IndicatorCheck] = {}
    for each in IndicatorCheck.objects.filter(indicator__in=items).order_by("at", "id"):
        last[each.indicator_id, each.stage] = each
    return [
        Item(item, {stage: check for (indicator, stage), check in last.items() if indicator == item.pk})
        for item in items
    ]


def asks_for_sheet(procedure: Procedure, stage: ProcedureStage) -> bool:
    """Whether a sheet is entered at a stage: it is about an area, names the paper, and its pack has the criteria.

    Where a pack names the paper and has no criterion, nothing can be worked out: the paper is attached as it is.
    """
    of_area = procedure.unit is not ProcedureUnit.HOUSEHOLD
    return of_area and Paper.INDICATOR_SHEET in stage.documents and any(each.criteria for each in procedure.stages)


def is_self_evaluated(procedure: Procedure, stage: ProcedureStage) -> bool:
    """Whether it is the stage at which the unit evaluates itself."""
    return stage.id == procedure.stages[0].id
