"""Who comes within a village's number: whole households, in the order that the meeting fixed.

Pure. A household is never split, and nobody overtakes: whoever stands behind one that is left is left too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Crossing(StrEnum):
    """What becomes of the household with which the number would be passed, as the pack says."""

    TAKEN = "taken"
    LEFT = "left"


@dataclass(frozen=True)
class Candidate:
    """A household and its members."""

    household: UUID
    persons: int


@dataclass(frozen=True)
class Chosen:
    """The candidates in two parts, both in the order given; `persons` are those of the taken."""

    taken: Sequence[Candidate]
    left: Sequence[Candidate]

    @property
    def persons(self) -> int:
        return sum(candidate.persons for candidate in self.taken)


def choose(order: Sequence[Candidate], quota: int, crossing: Crossing) -> Chosen:
    """The households within a number of persons. Nobody is taken once the number is reached.

    Raises ValueError for a household without members, for one that is there twice, and for a number below zero.
    """
    if quota < 0 or any(candidate.persons < 1 for candidate in order):
        raise ValueError("a number of persons is not negative, and a household has members")
    if len({candidate.household for candidate in order}) < len(order):
        raise ValueError("a household stands once in the order")
    persons = 0
    for place, candidate in enumerate(order):
        passed = persons + candidate.persons > quota
        if persons == quota or (passed and crossing is Crossing.LEFT):
            return Chosen(order[:place], order[place:])
        if passed:
            return Chosen(order[: place + 1], order[place + 1 :])
        persons += candidate.persons
    return Chosen(order, [])
