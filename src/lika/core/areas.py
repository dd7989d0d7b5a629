"""An area is a set of closed ranges of village codes, so that asking for it is a range scan.

A 12-digit division code covers every village code that shares its significant digits: the county
621223 covers 621223000000 … 621223999999. No names and no tables here: see `lika.divisions`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.db.models import Q

# Significant digits of a 12-digit code by level: province, prefecture, county, township, village.
DIGITS_OF_LEVEL = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}
CODE_LENGTH = 12
# What stands for the whole country where a division code is asked for.
COUNTRY = "000000"


def range_of(code: str) -> tuple[int, int]:
    """The closed range of 12-digit codes below a division code (short or full).

    Six or twelve zeros are the whole country. Raises ValueError when the text is not a division code.
    """
    if not code.isascii() or not code.isdigit() or len(code) not in (*DIGITS_OF_LEVEL.values(), CODE_LENGTH):
        raise ValueError(f"not a division code: {len(code)} characters")
    if is_country(code):
        return EVERYWHERE.ranges[0]
    # Trailing zeros say the level in every form: 62, 620000 and 620000000000 are one province.
    significant = next(code[:n] for n in DIGITS_OF_LEVEL.values() if not code[n:].strip("0"))
    span = 10 ** (CODE_LENGTH - len(significant))
    low = int(significant) * span
    return low, low + span - 1


def is_country(code: str) -> bool:
    """Whether a code is that of the whole country."""
    return len(code) in (6, CODE_LENGTH) and not code.strip("0")


@dataclass(frozen=True)
class Area:
    """Closed, sorted, disjoint ranges of village codes."""

    ranges: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, codes: Iterable[str]) -> Self:
        """The area covered by some division codes of any level."""
        return cls.joined(range_of(code) for code in codes)

    @classmethod
    def joined(cls, ranges: Iterable[tuple[int, int]]) -> Self:
        """The area that some ranges cover together: those that overlap or touch become one."""
        merged: list[tuple[int, int]] = []
        for low, high in sorted(ranges):
            if merged and low <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
            else:
                merged.append((low, high))
        return cls(tuple(merged))

    def __contains__(self, village: int) -> bool:
        return any(low <= village <= high for low, high in self.ranges)

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def covers(self, code: str) -> bool:
        """Whether a whole division lies inside."""
        low, high = range_of(code)
        return any(a <= low and high <= b for a, b in self.ranges)

    def meet(self, other: "Area") -> "Area":
        """The part that both cover."""
        parts = [(max(a, c), min(b, d)) for a, b in self.ranges for c, d in other.ranges if max(a, c) <= min(b, d)]
        return Area(tuple(sorted(parts)))

    def where(self, column: str = "village") -> Q:
        """The condition that a bigint column lies in the area; an empty area matches nothing."""
        condition = Q(pk__in=[])
        for low, high in self.ranges:
            condition |= Q(**{f"{column}__range": (low, high)})
        return condition


NOWHERE = Area()
EVERYWHERE = Area(((0, 10**CODE_LENGTH - 1),))
