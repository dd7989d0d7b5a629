"""How far the cases of a campaign are: by place and stage, so that it shows where they are stuck."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from lika.casework.choices import LIVE_STATES, BatchState, CaseState
from lika.casework.models import Batch, Campaign, Case
from lika.casework.queries.cases import batches_visible, cases_visible
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.policy.queries.procedures import Procedure


@dataclass(frozen=True)
class PlaceLine:
    """Of one township or county: the cases under way at each stage, in the order of the stages; through; struck out."""

    place: Division | None
    code: str
    at: Sequence[int]
    done: int
    struck_out: int

    @property
    def under_way(self) -> int:
        return sum(self.at)


def first_batch(by: Actor, campaign: Campaign) -> Batch | None:
    """Any batch of a campaign in sight, which names the procedure; None where its cases are not begun."""
    return batches_visible(by).filter(campaign=campaign, sequence=0).first()


def with_nobody(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """Those of some batches that were closed by hand because nobody was to be decided on in their place (无对象)."""
    of_place = Case.objects.filter(campaign=OuterRef("campaign"), division=OuterRef("number"))
    return batches.filter(~Exists(of_place), state=BatchState.CLOSED, sequence=0)


def is_by_county(by: Actor, campaign: Campaign) -> bool:
    """Whether `by_place` tells counties: to whoever sees all of a campaign that is larger than one."""
    sees_all = by.area_for(Permission.CASEWORK_VIEW).covers(campaign.division_id)
    return sees_all and campaign.division.level < Level.COUNTY


def by_place(by: Actor, campaign: Campaign, procedure: Procedure) -> list[PlaceLine]:
    """The cases in sight by township (or `is_by_county`), by code. Two queries. Raises ACC-001."""
    level = Level.COUNTY if is_by_county(by, campaign) else Level.TOWNSHIP
    span = 10 ** (CODE_LENGTH - DIGITS_OF_LEVEL[level])
    counted: dict[int, dict[str, int]] = {}
    rows = (
        cases_visible(by)
        .filter(campaign=campaign)
        .order_by()
        .annotate(area=F("division") / span)
        .values_list("area", "state", "stage")
        .annotate(Count("pk"))
    )
    for area, state, stage, cases in rows:
        line = counted.setdefault(area * span, {})
        key = stage if state in LIVE_STATES else state
        line[key] = line.get(key, 0) + cases
    places = divisions.by_codes(f"{code:0{CODE_LENGTH}d}" for code in counted)
    return [
        PlaceLine(
            places.get(code),
            code,
            [counted[int(code)].get(stage.id, 0) for stage in procedure.stages],
            counted[int(code)].get(CaseState.DONE, 0),
            counted[int(code)].get(CaseState.STRUCK_OUT, 0),
        )
        for code in (f"{each:0{CODE_LENGTH}d}" for each in sorted(counted))
    ]
