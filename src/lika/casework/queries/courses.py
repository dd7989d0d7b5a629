"""How far a batch or a case is: its stages one after the other, with deadline, and the cases with their households."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import DateField, DateTimeField, F, Max, Value
from django.utils import timezone

from lika.casework.choices import BatchState, StepResult
from lika.casework.models import Batch, Campaign, Case, Deadline, Step
from lika.casework.queries.cases import procedure_of
from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.policy.queries.procedures import ProcedureStage
from lika.register import queries as register
from lika.snapshots import queries as snapshots
from lika.snapshots.models import ScreenedCriterion


@dataclass(frozen=True)
class StageLine:
    """A stage on the way of a batch. `passed_on` None: not passed in this batch. `days` are left until `due_on`."""

    stage: ProcedureStage
    is_here: bool
    passed_on: dt.date | None
    due_on: dt.date | None
    days: int | None


class NamedHousehold(NamedTuple):
    """A household as lists of cases name it: by its head, masked where the reader does not read names."""

    id: UUID
    head: str


@dataclass(frozen=True)
class CaseLine:
    """A case with its household as the reader sees it; `household` None for a village, or where it is out of sight."""

    case: Case
    household: NamedHousehold | None

    @property
    def label(self) -> str:
        """How a list to choose from names it: the head of the household where the reader sees it, and the number."""
        return f"{self.household.head} · {self.case.number}" if self.household else self.case.number


@dataclass(frozen=True)
class PinnedResult:
    """What the pinned screening said by one criterion: 1, 0 or None (unknown)."""

    id: str
    title: str
    result: int | None


def course_of(batch: Batch) -> list[StageLine]:
    """The stages of a batch in order. One query."""
    passed, due = _marks(batch)
    today = timezone.localdate()
    lines = []
    for stage in procedure_of(batch).stages:
        is_here = stage.id == batch.stage and batch.state == BatchState.OPEN
        at, day = passed.get(stage.id), due.get(stage.id)
        lines.append(
            StageLine(
                stage,
                is_here,
                None if at is None or is_here else timezone.localdate(at),
                day,
                None if day is None else (day - today).days,
            )
        )
    return lines


def _marks(batch: Batch) -> tuple[dict[str, dt.datetime], dict[str, dt.date]]:
    """When the stages of a batch were passed last, and the days by which they are to be; by stage."""
    steps = Step.objects.filter(batch=batch, result__in=(StepResult.PASSED, StepResult.SKIPPED)).order_by()
    passed = steps.values("stage").annotate(last=Max("at"), due=Value(None, DateField()))
    days = Deadline.objects.filter(campaign=batch.campaign_id).order_by()
    due = days.values("stage").annotate(last=Value(None, DateTimeField()), due=F("due_on"))
    rows = list(passed.values_list("stage", "last", "due").union(due.values_list("stage", "last", "due"), all=True))
    return {stage: at for stage, at, _day in rows if at}, {stage: day for stage, _at, day in rows if day}


def deadlines_of(campaign: Campaign) -> dict[str, dt.date]:
    """The day by which the cases are to be through a stage, by stage. One query."""
    return dict(Deadline.objects.filter(campaign=campaign).values_list("stage", "due_on"))


def lines_of(by: Actor, cases: Iterable[Case]) -> list[CaseLine]:
    """Cases in the order given, with their households where the actor sees these. One query beside the cases' own."""
    found = list(cases)
    seen: dict[UUID | None, NamedHousehold] = {}
    wanted = [case.household_id for case in found if case.household_id]
    if wanted and by.has(Permission.REGISTER_VIEW):
        heads = register.heads_of(register.households_visible_to(by).filter(pk__in=wanted), by=by)
        seen = {household: NamedHousehold(household, head) for household, head in heads.items()}
    return [CaseLine(case, seen.get(case.household_id)) for case in found]


def pinned_results(case: Case) -> Sequence[PinnedResult]:
    """What was said of the criteria that the procedure asks for, in the pack's order; the words are the screening's."""
    titles = {} if case.screening is None else {each.criterion: each for each in _criteria(case)}
    ordered = [key for key in titles if key in case.verdicts] + [key for key in case.verdicts if key not in titles]
    return [PinnedResult(key, titles[key].title if key in titles else key, case.verdicts[key]) for key in ordered]


def _criteria(case: Case) -> Sequence[ScreenedCriterion]:
    return () if case.screening is None else snapshots.criteria_of(case.screening, case.unit)
