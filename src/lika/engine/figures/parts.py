"""What a figure is made of: a count or sum over the units of one kind, and what it comes to in one division.

The parts of a figure are texts of the criteria language about a division: ``sum(household, members)``. Counts and sums
of the divisions below can be added up, and so they are worked out once, in the villages. A quotient is that of the two
sums of its own division: the mean of quotients below is another number, and never stands here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from lika.engine import ranges
from lika.engine.criteria import Checked, FactUse
from lika.engine.formatter import format_node
from lika.engine.ranges import Range
from lika.engine.typed import Aggregate, Derived, FactRead, If, Term, children
from lika.engine.types import BooleanType

#: The unit that the text of a part is checked about: every kind below it may be added up.
TOP = "province"
#: What lies in a village, and so can be added up for every division.
ADDED_UNITS = ("person", "household", "village")
#: Aggregates whose value over two groups together is the sum of their values.
FUNCTIONS = ("count", "sum")


@dataclass(frozen=True, eq=False)
class Part:
    """A count or sum over ``unit``. ``body`` is what holds of the units counted, or is added up; None counts all."""

    checked: Checked
    function: str
    unit: str
    body: Checked | None

    @cached_property
    def added(self) -> frozenset[FactUse]:
        """The facts whose own numbers stand in the sum: those that are only asked about in conditions do not."""
        return frozenset() if self.body is None else frozenset(numbers_in(self.body.root))


@dataclass(frozen=True)
class Added:
    """What a part comes to in one division: so many ``units``, of which so many are ``undecided``.

    ``low`` and ``high`` hold the number between them; both are None where a sum cannot be known at all.
    """

    units: int
    undecided: int
    low: Fraction | None
    high: Fraction | None

    @property
    def value(self) -> Range | None:
        """The number as the language has it: a range, or unknown."""
        return None if self.low is None or self.high is None else Range(self.low, self.high)


@dataclass(frozen=True)
class FigureValue:
    """A figure of one division: what is counted, and what it is divided by where it is a quotient.

    ``shared`` units are undecided above and below at once; there are none where the two are of different kinds.
    """

    numerator: Added
    denominator: Added | None = None
    shared: int = 0

    @property
    def value(self) -> Range | None:
        """The number as the language has it; unknown where the denominator may be 0."""
        above = self.numerator.value
        if self.denominator is None or above is None:
            return above
        below = self.denominator.value
        return None if below is None else ranges.divide(above, below)

    def undecided(self, units: Sequence[str]) -> dict[str, int]:
        """How many units of each kind leave the figure open, each once; ``units`` are the kinds of its parts.

        Households and villages are never one number: nobody could find so many of anything.
        """
        found: dict[str, int] = {}
        for unit, added in zip(units, (self.numerator, self.denominator), strict=False):
            if added is not None:
                found[unit] = found.get(unit, 0) + added.undecided
        if self.shared:
            found[units[0]] -= self.shared
        return {unit: count for unit, count in found.items() if count}

    def rounded(self, places: int) -> Fraction | None:
        """The number to so many decimal places, halves away from zero; None where it is not one number."""
        value = self.value
        return ranges.round_half_away(value.low, places) if value is not None and value.single else None


def part_of(checked: Checked) -> Part | None:
    """The part that a checked text is; None where it is not one count or sum over persons, households or villages."""
    root = checked.root
    if not isinstance(root, Aggregate) or root.function not in FUNCTIONS or root.unit not in ADDED_UNITS:
        return None
    body = None if root.body is None else Checked(root.unit, format_node(root.body.source), root.body, checked.schema)
    return Part(checked, root.function, root.unit, body)


def numbers_in(root: Term) -> Iterator[FactUse]:
    """Facts where numbers stand, also within derived facts. Whatever is true or false tells of no number."""
    stack = [root]
    while stack:
        term = stack.pop()
        if isinstance(term.type, BooleanType):
            continue
        if isinstance(term, FactRead | Derived):
            yield FactUse(term.unit, term.fact.name, term.lag)
        if isinstance(term, Derived) and term.body is not None:
            stack.append(term.body.root)
        stack.extend((term.yes, term.no) if isinstance(term, If) else children(term))
