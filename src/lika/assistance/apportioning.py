"""A balanced assignment of households to helpers, worked out and shown before anything is proposed.

Each helper has places: as many as the rank takes, less the households paired already; where no document gives a
number, an even share. The households are set into the places at the least cost (SciPy, the assignment problem): one
that lies in a village of the helper's unit costs nothing, one elsewhere something, and each further place of a helper
costs more than the one before, so that nobody gets many while others have few. Where places are fewer than
households, those in greatest need come first (先难后易, 003 §四(二)2).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

# Costs. What lies outside the unit's villages weighs more than any unevenness; a household left over most of all.
_ELSEWHERE = 10_000
_FURTHER_PLACE = 1


@dataclass(frozen=True)
class Place:
    """A helper with room: the villages of their unit, households paired already, the most they take (None: open)."""

    helper: UUID
    villages: frozenset[int]
    has: int
    most: int | None


@dataclass(frozen=True)
class Waiting:
    """A household without a helper. The lower the `rank`, the sooner its turn."""

    household: UUID
    village: int
    rank: int


def assigned(helpers: Sequence[Place], households: Collection[Waiting]) -> dict[UUID, UUID]:
    """Which helper each household gets, by household. Whoever gets none is left out.

    The same answer for the same question, whatever order it is asked in.
    """
    by_need = sorted(households, key=lambda each: (each.rank, each.village, str(each.household)))
    slots = _slots(sorted(helpers, key=lambda each: str(each.helper)), len(by_need))
    chosen = by_need[: len(slots)]
    if not chosen:
        return {}
    import numpy as np
    from scipy.optimize import linear_sum_assignment  # takes a second to load: not when the server starts

    costs = np.empty((len(chosen), len(slots)), dtype=np.int64)
    villages = np.array([each.village for each in chosen])
    own = {place.helper: np.isin(villages, sorted(place.villages)) for place in helpers}
    for column, (place, further) in enumerate(slots):
        costs[:, column] = np.where(own[place.helper], 0, _ELSEWHERE) + further * _FURTHER_PLACE
    rows, columns = linear_sum_assignment(costs)
    return {chosen[row].household: slots[column][0].helper for row, column in zip(rows, columns, strict=True)}


def _slots(helpers: Sequence[Place], wanted: int) -> list[tuple[Place, int]]:
    """The places of all helpers, each with how many households its helper has before it, fewest first."""
    if not helpers:
        return []
    share = _even_share(helpers, wanted)
    slots = [(place, has) for place in helpers for has in range(place.has, share if place.most is None else place.most)]
    return sorted(slots, key=lambda slot: (slot[1], str(slot[0].helper)))


def _even_share(helpers: Sequence[Place], wanted: int) -> int:
    """Up to how many households a helper without a number takes: what an even spread gives each, and what the others
    leave over."""
    share = -(-(sum(place.has for place in helpers) + wanted) // len(helpers))
    open_ones = [place.has for place in helpers if place.most is None]
    left = wanted - sum(max(0, place.most - place.has) for place in helpers if place.most is not None)
    while open_ones and sum(max(0, share - has) for has in open_ones) < left:
        share += 1
    return share
