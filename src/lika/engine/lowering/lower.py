"""Translates checked terms to cells. Every rule of the language that touches unknown or ranges is worked out here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, TypeAlias, cast

from lika.engine import typed, whole
from lika.engine.criteria import Checked, CheckedSet
from lika.engine.errors import ExpressionError
from lika.engine.lowering.cells import WIDE_DIGITS, Cell, Cells, Kind, TooManyDigits
from lika.engine.lowering.gathering import gathered
from lika.engine.lowering.ratios import Ratio, Ratios
from lika.engine.lowering.spans import Span, Spans, exactly
from lika.engine.messages import Words
from lika.engine.schema import Fact, column_name, given_column
from lika.engine.typed import Term
from lika.engine.types import BooleanType, CodeType, DateType, DecimalType, IntegerType, TextType, Type

#: A term's translation: a span for numbers, a cell for everything else.
Lowered = Span | Cell
#: In which rows a derived fact's own value is given; in the others its formula is worked.
GivenIn: TypeAlias = Literal["no rows", "some rows", "all rows"]


def kind_of(type_: Type) -> Kind:
    """How cells call the type."""
    match type_:
        case BooleanType():
            return "bool"
        case IntegerType() | DecimalType():
            return "int"
        case DateType():
            return "date"
        case CodeType():
            return "code"
        case TextType():
            return "text"


@dataclass
class Lowering:
    """Translates expressions, sharing what they have in common.

    ``given(unit, column)`` says in which rows a derived fact's own value is given; where only in some, the column named
    by ``given_column`` says in which.
    """

    given: Callable[[str, str], GivenIn] = lambda unit, column: "no rows"
    cells: Cells = field(default_factory=Cells)
    _done: dict[int, tuple[Checked, Lowered]] = field(default_factory=dict)

    @property
    def spans(self) -> Spans:
        """Where the arithmetic is made."""
        return Spans(Ratios(self.cells))

    def checked(self, checked: Checked) -> Lowered:
        """The translation of a whole expression. Raises ``ExpressionError`` ENG-060, ENG-061."""
        if id(checked) not in self._done:
            self._done[id(checked)] = (checked, self.term(checked.root))
        return self._done[id(checked)][1]

    def condition(self, checked: Checked) -> Cell:
        """The translation of a criterion."""
        return cast(Cell, self.checked(checked))

    def verdicts(self, criteria: CheckedSet, unit: str) -> dict[str, Cell]:
        """The translations of all criteria about a unit, by their ids."""
        found = [(item.criterion.id, item) for item in criteria.of_unit(unit) if item.criterion is not None]
        return {name: self.condition(item) for name, item in found}

    def term(self, term: Term) -> Lowered:
        """The translation of a term; a refusal names the smallest part that cannot be held."""
        try:
            return _RULES[type(term)](self, term)
        except TooManyDigits as error:
            raise ExpressionError("ENG-060", term.source.position, digits=error.digits, limit=WIDE_DIGITS) from None

    def span(self, term: Term) -> Span:
        """The translation of a number."""
        return cast(Span, self.term(term))

    def cell(self, term: Term) -> Cell:
        """The translation of anything but a number."""
        return cast(Cell, self.term(term))

    def stored(self, fact: Fact, lag: int) -> Lowered:
        """A column of the unit at hand."""
        column, kind = column_name(fact.name, lag), kind_of(fact.type)
        match fact.type:
            case IntegerType(digits=digits):
                return exactly(Ratio(self.cells.stored(column, kind, 0, digits)))
            case DecimalType(places=places, digits=digits):
                return exactly(Ratio(self.cells.stored(column, kind, places, digits), places))
        return self.cells.stored(column, kind)

    def compare(self, operator: str, left: Lowered, right: Lowered) -> Cell:
        """A comparison of two values of one kind."""
        if isinstance(left, Span) and isinstance(right, Span):
            return self.spans.compare(operator, left, right)
        return self.cells.compare(operator, cast(Cell, left), cast(Cell, right))

    def choose(self, condition: Cell, yes: Lowered, no: Lowered) -> Lowered:
        """``yes`` or ``no``; null where the condition is."""
        if isinstance(yes, Span) and isinstance(no, Span):
            return self.spans.choose(condition, yes, no)
        return self.cells.choose(condition, cast(Cell, yes), cast(Cell, no))

    def is_single(self, value: Lowered) -> Cell:
        """Whether there is one known value; never null."""
        return self.spans.is_single(value) if isinstance(value, Span) else self.cells.known(value)


def refuse_unholdable(checked: Checked, lowerings: tuple[Lowering, ...]) -> None:
    """Raise ``ExpressionError`` where some part would need more digits than any engine holds exactly."""
    # Without derived facts all translations are alike.
    for lowering in lowerings if checked.derived else lowerings[:1]:
        lowering.checked(checked)


def trial_lowerings() -> tuple[Lowering, ...]:
    """What checking tries: derived facts worked by formula, given, and given in some rows only."""
    return (
        Lowering(),
        Lowering(given=lambda unit, column: "all rows"),
        Lowering(given=lambda unit, column: "some rows"),
    )


def _constant(run: Lowering, term: typed.Literal | typed.ParameterRead) -> Lowered:
    kind = kind_of(term.type)
    if kind == "int":
        return exactly(run.spans.ratios.constant(cast("Fraction | None", term.value)))
    return run.cells.constant(term.value, kind)


def _derived(run: Lowering, term: typed.Derived) -> Lowered:
    column = column_name(term.fact.name, term.lag)
    given = run.given(term.unit, column)
    if term.body is None or given == "all rows":
        return run.stored(term.fact, term.lag)
    formula = run.checked(term.body)
    if given == "no rows":
        return formula
    return run.choose(run.cells.stored(given_column(column), "bool"), run.stored(term.fact, term.lag), formula)


def _sum(run: Lowering, term: typed.Sum) -> Lowered:
    spans = [run.span(part) for part in term.terms]
    signed = [span if sign == "+" else run.spans.negate(span) for sign, span in zip(term.signs, spans, strict=True)]
    return run.spans.add(signed)


def _product(run: Lowering, term: typed.Product) -> Lowered:
    first, *rest = (run.span(factor) for factor in term.factors)
    for operator, factor in zip(term.operators[1:], rest, strict=True):
        first = run.spans.multiply(first, factor) if operator == "*" else run.spans.divide(first, factor)
    return first


def _compare(run: Lowering, term: typed.Compare) -> Lowered:
    left, right = run.term(term.left), run.term(term.right)
    if term.operator in ("=", "!=") and whole.never_equal(term.left, term.right):
        return _unless_null(run, term.operator == "!=", left, right)
    return run.compare(term.operator, left, right)


def _unless_null(run: Lowering, answer: bool, *values: Lowered) -> Cell:
    known = [run.cells.known(value.low.number if isinstance(value, Span) else value) for value in values]
    return run.cells.cases([(run.cells.both(*known), run.cells.truth(answer))])


def _between(run: Lowering, term: typed.Between) -> Lowered:
    value, low, high = run.term(term.value), run.term(term.low), run.term(term.high)
    if whole.never_between(term):
        return _unless_null(run, False, value)
    return run.cells.both(run.compare(">=", value, low), run.compare("<=", value, high))


def _in(run: Lowering, term: typed.In) -> Lowered:
    value = run.term(term.value)
    answers = [_equals(run, term, value, option) for option in term.options]
    if isinstance(value, Span) and not value.single:
        answers += [_within(run, value, first, last) for first, last in whole.runs(term)]
    return run.cells.either(*answers)


def _equals(run: Lowering, term: typed.In, value: Lowered, option: Term) -> Cell:
    other = run.term(option)
    if whole.never_equal(term.value, option):
        return _unless_null(run, False, value, other)
    return run.compare("=", value, other)


def _within(run: Lowering, value: Span, first: int, last: int) -> Cell:
    """Whether the whole range lies from ``first`` to ``last``; else false, null where it is."""
    low, high = (Ratio(run.cells.integer(end)) for end in (first, last))
    return run.cells.both(
        run.spans.ratios.compare(">=", value.low, low), run.spans.ratios.compare("<=", value.high, high)
    )


def _if(run: Lowering, term: typed.If) -> Lowered:
    return run.choose(run.cell(term.condition), run.term(term.yes), run.term(term.no))


def _extreme(run: Lowering, term: typed.Extreme) -> Lowered:
    operator = "<=" if term.function == "least" else ">="
    values = [run.term(argument) for argument in term.arguments]
    if isinstance(values[0], Span):
        return run.spans.extreme(operator, cast("list[Span]", values))
    dates = cast("list[Cell]", values)
    best = dates[0]
    for other in dates[1:]:
        best = run.cells.choose(run.cells.compare(operator, best, other), best, other)
    return best


def _coalesce(run: Lowering, term: typed.Coalesce) -> Lowered:
    *first, result = (run.term(argument) for argument in term.arguments)
    for value in reversed(first):
        # A value that is taken has one value only: its low end stands for both.
        taken = exactly(value.low) if isinstance(value, Span) else value
        result = run.choose(run.is_single(value), taken, result)
    return result


def _aggregate(run: Lowering, term: typed.Aggregate) -> Lowered:
    body = None if term.body is None else run.term(term.body)
    addable = not isinstance(body, Span) or (body.low.addable and body.high.addable)
    if not addable and term.function != "known_share":
        compares = term.function in ("min", "max")
        work = Words("比较", "compare") if compares else Words("相加", "add")
        raise ExpressionError("ENG-061", term.source.position, name=term.function, unit=term.unit, work=work)
    known = run.is_single(body) if term.function in ("sum_known", "known_share") and body is not None else None
    return gathered(run.spans, term.unit, term.function, body, known)


_RULES: Mapping[type[Term], Callable[[Lowering, Any], Lowered]] = {
    typed.Literal: _constant,
    typed.ParameterRead: _constant,
    typed.ReferenceDate: lambda run, term: run.cells.reference_date(),
    typed.FactRead: lambda run, term: run.stored(term.fact, term.lag),
    typed.Derived: _derived,
    typed.Negate: lambda run, term: run.spans.negate(run.span(term.operand)),
    typed.Sum: _sum,
    typed.Product: _product,
    typed.Compare: _compare,
    typed.Between: _between,
    typed.In: _in,
    typed.And: lambda run, term: run.cells.both(*map(run.cell, term.terms)),
    typed.Or: lambda run, term: run.cells.either(*map(run.cell, term.terms)),
    typed.Not: lambda run, term: run.cells.opposite(run.cell(term.operand)),
    typed.If: _if,
    typed.YearsBetween: lambda run, term: exactly(
        Ratio(run.cells.years_between(run.cell(term.start), run.cell(term.end)))
    ),
    typed.Round: lambda run, term: run.spans.rounded(run.span(term.operand), term.places),
    typed.Extreme: _extreme,
    typed.Aggregate: _aggregate,
    typed.Met: lambda run, term: run.condition(term.criterion),
    typed.IsKnown: lambda run, term: run.is_single(run.term(term.operand)),
    typed.Coalesce: _coalesce,
}
