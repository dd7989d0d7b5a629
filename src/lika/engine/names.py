"""Checks names: facts, derived facts, parameters, codes and the reference date."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from lika.engine import nodes, typed
from lika.engine.errors import ExpressionError, nearest_names
from lika.engine.messages import Words, enumerated
from lika.engine.schema import Fact, ParameterSpec, rank, unit_words
from lika.engine.typed import Term
from lika.engine.types import CodeType, DateType

if TYPE_CHECKING:
    from lika.engine.criteria import Checked
    from lika.engine.scope import Scope


def check_code(scope: Scope, node: nodes.Quoted, want: CodeType | None) -> Term:
    """A quoted code; ``want`` is the list that it must belong to."""
    value = node.value
    if want is None:
        raise ExpressionError("ENG-033", node.position, value=value)
    if value not in want.values:
        code_list = scope.program.schema.code_lists[want.list_id]
        items = [(item.code, item.zh, item.en) for item in code_list.items]
        raise ExpressionError(
            "ENG-031",
            node.position,
            value=value,
            list=Words(code_list.zh, code_list.en),
            values=enumerated(want.values),
            expected=want.values,
            nearest=_nearest_codes(value, want, items),
        )
    return typed.Literal(want, node, value)


def _nearest_codes(value: str, want: CodeType, items: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    by_label = tuple(code for code, zh, en in items if value in (zh, en))
    return by_label or nearest_names(value, want.values)


def check_name(scope: Scope, node: nodes.Name, want: CodeType | None) -> Term:
    """A fact of the unit at hand, or ``reference_date``."""
    name = node.name
    if name == "reference_date":
        if scope.lag:
            raise ExpressionError("ENG-052", node.position, found=name)
        return typed.ReferenceDate(DateType(), node)
    schema = scope.program.schema
    fact = schema.fact(scope.unit, name)
    if fact is None:
        owner = next(iter(schema.owners(name)), None)
        if owner is not None:
            code = "ENG-026" if rank(owner) < rank(scope.unit) else "ENG-027"
            raise ExpressionError(code, node.position, name=name, owner=unit_words(owner), unit=unit_words(scope.unit))
        nearest = schema.nearest(scope.unit, name)
        raise ExpressionError("ENG-020", node.position, unit=unit_words(scope.unit), name=name, nearest=nearest)
    if fact.formula is not None:
        return _derived(scope, node, fact)
    if scope.lag > fact.lags:
        raise ExpressionError("ENG-051", node.position, name=name, lags=fact.lags, lag=scope.lag)
    return typed.FactRead(fact.type, node, scope.unit, fact, scope.lag)


def _derived(scope: Scope, node: nodes.Name, fact: Fact) -> Term:
    body: Checked | None
    try:
        body = scope.program.formula(scope.unit, fact, scope.lag, node)
    except ExpressionError as error:
        if not scope.lag or error.code not in ("ENG-051", "ENG-052"):
            raise
        if scope.lag > fact.lags:
            # What the formula cannot reach is no fault of the formula: the name is refused where it stands.
            raise ExpressionError("ENG-051", node.position, name=fact.name, lags=fact.lags, lag=scope.lag) from None
        body = None
    return typed.Derived(fact.type, node, scope.unit, fact, scope.lag, body)


def check_parameter(scope: Scope, node: nodes.Parameter, want: CodeType | None) -> Term:
    """A parameter, by English name or Chinese label."""
    known = scope.program.parameters
    spec = known.get(node.name) or next((spec for spec in known.values() if spec.zh == node.name), None)
    if spec is None:
        words = [word for spec in known.values() for word in (spec.name, spec.zh)]
        nearest = nearest_names(node.name, words)
        raise ExpressionError("ENG-021", node.position, name=node.name, nearest=nearest)
    return typed.ParameterRead(spec.type, node, spec, _constant(spec))


def _constant(spec: ParameterSpec) -> typed.Constant:
    if isinstance(spec.value, int | Decimal) and not isinstance(spec.value, bool):
        return Fraction(spec.value)
    return spec.value
