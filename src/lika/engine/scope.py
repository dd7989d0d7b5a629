"""Checks the nodes of one text: what each name means in the unit at hand, and whether the types go together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lika.engine import nodes, typed
from lika.engine.errors import ExpressionError
from lika.engine.functions import check_call
from lika.engine.messages import Words
from lika.engine.names import check_code, check_name, check_parameter
from lika.engine.nodes import Node
from lika.engine.result_types import common_type, product_type
from lika.engine.typed import Term
from lika.engine.types import (
    KIND_NAMES,
    MOST_DIGITS,
    BooleanType,
    CodeType,
    DateType,
    DecimalType,
    IntegerType,
    TextType,
    Type,
    alike,
)

if TYPE_CHECKING:
    from lika.engine.checker import Program


def mismatch(at: Node, left: Type, right: Type) -> ExpressionError:
    """The refusal of two types that do not go together."""
    first, second = KIND_NAMES[left.kind], KIND_NAMES[right.kind]
    return ExpressionError("ENG-030", at.position, left=first, right=second, expected=(first,))


@dataclass(frozen=True)
class Scope:
    """Checks nodes in one unit, ``lag`` data years earlier; a formula may not refer to criteria."""

    program: Program
    unit: str
    lag: int = 0
    within_formula: bool = False

    def check(self, node: Node, want: CodeType | None = None) -> Term:
        """The checked form of ``node``; ``want`` gives quoted codes their list."""
        return _CHECKS[type(node)](self, node, want)

    def condition(self, node: Node) -> Term:
        """``node`` as a yes/no."""
        return self._of_kind(node, self.check(node), (BooleanType,), "ENG-034")

    def number(self, node: Node) -> Term:
        """``node`` as a number."""
        return self._of_kind(node, self.check(node), (IntegerType, DecimalType), "ENG-035")

    def date(self, node: Node) -> Term:
        """``node`` as a date."""
        return self._of_kind(node, self.check(node), (DateType,), "ENG-036")

    def ordered(self, nodes_: Sequence[Node]) -> tuple[Term, ...]:
        """``nodes_`` as numbers, or all as dates."""
        return self.refuse_unordered(self.alike(nodes_))

    def alike(self, parts: Sequence[Node], want: CodeType | None = None) -> tuple[Term, ...]:
        """Terms of one kind; a quoted code takes its list from the first part that is not itself quoted."""
        guide = next((index for index, part in enumerate(parts) if not _is_bare_code(part)), 0)
        first = self._not_text(self.check(parts[guide], want))
        wanted = first.type if isinstance(first.type, CodeType) else None
        terms = []
        for index, part in enumerate(parts):
            term = first if index == guide else self._not_text(self._check_beside(first, part, wanted))
            if not alike(first.type, term.type):
                raise self._unlike(part if index != guide else parts[0], first.type, term.type)
            terms.append(term)
        return tuple(terms)

    def _check_beside(self, first: Term, part: Node, wanted: CodeType | None) -> Term:
        if _is_bare_code(part) and wanted is None and isinstance(part, nodes.Quoted):
            kind = KIND_NAMES[first.type.kind]
            hint: str | Words = "date('2016-12-31')" if isinstance(first.type, DateType) else kind
            raise ExpressionError("ENG-030", part.position, left=kind, right=KIND_NAMES["code"], expected=(hint,))
        return self.check(part, wanted)

    def refuse_unordered(self, terms: tuple[Term, ...]) -> tuple[Term, ...]:
        """``terms``, refused if they have no order."""
        for term in terms:
            if isinstance(term.type, BooleanType | CodeType):
                raise ExpressionError("ENG-040", term.source.position, kind=KIND_NAMES[term.type.kind])
        return terms

    def _of_kind(self, node: Node, term: Term, kinds: tuple[type, ...], code: str) -> Term:
        self._not_text(term)
        if not isinstance(term.type, kinds):
            raise ExpressionError(code, node.position, found=KIND_NAMES[term.type.kind])
        return term

    def _not_text(self, term: Term) -> Term:
        if isinstance(term.type, TextType):
            name = term.fact.name if isinstance(term, typed.FactRead) else "?"
            raise ExpressionError("ENG-037", term.source.position, name=name)
        return term

    def _unlike(self, at: Node, left: Type, right: Type) -> ExpressionError:
        if isinstance(left, CodeType) and isinstance(right, CodeType):
            lists = self.program.schema.code_lists
            first, second = lists[left.list_id], lists[right.list_id]
            return ExpressionError(
                "ENG-032",
                at.position,
                left=Words(first.zh, first.en),
                right=Words(second.zh, second.en),
            )
        return mismatch(at, left, right)


def _is_bare_code(node: Node) -> bool:
    """Whether the node is a quoted code, or a choice between quoted codes only."""
    match node:
        case nodes.Quoted():
            return True
        case nodes.If(yes=yes, no=no):
            return _is_bare_code(yes) and _is_bare_code(no)
        case nodes.Call(name="coalesce", arguments=arguments):
            return bool(arguments) and all(map(_is_bare_code, arguments))
    return False


def _number(scope: Scope, node: nodes.Number, want: CodeType | None) -> Term:
    places = max(0, -int(node.value.as_tuple().exponent))
    type_: Type = DecimalType(places, MOST_DIGITS) if places else IntegerType(MOST_DIGITS)
    return typed.Literal(type_, node, Fraction(node.value))


def _truth(scope: Scope, node: nodes.Truth, want: CodeType | None) -> Term:
    return typed.Literal(BooleanType(), node, node.value)


def _if(scope: Scope, node: nodes.If, want: CodeType | None) -> Term:
    condition = scope.condition(node.condition)
    yes, no = scope.alike((node.yes, node.no), want)
    return typed.If(common_type((yes, no)), node, condition, yes, no)


def _connective(scope: Scope, node: nodes.And | nodes.Or, want: CodeType | None) -> Term:
    make = typed.And if isinstance(node, nodes.And) else typed.Or
    return make(BooleanType(), node, tuple(map(scope.condition, node.terms)))


def _not(scope: Scope, node: nodes.Not, want: CodeType | None) -> Term:
    return typed.Not(BooleanType(), node, scope.condition(node.operand))


def _negate(scope: Scope, node: nodes.Negate, want: CodeType | None) -> Term:
    operand = scope.number(node.operand)
    return typed.Negate(operand.type, node, operand)


def _sum(scope: Scope, node: nodes.Sum, want: CodeType | None) -> Term:
    terms = tuple(map(scope.number, node.terms))
    return typed.Sum(common_type(terms), node, node.signs, terms)


def _product(scope: Scope, node: nodes.Product, want: CodeType | None) -> Term:
    factors = tuple(map(scope.number, node.factors))
    return typed.Product(product_type(node.operators, factors), node, node.operators, factors)


def _compare(scope: Scope, node: nodes.Compare, want: CodeType | None) -> Term:
    left, right = scope.alike((node.left, node.right))
    if node.operator not in ("=", "!="):
        scope.refuse_unordered((left, right))
    return typed.Compare(BooleanType(), node, node.operator, left, right)


def _between(scope: Scope, node: nodes.Between, want: CodeType | None) -> Term:
    value, low, high = scope.ordered((node.value, node.low, node.high))
    return typed.Between(BooleanType(), node, value, low, high)


def _in(scope: Scope, node: nodes.In, want: CodeType | None) -> Term:
    value, *options = scope.alike((node.value, *node.options))
    return typed.In(BooleanType(), node, value, tuple(options))


_CHECKS: dict[type[Node], Callable[[Scope, Any, CodeType | None], Term]] = {
    nodes.Number: _number,
    nodes.Truth: _truth,
    nodes.Quoted: check_code,
    nodes.Name: check_name,
    nodes.Parameter: check_parameter,
    nodes.Call: check_call,
    nodes.If: _if,
    nodes.And: _connective,
    nodes.Or: _connective,
    nodes.Not: _not,
    nodes.Negate: _negate,
    nodes.Sum: _sum,
    nodes.Product: _product,
    nodes.Compare: _compare,
    nodes.Between: _between,
    nodes.In: _in,
}
