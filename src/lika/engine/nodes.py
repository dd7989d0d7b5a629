"""The syntax tree of an expression, as written: frozen, compared without positions, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Position:
    """Where something starts in the text; both count from 1, columns in characters."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True)
class Node:
    """A part of an expression. ``depth`` counts the nodes on the longest path below it, itself included."""

    position: Position = field(compare=False, kw_only=True, default=Position())
    depth: int = field(compare=False, kw_only=True, default=1)


@dataclass(frozen=True)
class Number(Node):
    """A decimal literal."""

    value: Decimal


@dataclass(frozen=True)
class Truth(Node):
    """``true`` or ``false``."""

    value: bool


@dataclass(frozen=True)
class Quoted(Node):
    """Text in single quotes: a code, the id of a criterion, or the day inside ``date('…')``."""

    value: str


@dataclass(frozen=True)
class Name(Node):
    """A fact, a unit, or ``reference_date``, by English name or Chinese label."""

    name: str


@dataclass(frozen=True)
class Parameter(Node):
    """``param.name``."""

    name: str


@dataclass(frozen=True)
class Negate(Node):
    """Unary minus."""

    operand: Node


@dataclass(frozen=True)
class Sum(Node):
    """A flat chain ``a + b - c``: ``signs[i]`` stands before ``terms[i]``; the first sign is ``+``."""

    signs: tuple[str, ...]
    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Product(Node):
    """A flat chain ``a * b / c``, worked from left to right; the first operator is ``*``."""

    operators: tuple[str, ...]
    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Compare(Node):
    """``left operator right`` with one of = != < <= > >=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Between(Node):
    """``value between low and high``, both ends included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True)
class In(Node):
    """``value in (a, b, …)``."""

    value: Node
    options: tuple[Node, ...]


@dataclass(frozen=True)
class And(Node):
    """A flat conjunction."""

    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Or(Node):
    """A flat disjunction."""

    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Not(Node):
    """``not operand``."""

    operand: Node


@dataclass(frozen=True)
class If(Node):
    """``if condition then yes else no``."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True)
class Call(Node):
    """``name(arguments)``; what the arguments mean depends on the function."""

    name: str
    arguments: tuple[Node, ...]
