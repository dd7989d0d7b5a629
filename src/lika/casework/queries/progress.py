"""How far the cases of a campaign are: by township and stage, so that it shows where they are stuck."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F

from lika.casework.choices import LIVE_STATES, CaseState
from lika.casework.models import Batch, Campaign
from lika.casework.queries.cases import batches_visible, cases_visible
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.policy.queries.procedures import Procedure

_SPAN = 10 ** (CODE_LENGTH - DIGITS_OF_LEVEL[Level.TOWNSHIP])


@dataclass(frozen=True)
class TownshipLine:
    """Of one township: the cases under way at each stage, in the order of the stages; those that are through; out."""

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


def by_township(by: Actor, campaign: Campaign, procedure: Procedure) -> list[TownshipLine]:
    """The cases in sight by township, by code. Two queries. Raises ACC-001."""
    counted: dict[int, dict[str, int]] = {}
    rows = (
        cases_visible(by)
        .filter(campaign=campaign)
        .order_by()
        .annotate(township=F("division") / _SPAN)
        .values_list("township", "state", "stage")
        .annotate(Count("pk"))
    )
    for township, state, stage, cases in rows:
        line = counted.setdefault(township * _SPAN, {})
        key = stage if state in LIVE_STATES else state
        line[key] = line.get(key, 0) + cases
    places = divisions.by_codes(f"{code:0{CODE_LENGTH}d}" for code in counted)
    return [
        TownshipLine(
            places.get(code),
            code,
            [counted[int(code)].get(stage.id, 0) for stage in procedure.stages],
            counted[int(code)].get(CaseState.DONE, 0),
            counted[int(code)].get(CaseState.STRUCK_OUT, 0),
        )
        for code in (f"{each:0{CODE_LENGTH}d}" for each in sorted(counted))
    ]
