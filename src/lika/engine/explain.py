"""Explains a value: part by part, with facts, parameters, rows below, and why something is unknown.

Built on the reference engine, so an explanation and a verdict cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lika.engine import typed
from lika.engine.amounts import measure_of, telling_places, told_exactly, value_words
from lika.engine.criteria import Checked
from lika.engine.facts_json import Facts, as_document
from lika.engine.formatter import format_node
from lika.engine.messages import Words
from lika.engine.population import UnitRow
from lika.engine.ranges import Range
from lika.engine.reasons import Reasons
from lika.engine.reference import Answer, Evaluation, Remembering, shown
from lika.engine.schema import column_name
from lika.engine.shown import FactShown, ParameterShown
from lika.engine.typed import Term
from lika.engine.types import BooleanType, is_number, places_of
from lika.engine.wording import ANSWERS, OPTIONS, Phrases, filled, joined, parameter_value, relation

#: Yes/no values that are facts, shown as yes or no; all others are conditions, met or not met.
_BARE = typed.FactRead | typed.Derived | typed.Literal | typed.ParameterRead
#: What sort of part a term is, as explanations name it.
KINDS: dict[type[Term], str] = {
    typed.Literal: "literal",
    typed.ParameterRead: "parameter",
    typed.ReferenceDate: "reference_date",
    typed.FactRead: "fact",
    typed.Derived: "derived_fact",
    typed.Negate: "negation",
    typed.Sum: "sum",
    typed.Product: "product",
    typed.Compare: "comparison",
    typed.Between: "between",
    typed.In: "one_of",
    typed.And: "all_of",
    typed.Or: "any_of",
    typed.Not: "not",
    typed.If: "if",
    typed.YearsBetween: "years_between",
    typed.Round: "round",
    typed.Extreme: "extreme",
    typed.Aggregate: "aggregate",
    typed.Met: "criterion",
    typed.IsKnown: "is_known",
    typed.Coalesce: "coalesce",
}
#: What is the same for every unit: its words hold its value.
_FIXED = typed.Literal | typed.ParameterRead
#: The unit whose lower units are told one by one, and those.
_HOME = ("household", "person")


@dataclass(frozen=True)
class RowsCounted:
    """The rows below that an aggregate looked at, by their ids, or by position from 1 where they have none."""

    unit: str
    met: tuple[str, ...] = ()
    not_met: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """For JSON and templates."""
        lists = {name: list(getattr(self, name)) for name in ("met", "not_met", "known", "unknown")}
        return {"unit": self.unit, **lists}


@dataclass(frozen=True)
class Explanation:
    """One part of an expression and its value, with the parts it consists of.

    ``kind`` is what sort of part it is (see `KINDS`), ``unit`` of which unit; ``answer`` is the value as the reference
    engine gives it; ``value`` and ``words`` say it in both languages; ``reasons`` say why it is unknown or a range;
    ``criterion`` is the id where the part is another criterion. ``members`` are the persons of a household that an
    aggregate looked at, each by what is asked of it, with its id as ``row``: they are few, of higher units rows are
    counted alone. ``who`` is the member's name, for whoever knows it: the engine does not.
    """

    source: str
    words: Words
    value: Words
    answer: Answer
    facts: tuple[FactShown, ...] = ()
    parameters: tuple[ParameterShown, ...] = ()
    rows: RowsCounted | None = None
    reasons: tuple[Words, ...] = ()
    criterion: str | None = None
    parts: tuple[Explanation, ...] = ()
    kind: str = ""
    unit: str = ""
    members: tuple[Explanation, ...] = ()
    row: str = ""
    who: Words | None = None

    @property
    def exact(self) -> bool | str | None:
        """The value for machines; None where it is unknown or a range."""
        return None if isinstance(self.answer, Range) else told_exactly(self.answer)

    @property
    def span(self) -> tuple[bool | str | None, bool | str | None] | None:
        """The least and the greatest that the value may be ([certain, possible] of a count), where it is a range."""
        if not isinstance(self.answer, Range):
            return None
        return told_exactly(self.answer.low), told_exactly(self.answer.high)

    def to_dict(self) -> dict[str, Any]:
        """For JSON and templates: words as ``{"zh", "en"}``; ``answer`` only where it is true, false or null."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "source": self.source,
            "words": self.words._asdict(),
            "value": self.value._asdict(),
            "answer": self.answer if isinstance(self.answer, bool) else None,
            "exact": self.exact,
            "range": list(self.span) if self.span else None,
            "facts": [fact.to_dict() for fact in self.facts],
            "parameters": [parameter.to_dict() for parameter in self.parameters],
            "rows": self.rows.to_dict() if self.rows else None,
            "reasons": [reason._asdict() for reason in self.reasons],
            "criterion": self.criterion,
            "parts": [part.to_dict() for part in self.parts],
            "row": self.row or None,
            "members": [member.to_dict() for member in self.members],
        }

    def walk(self) -> Iterator[Explanation]:
        """This part and all parts below it, members among them."""
        yield self
        for part in (*self.parts, *self.members):
            yield from part.walk()


def explain(checked: Checked, facts: Facts, *, reference_date: date | None = None) -> Explanation:
    """Explain the value of ``checked`` for one unit; arguments and errors as in ``reference.evaluate``."""
    document = as_document(facts, checked.schema)
    document.refuse_unfit(checked)
    return _Explainer(checked, Remembering(reference_date or document.reference_date)).checked(checked, document.root)


@dataclass
class _Explainer:
    whole: Checked
    run: Evaluation
    phrases: Phrases = field(init=False)
    reasons: Reasons = field(init=False)

    def __post_init__(self) -> None:
        self.phrases = Phrases(self.whole.schema)
        self.reasons = Reasons(self.run, self.phrases)

    def checked(self, checked: Checked, row: UnitRow, measure: Words | None = None) -> Explanation:
        return self.term(checked.root, row, measure)

    def term(self, term: Term, row: UnitRow, measure: Words | None = None) -> Explanation:
        """``measure`` is what a number counts where the term itself does not tell: that of the fact it works out."""
        value = self.run.value(term, row)
        own = list(_own_terms(term))
        # What a list of conditions names is shown with its items, not once more with the list.
        read = [] if isinstance(term, typed.And | typed.Or | typed.Not) else own
        return Explanation(
            source=format_node(term.source),
            words=self.sentence(term, row, measure),
            value=self.shown(term, value, measure),
            answer=shown(value),
            facts=tuple(self.fact(part, row) for part in read if isinstance(part, typed.FactRead | typed.Derived)),
            parameters=tuple(self.parameter(part) for part in read if isinstance(part, typed.ParameterRead)),
            rows=self.rows(term, row) if isinstance(term, typed.Aggregate) else None,
            reasons=self.reasons.of(term, row),
            criterion=_criterion_id(term),
            parts=tuple(self.parts(term, own, row)),
            kind=KINDS[type(term)],
            unit=row.unit,
            members=tuple(self.members(term, row)) if isinstance(term, typed.Aggregate) else (),
        )

    def members(self, term: typed.Aggregate, row: UnitRow) -> Iterator[Explanation]:
        if (row.unit, term.unit) != _HOME or term.body is None:
            return
        for index, member in enumerate(row.below(term.unit), 1):
            yield replace(self.term(term.body, member), row=member.id or str(index))

    def parts(self, term: Term, own: list[Term], row: UnitRow) -> Iterator[Explanation]:
        if isinstance(term, typed.Met):
            yield self.checked(term.criterion, row)
            return
        if isinstance(term, typed.Derived):
            if term.body is not None and column_name(term.fact.name, term.lag) not in row.facts:
                yield self.checked(term.body, row, measure_of(term))
            return
        for part in own:
            if part is not term and _explained_apart(term, part):
                yield self.term(part, row)

    def shown(self, term: Term, value: Any, measure: Words | None = None, places: int | None = None) -> Words:
        if isinstance(term, typed.ParameterRead):
            return parameter_value(term, self.whole.schema)
        if isinstance(term.type, BooleanType) and not isinstance(term, _BARE):
            return ANSWERS[value]
        return value_words(value, term.type, self.whole.schema, measure_of(term) or measure, places)

    def sentence(self, term: Term, row: UnitRow, measure: Words | None = None) -> Words:
        answer = self.shown(term, self.run.value(term, row), measure)
        match term:
            case typed.Compare():
                return self.comparison(term, row, answer)
            case typed.Between(value=value, low=low, high=high):
                fixed = isinstance(low, _FIXED) and isinstance(high, _FIXED)
                ends = (self.wanted(low, value, row), self.wanted(high, value, row))
                first, last = self.phrases.bounds(term) if fixed else ends
                return filled(
                    Words(
                        "{value}，应在{low}至{high}之间：{answer}", "{value}, must be from {low} to {high}: {answer}"
                    ),
                    value=self.given(value, low, row),
                    low=first,
                    high=last,
                    answer=answer,
                )
            case typed.In(value=value, options=options):
                return filled(
                    Words("{value}，应为{options}之一：{answer}", "{value}, must be {options}: {answer}"),
                    value=self.given(value, options[0], row),
                    options=joined(OPTIONS, [self.wanted(option, value, row) for option in options]),
                    answer=answer,
                )
        return self.plain_sentence(term, answer)

    def comparison(self, term: typed.Compare, row: UnitRow, answer: Words) -> Words:
        left, right = term.left, term.right
        places = None
        if is_number(left.type):
            places = telling_places(
                self.run.value(left, row), self.run.value(right, row), max(places_of(left.type), places_of(right.type))
            )
        return filled(
            Words("{left}，{wanted}{right}：{answer}", "{left}, {wanted} {right}: {answer}"),
            left=self.given(left, right, row, places),
            wanted=relation(term.operator, left.type).wanted,
            right=self.wanted(right, left, row, places),
            answer=answer,
        )

    def given(self, term: Term, other: Term, row: UnitRow, places: int | None = None) -> Words:
        """What is compared: its name and its value; a literal is its value."""
        if isinstance(term, _FIXED):
            return self.phrases.beside(term, other)
        value = self.run.value(term, row)
        template = (
            Words("{name}{value}", "{name} {value}") if value is None else Words("{name}为{value}", "{name} is {value}")
        )
        return filled(template, name=self.phrases.of(term), value=self.shown(term, value, measure_of(other), places))

    def wanted(self, term: Term, other: Term, row: UnitRow, places: int | None = None) -> Words:
        """What it is compared with: its name, and its value in brackets; a literal is its value."""
        if isinstance(term, _FIXED):
            return self.phrases.beside(term, other)
        value = self.shown(term, self.run.value(term, row), measure_of(other), places)
        return filled(Words("{name}（{value}）", "{name} ({value})"), name=self.phrases.of(term), value=value)

    def plain_sentence(self, term: Term, answer: Words) -> Words:
        match term:
            case typed.And():
                return filled(
                    Words("以下各项均应符合：{answer}", "all of the following must be met: {answer}"), answer=answer
                )
            case typed.Or():
                return filled(
                    Words("以下至少一项应符合：{answer}", "at least one of the following must be met: {answer}"),
                    answer=answer,
                )
            case typed.Not():
                return filled(
                    Words("以下一项应不符合：{answer}", "the following must not be met: {answer}"), answer=answer
                )
        return filled(Words("{what}：{answer}", "{what}: {answer}"), what=self.phrases.of(term), answer=answer)

    def fact(self, term: typed.FactRead | typed.Derived, row: UnitRow) -> FactShown:
        value = self.run.value(term, row)
        column = column_name(term.fact.name, term.lag)
        known, exact = value is not None, None if isinstance(value, Range) and not value.single else shown(value)
        label, said = self.phrases.of(term), self.shown(term, value)
        return FactShown(term.unit, column, label, said, known, told_exactly(exact), measure_of(term))

    def parameter(self, term: typed.ParameterRead) -> ParameterShown:
        label, value = Words(term.spec.zh, term.spec.en), parameter_value(term, self.whole.schema)
        given, exact = term.value is not None, told_exactly(term.value)
        spec = term.spec
        return ParameterShown(spec.name, label, value, spec.clause, given, spec.since, exact, measure_of(term))

    def rows(self, term: typed.Aggregate, row: UnitRow) -> RowsCounted:
        below = row.below(term.unit)
        names = [lower.id or str(index) for index, lower in enumerate(below, 1)]
        if term.body is None:
            return RowsCounted(term.unit, known=tuple(names))
        values = [shown(self.run.value(term.body, lower)) for lower in below]
        pairs = list(zip(names, values, strict=True))
        unknown = tuple(name for name, value in pairs if value is None)
        if isinstance(term.body.type, BooleanType):
            met = tuple(name for name, value in pairs if value is True)
            return RowsCounted(term.unit, met, tuple(name for name, value in pairs if value is False), (), unknown)
        return RowsCounted(term.unit, known=tuple(name for name, value in pairs if value is not None), unknown=unknown)


def _own_terms(term: Term) -> Iterator[Term]:
    """The term and those below it, down to what is explained as a part of its own (that part included)."""
    yield term
    if isinstance(term, typed.Aggregate):
        return
    for child in typed.children(term):
        if _explained_apart(term, child):
            yield child
        else:
            yield from _own_terms(child)


def _explained_apart(parent: Term, term: Term) -> bool:
    """Whether a part is worth a line of its own: each item of a list of conditions, every condition that is more than
    a fact, derived facts, aggregates."""
    if isinstance(parent, typed.And | typed.Or | typed.Not) or isinstance(term, typed.Derived | typed.Aggregate):
        return True
    return isinstance(term.type, BooleanType) and not isinstance(term, _BARE)


def _criterion_id(term: Term) -> str | None:
    if isinstance(term, typed.Met) and term.criterion.criterion is not None:
        return term.criterion.criterion.id
    return None
