"""What has to change for a number or a day to lie where it must: the arithmetic turned round, as far as it can be."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Any

from lika.engine import ranges, typed
from lika.engine.needs import telling
from lika.engine.needs.aims import Interval, Ordered, as_range
from lika.engine.needs.joining import either, every, fixed, never, some
from lika.engine.needs.model import DONE, MOST_ROWS, Need, plans
from lika.engine.population import UnitRow
from lika.engine.ranges import Range, exactly
from lika.engine.typed import Term

if TYPE_CHECKING:
    from lika.engine.needs.seeking import Seeker

_READS = typed.FactRead | typed.Derived | typed.Aggregate | typed.Met


def varies(term: Term) -> bool:
    """Whether a term reads recorded facts, so that its value could be another."""
    return any(isinstance(part, _READS) for part in typed.walk(term))


class Amounts:
    """Asks the parts of a number or a day; where no single one decides, the value of the whole is what is needed."""

    def __init__(self, seeker: Seeker) -> None:
        """``seeker`` asks conditions and makes the steps."""
        self.seeker = seeker

    def want(self, term: Term, row: UnitRow, aim: Ordered) -> Need:
        """What makes the value lie within the aim."""
        now = as_range(self.seeker.run.value(term, row))
        if now is not None and any(_within(interval, now) for interval in aim):
            return DONE
        return self._sought(term, row, aim)

    def _sought(self, term: Term, row: UnitRow, aim: Ordered) -> Need:
        ask = _AMOUNTS.get(type(term))
        return ask(self, term, row, aim) if ask is not None else self._whole(term, row, aim)

    def _fact(self, term: typed.FactRead, row: UnitRow, aim: Ordered) -> Need:
        return self.seeker.fact(term, row, aim)

    def _negate(self, term: typed.Negate, row: UnitRow, aim: Ordered) -> Need:
        return self.want(term.operand, row, _scaled(aim, Fraction(-1)))

    def _round(self, term: typed.Round, row: UnitRow, aim: Ordered) -> Need:
        return self.want(term.operand, row, tuple(_before_rounding(interval, term.places) for interval in aim))

    def _if(self, term: typed.If, row: UnitRow, aim: Ordered) -> Need:
        return self.seeker.branches(term, row, lambda branch: self.want(branch, row, aim))

    def _coalesce(self, term: typed.Coalesce, row: UnitRow, aim: Ordered) -> Need:
        return self.seeker.first_known(term.arguments, row, lambda part: self.want(part, row, aim))

    def _extreme_of(self, term: typed.Extreme, row: UnitRow, aim: Ordered) -> Need:
        return self._extreme(term, term.function == "greatest", [(part, row) for part in term.arguments], row, aim)

    def _whole(self, term: Term, row: UnitRow, aim: Ordered) -> Need:
        return self.seeker.worked_out(term, row, aim) if varies(term) else fixed(term)

    def _derived(self, term: typed.Derived, row: UnitRow, aim: Ordered) -> Need:
        body = self.seeker.body_of(term, row)
        if body is None:
            return self.seeker.fact(term, row, aim)
        need = self.want(body, row, aim)
        # The fact has a name that officials know; its formula stands in the explanation.
        named = need.step is not None and need.step.kind == "value" and need.step.term is body
        return self.seeker.worked_out(term, row, aim) if named else need

    def _one_open(self, terms: Sequence[Term], row: UnitRow) -> int | None:
        """Which of several terms decides by itself: the only one that reads facts, or the only one not known."""
        values = [as_range(self.seeker.run.value(term, row)) for term in terms]
        changing = [index for index, term in enumerate(terms) if varies(term)]
        unknown = [index for index, value in enumerate(values) if value is None or not value.single]
        if len(unknown) > 1 or (unknown and unknown[0] not in changing):
            return None
        if unknown:
            return unknown[0]
        return changing[0] if len(changing) == 1 else None

    def _sum(self, term: typed.Sum, row: UnitRow, aim: Ordered) -> Need:
        if (by_conditions := self._tally(term, row, aim)) is not None:
            return by_conditions
        index = self._one_open(term.terms, row)
        if index is None:
            return self._whole(term, row, aim)
        rest = Fraction(0)
        for sign, part in zip(term.signs, term.terms, strict=True):
            if part is not term.terms[index]:
                value = self._known(part, row)
                rest += value if sign == "+" else -value
        moved = tuple(interval.shifted(-rest) for interval in aim)
        return self.want(term.terms[index], row, moved if term.signs[index] == "+" else _scaled(moved, Fraction(-1)))

    def _tally(self, term: typed.Sum, row: UnitRow, aim: Ordered) -> Need | None:
        """Where the sum counts how many conditions hold: so many more of them, or so many fewer."""
        conditions = tallied(term)
        if not conditions:
            return None
        answers = [self.seeker.run.value(condition, row) for condition in conditions]
        if (asked := _counted(answers, aim)) is None:
            return None
        goal, least = asked
        needs = [self.seeker.want(part, row, goal=goal) for part in conditions]
        # One that is not known leaves the sum unknown: it is settled on every way.
        settled = [need for need, answer in zip(needs, answers, strict=True) if answer is None]
        can = [need for need, answer in zip(needs, answers, strict=True) if answer is (not goal) and plans(need)]
        lacking = max(least - len(settled), 0)
        if least <= 0 or len(can) < lacking:
            return None
        if not lacking or len(can) == lacking:
            return every([*settled, *(can if lacking else ())])
        words = telling.some_conditions(lacking, len(can))
        return every([*settled, Need("some", words, least=lacking, parts=tuple(can))])

    def _known(self, term: Term, row: UnitRow) -> Fraction:
        value = as_range(self.seeker.run.value(term, row))
        assert value is not None  # noqa: S101 - asked only where all other parts are known
        return value.low

    def _product(self, term: typed.Product, row: UnitRow, aim: Ordered) -> Need:
        index = self._one_open(term.factors, row)
        if index is None or term.operators[index] == "/":
            return self._whole(term, row, aim)
        rest = Fraction(1)
        for position, (operator, factor) in enumerate(zip(term.operators, term.factors, strict=True)):
            if position != index:
                value = self._known(factor, row)
                if not value:
                    return self._whole(term, row, aim)
                rest = rest * value if operator == "*" else rest / value
        return self.want(term.factors[index], row, _scaled(aim, 1 / rest))

    def _extreme(
        self, term: Term, greatest: bool, parts: Sequence[tuple[Term, UnitRow]], row: UnitRow, aim: Ordered
    ) -> Need:
        """The greatest is at least so much where any part is; at most so much where all are. The least turned round."""
        if len(aim) != 1 or not parts:
            return self._whole(term, row, aim)
        (interval,) = aim
        if interval.low is not None and interval.high is not None:
            return self._whole(term, row, aim)
        needs = [self.want(part, lower, aim) for part, lower in parts]
        if (interval.low is not None) is not greatest:
            return every(needs)
        unknown = any(self.seeker.run.value(part, lower) is None for part, lower in parts)
        return self._whole(term, row, aim) if unknown else either(needs)

    def _aggregate(self, term: typed.Aggregate, row: UnitRow, aim: Ordered) -> Need:
        below = row.below(term.unit)
        if len(below) > MOST_ROWS:
            return self._of_many(term, row, aim, below)
        if term.function in ("count", "share") and term.body is not None and below:
            size = Fraction(len(below)) if term.function == "share" else Fraction(1)
            return self._count(term, row, _scaled(aim, size), below) or self._whole(term, row, aim)
        if term.function in ("min", "max") and term.body is not None:
            parts = [(term.body, lower) for lower in below]
            return self._extreme(term, term.function == "max", parts, row, aim)
        if term.function in ("sum", "avg") and term.body is not None and below:
            size = Fraction(len(below)) if term.function == "avg" else Fraction(1)
            return self._total(term, row, _scaled(aim, size), below) or self._whole(term, row, aim)
        return self._whole(term, row, aim)

    def _of_many(self, term: typed.Aggregate, row: UnitRow, aim: Ordered, below: Sequence[UnitRow]) -> Need:
        """Of more rows than are told one by one: of a count how many, of all else that nothing is listed."""
        if term.function in ("count", "share") and term.body is not None:
            size = Fraction(len(below)) if term.function == "share" else Fraction(1)
            answers = [self.seeker.run.value(term.body, lower) for lower in below]
            asked = _counted(answers, _scaled(aim, size))
            if asked is not None and 0 < asked[1] <= len(below):
                return never(telling.so_many(asked[1], len(below), term.unit, goal=asked[0]))
        return never(telling.too_many(len(below), term.unit))

    def _total(self, term: typed.Aggregate, row: UnitRow, aim: Ordered, below: Sequence[UnitRow]) -> Need | None:
        """A sum over rows, where one row decides: the only one, or the only one that is not known."""
        assert term.body is not None  # noqa: S101 - asked only where there is one
        values = [as_range(self.seeker.run.value(term.body, lower)) for lower in below]
        unknown = [index for index, value in enumerate(values) if value is None or not value.single]
        if len(below) != 1 and len(unknown) != 1:
            return None
        index = unknown[0] if unknown else 0
        others = [value for position, value in enumerate(values) if position != index and value is not None]
        rest = reduce(ranges.add, others, exactly(0)).low
        return self.want(term.body, below[index], tuple(interval.shifted(-rest) for interval in aim))

    def _count(self, term: typed.Aggregate, row: UnitRow, aim: Ordered, below: Sequence[UnitRow]) -> Need | None:
        """So many of the rows that have to meet the condition, or have to meet it no longer."""
        assert term.body is not None  # noqa: S101 - asked only where there is one
        answers = [self.seeker.run.value(term.body, lower) for lower in below]
        asked = _counted(answers, aim)
        if asked is not None:
            goal, least = asked
            needs = [need for need in self.seeker.of_rows(term, below, goal=goal) if not need.done]
            return some(needs, least, term.unit)
        target = _settled(answers, aim)
        if target is None:
            return None
        goals = _assigned(answers, target)
        return every([self.seeker.want(term.body, lower, goal=goal) for lower, goal in zip(below, goals, strict=True)])


def tallied(term: typed.Sum) -> list[Term]:
    """The conditions, where the sum counts how many hold: each adds 1 or 0."""
    found: list[Term] = []
    for sign, part in zip(term.signs, term.terms, strict=True):
        if sign != "+" or not isinstance(part, typed.If):
            return []
        if not (isinstance(part.yes, typed.Literal) and isinstance(part.no, typed.Literal)):
            return []
        if (part.yes.value, part.no.value) != (1, 0):
            return []
        found.append(part.condition)
    return found


def _counted(answers: Sequence[bool | None], aim: Ordered) -> tuple[bool, int] | None:
    """Whether more have to hold, or fewer, and how many; None where both ends of the aim matter."""
    if len(aim) != 1:
        return None
    (interval,) = aim
    certain, possible = answers.count(True), len(answers) - answers.count(False)
    if interval.low is not None and (interval.high is None or interval.high >= len(answers)):
        least = math.floor(interval.low) + 1 if interval.low_open else math.ceil(interval.low)
        return True, least - certain
    if interval.high is not None and (interval.low is None or interval.low <= 0):
        most = math.ceil(interval.high) - 1 if interval.high_open else math.floor(interval.high)
        return (False, possible - most) if most >= 0 else None
    return None


def _settled(answers: Sequence[bool | None], aim: Ordered) -> int | None:
    """How many should hold, where every row has to be known: the number within the aim that asks for least."""
    certain, possible = answers.count(True), len(answers) - answers.count(False)
    fits = [n for n in range(len(answers) + 1) if any(interval.holds(Fraction(n)) for interval in aim)]
    return min(fits, key=lambda n: max(certain - n, n - possible, 0), default=None)


def _assigned(answers: Sequence[bool | None], target: int) -> list[bool]:
    """The answers, so many of them true: those not known are settled first, as few others as can be change."""
    lacking = target - answers.count(True)
    turned: dict[int, bool] = {}
    order = [index for index, answer in enumerate(answers) if answer is None]
    order += [index for index, answer in enumerate(answers) if answer is False]
    for index in order[: max(lacking, 0)]:
        turned[index] = True
    holding = [index for index, answer in enumerate(answers) if answer is True]
    for index in holding[: max(-lacking, 0)]:
        turned[index] = False
    return [turned.get(index, answer is True) for index, answer in enumerate(answers)]


def _within(interval: Interval, now: Range) -> bool:
    return interval.holds(now.low) and interval.holds(now.high)


def _scaled(aim: Ordered, by: Fraction) -> Ordered:
    return tuple(interval.scaled(by) for interval in aim)


def _before_rounding(interval: Interval, places: int) -> Interval:
    """What rounds (halves away from zero) to a number within the interval."""
    scale = 10**places
    low = high = None
    low_open = high_open = False
    if interval.low is not None:
        first = math.floor(interval.low * scale) + 1 if interval.low_open else math.ceil(interval.low * scale)
        low, low_open = Fraction(2 * first - 1, 2 * scale), first <= 0
    if interval.high is not None:
        last = math.ceil(interval.high * scale) - 1 if interval.high_open else math.floor(interval.high * scale)
        high, high_open = Fraction(2 * last + 1, 2 * scale), last >= 0
    return Interval(low, high, low_open, high_open)


_AMOUNTS: Mapping[type[Term], Callable[[Amounts, Any, UnitRow, Ordered], Need]] = {
    typed.FactRead: Amounts._fact,
    typed.Derived: Amounts._derived,
    typed.Negate: Amounts._negate,
    typed.Sum: Amounts._sum,
    typed.Product: Amounts._product,
    typed.Round: Amounts._round,
    typed.If: Amounts._if,
    typed.Coalesce: Amounts._coalesce,
    typed.Extreme: Amounts._extreme_of,
    typed.Aggregate: Amounts._aggregate,
}
