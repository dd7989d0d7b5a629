"""Terms in the words of officials, in Chinese and English; values are worded by ``amounts``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from lika.engine import typed
from lika.engine.amounts import RATIO, TRUTH, YEAR, many, measure_of, value_words
from lika.engine.messages import Words
from lika.engine.schema import Fact, Schema, unit_words
from lika.engine.typed import Term
from lika.engine.types import BooleanType, DateType, Type, is_number

NOT_GIVEN = Words("待补充依据", "awaits a source")
ANSWERS = {True: Words("符合", "met"), False: Words("不符合", "not met"), None: Words("无法判定", "unknown")}
#: Between values of which one will do; English labels of codes have commas of their own.
OPTIONS = Words("、", " or ")


class Relation(NamedTuple):
    """How two values are related (大于, is above), and how they ought to be (应大于, must be above)."""

    holds: Words
    wanted: Words


def _relation(zh: str, en: str) -> Relation:
    return Relation(Words(zh, f"is {en}".rstrip()), Words(f"应{zh}", f"must be {en}".rstrip()))


_EQUAL = _relation("为", "")
_NUMBER_RELATIONS = {
    "=": _EQUAL,
    "!=": Relation(Words("不等于", "is not"), Words("不应等于", "must not be")),
    "<": _relation("小于", "below"),
    "<=": _relation("不大于", "at most"),
    ">": _relation("大于", "above"),
    ">=": _relation("不小于", "at least"),
}
_DATE_RELATIONS = {
    **_NUMBER_RELATIONS,
    "<": _relation("早于", "before"),
    "<=": _relation("不晚于", "not after"),
    ">": _relation("晚于", "after"),
    ">=": _relation("不早于", "not before"),
}
_OTHER_RELATIONS = {"=": _EQUAL, "!=": Relation(Words("不是", "is not"), Words("不应为", "must not be"))}
_SIGNS = {"+": Words("+", " + "), "-": Words("-", " - "), "*": Words("×", " × "), "/": Words("÷", " ÷ ")}
_YEARS_BACK = {
    0: Words("", ""),
    1: Words("（上年）", " (a year earlier)"),
    2: Words("（两年前）", " (2 years earlier)"),
}
_AGGREGATES = {
    "count": Words("符合{body}的{unit}数", "number of {units} with {body}"),
    "any": Words("至少有一{unit}符合{body}", "at least one {unit} with {body}"),
    "all": Words("每{unit}均符合{body}", "every {unit} with {body}"),
    "share": Words("符合{body}的{unit}数所占比例", "share of {units} with {body}"),
    "sum": Words("各{unit}{body}合计", "sum over {units} of {body}"),
    "avg": Words("各{unit}{body}平均", "average over {units} of {body}"),
    "min": Words("各{unit}{body}最小值", "least over {units} of {body}"),
    "max": Words("各{unit}{body}最大值", "greatest over {units} of {body}"),
    "sum_known": Words("各{unit}已有数据的{body}合计", "sum over {units} of what is known of {body}"),
    "known_share": Words("有{body}数据的{unit}数所占比例", "share of {units} whose {body} is known"),
}


def joined(separator: Words, parts: Sequence[Words]) -> Words:
    """Parts with a separator between them, by language."""
    return Words(separator.zh.join(part.zh for part in parts), separator.en.join(part.en for part in parts))


def listed(parts: Sequence[Words]) -> Words:
    """An enumeration: 甲、乙 or A, B."""
    return joined(Words("、", ", "), parts)


def filled(template: Words, **parts: Words) -> Words:
    """The template with parts put in, by language."""
    return Words(
        template.zh.format(**{name: part.zh for name, part in parts.items()}),
        template.en.format(**{name: part.en for name, part in parts.items()}),
    )


def quoted(words: Words) -> Words:
    """The words in quotation marks, those inside them made single."""
    return Words(*(f"“{text.translate(_INNER)}”" for text in words))


_INNER = str.maketrans("“”", "‘’")


def relation(operator: str, type_: Type) -> Relation:
    """How two values of a type are related."""
    if is_number(type_):
        return _NUMBER_RELATIONS[operator]
    return (_DATE_RELATIONS if isinstance(type_, DateType) else _OTHER_RELATIONS)[operator]


def parameter_value(term: typed.ParameterRead, schema: Schema) -> Words:
    """The value of a parameter as it is shown; 待补充依据 where the document does not give it."""
    return NOT_GIVEN if term.value is None else value_words(term.value, term.type, schema, measure_of(term))


class Phrases:
    """Says in words what a term is, without values of units; literals, codes and parameters stand with theirs."""

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

    def beside(self, term: Term, other: Term) -> Words:
        """The words of a term next to another; a literal number takes the measure of what it stands beside."""
        if isinstance(term, typed.Literal) and is_number(term.type):
            return value_words(term.value, term.type, self.schema, measure_of(other))
        return self.inner(term)

    def bounds(self, term: typed.Between) -> tuple[Words, Words]:
        """The two ends between which a value lies; of two literals only the second has the measure (3至10人)."""
        both = isinstance(term.low, typed.Literal) and isinstance(term.high, typed.Literal)
        plain = both and measure_of(term.value) not in (YEAR, RATIO)
        low = self.of(term.low) if plain else self.beside(term.low, term.value)
        return low, self.beside(term.high, term.value)


def _literal(phrases: Phrases, term: typed.Literal) -> Words:
    if isinstance(term.value, bool):
        return TRUTH[term.value]
    return value_words(term.value, term.type, phrases.schema)


def _parameter(phrases: Phrases, term: typed.ParameterRead) -> Words:
    template = Words("{name}（{value}）", "{name} ({value})")
    return filled(template, name=Words(term.spec.zh, term.spec.en), value=parameter_value(term, phrases.schema))


def fact_words(fact: Fact, lag: int = 0) -> Words:
    """The label of a fact, with how many data years back it is read."""
    back = _YEARS_BACK.get(lag) or Words(f"（{lag}年前）", f" ({lag} years earlier)")
    return Words(fact.zh + back.zh, fact.en + back.en)


def _fact(phrases: Phrases, term: typed.FactRead | typed.Derived) -> Words:
    return fact_words(term.fact, term.lag)


def _sum(phrases: Phrases, term: typed.Sum) -> Words:
    conditions = list(_tallied(term))
    if conditions:
        return filled(
            Words("{all}中符合的项数", "number met of {all}"), all=listed([phrases.of(part) for part in conditions])
        )
    return _chain(phrases, term.signs, term.terms)


def _tallied(term: typed.Sum) -> Iterator[Term]:
    """The conditions where the sum counts how many hold: each adds 1 or 0."""
    adds = set(term.signs) == {"+"}
    if adds and all(isinstance(part, typed.If) and _literals(part) == (1, 0) for part in term.terms):
        yield from (part.condition for part in term.terms if isinstance(part, typed.If))


def _literals(term: typed.If) -> tuple[typed.Constant, typed.Constant] | None:
    if isinstance(term.yes, typed.Literal) and isinstance(term.no, typed.Literal):
        return term.yes.value, term.no.value
    return None


def _chain(phrases: Phrases, operators: Sequence[str], terms: Sequence[Term]) -> Words:
    words = phrases.each(terms)
    result = words[0]
    for operator, operand in zip(operators[1:], words[1:], strict=True):
        result = joined(_SIGNS[operator], [result, operand])
    return result


def _compare(phrases: Phrases, term: typed.Compare) -> Words:
    left, right = phrases.beside(term.left, term.right), phrases.beside(term.right, term.left)
    holds = relation(term.operator, term.left.type).holds
    return filled(Words("{left}{holds}{right}", "{left} {holds} {right}"), left=left, holds=holds, right=right)


def _between(phrases: Phrases, term: typed.Between) -> Words:
    low, high = phrases.bounds(term)
    template = Words("{value}在{low}至{high}之间", "{value} from {low} to {high}")
    return filled(template, value=phrases.beside(term.value, term.low), low=low, high=high)


def _in(phrases: Phrases, term: typed.In) -> Words:
    options = joined(OPTIONS, [phrases.beside(option, term.value) for option in term.options])
    template = Words("{value}为{options}之一", "{value} is {options}")
    return filled(template, value=phrases.inner(term.value), options=options)


def _if(phrases: Phrases, term: typed.If) -> Words:
    """One condition after the other, as officials write them; what else follows stands last."""
    judged = isinstance(term.type, BooleanType)
    step = (
        Words("若{condition}，则{yes}；", "if {condition} then {yes}, ")
        if judged
        else Words("{condition}的取{yes}，", "{yes} if {condition}, ")
    )
    last = Words("否则{no}", "else {no}") if judged else Words("其余取{no}", "else {no}")
    words, rest = Words("", ""), term
    while True:
        condition = phrases.inner(rest.condition)
        words = joined(Words("", ""), [words, filled(step, condition=condition, yes=_outcome(phrases, rest.yes))])
        if not isinstance(rest.no, typed.If):
            return joined(Words("", ""), [words, filled(last, no=_outcome(phrases, rest.no))])
        rest = rest.no


def _outcome(phrases: Phrases, term: Term) -> Words:
    if isinstance(term, typed.Literal) and isinstance(term.value, bool):
        answer = ANSWERS[term.value]
        return Words(f"视为{answer.zh}", answer.en)
    return phrases.inner(term)


def _years(phrases: Phrases, term: typed.YearsBetween) -> Words:
    start, end = phrases.each((term.start, term.end))
    return filled(Words("{start}至{end}的周年数", "full years from {start} to {end}"), start=start, end=end)


def _round(phrases: Phrases, term: typed.Round) -> Words:
    places = Words(str(term.places), str(term.places))
    template = Words("{value}（四舍五入，保留{places}位小数）", "{value} rounded to {places} decimal places")
    return filled(template, value=phrases.of(term.operand), places=places)


def _extreme(phrases: Phrases, term: typed.Extreme) -> Words:
    arguments = listed([phrases.beside(argument, term) for argument in term.arguments])
    least = term.function == "least"
    template = Words("{all}中的最小值", "least of {all}") if least else Words("{all}中的最大值", "greatest of {all}")
    return filled(template, all=arguments)


def _aggregate(phrases: Phrases, term: typed.Aggregate) -> Words:
    unit = unit_words(term.unit)
    units = Words(unit.zh, many(unit.en))
    if term.body is None:
        return filled(Words("{unit}数", "number of {units}"), unit=unit, units=units)
    if term.function == "sum" and isinstance(term.body, typed.If) and _is_zero(term.body.no):
        template = Words("{condition}的各{unit}{yes}合计", "sum of {yes} over {units} where {condition}")
        condition, yes = phrases.of(term.body.condition), phrases.of(term.body.yes)
        return filled(template, unit=unit, units=units, condition=condition, yes=yes)
    return filled(_AGGREGATES[term.function], unit=unit, units=units, body=_quoted(phrases, term.body))


def _quoted(phrases: Phrases, term: Term) -> Words:
    """The words of a term in quotation marks; a criterion stands in marks of its own."""
    words = phrases.of(term)
    return words if isinstance(term, typed.Met) else quoted(words)


def _is_zero(term: Term) -> bool:
    return isinstance(term, typed.Literal) and term.value == 0 and is_number(term.type)


def _met(phrases: Phrases, term: typed.Met) -> Words:
    criterion = term.criterion.criterion
    title = Words(criterion.zh or criterion.id, criterion.en or criterion.id) if criterion else Words("", "")
    return quoted(title)


def _coalesce(phrases: Phrases, term: typed.Coalesce) -> Words:
    *first, last = [phrases.beside(argument, term) for argument in term.arguments]
    return filled(Words("{first}（未知时取{last}）", "{first} ({last} where unknown)"), first=listed(first), last=last)


_PHRASES: dict[type[Term], Callable[[Phrases, Any], Words]] = {
    typed.Literal: _literal,
    typed.ParameterRead: _parameter,
    typed.ReferenceDate: lambda phrases, term: Words("标准时点", "reference date"),
    typed.FactRead: _fact,
    typed.Derived: _fact,
    typed.Negate: lambda phrases, term: joined(Words("", ""), [Words("-", "-"), phrases.inner(term.operand)]),
    typed.Sum: _sum,
    typed.Product: lambda phrases, term: _chain(phrases, term.operators, term.factors),
    typed.Compare: _compare,
    typed.Between: _between,
    typed.In: _in,
    typed.And: lambda phrases, term: joined(Words("且", " and "), phrases.each(term.terms)),
    typed.Or: lambda phrases, term: joined(Words("或", " or "), phrases.each(term.terms)),
    typed.Not: lambda phrases, term: filled(Words("不符合{x}", "not {x}"), x=_quoted(phrases, term.operand)),
    typed.If: _if,
    typed.YearsBetween: _years,
    typed.Round: _round,
    typed.Extreme: _extreme,
    typed.Aggregate: _aggregate,
    typed.Met: _met,
    typed.IsKnown: lambda phrases, term: filled(Words("{x}已有数据", "{x} is known"), x=phrases.inner(term.operand)),
    typed.Coalesce: _coalesce,
}
