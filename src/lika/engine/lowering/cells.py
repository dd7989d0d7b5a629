"""Cells: the operations that column engines carry out. Equal cells are one object, so shared work is done once.

Integers carry static bounds: an engine uses 64 bits where they suffice and 38-digit decimals above. A null is unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["int", "bool", "date", "code", "text"]

#: Digits that a 64-bit integer always holds, and that an engine's widest exact decimal holds.
NARROW_DIGITS = 18
WIDE_DIGITS = 38
#: Digits of an integer that floating point always holds exactly.
EXACT_DIGITS = 15
_NARROW_MOST: int = 10**NARROW_DIGITS - 1
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
#: The same comparison with its sides changed.
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_BOUNDS = ("<", "<=", ">", ">=")
#: No unit has more rows below it than this (the nation's persons, with room).
MOST_ROWS = 10**10 - 1


class TooManyDigits(ValueError):
    """An integer would need ``digits`` digits, more than any engine holds exactly."""

    def __init__(self, digits: int) -> None:
        """Remember how many digits would be needed."""
        super().__init__(f"{digits} digits")
        self.digits = digits


@dataclass(frozen=True, eq=False)
class Cell:
    """One operation. ``detail`` is what is not an operand: a constant's value, a column, an aggregate's unit.

    ``low`` and ``high`` bound an integer; ``nullable`` is False only where the value is never unknown.
    """

    operator: str
    operands: tuple[Cell, ...]
    kind: Kind
    detail: Any = None
    low: int = 0
    high: int = 0
    nullable: bool = True
    height: int = 0

    @property
    def constant(self) -> bool:
        """Whether the value is known without any row."""
        return self.operator == "constant"

    @property
    def wide(self) -> bool:
        """Whether the integer may need more than 64 bits."""
        return max(-self.low, self.high) > _NARROW_MOST


@dataclass
class Cells:
    """Makes cells, each only once."""

    _made: dict[tuple[Any, ...], Cell] = field(default_factory=dict)

    def _make(
        self,
        operator: str,
        operands: Sequence[Cell],
        kind: Kind,
        detail: Any = None,
        bounds: tuple[int, int] = (0, 0),
        nullable: bool | None = None,
    ) -> Cell:
        key = (operator, kind, detail, type(detail), *map(id, operands))
        found = self._made.get(key)
        if found is None:
            low, high = bounds
            digits = len(str(max(-low, high)))
            if digits > WIDE_DIGITS:
                raise TooManyDigits(digits)
            height = 1 + max((operand.height for operand in operands), default=-1)
            if nullable is None:
                nullable = any(operand.nullable for operand in operands)
            found = Cell(operator, tuple(operands), kind, detail, low, high, nullable, height)
            self._made[key] = found
        return found

    # Leaves

    def constant(self, value: Any, kind: Kind) -> Cell:
        """A value known beforehand; None is unknown."""
        bounds = (value, value) if kind == "int" and value is not None else (0, 0)
        return self._make("constant", (), kind, value, bounds, nullable=value is None)

    def integer(self, value: int) -> Cell:
        """A constant integer."""
        return self.constant(value, "int")

    def reference_date(self) -> Cell:
        """The snapshot's time point. Not a constant: what is refused must not depend on the day."""
        return self._make("reference_date", (), "date", nullable=True)

    def stored(self, column: str, kind: Kind, places: int = 0, digits: int = 0) -> Cell:
        """A column of the unit's table; a number is taken times ``10**places``."""
        bound = 10**digits - 1
        return self._make("stored", (), kind, (column, places), (-bound, bound) if kind == "int" else (0, 0), True)

    def gather(self, unit: str, function: str, body: Cell | None, kind: Kind = "int") -> Cell:
        """An aggregate over the rows of a lower ``unit``; ``body`` is a cell of that unit.

        ``rows`` counts rows, ``certain`` those where the body is true, ``possible`` those where it is not false;
        ``some`` says whether there is a row where it is true, without counting; ``sum``, ``min``, ``max`` skip nulls
        and are null where nothing is left.
        """
        counting = function in ("rows", "certain", "possible")
        bounds = (0, MOST_ROWS) if counting else (0, 0)
        if body is not None and kind == "int" and not counting:
            bounds = (body.low, body.high)
            if function == "sum":
                bounds = (min(body.low, 0) * MOST_ROWS, max(body.high, 0) * MOST_ROWS)
        operands = () if body is None else (body,)
        never_null = counting or function == "some"
        return self._make("gather", operands, kind, (unit, function), bounds, nullable=not never_null)

    def some(self, unit: str, body: Cell) -> Cell:
        """Whether the body is true in some row of a lower ``unit``; never null."""
        if body.constant and not body.detail:
            return self.truth(False)
        return self.gather(unit, "some", body, "bool")

    # Integers

    def add(self, terms: Sequence[Cell]) -> Cell:
        """A flat sum."""
        if len(terms) == 1:
            return terms[0]
        bounds = (sum(term.low for term in terms), sum(term.high for term in terms))
        return self._make("add", terms, "int", bounds=bounds)

    def negate(self, cell: Cell) -> Cell:
        """``-x``."""
        if cell.constant and cell.detail is not None:
            return self.integer(-cell.detail)
        return self._make("negate", (cell,), "int", bounds=(-cell.high, -cell.low))

    def multiply(self, left: Cell, right: Cell) -> Cell:
        """``x * y``."""
        for one, other in ((left, right), (right, left)):
            if one.constant and one.detail in (1, None):
                return other if one.detail == 1 else one
        if left.constant and right.constant and None not in (left.detail, right.detail):
            return self.integer(left.detail * right.detail)
        corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
        return self._make("multiply", (left, right), "int", bounds=(min(corners), max(corners)))

    def absolute(self, cell: Cell) -> Cell:
        """``|x|``."""
        if cell.low >= 0:
            return cell
        bounds = (0, max(-cell.low, cell.high))
        return self._make("absolute", (cell,), "int", bounds=bounds)

    def remainder(self, dividend: Cell, divisor: Cell) -> Cell:
        """What is left of x divided by a positive y, for x not negative; null where y is 0."""
        return self._make("remainder", (dividend, divisor), "int", bounds=(0, max(divisor.high, 0)))

    def near_quotient(self, dividend: Cell, divisor: Cell) -> Cell:
        """An integer near ``x / y`` for a positive y: exact where y divides x and both have at most 15 digits.

        The one operation that a database may carry out in floating point.
        """
        bound = max(-dividend.low, dividend.high) // max(1, divisor.low) + 1
        return self._make("near_quotient", (dividend, divisor), "int", bounds=(-bound, bound))

    def divide_rounded(self, dividend: Cell, divisor: Cell) -> Cell:
        """``x / y`` for positive y, to the nearest integer, halves away from zero: ``(2|x| + y) // 2y``, signed.

        Databases have no exact division of wide integers. So the remainder is taken off first; what is left divides
        without rest. Its quotient is estimated, and corrected by the quotient of what the estimate leaves, which is
        small enough to be exact.
        """
        two = self.integer(2)
        doubled = self.add([self.multiply(self.absolute(dividend), two), divisor])
        twice = self.multiply(divisor, two)
        whole = self.subtract(doubled, self.remainder(doubled, twice), (0, doubled.high))
        quotient = self.near_quotient(whole, twice)
        if doubled.high >= 10**EXACT_DIGITS or twice.high >= 10**EXACT_DIGITS:
            reached = self._make("multiply", (quotient, twice), "int", bounds=(-2 * doubled.high, 2 * doubled.high))
            left = self.subtract(whole, reached, (-doubled.high, doubled.high))
            largest = quotient.high
            quotient = self._make("add", (quotient, self.near_quotient(left, twice)), "int", bounds=(-largest, largest))
        negative = self.compare("<", dividend, self.integer(0))
        return self.choose(negative, self.negate(quotient), quotient)

    def subtract(self, left: Cell, right: Cell, bounds: tuple[int, int]) -> Cell:
        """``x - y`` where the result is known to lie within ``bounds``."""
        return self._make("subtract", (left, right), "int", bounds=bounds)

    def years_between(self, start: Cell, end: Cell) -> Cell:
        """Full years from one date to another."""
        return self._make("years_between", (start, end), "int", bounds=(-9999, 9999))

    # Truth

    def truth(self, value: bool | None) -> Cell:
        """A constant truth value."""
        return self.constant(value, "bool")

    def certainly(self, cell: Cell) -> Cell:
        """Whether the cell is true; false where it is null."""
        return self.cases([(cell, self.truth(True))], self.truth(False)) if cell.nullable else cell

    def compare(self, symbol: str, left: Cell, right: Cell) -> Cell:
        """``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=`` of two cells of one kind; null where either is."""
        if any(cell.constant and cell.detail is None for cell in (left, right)):
            return self.truth(None)
        if left.constant and right.constant:
            return self.truth(bool(COMPARISONS[symbol](left.detail, right.detail)))
        if left.constant:
            return self._make(_MIRRORED[symbol], (right, left), "bool")
        return self._make(symbol, (left, right), "bool")

    def both(self, *terms: Cell) -> Cell:
        """Kleene conjunction."""
        return self._connective("and", terms, neutral=True)

    def either(self, *terms: Cell) -> Cell:
        """Kleene disjunction."""
        return self._connective("or", terms, neutral=False)

    def _connective(self, operator: str, terms: Sequence[Cell], *, neutral: bool) -> Cell:
        kept = list({id(term): term for term in terms if not (term.constant and term.detail is neutral)}.values())
        if any(term.constant and term.detail is (not neutral) for term in kept):
            return self.truth(not neutral)
        if not kept:
            return self.truth(neutral)
        kept = self._listed(operator, _farthest(operator, kept))
        return kept[0] if len(kept) == 1 else self._make(operator, kept, "bool")

    def _listed(self, operator: str, terms: Sequence[Cell]) -> list[Cell]:
        """The terms, with ``x = 1 or x = 2 or …`` made one ``x in (1, 2, …)``, and likewise ``x != 1 and x != 2``.

        Databases look a long list up at once; thousands of comparisons they only read for seconds.
        """
        symbol = "=" if operator == "or" else "!="
        lists: dict[int, list[Cell]] = {}
        for term in terms:
            if term.operator == symbol and term.operands[1].constant:
                lists.setdefault(id(term.operands[0]), []).append(term)
        merged: dict[int, Cell] = {}
        for found in lists.values():
            if len(found) > 1:
                value = found[0].operands[0]
                one_of = self._make("in", (value,), "bool", tuple(term.operands[1].detail for term in found))
                merged |= dict.fromkeys(map(id, found), one_of if operator == "or" else self.opposite(one_of))
        return list({id(cell): cell for cell in (merged.get(id(term), term) for term in terms)}.values())

    def opposite(self, cell: Cell) -> Cell:
        """Kleene negation."""
        if cell.constant:
            return self.truth(None if cell.detail is None else not cell.detail)
        return self._make("not", (cell,), "bool")

    def known(self, cell: Cell) -> Cell:
        """Whether the cell is not null."""
        if not cell.nullable or cell.constant:
            return self.truth(not cell.nullable)
        return self._make("known", (cell,), "bool", nullable=False)

    # Choice

    def cases(self, choices: Sequence[tuple[Cell, Cell]], otherwise: Cell | None = None) -> Cell:
        """The value of the first choice whose condition is true (not null), else ``otherwise`` (null)."""
        kind = choices[0][1].kind
        last = otherwise if otherwise is not None else self.constant(None, kind)
        choices = [choice for choice in choices if not (choice[0].constant and not choice[0].detail)]
        if not choices or choices[0][0].constant:
            return choices[0][1] if choices else last
        values = [value for _, value in choices] + [last]
        ends = [value for value in values if not (value.constant and value.detail is None)] or [last]
        bounds = (min(value.low for value in ends), max(value.high for value in ends))
        operands = [cell for choice in choices for cell in choice] + [last]
        return self._make("cases", operands, kind, None, bounds, nullable=any(value.nullable for value in values))

    def choose(self, condition: Cell, yes: Cell, no: Cell) -> Cell:
        """``yes`` or ``no``; null where the condition is."""
        if not condition.nullable:
            return yes if yes is no else self.cases([(condition, yes)], no)
        return self.cases([(condition, yes), (self.opposite(condition), no)])


def _farthest(connective: str, terms: Sequence[Cell]) -> list[Cell]:
    """The terms, of all that hold one value over (or under) a constant only the one that decides.

    ``x > 1 or x > 2 or x >= 1`` is ``x >= 1``, and unknown where x is; joined by ``and`` it is ``x > 2``.
    """
    deciding: dict[tuple[int, str], Cell] = {}
    for term in terms:
        if term.operator in _BOUNDS and term.operands[1].constant:
            key = (id(term.operands[0]), term.operator[0])
            other = deciding.setdefault(key, term)
            # The least lower bound lets most through, and so does the greatest upper one.
            lets_more_through = (_reach(term) < _reach(other)) == (term.operator[0] == ">")
            if term is not other and lets_more_through == (connective == "or"):
                deciding[key] = term
    dropped = {id(term) for term in terms if term.operator in _BOUNDS and term.operands[1].constant}
    dropped -= {id(term) for term in deciding.values()}
    return [term for term in terms if id(term) not in dropped]


def _reach(bound: Cell) -> tuple[Any, bool]:
    """Orders bounds on one side: ``>= 1`` before ``> 1`` before ``>= 2``; ``< 1`` before ``<= 1`` before ``< 2``."""
    return bound.operands[1].detail, bound.operator in (">", "<=")


def below(roots: Sequence[Cell], given: Container[int] = ()) -> Iterator[Cell]:
    """All cells of one unit that ``roots`` need, operands before users; what lies below a gather is another unit's.

    Nothing below a cell whose id is in ``given`` is needed.
    """
    done: set[int] = set()
    stack = [(root, False) for root in reversed(roots)]
    while stack:
        cell, expanded = stack.pop()
        if id(cell) in done:
            continue
        if expanded or cell.operator == "gather" or not cell.operands or id(cell) in given:
            done.add(id(cell))
            yield cell
            continue
        stack.append((cell, True))
        stack.extend((operand, False) for operand in reversed(cell.operands))
