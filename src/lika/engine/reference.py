"""The reference engine: slow, obvious, exact. Fast engines are held equal to it.

Values: truth is True, False or None (unknown); numbers are ``Range`` inside and ``Fraction`` or ``Range`` outside;
dates and codes are themselves. Unknown is None everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any

from lika.engine import ranges, typed, whole
from lika.engine.criteria import Checked, CheckedSet
from lika.engine.facts_json import Facts, as_document
from lika.engine.population import UnitRow
from lika.engine.ranges import Range, exactly, opposite
from lika.engine.schema import column_name
from lika.engine.typed import Term

#: What an expression evaluates to.
Answer = bool | Fraction | Range | date | str | None


def evaluate(checked: Checked, facts: Facts, *, reference_date: date | None = None) -> Answer:
    """The value of one expression for one unit.

    ``facts`` is a unit row, a facts document, or the mapping of one. ``reference_date`` is the snapshot's time point;
    None takes the document's own, or is unknown. Raises ``FactsError`` where the facts do not fit the expression.
    """
    document = as_document(facts, checked.schema)
    document.refuse_unfit(checked)
    run = Evaluation(reference_date or document.reference_date)
    return shown(run.checked(checked, document.root))


def evaluate_set(criteria: CheckedSet, facts: Facts, *, reference_date: date | None = None) -> dict[str, bool | None]:
    """The verdict of every criterion about the unit that ``facts`` describe, by id."""
    document = as_document(facts, criteria.schema)
    run = Evaluation(reference_date or document.reference_date)
    verdicts = {}
    for checked in criteria.of_unit(document.root.unit):
        document.refuse_unfit(checked)
        if checked.criterion is not None:
            verdicts[checked.criterion.id] = run.checked(checked, document.root)
    return verdicts


def shown(value: Any) -> Answer:
    """An inner value as callers see it: a range of one value becomes that value."""
    return value.low if isinstance(value, Range) and value.single else value


def is_single(value: Any) -> bool:
    """Whether the value is known exactly: not unknown, and not a range of several values."""
    return value is not None and not (isinstance(value, Range) and not value.single)


def years_between(start: date, end: date) -> int:
    """Full years from ``start`` to ``end``: the year counts from the day whose month and day are those of ``start``.

    A birthday on 29 February comes on 1 March in common years. Where ``end`` lies before ``start`` the result is
    negative (one day before is -1), so that a birth date in the future never passes for an infant.
    """
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def kleene_and(answers: list[bool | None]) -> bool | None:
    """False if any is, else unknown if any is, else True."""
    if False in answers:
        return False
    return None if None in answers else True


def kleene_or(answers: list[bool | None]) -> bool | None:
    """True if any is, else unknown if any is, else False."""
    return opposite(kleene_and([opposite(answer) for answer in answers]))


@dataclass
class Evaluation:
    """One evaluation; remembers the criteria already answered for a row."""

    reference_date: date | None = None
    answers: dict[tuple[int, int], Any] = field(default_factory=dict)
    _kept: list[Any] = field(default_factory=list)

    def checked(self, checked: Checked, row: UnitRow) -> Any:
        """The inner value of a checked expression for ``row``."""
        key = (id(checked), id(row))
        if key not in self.answers:
            self.answers[key] = self.value(checked.root, row)
            self._kept.append((checked, row))  # keeps the ids in use
        return self.answers[key]

    def value(self, term: Term, row: UnitRow) -> Any:
        """The inner value of a term for ``row``."""
        return _EVALUATORS[type(term)](self, term, row)

    def values(self, terms: tuple[Term, ...], row: UnitRow) -> list[Any]:
        """The inner values of several terms."""
        return [self.value(term, row) for term in terms]


@dataclass
class Remembering(Evaluation):
    """For explanations, which ask for each part and again for those below it: worked out once for a row."""

    found: dict[tuple[int, int], Any] = field(default_factory=dict)

    def value(self, term: Term, row: UnitRow) -> Any:
        key = (id(term), id(row))  # both live as long as the explanation is made
        if key not in self.found:
            self.found[key] = super().value(term, row)
        return self.found[key]


def _literal(run: Evaluation, term: typed.Literal | typed.ParameterRead, row: UnitRow) -> Any:
    return exactly(term.value) if isinstance(term.value, Fraction) else term.value


def _reference_date(run: Evaluation, term: typed.ReferenceDate, row: UnitRow) -> Any:
    return run.reference_date


def _stored(row: UnitRow, column: str) -> Any:
    value = row.facts.get(column)
    return exactly(value) if isinstance(value, Fraction) else value


def _fact(run: Evaluation, term: typed.FactRead, row: UnitRow) -> Any:
    return _stored(row, column_name(term.fact.name, term.lag))


def _derived(run: Evaluation, term: typed.Derived, row: UnitRow) -> Any:
    column = column_name(term.fact.name, term.lag)
    if column in row.facts or term.body is None:
        return _stored(row, column)
    return run.checked(term.body, row)


def _negate(run: Evaluation, term: typed.Negate, row: UnitRow) -> Any:
    number = run.value(term.operand, row)
    return None if number is None else ranges.negate(number)


def _sum(run: Evaluation, term: typed.Sum, row: UnitRow) -> Any:
    terms = run.values(term.terms, row)
    if None in terms:
        return None
    signed = [number if sign == "+" else ranges.negate(number) for sign, number in zip(term.signs, terms, strict=True)]
    return reduce(ranges.add, signed)


def _product(run: Evaluation, term: typed.Product, row: UnitRow) -> Any:
    result = None
    for operator, factor in zip(term.operators, run.values(term.factors, row), strict=True):
        if factor is None:
            return None
        if result is None:
            result = factor
        else:
            result = ranges.multiply(result, factor) if operator == "*" else ranges.divide(result, factor)
            if result is None:
                return None
    return result


def _compare_values(operator: str, left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(left, Range):
        return ranges.COMPARISONS[operator](left, right)
    return _PLAIN_COMPARISONS[operator](left, right)


def _compare(run: Evaluation, term: typed.Compare, row: UnitRow) -> Any:
    left, right = run.value(term.left, row), run.value(term.right, row)
    if term.operator in ("=", "!=") and whole.never_equal(term.left, term.right):
        return _unless_unknown(term.operator == "!=", left, right)
    return _compare_values(term.operator, left, right)


def _unless_unknown(answer: bool, *values: Any) -> bool | None:
    return None if None in values else answer


def _between(run: Evaluation, term: typed.Between, row: UnitRow) -> Any:
    value, low, high = run.values((term.value, term.low, term.high), row)
    if whole.never_between(term):
        return _unless_unknown(False, value)
    return kleene_and([_compare_values(">=", value, low), _compare_values("<=", value, high)])


def _in(run: Evaluation, term: typed.In, row: UnitRow) -> Any:
    value = run.value(term.value, row)
    if isinstance(value, Range) and not value.single and _within(value, whole.runs(term)):
        return True
    return kleene_or([_equals(run, term, value, option, row) for option in term.options])


def _within(number: Range, runs: list[tuple[int, int]]) -> bool:
    return any(first <= number.low and number.high <= last for first, last in runs)


def _equals(run: Evaluation, term: typed.In, value: Any, option: Term, row: UnitRow) -> bool | None:
    other = run.value(option, row)
    if whole.never_equal(term.value, option):
        return _unless_unknown(False, value, other)
    return _compare_values("=", value, other)


def _and(run: Evaluation, term: typed.And, row: UnitRow) -> Any:
    return kleene_and(run.values(term.terms, row))


def _or(run: Evaluation, term: typed.Or, row: UnitRow) -> Any:
    return kleene_or(run.values(term.terms, row))


def _not(run: Evaluation, term: typed.Not, row: UnitRow) -> Any:
    return opposite(run.value(term.operand, row))


def _if(run: Evaluation, term: typed.If, row: UnitRow) -> Any:
    condition = run.value(term.condition, row)
    if condition is None:
        return None
    return run.value(term.yes if condition else term.no, row)


def _years(run: Evaluation, term: typed.YearsBetween, row: UnitRow) -> Any:
    start, end = run.values((term.start, term.end), row)
    return None if start is None or end is None else exactly(years_between(start, end))


def _round(run: Evaluation, term: typed.Round, row: UnitRow) -> Any:
    number = run.value(term.operand, row)
    return None if number is None else ranges.round_range(number, term.places)


def _pick(function: str, values: list[Any]) -> Any:
    """The least or greatest; of ranges, the range from the picked low to the picked high."""
    pick: Callable[..., Any] = min if function in ("least", "min") else max
    if None in values:
        return None
    if isinstance(values[0], Range):
        return Range(pick(number.low for number in values), pick(number.high for number in values))
    return pick(values)


def _extreme(run: Evaluation, term: typed.Extreme, row: UnitRow) -> Any:
    return _pick(term.function, run.values(term.arguments, row))


def _aggregate(run: Evaluation, term: typed.Aggregate, row: UnitRow) -> Any:
    rows = row.below(term.unit)
    if term.body is None:
        return exactly(len(rows))
    values = [run.value(term.body, lower) for lower in rows]
    return aggregate(term.function, values)


def aggregate(function: str, values: list[Any]) -> Any:
    """What an aggregate makes of the values of all rows.

    An empty group: count 0, any not met, all met, everything else unknown.
    """
    if not values and function not in ("count", "any", "all"):
        return None
    return _AGGREGATES[function](values)


def _count(values: list[bool | None]) -> Range:
    """From the rows certainly met to those possibly met."""
    return Range(Fraction(values.count(True)), Fraction(len(values) - values.count(False)))


def _per_row(total: Range | None, rows: int) -> Range | None:
    return None if total is None else ranges.divide(total, exactly(rows))


def _total(values: list[Range | None]) -> Range | None:
    known = [value for value in values if value is not None]
    return reduce(ranges.add, known, exactly(0)) if len(known) == len(values) else None


_AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "count": _count,
    "any": kleene_or,
    "all": kleene_and,
    "share": lambda values: _per_row(_count(values), len(values)),
    "sum": _total,
    "avg": lambda values: _per_row(_total(values), len(values)),
    "min": lambda values: _pick("min", values),
    "max": lambda values: _pick("max", values),
    "sum_known": lambda values: _total([value for value in values if is_single(value)]),
    "known_share": lambda values: exactly(Fraction(sum(map(is_single, values)), len(values))),
}


def _met(run: Evaluation, term: typed.Met, row: UnitRow) -> Any:
    return run.checked(term.criterion, row)


def _is_known(run: Evaluation, term: typed.IsKnown, row: UnitRow) -> Any:
    return is_single(run.value(term.operand, row))


def _coalesce(run: Evaluation, term: typed.Coalesce, row: UnitRow) -> Any:
    *first, last = run.values(term.arguments, row)
    return next((value for value in first if is_single(value)), last)


_PLAIN_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
_EVALUATORS: Mapping[type[Term], Callable[[Evaluation, Any, UnitRow], Any]] = {
    typed.Literal: _literal,
    typed.ParameterRead: _literal,
    typed.ReferenceDate: _reference_date,
    typed.FactRead: _fact,
    typed.Derived: _derived,
    typed.Negate: _negate,
    typed.Sum: _sum,
    typed.Product: _product,
    typed.Compare: _compare,
    typed.Between: _between,
    typed.In: _in,
    typed.And: _and,
    typed.Or: _or,
    typed.Not: _not,
    typed.If: _if,
    typed.YearsBetween: _years,
    typed.Round: _round,
    typed.Extreme: _extreme,
    typed.Aggregate: _aggregate,
    typed.Met: _met,
    typed.IsKnown: _is_known,
    typed.Coalesce: _coalesce,
}
