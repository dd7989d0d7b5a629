"""Splitting a number of persons by weights (规模分解): whole persons, exact sums, never over a cap.

Pure integer arithmetic (reference/METHODS "quota decomposition"; Balinski and Young, Fair Representation, 1982).
The largest remainder stays within one person of the exact share, but one person more in all may lower a part; Webster
never does, so it suits sizes that are raised later. Equal claims go to the larger weight, then to the smaller code:
the order in which the parts are given changes nothing.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Method(StrEnum):
    """The two ways of rounding."""

    LARGEST_REMAINDER = "largest_remainder"
    WEBSTER = "webster"


@dataclass(frozen=True)
class Part:
    """One division that takes a share: its code, its weight (not negative), the most it can take (None: no limit)."""

    code: str
    weight: int
    cap: int | None = None


class CannotSplit(ValueError):
    """The number does not fit: no part has a weight, or the caps of those that have one are too small.

    `room` is the most that could be split.
    """

    def __init__(self, room: int) -> None:
        super().__init__(f"at most {room} can be split")
        self.room = room


def room_of(parts: Iterable[Part]) -> int | None:
    """The most that can be split among some parts; None where one of them has no cap."""
    caps = [part.cap for part in parts if part.weight]
    return None if None in caps else sum(cap for cap in caps if cap is not None)


def split(total: int, parts: Iterable[Part], method: Method) -> dict[str, int]:
    """How much each part takes, by code. The sum is `total`; a part without a weight takes nothing.

    Raises CannotSplit, and ValueError for negative numbers.
    """
    given = sorted(parts, key=lambda part: part.code)
    if total < 0 or any(part.weight < 0 or (part.cap or 0) < 0 for part in given):
        raise ValueError("a number of persons is not negative")
    room = room_of(given)
    if room is not None and total > room:
        raise CannotSplit(room)
    return _METHODS[method](total, given)


def _by_largest_remainder(total: int, parts: list[Part]) -> dict[str, int]:
    """Split; fix whoever came out above their cap at the cap; split the rest among the others; until none does."""
    taken = dict.fromkeys((part.code for part in parts), 0)
    left, open_parts = total, [part for part in parts if part.weight]
    while left:
        shares = _remainders(left, open_parts)
        over = [part for part in open_parts if part.cap is not None and shares[part.code] > part.cap]
        if not over:
            return taken | shares
        for part in over:
            taken[part.code] = part.cap or 0
            left -= part.cap or 0
        fixed = {part.code for part in over}
        open_parts = [part for part in open_parts if part.code not in fixed]
    return taken


def _remainders(total: int, parts: list[Part]) -> dict[str, int]:
    whole = sum(part.weight for part in parts)
    shares = {part.code: part.weight * total // whole for part in parts}
    claims = sorted(parts, key=lambda part: (-(part.weight * total % whole), -part.weight, part.code))
    for part in claims[: total - sum(shares.values())]:
        shares[part.code] += 1
    return shares


def _by_webster(total: int, parts: list[Part]) -> dict[str, int]:
    """One person after the other to whoever has the largest weight for each person and a half.

    Begins where a divisor that surely gives out too few would end: the first persons are counted, not handed out.
    """
    taken = dict.fromkeys((part.code for part in parts), 0)
    weighty = [part for part in parts if part.weight]
    whole, sure = sum(part.weight for part in weighty), max(0, total - len(weighty))
    for part in weighty:
        first = max(0, -((whole - 2 * part.weight * sure) // (2 * whole)))
        taken[part.code] = first if part.cap is None else min(first, part.cap)
    claims = [_claim(part, taken[part.code]) for part in weighty if _has_room(part, taken[part.code])]
    heapq.heapify(claims)
    for _person in range(total - sum(taken.values())):
        part = heapq.heappop(claims)[-1]
        taken[part.code] += 1
        if _has_room(part, taken[part.code]):
            heapq.heappush(claims, _claim(part, taken[part.code]))
    return taken


_Claim = tuple[Fraction, int, str, Part]


def _claim(part: Part, taken: int) -> _Claim:
    return (-Fraction(part.weight, 2 * taken + 1), -part.weight, part.code, part)


def _has_room(part: Part, taken: int) -> bool:
    return part.cap is None or taken < part.cap


_METHODS: Mapping[Method, Callable[[int, list[Part]], dict[str, int]]] = {
    Method.LARGEST_REMAINDER: _by_largest_remainder,
    Method.WEBSTER: _by_webster,
}
