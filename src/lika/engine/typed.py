"""The checked tree: names resolved, every part typed. Engines and explanations read this, never the text.

Terms are compared by identity, because the same checked criterion is shared by all that refer to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from lika.engine.nodes import Node
from lika.engine.schema import Fact, ParameterSpec
from lika.engine.types import Type

if TYPE_CHECKING:
    from lika.engine.criteria import Checked

Constant = bool | Fraction | date | str | None


@dataclass(frozen=True, eq=False)
class Term:
    """A typed part of an expression; ``source`` is what the author wrote."""

    type: Type
    source: Node


@dataclass(frozen=True, eq=False)
class Literal(Term):
    """A value written in the text."""

    value: Constant


@dataclass(frozen=True, eq=False)
class ParameterRead(Term):
    """A parameter; ``value`` None is unknown (待补充依据)."""

    spec: ParameterSpec
    value: Constant


@dataclass(frozen=True, eq=False)
class ReferenceDate(Term):
    """The time point of the snapshot."""


@dataclass(frozen=True, eq=False)
class FactRead(Term):
    """A stored fact of the unit, ``lag`` data years earlier."""

    unit: str
    fact: Fact
    lag: int


@dataclass(frozen=True, eq=False)
class Derived(Term):
    """A derived fact: in each row the value given there, where one is given (if only as unknown), else ``body``.

    ``body`` is None where the formula cannot be worked so many years earlier: the value must then be given.
    """

    unit: str
    fact: Fact
    lag: int
    body: Checked | None


@dataclass(frozen=True, eq=False)
class Negate(Term):
    """Unary minus."""

    operand: Term


@dataclass(frozen=True, eq=False)
class Sum(Term):
    """Terms added (``+``) or subtracted (``-``)."""

    signs: tuple[str, ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Product(Term):
    """Factors multiplied (``*``) or divided (``/``), from left to right."""

    operators: tuple[str, ...]
    factors: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Compare(Term):
    """A comparison of two numbers, dates, codes or truth values."""

    operator: str
    left: Term
    right: Term


@dataclass(frozen=True, eq=False)
class Between(Term):
    """``low <= value and value <= high``."""

    value: Term
    low: Term
    high: Term


@dataclass(frozen=True, eq=False)
class In(Term):
    """``value`` equals one of ``options``."""

    value: Term
    options: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class And(Term):
    """Kleene conjunction."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Or(Term):
    """Kleene disjunction."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Not(Term):
    """Kleene negation."""

    operand: Term


@dataclass(frozen=True, eq=False)
class If(Term):
    """``yes`` or ``no``; unknown where the condition is."""

    condition: Term
    yes: Term
    no: Term


@dataclass(frozen=True, eq=False)
class YearsBetween(Term):
    """Full years from ``start`` to ``end``."""

    start: Term
    end: Term


@dataclass(frozen=True, eq=False)
class Round(Term):
    """Rounded to ``places`` decimal places, halves away from zero."""

    operand: Term
    places: int


@dataclass(frozen=True, eq=False)
class Extreme(Term):
    """The ``least`` or ``greatest`` of numbers or dates."""

    function: str
    arguments: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Aggregate(Term):
    """``function`` over the rows of ``unit`` below; ``body`` is evaluated on each (None for plain ``count``)."""

    function: str
    unit: str
    body: Term | None


@dataclass(frozen=True, eq=False)
class Met(Term):
    """Another criterion of the same unit."""

    criterion: Checked


@dataclass(frozen=True, eq=False)
class IsKnown(Term):
    """Whether the operand has one known value."""

    operand: Term


@dataclass(frozen=True, eq=False)
class Coalesce(Term):
    """The first argument that has one known value; the last argument as it is."""

    arguments: tuple[Term, ...]


def children(term: Term) -> Iterator[Term]:
    """The terms directly below, in order of writing; bodies of derived facts and other criteria are not below."""
    for name in term.__match_args__:  # the fields, without asking for their declarations each time
        value = getattr(term, name)
        if isinstance(value, Term):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Term))


def walk(term: Term) -> Iterator[Term]:
    """The term and all terms below it."""
    stack = [term]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(list(children(current))))
