"""A number that may be a range: two ratios, both null or neither.

What ``ranges`` does on values, this does on cells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

from lika.engine.lowering.cells import Cell, Cells
from lika.engine.lowering.ratios import Ratio, Ratios

Item = TypeVar("Item")


@dataclass(frozen=True)
class Span:
    """All numbers from ``low`` to ``high``; where both are one object there is only one value."""

    low: Ratio
    high: Ratio

    @property
    def single(self) -> bool:
        """Whether there is known to be only one value in every row."""
        return self.low is self.high

    @property
    def never_negative(self) -> bool:
        """Whether no row can hold a negative number."""
        return self.low.number.low >= 0


def exactly(ratio: Ratio) -> Span:
    """The span of one value."""
    return Span(ratio, ratio)


@dataclass(frozen=True)
class Spans:
    """Arithmetic on spans, made of ratios."""

    ratios: Ratios

    @property
    def cells(self) -> Cells:
        """Where the cells are made."""
        return self.ratios.cells

    def negate(self, span: Span) -> Span:
        """``-x``."""
        return self._ends(span, lambda low, high: (self.ratios.negate(high), self.ratios.negate(low)))

    def add(self, terms: Sequence[Span]) -> Span:
        """A flat sum."""
        low = self.ratios.add([term.low for term in terms])
        if all(term.single for term in terms):
            return exactly(low)
        return Span(low, self.ratios.add([term.high for term in terms]))

    def multiply(self, left: Span, right: Span) -> Span:
        """``x * y``."""
        if left.single and right.single:
            return exactly(self.ratios.multiply(left.low, right.low))
        if left.never_negative and right.never_negative:
            return Span(self.ratios.multiply(left.low, right.low), self.ratios.multiply(left.high, right.high))
        corners = [self.ratios.multiply(a, b) for a in _ends(left) for b in _ends(right)]
        return Span(self.pick("<=", corners), self.pick(">=", corners))

    def divide(self, left: Span, right: Span) -> Span:
        """``x / y``; null where y may be 0."""
        zero = self.cells.integer(0)
        if not right.never_negative:
            # Turn a negative divisor positive: x / y = -x / -y.
            negative = self.cells.compare("<", right.high.number, zero)
            left = self.choose(negative, self.negate(left), left)
            right = self.choose(negative, self.negate(right), right)
        positive = self.cells.compare(">", right.low.number, zero)
        if left.single and right.single:
            return exactly(self._quotient(positive, left.low, right.low))
        if right.single:
            return Span(*(self._quotient(positive, end, right.low) for end in (left.low, left.high)))
        lows = [self._quotient(positive, left.low, end) for end in _ends(right)]
        highs = [self._quotient(positive, left.high, end) for end in _ends(right)]
        if left.never_negative:
            return Span(lows[1], highs[0])
        return Span(self.pick("<=", lows), self.pick(">=", highs))

    def _quotient(self, positive: Cell, left: Ratio, right: Ratio) -> Ratio:
        quotient = self.ratios.divide(left, right)
        known_positive = right.number.constant and bool(right.number.detail)
        return quotient if known_positive else self.ratios.only_where(positive, quotient)

    def rounded(self, span: Span, places: int) -> Span:
        """Rounded to ``places`` decimal places."""
        round_end = self.ratios.rounded
        return self._ends(span, lambda low, high: (round_end(low, places), round_end(high, places)))

    def pick(self, operator: str, ratios: Sequence[Ratio]) -> Ratio:
        """The least (``<=``) or greatest (``>=``) of ratios; null where any is."""
        return balanced(lambda left, right: self.ratios.pick(operator, left, right), ratios)

    def extreme(self, operator: str, spans: Sequence[Span]) -> Span:
        """The least (``<=``) or greatest (``>=``) of spans, end by end."""
        low = self.pick(operator, [span.low for span in spans])
        if all(span.single for span in spans):
            return exactly(low)
        return Span(low, self.pick(operator, [span.high for span in spans]))

    def choose(self, condition: Cell, yes: Span, no: Span) -> Span:
        """``yes`` or ``no``; null where the condition is."""
        low = self.ratios.choose(condition, yes.low, no.low)
        if yes.single and no.single:
            return exactly(low)
        return Span(low, self.ratios.choose(condition, yes.high, no.high))

    def is_single(self, span: Span) -> Cell:
        """Whether the number is known and only one; never null."""
        known = self.cells.known(span.low.number)
        if span.single:
            return known
        equal = self.ratios.compare("=", span.low, span.high)
        return self.cells.both(known, self.cells.certainly(equal))

    def compare(self, operator: str, left: Span, right: Span) -> Cell:
        """Met or not met where all values of both answer alike, else null."""
        if left.single and right.single:
            return self.ratios.compare(operator, left.low, right.low)
        if operator in ("=", "!="):
            return self._compare_equal(operator, left, right)
        if operator in (">", ">="):
            return self.compare({">": "<", ">=": "<="}[operator], right, left)
        opposite = {"<": ">=", "<=": ">"}[operator]
        met = self.ratios.compare(operator, left.high, right.low)
        unmet = self.ratios.compare(opposite, left.low, right.high)
        return self._answer(met, unmet)

    def _compare_equal(self, operator: str, left: Span, right: Span) -> Cell:
        compare, cells = self.ratios.compare, self.cells
        equal = cells.both(compare("=", left.low, right.high), compare("=", left.high, right.low))
        apart = cells.either(compare("<", left.high, right.low), compare("<", right.high, left.low))
        return self._answer(equal, apart) if operator == "=" else self._answer(apart, equal)

    def _answer(self, met: Cell, unmet: Cell) -> Cell:
        return self.cells.cases([(met, self.cells.truth(True)), (unmet, self.cells.truth(False))])

    def _ends(self, span: Span, work: Callable[[Ratio, Ratio], tuple[Ratio, Ratio]]) -> Span:
        low, high = work(span.low, span.high)
        return exactly(low) if span.single else Span(low, high)


def _ends(span: Span) -> list[Ratio]:
    return [span.low] if span.single else [span.low, span.high]


def balanced(work: Callable[[Item, Item], Item], items: Sequence[Item]) -> Item:
    """Fold items by halves, so that the result nests no deeper than the logarithm of their number."""
    row = list(items)
    while len(row) > 1:
        row = [reduce(work, row[index : index + 2]) for index in range(0, len(row), 2)]
    return row[0]
