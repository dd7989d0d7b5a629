"""Generates well-typed syntax trees: every function and operator of the language, in every unit of the test world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from lika.engine import nodes
from lika.engine.nodes import Node
from lika.engine.schema import UNIT_NAMES, Fact, rank
from lika.engine.types import BooleanType, CodeType, DateType, TextType, is_number
from tests.engine.world import CRITERIA, GRADES, PARAMETERS, POVERTY, SCHEMA, SCHOOL

Draw = Callable[[st.SearchStrategy[Any]], Any]

LITERALS = [Decimal(text) for text in ("0", "1", "2", "3", "7", "9", "0.5", "0.03", "2736.1", "24624.90", "100")]
DAYS = ("0001-01-01", "2000-02-29", "2008-12-31", "2015-06-30", "2016-02-29", "2016-12-31", "9999-12-31")


@dataclass(frozen=True)
class Place:
    """Where an expression is generated: unit, data years back, how deep it may still grow, and whether the functions
    that handle unknown may appear."""

    unit: str
    lag: int = 0
    depth: int = 3
    handling: bool = True

    @property
    def deeper(self) -> Place:
        return replace(self, depth=self.depth - 1)

    @property
    def lower_units(self) -> tuple[str, ...]:
        return () if self.lag else UNIT_NAMES[: rank(self.unit)]

    def facts(self, fits: Callable[[Fact], bool]) -> list[Node]:
        facts = SCHEMA.units[self.unit].values()
        kept = [f for f in facts if fits(f) and f.lags >= self.lag and not (self.lag and f.formula)]
        return [nodes.Name(word) for fact in kept for word in (fact.name, fact.zh)]


def _call(name: str, *arguments: Node) -> Node:
    return nodes.Call(name, arguments)


def _chosen(draw: Draw, place: Place, leaves: list[Node], makers: list[Callable[[Draw, Place], Node | None]]) -> Node:
    """A leaf where nothing may grow, else what one of the makers makes (None: it cannot here)."""
    if place.depth > 0 and draw(st.integers(0, 3)):
        made = draw(st.sampled_from(makers))(draw, place.deeper)
        if made is not None:
            return made
    return draw(st.sampled_from(leaves))


def number(draw: Draw, place: Place) -> Node:
    """A numeric expression."""
    leaves: list[Node] = [nodes.Number(value) for value in LITERALS]
    leaves += place.facts(lambda fact: is_number(fact.type)) * 3
    leaves += [nodes.Parameter(spec.name) for spec in PARAMETERS.values() if is_number(spec.type)]
    return _chosen(draw, place, leaves, _NUMBER_MAKERS)


def truth(draw: Draw, place: Place) -> Node:
    """A yes/no expression."""
    leaves: list[Node] = [nodes.Truth(True), nodes.Truth(False)]
    leaves += place.facts(lambda fact: isinstance(fact.type, BooleanType)) * 3
    if place.lag == 0:
        known = [criterion for criterion in CRITERIA.values() if criterion.unit == place.unit]
        leaves += [_call("met", nodes.Quoted(criterion.id)) for criterion in known]
    return _chosen(draw, place, leaves, _TRUTH_MAKERS)


def day(draw: Draw, place: Place) -> Node:
    """A date expression."""
    leaves: list[Node] = [_call("date", nodes.Quoted(text)) for text in DAYS]
    leaves += place.facts(lambda fact: isinstance(fact.type, DateType)) * 3
    leaves += [nodes.Parameter("road_from")] + ([] if place.lag else [nodes.Name("reference_date")] * 3)
    return _chosen(draw, place, leaves, _DAY_MAKERS)


def code(draw: Draw, place: Place, list_id: str) -> Node | None:
    """An expression that is a code of the list, and does not consist of quoted codes only."""
    facts = place.facts(lambda fact: isinstance(fact.type, CodeType) and fact.type.list_id == list_id)
    if not facts:
        return None
    fact = draw(st.sampled_from(facts))
    kind = draw(st.sampled_from(["fact", "if", "coalesce"] if place.depth > 0 else ["fact"]))
    if kind == "if":
        return nodes.If(truth(draw, place.deeper), fact, _quoted(draw, list_id))
    if kind == "coalesce" and place.handling:
        return _call("coalesce", fact, _quoted(draw, list_id))
    return fact


def _quoted(draw: Draw, list_id: str) -> Node:
    lists = {code_list.id: code_list for code_list in (GRADES, POVERTY, SCHOOL)}
    return nodes.Quoted(draw(st.sampled_from(lists[list_id].type.values)))


def _code_comparison(draw: Draw, place: Place) -> Node | None:
    list_id = draw(st.sampled_from([GRADES.id, POVERTY.id, SCHOOL.id]))
    value = code(draw, place, list_id)
    if value is None:
        return None
    if draw(st.booleans()):
        options = tuple(_quoted(draw, list_id) for _ in range(draw(st.integers(1, 3))))
        return nodes.In(value, options)
    return nodes.Compare(draw(st.sampled_from(["=", "!="])), value, _quoted(draw, list_id))


Maker = Callable[[Draw, Place], Node | None]


def _several(make: Callable[[Draw, Place], Node], draw: Draw, place: Place, most: int = 3) -> tuple[Node, ...]:
    return tuple(make(draw, place) for _ in range(draw(st.integers(2, most))))


def _sum(draw: Draw, place: Place) -> Node:
    terms = _several(number, draw, place)
    signs = tuple(draw(st.sampled_from("+-")) for _ in terms[1:])
    return nodes.Sum(("+", *signs), terms)


def _product(draw: Draw, place: Place) -> Node:
    factors = _several(number, draw, place)
    operators = tuple(draw(st.sampled_from("*//")) for _ in factors[1:])
    return nodes.Product(("*", *operators), factors)


def _rounded(draw: Draw, place: Place) -> Node:
    return _call("round", number(draw, place), nodes.Number(Decimal(draw(st.integers(0, 3)))))


def _either(make: Callable[[Draw, Place], Node]) -> Maker:
    return lambda draw, place: nodes.If(truth(draw, place), make(draw, place), make(draw, place))


def _extreme(make: Callable[[Draw, Place], Node]) -> Maker:
    return lambda draw, place: _call(draw(st.sampled_from(["least", "greatest"])), *_several(make, draw, place))


def _coalesced(make: Callable[[Draw, Place], Node]) -> Maker:
    def maker(draw: Draw, place: Place) -> Node | None:
        return _call("coalesce", *_several(make, draw, place)) if place.handling else None

    return maker


def _earlier(make: Callable[[Draw, Place], Node]) -> Maker:
    def maker(draw: Draw, place: Place) -> Node | None:
        years = draw(st.integers(1, 2))
        if place.unit != "household" or place.lag + years > 2:
            return None
        inner = make(draw, replace(place, lag=place.lag + years))
        return _call("previous", inner, nodes.Number(Decimal(years)))

    return maker


def _over(draw: Draw, place: Place) -> Place | None:
    return replace(place, unit=draw(st.sampled_from(place.lower_units))) if place.lower_units else None


def _aggregate(functions: list[str], make: Callable[[Draw, Place], Node]) -> Maker:
    def maker(draw: Draw, place: Place) -> Node | None:
        lower = _over(draw, place)
        function = draw(st.sampled_from(functions))
        if lower is None or (function in ("sum_known", "known_share") and not place.handling):
            return None
        return _call(function, nodes.Name(lower.unit), make(draw, lower))

    return maker


def _count(draw: Draw, place: Place) -> Node | None:
    lower = _over(draw, place)
    return _call("count", nodes.Name(lower.unit)) if lower else None


def _years(draw: Draw, place: Place) -> Node:
    return _call("years_between", day(draw, place), day(draw, place))


def _comparison(draw: Draw, place: Place) -> Node:
    make = draw(st.sampled_from([number, number, day]))
    operator = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
    return nodes.Compare(operator, make(draw, place), make(draw, place))


def _truth_comparison(draw: Draw, place: Place) -> Node:
    return nodes.Compare(draw(st.sampled_from(["=", "!="])), truth(draw, place), truth(draw, place))


def _between(draw: Draw, place: Place) -> Node:
    make = draw(st.sampled_from([number, day]))
    return nodes.Between(make(draw, place), make(draw, place), make(draw, place))


def _in(draw: Draw, place: Place) -> Node:
    make = draw(st.sampled_from([number, day]))
    return nodes.In(make(draw, place), _several(make, draw, place))


def _is_known(draw: Draw, place: Place) -> Node | None:
    if not place.handling:
        return None
    texts = place.facts(lambda fact: isinstance(fact.type, TextType))
    if texts and draw(st.integers(0, 3)) == 0:
        return _call("is_known", draw(st.sampled_from(texts)))
    return _call("is_known", draw(st.sampled_from([number, truth, day]))(draw, place))


_NUMBER_MAKERS: list[Maker] = [
    _sum,
    _product,
    _product,
    lambda draw, place: nodes.Negate(number(draw, place)),
    _rounded,
    _either(number),
    _extreme(number),
    _coalesced(number),
    _earlier(number),
    _years,
    _count,
    _aggregate(["count", "share"], truth),
    _aggregate(["count", "share", "known_share"], truth),
    _aggregate(["sum", "avg", "min", "max", "sum_known", "known_share"], number),
]
_TRUTH_MAKERS: list[Maker] = [
    _comparison,
    _comparison,
    _truth_comparison,
    _code_comparison,
    _between,
    _in,
    lambda draw, place: nodes.And(_several(truth, draw, place)),
    lambda draw, place: nodes.Or(_several(truth, draw, place)),
    lambda draw, place: nodes.Not(truth(draw, place)),
    _either(truth),
    _coalesced(truth),
    _earlier(truth),
    _aggregate(["any", "all"], truth),
    _is_known,
]
_DAY_MAKERS: list[Maker] = [
    _either(day),
    _extreme(day),
    _coalesced(day),
    _earlier(day),
    _aggregate(["min", "max"], day),
]


@st.composite
def expressions(draw: Draw, unit: str, *, handling: bool = True, only_truth: bool = False, depth: int = 3) -> Node:
    """A syntax tree about ``unit``; ``only_truth`` gives yes/no expressions only."""
    make = truth if only_truth else draw(st.sampled_from([truth, truth, number, number, day]))
    tree: Node = make(draw, Place(unit, depth=depth, handling=handling))
    return tree
