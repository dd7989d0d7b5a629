"""One exact number per row: an integer, scaled by a power of ten, over a positive divisor.

The value is ``number / 10**places / divisor``. It is unknown exactly where ``number`` is null; elsewhere the divisor is
positive. No quotient is ever worked out: two are compared as products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from lika.engine.lowering.cells import Cell, Cells


@dataclass(frozen=True)
class Ratio:
    """``number / 10**places / divisor``; ``divisor`` None is 1."""

    number: Cell
    places: int = 0
    divisor: Cell | None = None

    @property
    def addable(self) -> bool:
        """Whether the numbers of different rows can be added: the divisor is the same in all."""
        return self.divisor is None or self.divisor.constant


@dataclass(frozen=True)
class Ratios:
    """Arithmetic on ratios, made of cells."""

    cells: Cells

    def constant(self, value: Fraction | None) -> Ratio:
        """A decimal known beforehand."""
        if value is None:
            return Ratio(self.cells.constant(None, "int"))
        places = 0
        while (value * 10**places).denominator != 1:
            places += 1
        return Ratio(self.cells.integer(int(value * 10**places)), places)

    def scaled(self, ratio: Ratio, places: int) -> Ratio:
        """The same number with at least ``places`` decimal places."""
        missing = places - ratio.places
        if missing <= 0:
            return ratio
        number = self.cells.multiply(ratio.number, self.cells.integer(10**missing))
        return Ratio(number, places, ratio.divisor)

    def aligned(self, ratios: Sequence[Ratio]) -> list[Ratio]:
        """The same numbers, all with the same decimal places."""
        places = max(ratio.places for ratio in ratios)
        return [self.scaled(ratio, places) for ratio in ratios]

    def negate(self, ratio: Ratio) -> Ratio:
        """``-x``."""
        return Ratio(self.cells.negate(ratio.number), ratio.places, ratio.divisor)

    def add(self, terms: Sequence[Ratio]) -> Ratio:
        """A flat sum; terms with the same divisor are added first."""
        groups: dict[int, list[Ratio]] = {}
        for term in self.aligned(terms):
            groups.setdefault(id(term.divisor) if term.divisor is not None else 0, []).append(term)
        sums = [
            Ratio(self.cells.add([term.number for term in group]), group[0].places, group[0].divisor)
            for group in groups.values()
        ]
        total = sums[0]
        for other in sums[1:]:
            left, right = self._times(total.number, other.divisor), self._times(other.number, total.divisor)
            total = Ratio(self.cells.add([left, right]), total.places, self._product(total.divisor, other.divisor))
        return total

    def multiply(self, left: Ratio, right: Ratio) -> Ratio:
        """``x * y``."""
        number = self.cells.multiply(left.number, right.number)
        return Ratio(number, left.places + right.places, self._product(left.divisor, right.divisor))

    def divide(self, left: Ratio, right: Ratio) -> Ratio:
        """``x / y`` for positive y; whoever calls makes the result null where y is not."""
        constant = right.number.detail if right.number.constant and right.divisor is None else None
        if constant and (inverse := _decimal_inverse(constant)) is not None:
            factor, places = inverse
            number = self.cells.multiply(left.number, self.cells.integer(factor * 10**right.places))
            return Ratio(number, left.places + places, left.divisor)
        places = left.places - right.places
        number = self._times(left.number, right.divisor)
        if places < 0:
            number = self.cells.multiply(number, self.cells.integer(10**-places))
        return Ratio(number, max(places, 0), self._product(left.divisor, right.number))

    def compare(self, operator: str, left: Ratio, right: Ratio) -> Cell:
        """The comparison, decided as a product."""
        left, right = self.aligned((left, right))
        if left.divisor is right.divisor:
            return self.cells.compare(operator, left.number, right.number)
        return self.cells.compare(
            operator, self._times(left.number, right.divisor), self._times(right.number, left.divisor)
        )

    def choose(self, condition: Cell, yes: Ratio, no: Ratio) -> Ratio:
        """``yes`` or ``no``; null where the condition is."""
        yes, no = self.aligned((yes, no))
        number = self.cells.choose(condition, yes.number, no.number)
        if yes.divisor is no.divisor:
            return Ratio(number, yes.places, yes.divisor)
        one = self.cells.integer(1)
        divisor = self.cells.cases([(condition, yes.divisor or one)], no.divisor or one)
        return Ratio(number, yes.places, divisor)

    def pick(self, operator: str, left: Ratio, right: Ratio) -> Ratio:
        """``left`` where ``left operator right``, else ``right``; null where either is."""
        return left if left == right else self.choose(self.compare(operator, left, right), left, right)

    def only_where(self, condition: Cell, ratio: Ratio) -> Ratio:
        """The ratio where the condition is true, else null."""
        return Ratio(self.cells.cases([(condition, ratio.number)]), ratio.places, ratio.divisor)

    def rounded(self, ratio: Ratio, places: int) -> Ratio:
        """Rounded to ``places`` decimal places, halves away from zero."""
        if ratio.divisor is None and ratio.places <= places:
            return ratio
        ratio = self.scaled(ratio, places)
        shift = self.cells.integer(10 ** (ratio.places - places))
        divisor = self._times(shift, ratio.divisor)
        return Ratio(self.cells.divide_rounded(ratio.number, divisor), places)

    def _times(self, cell: Cell, factor: Cell | None) -> Cell:
        return cell if factor is None else self.cells.multiply(cell, factor)

    def _product(self, left: Cell | None, right: Cell | None) -> Cell | None:
        if left is None or right is None:
            return left if right is None else right
        return self.cells.multiply(left, right)


def _decimal_inverse(value: int) -> tuple[int, int] | None:
    """(factor, places) with ``1 / value == factor / 10**places``, if there is one."""
    places, rest = 0, abs(value)
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    for prime in (2, 5):
        while rest % prime == 0:
            rest, places = rest // prime, places + 1
    if rest != 1:
        return None
    return 10**places // abs(value) * (1 if value > 0 else -1), places
