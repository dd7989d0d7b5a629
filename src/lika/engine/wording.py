"""Terms and values in the words of officials, in Chinese and English."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lika.engine import typed
from lika.engine.messages import Words
from lika.engine.ranges import Range, round_half_away
from lika.engine.schema import Schema, unit_words
from lika.engine.typed import Term
from lika.engine.types import BooleanType, CodeType, DateType, Type, is_number, places_of

UNKNOWN = Words("未知", "unknown")
NOT_GIVEN = Words("待补充依据", "awaits a source")
ANSWERS = {True: Words("符合", "met"), False: Words("不符合", "not met"), None: Words("无法判定", "unknown")}
_TRUTH = {True: Words("是", "yes"), False: Words("否", "no")}
_NUMBER_RELATIONS = {
    "=": Words("等于", "equal to"),
    "!=": Words("不等于", "other than"),
    "<": Words("小于", "below"),
    "<=": Words("不大于", "at most"),
    ">": Words("大于", "above"),
    ">=": Words("不小于", "at least"),
}
_DATE_RELATIONS = {
    **_NUMBER_RELATIONS,
    "=": Words("为", "equal to"),
    "<": Words("早于", "before"),
    "<=": Words("不晚于", "not after"),
    ">": Words("晚于", "after"),
    ">=": Words("不早于", "not before"),
}
_OTHER_RELATIONS = {"=": Words("为", "equal to"), "!=": Words("不为", "other than")}
_SIGNS = {"+": Words(" + ", " + "), "-": Words(" - ", " - "), "*": Words(" × ", " × "), "/": Words(" ÷ ", " ÷ ")}
_YEARS_BACK = {
    0: Words("", ""),
    1: Words("（上一年）", " (a year earlier)"),
    2: Words("（前两年）", " (2 years earlier)"),
}
_AGGREGATES = {
    "count": Words("符合“{body}”的{unit}数", "number of {unit}s with: {body}"),
    "any": Words("至少一{unit}符合“{body}”", "at least one {unit} with: {body}"),
    "all": Words("每{unit}都符合“{body}”", "every {unit} with: {body}"),
    "share": Words("符合“{body}”的{unit}所占比例", "share of {unit}s with: {body}"),
    "sum": Words("各{unit}“{body}”合计", "sum over {unit}s of: {body}"),
    "avg": Words("各{unit}“{body}”平均", "average over {unit}s of: {body}"),
    "min": Words("各{unit}“{body}”最小值", "least over {unit}s of: {body}"),
    "max": Words("各{unit}“{body}”最大值", "greatest over {unit}s of: {body}"),
    "sum_known": Words("各{unit}已知“{body}”合计", "sum over {unit}s of what is known of: {body}"),
    "known_share": Words("“{body}”已知的{unit}所占比例", "share of {unit}s that have: {body}"),
}


def joined(separator: Words, parts: Sequence[Words]) -> Words:
    """Parts with a separator between them, by language."""
    return Words(separator.zh.join(part.zh for part in parts), separator.en.join(part.en for part in parts))


def filled(template: Words, **parts: Words) -> Words:
    """The template with parts put in, by language."""
    return Words(
        template.zh.format(**{name: part.zh for name, part in parts.items()}),
        template.en.format(**{name: part.en for name, part in parts.items()}),
    )


def relation(operator: str, type_: Type) -> Words:
    """How two values of a type are related."""
    if is_number(type_):
        return _NUMBER_RELATIONS[operator]
    return (_DATE_RELATIONS if isinstance(type_, DateType) else _OTHER_RELATIONS)[operator]


def number_text(value: Fraction, places: int) -> str:
    """A number with thousands separators, rounded half away from zero to ``places``."""
    rounded = round_half_away(value, places)
    return f"{Decimal(rounded.numerator) / Decimal(rounded.denominator):,.{places}f}"


def value_words(value: Any, type_: Type, schema: Schema, measure: Words | None = None) -> Words:
    """A value as it is shown: numbers with their measure ("元"), codes by label, ranges with both ends."""
    if value is None:
        return UNKNOWN
    if isinstance(type_, BooleanType):
        return _TRUTH[value]
    if isinstance(type_, CodeType):
        item = schema.code_lists[type_.list_id].item(value)
        return Words(item.zh, item.en) if item else Words(value, value)
    if isinstance(value, date | str):
        return Words(str(value), str(value))
    after = measure or Words("", "")
    places = places_of(type_)
    low, high = (value.low, value.high) if isinstance(value, Range) else (value, value)
    first, last = number_text(low, places), number_text(high, places)
    text = Words(first, first) if low == high else Words(f"{first} 至 {last}", f"{first} to {last}")
    return Words(f"{text.zh} {after.zh}".rstrip(), f"{text.en} {after.en}".rstrip())


def measure_of(term: Term) -> Words | None:
    """What a number counts ("元", "yuan"), where the expression tells."""
    match term:
        case typed.FactRead(fact=fact) | typed.Derived(fact=fact):
            return Words(fact.unit, fact.unit_en or fact.unit) if fact.unit else None
        case typed.ParameterRead(spec=spec):
            return Words(spec.unit, spec.unit_en or spec.unit) if spec.unit else None
        case typed.Aggregate(function="count", unit=unit):
            return unit_words(unit)
        case typed.Aggregate(function="sum" | "avg" | "min" | "max" | "sum_known", body=body) if body is not None:
            return measure_of(body)
        case typed.Sum() | typed.Negate() | typed.If() | typed.Round() | typed.Extreme() | typed.Coalesce():
            operands = [part for part in typed.children(term) if is_number(part.type)]
            return next((found for part in operands if (found := measure_of(part)) is not None), None)
    return None


class Phrases:
    """Says in words what a term is, without values; literals and codes stand for themselves."""

    def __init__(self, schema: Schema) -> None:
        """``schema`` holds the labels of codes."""
        self.schema = schema

    def of(self, term: Term) -> Words:
        """The words of a term."""
        return _PHRASES[type(term)](self, term)

    def each(self, terms: Sequence[Term]) -> list[Words]:
        """The words of several terms; those that are compound stand in brackets."""
        return [self.inner(term) for term in terms]

    def inner(self, term: Term) -> Words:
        """The words of a term inside another."""
        words = self.of(term)
        compound = isinstance(term, typed.And | typed.Or | typed.Sum | typed.Product | typed.If)
        return Words(f"（{words.zh}）", f"({words.en})") if compound else words


def _literal(phrases: Phrases, term: typed.Literal) -> Words:
    if isinstance(term.value, bool):
        return _TRUTH[term.value]
    return value_words(term.value, term.type, phrases.schema)


def _fact(phrases: Phrases, term: typed.FactRead | typed.Derived) -> Words:
    back = _YEARS_BACK.get(term.lag) or Words(f"（前 {term.lag} 年）", f" ({term.lag} years earlier)")
    return Words(term.fact.zh + back.zh, term.fact.en + back.en)


def _chain(phrases: Phrases, operators: Sequence[str], terms: Sequence[Term]) -> Words:
    words = phrases.each(terms)
    result = words[0]
    for operator, operand in zip(operators[1:], words[1:], strict=True):
        result = joined(_SIGNS[operator], [result, operand])
    return result


def _compare(phrases: Phrases, term: typed.Compare) -> Words:
    left, right = phrases.each((term.left, term.right))
    return joined(Words(" ", " "), [left, relation(term.operator, term.left.type), right])


def _between(phrases: Phrases, term: typed.Between) -> Words:
    value, low, high = phrases.each((term.value, term.low, term.high))
    return filled(
        Words("{value}在 {low} 到 {high} 之间", "{value} from {low} to {high}"), value=value, low=low, high=high
    )


def _in(phrases: Phrases, term: typed.In) -> Words:
    options = joined(Words("、", ", "), phrases.each(term.options))
    template = Words("{value}为 {options} 之一", "{value} one of {options}")
    return filled(template, value=phrases.inner(term.value), options=options)


def _if(phrases: Phrases, term: typed.If) -> Words:
    condition, yes, no = phrases.each((term.condition, term.yes, term.no))
    template = Words("若{condition}则 {yes}，否则 {no}", "if {condition} then {yes} else {no}")
    return filled(template, condition=condition, yes=yes, no=no)


def _years(phrases: Phrases, term: typed.YearsBetween) -> Words:
    start, end = phrases.each((term.start, term.end))
    return filled(Words("{start}到{end}的周年数", "full years from {start} to {end}"), start=start, end=end)


def _round(phrases: Phrases, term: typed.Round) -> Words:
    places = Words(str(term.places), str(term.places))
    template = Words("{value}（四舍五入到 {places} 位小数）", "{value} rounded to {places} places")
    return filled(template, value=phrases.inner(term.operand), places=places)


def _extreme(phrases: Phrases, term: typed.Extreme) -> Words:
    arguments = joined(Words("、", ", "), phrases.each(term.arguments))
    least = term.function == "least"
    template = Words("{all}中的最小值", "least of {all}") if least else Words("{all}中的最大值", "greatest of {all}")
    return filled(template, all=arguments)


def _aggregate(phrases: Phrases, term: typed.Aggregate) -> Words:
    unit = unit_words(term.unit)
    if term.body is None:
        return filled(Words("{unit}数", "number of {unit}s"), unit=unit)
    return filled(_AGGREGATES[term.function], unit=unit, body=phrases.of(term.body))


def _met(phrases: Phrases, term: typed.Met) -> Words:
    criterion = term.criterion.criterion
    title = Words(criterion.zh or criterion.id, criterion.en or criterion.id) if criterion else Words("", "")
    return filled(Words("标准「{title}」", "criterion “{title}”"), title=title)


def _coalesce(phrases: Phrases, term: typed.Coalesce) -> Words:
    *first, last = phrases.each(term.arguments)
    template = Words("{first}（未知时取 {last}）", "{first} ({last} where unknown)")
    return filled(template, first=joined(Words("、", ", "), first), last=last)


_PHRASES: dict[type[Term], Callable[[Phrases, Any], Words]] = {
    typed.Literal: _literal,
    typed.ParameterRead: lambda phrases, term: Words(term.spec.zh, term.spec.en),
    typed.ReferenceDate: lambda phrases, term: Words("标准时点", "reference date"),
    typed.FactRead: _fact,
    typed.Derived: _fact,
    typed.Negate: lambda phrases, term: joined(Words("", ""), [Words("-", "-"), phrases.inner(term.operand)]),
    typed.Sum: lambda phrases, term: _chain(phrases, term.signs, term.terms),
    typed.Product: lambda phrases, term: _chain(phrases, term.operators, term.factors),
    typed.Compare: _compare,
    typed.Between: _between,
    typed.In: _in,
    typed.And: lambda phrases, term: joined(Words("且", " and "), phrases.each(term.terms)),
    typed.Or: lambda phrases, term: joined(Words("或", " or "), phrases.each(term.terms)),
    typed.Not: lambda phrases, term: filled(Words("不是“{x}”", "not: {x}"), x=phrases.of(term.operand)),
    typed.If: _if,
    typed.YearsBetween: _years,
    typed.Round: _round,
    typed.Extreme: _extreme,
    typed.Aggregate: _aggregate,
    typed.Met: _met,
    typed.IsKnown: lambda phrases, term: filled(Words("{x}已知", "{x} known"), x=phrases.inner(term.operand)),
    typed.Coalesce: _coalesce,
}
