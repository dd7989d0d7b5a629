"""Checks calls: every function of the language, its arguments and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from lika.engine import nodes, typed
from lika.engine.errors import ExpressionError, nearest_names
from lika.engine.nodes import Node
from lika.engine.ordering import find_criterion
from lika.engine.result_types import common_type, quotient_type
from lika.engine.schema import UNITS, find_unit, rank, unit_words
from lika.engine.typed import Term
from lika.engine.types import MOST_DIGITS, BooleanType, CodeType, DateType, DecimalType, IntegerType, Type

if TYPE_CHECKING:
    from lika.engine.scope import Scope

#: Most decimal places that ``round`` may be asked for.
MOST_PLACES = 9
#: Most data years that ``previous`` may go back.
MOST_LAGS = 9

USAGE = {
    "date": "date('2016-12-31')",
    "years_between": "years_between(from, to)",
    "round": "round(number, places)",
    "least": "least(a, b, …)",
    "greatest": "greatest(a, b, …)",
    "met": "met('criterion')",
    "previous": "previous(expression, years)",
    "is_known": "is_known(value)",
    "coalesce": "coalesce(value, …, otherwise)",
    "count": "count(unit) / count(unit, condition)",
    "any": "any(unit, condition)",
    "all": "all(unit, condition)",
    "share": "share(unit, condition)",
    "sum": "sum(unit, number)",
    "avg": "avg(unit, number)",
    "min": "min(unit, number or date)",
    "max": "max(unit, number or date)",
    "sum_known": "sum_known(unit, number)",
    "known_share": "known_share(unit, value)",
}
AGGREGATES = ("count", "any", "all", "share", "sum", "avg", "min", "max", "sum_known", "known_share")
CONDITION_AGGREGATES = ("count", "any", "all", "share")


def check_call(scope: Scope, call: nodes.Call, want: CodeType | None) -> Term:
    """The checked form of a call."""
    if call.name in AGGREGATES:
        return _aggregate(scope, call)
    check = _CHECKS.get(call.name)
    if check is None:
        raise ExpressionError("ENG-024", call.position, name=call.name, nearest=nearest_names(call.name, USAGE))
    return check(scope, call, want)


def _arguments(call: nodes.Call, least: int, most: int | None = None) -> tuple[Node, ...]:
    count = len(call.arguments)
    if count < least or (most is not None and count > most):
        raise ExpressionError(
            "ENG-025", call.position, name=call.name, usage=USAGE[call.name], expected=(USAGE[call.name],)
        )
    return call.arguments


def _quoted(call: nodes.Call) -> nodes.Quoted:
    (argument,) = _arguments(call, 1, 1)
    if not isinstance(argument, nodes.Quoted):
        raise ExpressionError(
            "ENG-025", argument.position, name=call.name, usage=USAGE[call.name], expected=(USAGE[call.name],)
        )
    return argument


def _whole(call: nodes.Call, node: Node, least: int, most: int) -> int:
    if isinstance(node, nodes.Number) and node.value == int(node.value) and least <= node.value <= most:
        return int(node.value)
    raise ExpressionError("ENG-039", node.position, name=call.name, least=least, most=most)


def _date(scope: Scope, call: nodes.Call, want: CodeType | None) -> Term:
    quoted = _quoted(call)
    try:
        day = date.fromisoformat(quoted.value) if len(quoted.value) == len("2016-12-31") else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != quoted.value:
        raise ExpressionError("ENG-038", quoted.position)
    return typed.Literal(DateType(), call, day)


def _years_between(scope: Scope, call: nodes.Call, want: CodeType | None) -> Term:
    start, end = _arguments(call, 2, 2)
    return typed.YearsBetween(IntegerType(4), call, scope.date(start), scope.date(end))


def _round(scope: Scope, call: nodes.Call, want: CodeType | None) -> Term:
    operand, places = _arguments(call, 2, 2)
    count = _whole(call, places, 0, MOST_PLACES)
    type_: Type = DecimalType(count, MOST_DIGITS) if count else IntegerType(MOST_DIGITS)
    return typed.Round(type_, call, scope.number(operand), count)


def _extreme(scope: Scope, call: nodes.Call, want: CodeType | None) -> Term:
    terms = scope.ordered(_arguments(call, 2))
    return typed.Extreme(common_type(terms), call, call.name, terms)


def _coalesce(scope: Scope, call: nodes.Call, want: CodeType | None) -> Term:
    terms = scope.alike(_arguments(call, 2), want)
    return typed.Coalesce(common_type(terms), call, terms)


def _is_known(scope: Scope, call: nodes.Call, want: CodeType | None) -> Term:
    (operand,) = _arguments(call, 1, 1)
    return typed.IsKnown(BooleanType(), call, scope.check(operand))


def _previous(scope: Scope, call: nodes.Call, want: CodeType | None) -> Term:
    operand, years = _arguments(call, 2, 2)
    lag = scope.lag + _whole(call, years, 1, MOST_LAGS)
    return replace(scope, lag=lag).check(operand, want)


def _met(scope: Scope, call: nodes.Call, want: CodeType | None) -> Term:
    quoted = _quoted(call)
    _refuse_in_previous(scope, call)
    program = scope.program
    criterion = find_criterion(program.criteria, quoted.value)
    if criterion is None or scope.within_formula:
        words = [word for known in program.criteria.values() for word in (known.id, known.zh)]
        raise ExpressionError("ENG-022", quoted.position, name=quoted.value, nearest=nearest_names(quoted.value, words))
    if criterion.unit != scope.unit:
        raise ExpressionError(
            "ENG-055", quoted.position, name=quoted.value, owner=unit_words(criterion.unit), unit=unit_words(scope.unit)
        )
    return typed.Met(BooleanType(), call, program.checked[criterion.id])


def _aggregate(scope: Scope, call: nodes.Call) -> Term:
    _refuse_in_previous(scope, call)
    name = call.name
    unit_node, *rest = _arguments(call, 1 if name == "count" else 2, 2)
    unit = _lower_unit(scope, call, unit_node)
    below = replace(scope, unit=unit)
    body = _body(below, name, rest[0]) if rest else None
    type_: Type = BooleanType()
    if name == "count":
        type_ = IntegerType(MOST_DIGITS)
    elif name in ("share", "known_share"):
        type_ = DecimalType(4, MOST_DIGITS)
    elif name not in CONDITION_AGGREGATES and body is not None:
        type_ = quotient_type((body,)) if name == "avg" else body.type
    return typed.Aggregate(type_, call, name, unit, body)


def _body(below: Scope, name: str, node: Node) -> Term:
    if name in CONDITION_AGGREGATES:
        return below.condition(node)
    if name in ("min", "max"):
        (term,) = below.ordered((node,))
        return term
    if name == "known_share":
        (term,) = below.alike((node,))
        return term
    return below.number(node)


def _lower_unit(scope: Scope, call: nodes.Call, node: Node) -> str:
    if not isinstance(node, nodes.Name):
        raise ExpressionError(
            "ENG-025", node.position, name=call.name, usage=USAGE[call.name], expected=(USAGE[call.name],)
        )
    unit = find_unit(node.name)
    if unit is None:
        words = [word for known in UNITS for word in (known.name, known.zh)]
        raise ExpressionError("ENG-023", node.position, name=node.name, nearest=nearest_names(node.name, words))
    if rank(unit.name) >= rank(scope.unit):
        if rank(scope.unit) == 0:
            raise ExpressionError("ENG-059", node.position, unit=unit_words(scope.unit))
        lower = unit_words(*(known.name for known in UNITS[: rank(scope.unit)]))
        raise ExpressionError(
            "ENG-050", node.position, unit=unit_words(scope.unit), over=unit_words(unit.name), lower=lower
        )
    return unit.name


def _refuse_in_previous(scope: Scope, call: nodes.Call) -> None:
    """What lies below a unit, or another criterion's parameters, were different earlier: only facts were kept."""
    if scope.lag:
        raise ExpressionError("ENG-052", call.position, found=call.name)


_CHECKS: dict[str, Callable[[Scope, nodes.Call, CodeType | None], Term]] = {
    "date": _date,
    "years_between": _years_between,
    "round": _round,
    "least": _extreme,
    "greatest": _extreme,
    "met": _met,
    "previous": _previous,
    "is_known": _is_known,
    "coalesce": _coalesce,
}
