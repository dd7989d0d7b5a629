"""Where the number of a village is reached: whole households in the order of the meeting.

The pack says whether the household that passes the number is taken or left. Where it does not (待补充依据) the meeting
decides. So at most that one household goes beyond the number, and nobody behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from lika.casework.choices import CampaignState
from lika.casework.models import Batch, Case, Quota
from lika.casework.whole_households import Candidate, Crossing, choose


@dataclass(frozen=True)
class QuotaLine:
    """The number of a village and where it lies in a list of cases.

    `crossing` is the case that passes it, if one may; `by_rule`: the pack takes it, else the meeting decides.
    """

    quota: int
    persons: int
    crossing: UUID | None
    by_rule: bool
    beyond: frozenset[UUID]


def quota_of(batch: Batch) -> int | None:
    """The persons of a batch's village in a campaign with locked numbers; None where no number applies. One query."""
    if batch.campaign.state != CampaignState.LOCKED:
        return None
    found = Quota.objects.filter(campaign=batch.campaign_id, number=batch.number, parts=None)
    return found.values_list("allocated", flat=True).first()


def quota_line(quota: int, cases: Sequence[Case], taken: bool | None) -> QuotaLine:
    """Where the number is reached among households in the order given; a household counts one person at least.

    `taken` is the rule for the household that passes the number; None: no document lays it down.
    """
    order = [Candidate(case.pk, max(case.persons or 0, 1)) for case in cases]
    within = choose(order, quota, Crossing.LEFT)
    held = choose(order, quota, Crossing.LEFT if taken is False else Crossing.TAKEN)
    last = held.taken[len(within.taken) :]
    return QuotaLine(
        quota,
        within.persons,
        last[0].household if last else None,
        taken is True,
        frozenset(each.household for each in held.left),
    )
