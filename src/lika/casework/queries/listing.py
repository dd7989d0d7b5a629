"""The list of batches: filtered, each with its cases counted, its deadline, and who acts."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from lika.casework.choices import LIVE_STATES, BatchState
from lika.casework.models import Batch, Campaign, Case, Deadline
from lika.casework.queries.cases import acting_permissions, batches_visible, may_act, procedure_of
from lika.core.actors import Actor
from lika.core.areas import Area, range_of
from lika.policy.choices import StageKind
from lika.policy.queries.procedures import ProcedureStage

# The campaigns with batches under way in somebody's sight, each with the stages of its procedure.
Going = Sequence[tuple[UUID, Sequence[ProcedureStage]]]


@dataclass(frozen=True)
class BatchFilter:
    """What is asked of the list. `division` is a code: the batches that lie in it; `mine`: where the reader acts."""

    campaign: UUID | None = None
    kind: StageKind | None = None
    division: str = ""
    late: bool = False
    mine: bool = False
    closed: bool = False


@dataclass(frozen=True)
class BatchLine:
    """A batch of the list. `cases` and `persons` are those under way; `days` are left until the stage's deadline."""

    batch: Batch
    stage: ProcedureStage
    cases: int
    persons: int
    due_on: dt.date | None
    days: int | None
    may_act: bool


def campaigns_with_cases(by: Actor) -> list[Campaign]:
    """The campaigns whose batches the actor sees, the latest first. One query. Raises ACC-001."""
    seen = batches_visible(by).filter(campaign=OuterRef("pk")).select_related(None)
    return list(Campaign.objects.filter(Exists(seen)).select_related("division").order_by("-year", "kind", "pk"))


def list_batches(by: Actor, wanted: BatchFilter) -> QuerySet[Batch]:
    """The batches in sight that fit, by village; those without a case last, for a campaign opens one of each village.

    At most three queries before the first row. Raises ACC-001.
    """
    state = BatchState.CLOSED if wanted.closed else BatchState.OPEN
    found = batches_visible(by).filter(state=state).order_by(_has_live().desc(), "number", "campaign_id", "sequence")
    if wanted.campaign is not None:
        found = found.filter(campaign=wanted.campaign)
    if wanted.division:
        found = found.filter(Area((range_of(wanted.division),)).where("number"))
    if wanted.late:
        found = found.filter(late())
    if wanted.kind is not None:
        at = Q(pk__in=[])
        for campaign, stages in going_on(by):
            at |= Q(campaign=campaign, stage__in=[each.id for each in stages if each.kind is wanted.kind])
        found = found.filter(at)
    if wanted.mine:
        found = found.filter(waiting_for(by))
    return found


def late() -> Exists:
    """The condition that the stage at which a batch stands was to be passed before today."""
    return Exists(
        Deadline.objects.filter(campaign=OuterRef("campaign"), stage=OuterRef("stage"), due_on__lt=timezone.localdate())
    )


def waiting_for(by: Actor, going: Going | None = None) -> Q:
    """The condition that a batch has cases and stands at a stage where the actor's posts act.

    One query, none with `going`.
    """
    condition = Q(pk__in=[])
    for campaign, stages in going_on(by) if going is None else going:
        for stage in stages:
            for permission in filter(by.has, acting_permissions(stage)):
                condition |= Q(campaign=campaign, stage=stage.id) & by.area_for(permission).where("number")
    return condition & Q(_has_live())


def _has_live() -> Exists:
    """The condition that a case of the batch is under way."""
    return Exists(Case.objects.filter(batch=OuterRef("pk"), state__in=LIVE_STATES))


def going_on(by: Actor) -> Going:
    """The campaigns with batches under way in sight, each with the stages of its procedure. One query."""
    # One batch of each campaign names its procedure: looked up, for a province has seventeen thousand.
    going = batches_visible(by).filter(campaign=OuterRef("pk"), state=BatchState.OPEN).order_by().values("pk")[:1]
    one_each = Campaign.objects.order_by().annotate(going=Subquery(going)).values("going")
    found = Batch.objects.filter(pk__in=one_each).select_related("campaign").order_by("campaign_id")
    return [(each.campaign_id, procedure_of(each).stages) for each in found]


@dataclass(frozen=True)
class BatchesWaiting:
    """How many batches wait for an actor, and how many of them are past the deadline of their stage."""

    batches: int
    late: int


def waiting(by: Actor, going: Going | None = None) -> BatchesWaiting:
    """What waits at the stages where the actor's posts act. Two queries, one with `going`. Raises ACC-001."""
    at = waiting_for(by, going)
    found = batches_visible(by).filter(at, state=BatchState.OPEN).select_related(None).order_by()
    counted = found.aggregate(batches=Count("pk"), late=Count("pk", filter=Q(late())))
    return BatchesWaiting(**counted)


def lines_of_batches(by: Actor, page: Iterable[Batch]) -> list[BatchLine]:
    """What the list shows of some batches. Two queries."""
    found = list(page)
    counted = {
        row["batch"]: (row["n"], row["persons"] or 0)
        for row in Case.objects.filter(batch__in=found, state__in=LIVE_STATES)
        .order_by()
        .values("batch")
        .annotate(n=Count("pk"), persons=Sum("persons"))
    }
    due = {
        (campaign, stage): day
        for campaign, stage, day in Deadline.objects.filter(
            campaign__in={each.campaign_id for each in found}
        ).values_list("campaign", "stage", "due_on")
    }
    today = timezone.localdate()
    lines = []
    for batch in found:
        stage = procedure_of(batch).stage(batch.stage)
        cases, persons = counted.get(batch.pk, (0, 0))
        day = due.get((batch.campaign_id, batch.stage)) if batch.state == BatchState.OPEN else None
        days = None if day is None else (day - today).days
        lines.append(BatchLine(batch, stage, cases, persons, day, days, may_act(by, stage, batch.number)))
    return lines
