"""Which terms can only be whole numbers, and what follows where such a number is a range.

"Every value in the range" then means every whole number in it: none equals 1.5, and from 1 to 3 all are among 1, 2, 3.
Both engines ask here, so that they cannot differ.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from lika.engine import typed
from lika.engine.typed import Term
from lika.engine.types import BooleanType, IntegerType

#: Aggregates of whole numbers that are whole themselves.
_WHOLE_AGGREGATES = ("sum", "min", "max", "sum_known")


def is_whole(term: Term) -> bool:
    """Whether the term's value, and both ends of a range, are whole in every row."""
    match term:
        case typed.Literal() | typed.ParameterRead():
            return isinstance(term.value, Fraction) and term.value.denominator == 1
        case typed.FactRead(fact=fact):
            return isinstance(fact.type, IntegerType)
        case typed.Derived(fact=fact, body=body):
            # The formula of a whole fact may still be a quotient.
            return isinstance(fact.type, IntegerType) and (body is None or body.whole)
        case typed.Product(operators=operators, factors=factors):
            return "/" not in operators and all(map(is_whole, factors))
        case typed.Aggregate(function=function, body=body):
            return function == "count" or (function in _WHOLE_AGGREGATES and body is not None and is_whole(body))
        case typed.Negate() | typed.Sum() | typed.If() | typed.Extreme() | typed.Coalesce():
            return all(is_whole(part) for part in typed.children(term) if not isinstance(part.type, BooleanType))
        case typed.Round(places=places):
            return places == 0
    return isinstance(term, typed.YearsBetween)


def _written(term: Term) -> Fraction | None:
    """The number, where it does not depend on facts."""
    match term:
        case typed.Literal(value=Fraction() as value) | typed.ParameterRead(value=Fraction() as value):
            return value
        case typed.Negate(operand=operand):
            inner = _written(operand)
            return None if inner is None else -inner
    return None


def never_equal(left: Term, right: Term) -> bool:
    """Whether one is a whole number and the other is written with a fraction."""
    return (_has_fraction(right) and is_whole(left)) or (_has_fraction(left) and is_whole(right))


def _has_fraction(term: Term) -> bool:
    value = _written(term)
    return value is not None and value.denominator != 1


def never_between(term: typed.Between) -> bool:
    """Whether no whole number lies between the written bounds."""
    low, high = _written(term.low), _written(term.high)
    return low is not None and high is not None and math.ceil(low) > math.floor(high) and is_whole(term.value)


def runs(term: typed.In) -> list[tuple[int, int]]:
    """The written options of a whole number as runs (first, last) of neighbours, each of at least two numbers.

    A range is surely among the options where one run holds it all.
    """
    if not is_whole(term.value):
        return []
    written = (_written(option) for option in term.options)
    numbers = {int(value) for value in written if value is not None and value.denominator == 1}
    return [(first, last) for first, last in _neighbours(sorted(numbers)) if first < last]


def _neighbours(numbers: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
