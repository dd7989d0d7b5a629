"""The indicator sheet of a village or county as it stands, and at which stages one is entered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lika.casework.models import Case, Indicator, IndicatorCheck
from lika.casework.queries.evidence import File, files_of_items
from lika.core.actors import Actor
from lika.engine.explain import Explanation
from lika.engine.messages import Words
from lika.policy.choices import Paper, ProcedureUnit
from lika.policy.queries.procedures import Procedure, ProcedureStage
from lika.snapshots import queries as snapshots
from lika.snapshots.models import Screening


@dataclass(frozen=True)
class Item:
    """An indicator with what each stage found of it last, by the id of the stage, and the files that show it."""

    indicator: Indicator
    checks: Mapping[str, IndicatorCheck]
    files: Sequence[File]

    @property
    def is_shown(self) -> bool:
        """Whether a paper is named or a file counts as its evidence."""
        return bool(self.indicator.evidence) or any(each.view.counts for each in self.files)


def items_of(by: Actor, case: Case) -> Sequence[Item]:
    """The items of the sheet of a case in sight, in the pack's order; none where it is not drawn. Raises ACC-001."""
    files = files_of_items(by, case)
    items = list(Indicator.objects.filter(sheet__case=case))
    last: dict[tuple[object, str], IndicatorCheck] = {}
    for each in IndicatorCheck.objects.filter(indicator__in=items).order_by("at", "id"):
        last[each.indicator_id, each.stage] = each
    return [
        Item(
            item,
            {stage: check for (indicator, stage), check in last.items() if indicator == item.pk},
            files.get(item.pk, []),
        )
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


def items_of_screening(
    by: Actor, case: Case, procedure: Procedure, screening: Screening
) -> Iterator[tuple[str, Explanation]]:
    """The items of a unit as a screening tells them, each once. Raises SCR-022, SCR-023."""
    asked = dict.fromkeys(each for stage in procedure.stages for each in stage.criteria)
    return items_among(
        (each, snapshots.explain_criterion(by, screening, case.division, each).explanation) for each in asked
    )


def items_among(asked: Iterable[tuple[str, Explanation]]) -> Iterator[tuple[str, Explanation]]:
    """The criteria that those asked consist of, each once; one that consists of none is an item itself."""
    seen: set[str] = set()
    for criterion, whole in asked:
        inner = [(each.criterion, each) for each in whole.walk() if each.criterion not in (None, criterion)]
        for name, part in inner or [(criterion, whole)]:
            if name is not None and name not in seen:
                seen.add(name)
                yield name, part


def told(part: Explanation) -> tuple[Words, Words]:
    """What an item comes to, condition by condition, and the parameters that it is held against."""
    body = part.parts[0] if part.criterion is not None and part.parts else part
    of_conditions = len(body.parts) > 1 and all(isinstance(each.answer, bool | None) for each in body.parts)
    said = [each.words for each in (body.parts if of_conditions else [body])]
    held = {each.label: each.value for inner in part.walk() for each in inner.parameters}
    return (
        Words("；".join(each.zh for each in said), "; ".join(each.en for each in said)),
        Words(
            "；".join(f"{label.zh}：{value.zh}" for label, value in held.items()),
            "; ".join(f"{label.en}: {value.en}" for label, value in held.items()),
        ),
    )
