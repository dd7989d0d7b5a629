"""Exact arithmetic on ranges of rational numbers, as the reference engine does it.

A number is a ``Range``: one value where ``low == high``, else "somewhere from low to high". Unknown is ``None``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product


@dataclass(frozen=True)
class Range:
    """All numbers from ``low`` to ``high``, both included."""

    low: Fraction
    high: Fraction

    @property
    def single(self) -> bool:
        """Whether there is only one value."""
        return self.low == self.high


def exactly(value: Fraction | int) -> Range:
    """The range of one value."""
    return Range(Fraction(value), Fraction(value))


def negate(number: Range) -> Range:
    """All ``-x``."""
    return Range(-number.high, -number.low)


def add(left: Range, right: Range) -> Range:
    """All sums; the two are taken to vary freely, so ``x - x`` of a range is wider than 0."""
    return Range(left.low + right.low, left.high + right.high)


def multiply(left: Range, right: Range) -> Range:
    """All products."""
    corners = [a * b for a, b in product((left.low, left.high), (right.low, right.high))]
    return Range(min(corners), max(corners))


def divide(left: Range, right: Range) -> Range | None:
    """All quotients; unknown where the divisor may be 0."""
    if right.low <= 0 <= right.high:
        return None
    return multiply(left, Range(1 / right.high, 1 / right.low))


def round_half_away(value: Fraction, places: int) -> Fraction:
    """Rounded to ``places`` decimal places; a half goes away from zero (四舍五入): 0.5 to 1, -0.5 to -1."""
    scaled = abs(value) * 10**places
    rounded = Fraction((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 10**places)
    return -rounded if value < 0 else rounded


def round_range(number: Range, places: int) -> Range:
    """All rounded values lie between the rounded ends."""
    return Range(round_half_away(number.low, places), round_half_away(number.high, places))


def _equal(left: Range, right: Range) -> bool | None:
    if left.single and right.single and left.low == right.low:
        return True
    if left.high < right.low or right.high < left.low:
        return False
    return None


def _less(left: Range, right: Range) -> bool | None:
    if left.high < right.low:
        return True
    return False if left.low >= right.high else None


def opposite(answer: bool | None) -> bool | None:
    """Kleene negation."""
    return None if answer is None else not answer


#: Comparisons: met or not met only if all values of both ranges answer alike, else unknown.
COMPARISONS: dict[str, Callable[[Range, Range], bool | None]] = {
    "=": _equal,
    "!=": lambda left, right: opposite(_equal(left, right)),
    "<": _less,
    ">": lambda left, right: _less(right, left),
    ">=": lambda left, right: opposite(_less(left, right)),
    "<=": lambda left, right: opposite(_less(right, left)),
}
