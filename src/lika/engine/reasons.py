"""Says why a value is unknown or a range: which fact, in which rows, which parameter, which empty group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lika.engine import typed
from lika.engine.amounts import many
from lika.engine.messages import Words
from lika.engine.population import UnitRow
from lika.engine.ranges import Range
from lika.engine.reference import Evaluation, is_single
from lika.engine.schema import column_name, unit_words
from lika.engine.typed import Term
from lika.engine.wording import Phrases, filled, listed

#: Rows named one by one in a reason; where there are more, only their number is given.
MOST_NAMED = 10


@dataclass(frozen=True)
class Reasons:
    """Finds reasons by following the parts that are themselves not known."""

    run: Evaluation
    phrases: Phrases

    def of(self, term: Term, row: UnitRow) -> tuple[Words, ...]:
        """Why the term is not one known value for ``row``; empty where it is."""
        if is_single(self.run.value(term, row)):
            return ()
        return tuple(dict.fromkeys(self._find(term, row)))

    def _find(self, term: Term, row: UnitRow) -> Iterator[Words]:
        match term:
            case typed.FactRead():
                yield self._missing(term)
            case typed.ParameterRead():
                template = Words("参数“{name}”待补充依据", "the parameter “{name}” awaits a source")
                yield filled(template, name=Words(term.spec.zh, term.spec.en))
            case typed.ReferenceDate():
                yield Words("没有给出标准时点", "no reference date is given")
            case typed.Derived():
                yield from self._derived(term, row)
            case typed.Met():
                yield from self.of(term.criterion.root, row)
            case typed.Aggregate():
                yield from self._aggregate(term, row)
            case _:
                yield from self._parts(term, row)

    def _missing(self, term: typed.FactRead | typed.Derived) -> Words:
        return filled(Words("“{name}”未填写", "“{name}” is not recorded"), name=self.phrases.of(term))

    def _derived(self, term: typed.Derived, row: UnitRow) -> Iterator[Words]:
        if term.body is None or column_name(term.fact.name, term.lag) in row.facts:
            yield self._missing(term)
        else:
            yield from self.of(term.body.root, row)

    def _parts(self, term: Term, row: UnitRow) -> Iterator[Words]:
        found = [reason for part in typed.children(term) for reason in self.of(part, row)]
        yield from found
        if isinstance(term, typed.Product) and self._divides_by_zero(term, row):
            yield Words("除数为 0 或可能为 0", "the divisor is 0 or may be 0")

    def _divides_by_zero(self, term: typed.Product, row: UnitRow) -> bool:
        divisors = [f for operator, f in zip(term.operators, term.factors, strict=True) if operator == "/"]
        values = [self.run.value(divisor, row) for divisor in divisors]
        return any(isinstance(value, Range) and value.low <= 0 <= value.high for value in values)

    def _aggregate(self, term: typed.Aggregate, row: UnitRow) -> Iterator[Words]:
        unit, rows = unit_words(term.unit), row.below(term.unit)
        if not rows:
            yield Words(f"没有{unit.zh}", f"there are no {many(unit.en)}")
            return
        if term.body is None:
            return
        by_reason: dict[Words, list[Words]] = {}
        for index, lower in enumerate(rows, 1):
            for reason in self.of(term.body, lower):
                by_reason.setdefault(reason, []).append(_name(lower, index, unit))
        for reason, names in by_reason.items():
            yield filled(Words("{names}：{reason}", "{names}: {reason}"), names=_named(names, unit), reason=reason)


def _name(row: UnitRow, index: int, unit: Words) -> Words:
    """A row by its id, or by its position from 1 where it has none."""
    return Words(row.id, row.id) if row.id else Words(f"第{index}{unit.zh}", f"{unit.en} {index}")


def _named(names: list[Words], unit: Words) -> Words:
    if len(names) > MOST_NAMED:
        return Words(f"共{len(names)}{unit.zh}", f"{len(names)} {many(unit.en)}")
    return listed(names)
