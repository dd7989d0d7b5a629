"""What a value has to be: the intervals, or the codes, among which it must lie; and the nearest value that does."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from lika.engine.ranges import Range
from lika.engine.schema import Fact
from lika.engine.types import DecimalType, IntegerType, places_of

#: What compares the other way round, and what compares to the opposite answer.
TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True)
class Interval:
    """All numbers from ``low`` to ``high``; None is without end; an open end does not belong to it."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        """Whether no number lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    @property
    def point(self) -> Fraction | None:
        """The one number in it, where there is only one."""
        return self.low if self.low is not None and self.low == self.high else None

    def holds(self, value: Fraction) -> bool:
        """Whether a number lies in it."""
        above = self.low is None or value > self.low or (value == self.low and not self.low_open)
        return above and (self.high is None or value < self.high or (value == self.high and not self.high_open))

    def meet(self, other: Interval) -> Interval:
        """What lies in both."""
        low, low_open = _inner(self.low, self.low_open, other.low, other.low_open, max)
        high, high_open = _inner(self.high, self.high_open, other.high, other.high_open, min)
        return Interval(low, high, low_open, high_open)

    def shifted(self, by: Fraction) -> Interval:
        """Every number moved by as much."""
        return Interval(_plus(self.low, by), _plus(self.high, by), self.low_open, self.high_open)

    def scaled(self, by: Fraction) -> Interval:
        """Every number times ``by``, which is not 0; a negative one turns it round."""
        low, high = (None if end is None else end * by for end in (self.low, self.high))
        return (
            Interval(low, high, self.low_open, self.high_open)
            if by > 0
            else Interval(high, low, self.high_open, self.low_open)
        )


#: Every number.
ANY = (Interval(),)

#: Every day that there is.
DAYS = Interval(Fraction(date.min.toordinal()), Fraction(date.max.toordinal()))

#: Where a number (or a day, by its ordinal) must lie; or the codes or truth values of which it must be one.
Ordered = tuple[Interval, ...]
Aim = Ordered | frozenset[str] | frozenset[bool]


def _inner(
    one: Fraction | None, one_open: bool, other: Fraction | None, other_open: bool, pick: object
) -> tuple[Fraction | None, bool]:
    if one is None or other is None:
        return (other, other_open) if one is None else (one, one_open)
    if one == other:
        return one, one_open or other_open
    found = max(one, other) if pick is max else min(one, other)
    return found, one_open if found == one else other_open


def _plus(end: Fraction | None, by: Fraction) -> Fraction | None:
    return None if end is None else end + by


def compared(operator: str, other: Range) -> Ordered:
    """Where a number lies that compares so with every number of ``other``."""
    match operator:
        case "=":
            return (Interval(other.low, other.high),) if other.single else ()
        case "!=":
            return (Interval(high=other.low, high_open=True), Interval(low=other.high, low_open=True))
        case "<" | "<=":
            return (Interval(high=other.low, high_open=operator == "<"),)
    return (Interval(low=other.high, low_open=operator == ">"),)


def points(values: Iterable[Fraction]) -> Ordered:
    """These numbers."""
    return tuple(Interval(value, value) for value in sorted(set(values)))


def between_points(values: Iterable[Fraction]) -> Ordered:
    """All numbers but these."""
    ends = [None, *sorted(set(values)), None]
    return tuple(Interval(low, high, low is not None, high is not None) for low, high in pairwise(ends))


def met_by_both(one: Aim, other: Aim) -> Aim:
    """What fulfils two aims about the same value."""
    if isinstance(one, frozenset) or isinstance(other, frozenset):
        return frozenset(one) & frozenset(other)  # type: ignore[return-value]
    found = (left.meet(right) for left in one for right in other)
    return tuple(interval for interval in found if not interval.empty)


def as_number(value: object) -> Fraction | None:
    """A number, or a day by its ordinal, so that both are sought alike."""
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return value if isinstance(value, Fraction) else None


def as_range(value: object) -> Range | None:
    """A value as the reference engine holds it, days by their ordinals; None where it is unknown."""
    if isinstance(value, Range):
        return value
    number = as_number(value)
    return None if number is None else Range(number, number)


def span_of(fact: Fact) -> tuple[int, Interval]:
    """The decimal places of a fact's values, and where they may lie: within its digits and declared bounds."""
    if isinstance(fact.type, IntegerType | DecimalType):
        places = places_of(fact.type)
        most = Fraction(10**fact.type.digits - 1, 10**places)
        declared = Interval(
            None if fact.minimum is None else Fraction(fact.minimum),
            None if fact.maximum is None else Fraction(fact.maximum),
        )
        return places, Interval(-most, most).meet(declared)
    return 0, DAYS


def nearest(aim: Ordered, now: Fraction, places: int, within: Interval) -> Fraction | None:
    """The value with so many decimal places that fulfils the aim and lies nearest to ``now``; None: there is none."""
    found = (_nearest_in(interval.meet(within), now, places) for interval in aim)
    return min((value for value in found if value is not None), key=lambda value: abs(value - now), default=None)


def _nearest_in(interval: Interval, now: Fraction, places: int) -> Fraction | None:
    scale = 10**places
    lowest = None if interval.low is None else math.ceil(interval.low * scale)
    if lowest is not None and interval.low_open and lowest == (interval.low or 0) * scale:
        lowest += 1
    highest = None if interval.high is None else math.floor(interval.high * scale)
    if highest is not None and interval.high_open and highest == (interval.high or 0) * scale:
        highest -= 1
    if lowest is not None and highest is not None and lowest > highest:
        return None
    wanted = math.floor(now * scale)
    if lowest is not None:
        wanted = max(wanted, lowest)
    if highest is not None:
        wanted = min(wanted, highest)
    return Fraction(wanted, scale)


def inside(aim: Ordered, now: Fraction) -> Fraction | None:
    """Any number that fulfils the aim, however many places it needs; near ``now``."""
    for interval in aim:
        if interval.holds(now):
            return now
        low, high = interval.low, interval.high
        for end, is_open in ((low, interval.low_open), (high, interval.high_open)):
            if end is not None and not is_open and not interval.empty:
                return end
        if low is not None and high is not None and low < high:
            return (low + high) / 2
        if low is not None or high is not None:
            return low + 1 if low is not None else (high or 0) - Fraction(1)
    return None
