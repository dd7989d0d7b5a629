"""Looks for what would have to change, from the answer wanted down to the facts; proves what it finds.

Each condition asks the parts below it for what it needs of them. What comes together is then taken to be so and the
condition is worked again by the reference engine: what does not hold then is never proposed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from lika.engine import typed
from lika.engine.criteria import Checked
from lika.engine.messages import Words
from lika.engine.needs import aims, telling
from lika.engine.needs.aims import Aim, Ordered
from lika.engine.needs.amounts import Amounts, varies
from lika.engine.needs.joining import either, every, fixed, never, some
from lika.engine.needs.model import DONE, MOST_ROWS, MOST_WAYS, Need, Step, Supposed, Way, merged, plans
from lika.engine.needs.telling import Telling, as_shown
from lika.engine.population import UnitRow
from lika.engine.reasons import Reasons
from lika.engine.reference import Evaluation, is_single
from lika.engine.schema import column_name, unit_words
from lika.engine.typed import Term
from lika.engine.types import BooleanType, CodeType, DateType, TextType, is_number, places_of
from lika.engine.whole import is_whole
from lika.engine.wording import Phrases


@dataclass
class Seeker:
    """One search; ``run`` remembers what each part comes to as things stand."""

    whole: Checked
    root: UnitRow
    run: Evaluation
    tell: Telling = field(init=False)
    reasons: Reasons = field(init=False)
    amounts: Amounts = field(init=False)
    _places: dict[int, tuple[tuple[tuple[str, int], ...], Words]] = field(init=False)
    _made: list[Term] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Note where every row stands below the explained unit."""
        phrases = Phrases(self.whole.schema)
        self.tell = Telling(self.whole.schema, phrases, telling.measures_beside(self.whole))
        self.reasons = Reasons(self.run, phrases)
        self.amounts = Amounts(self)
        self._places = {id(self.root): ((), Words("", ""))}

    # What is asked of conditions

    def want(self, term: Term, row: UnitRow, *, goal: bool) -> Need:
        """What makes a condition come to ``goal``; `DONE` where it does, only what was proved where it can be given."""
        if self.run.value(term, row) is goal:
            return DONE
        return self.proved(self._sought(term, row, goal), term, row, goal)

    def _sought(self, term: Term, row: UnitRow, goal: bool) -> Need:
        ask = _CONDITIONS.get(type(term))
        return ask(self, term, row, goal) if ask is not None else fixed(term)

    def _fact(self, term: typed.FactRead, row: UnitRow, goal: bool) -> Need:
        return self.fact(term, row, frozenset({goal}))

    def _derived(self, term: typed.Derived, row: UnitRow, goal: bool) -> Need:
        body = self.body_of(term, row)
        return self.fact(term, row, frozenset({goal})) if body is None else self.want(body, row, goal=goal)

    def _list(self, term: typed.And | typed.Or, row: UnitRow, goal: bool) -> Need:
        parts = [self.want(part, row, goal=goal) for part in term.terms]
        return every(parts) if isinstance(term, typed.And) is goal else either(parts)

    def _not(self, term: typed.Not, row: UnitRow, goal: bool) -> Need:
        return self.want(term.operand, row, goal=not goal)

    def _coalesce(self, term: typed.Coalesce, row: UnitRow, goal: bool) -> Need:
        return self.first_known(term.arguments, row, lambda part: self.want(part, row, goal=goal))

    def _is_known(self, term: typed.IsKnown, row: UnitRow, goal: bool) -> Need:
        return every(list(self._collected(term.operand, row))) if goal else never(telling.STAYS_KNOWN)

    def _met(self, term: typed.Met, row: UnitRow, goal: bool) -> Need:
        need, criterion = self.want(term.criterion.root, row, goal=goal), term.criterion.criterion
        name = criterion.id if criterion else None
        return Need("all", self.tell.criterion(term), parts=(need,), criterion=name)

    def _if(self, term: typed.If, row: UnitRow, goal: bool) -> Need:
        return self.branches(term, row, lambda branch: self.want(branch, row, goal=goal))

    def branches(self, term: typed.If, row: UnitRow, ask: Callable[[Term], Need]) -> Need:
        """Either branch, each with its condition as it has to be."""
        ways = []
        for answer, branch in ((True, term.yes), (False, term.no)):
            ways.append(every([self.want(term.condition, row, goal=answer), ask(branch)]))
        known = self.run.value(term.condition, row)
        return either(ways if known is not False else ways[::-1])

    def first_known(self, arguments: Sequence[Term], row: UnitRow, ask: Callable[[Term], Need]) -> Need:
        """The first argument that is known decides; the last where none is."""
        *first, last = arguments
        for argument in first:
            if is_single(self.run.value(argument, row)):
                return ask(argument)
        return either([*map(ask, first), ask(last)])

    def _rows(self, term: typed.Aggregate, row: UnitRow, goal: bool) -> Need:
        below = row.below(term.unit)
        if len(below) > MOST_ROWS:
            return never(telling.too_many(len(below), term.unit))
        needs = self.of_rows(term, below, goal=goal)
        if (term.function == "all") is goal:
            return every(needs)
        return some(needs, 1, term.unit) if below else never(telling.nobody(term.unit))

    def of_rows(self, term: typed.Aggregate, rows: Sequence[UnitRow], *, goal: bool) -> list[Need]:
        """What each row needs, so that the body of an aggregate comes to ``goal`` on it."""
        assert term.body is not None  # noqa: S101 - only a plain count has none
        return [self.want(term.body, lower, goal=goal) for lower in rows]

    # Comparisons

    def _compare(self, term: typed.Compare, row: UnitRow, goal: bool) -> Need:
        operator = term.operator if goal else aims.OPPOSITE[term.operator]
        left, right = term.left, term.right
        sides = ((left, right, operator), (right, left, aims.TURNED[operator]))
        asked = [
            self.value(one, row, self.against(how, one, self.run.value(other, row)))
            for one, other, how in sides
            if varies(one) and self.run.value(other, row) is not None
        ]
        if asked:
            return either(asked)
        return self._both(left, right, row, operator)

    def _both(self, left: Term, right: Term, row: UnitRow, operator: str) -> Need:
        """Where neither side is known: one is collected, and then the other."""
        for one, other, how in ((left, right, operator), (right, left, aims.TURNED[operator])):
            if not (varies(one) and varies(other)):
                continue
            first = self.value(other, row, self.anything(other))
            for way in self.ways(first)[:1]:
                supposed = Supposed.by(way, self.run.reference_date)
                aim = self.against(how, one, supposed.value(other, row))
                return every([first, self.value(one, row, aim)])
        stuck = [fixed(part) for part in (left, right) if not varies(part) and self.run.value(part, row) is None]
        return stuck[0] if stuck else never(telling.FIXED)

    def against(self, operator: str, term: Term, other: Any) -> Aim:
        """What a term must be to compare so with a value."""
        if isinstance(term.type, BooleanType):
            return frozenset({other if operator == "=" else not other})
        if isinstance(term.type, CodeType):
            return frozenset({other} if operator == "=" else set(term.type.values) - {other})
        found = aims.as_range(other)
        return () if found is None else aims.compared(operator, found)

    def anything(self, term: Term) -> Aim:
        """Any value of the term's type."""
        if isinstance(term.type, BooleanType):
            return frozenset({True, False})
        return frozenset(term.type.values) if isinstance(term.type, CodeType) else aims.ANY

    def _between(self, term: typed.Between, row: UnitRow, goal: bool) -> Need:
        low, high = (aims.as_range(self.run.value(end, row)) for end in (term.low, term.high))
        if low is None or high is None or not varies(term.value):
            ends = ((">=", term.low), ("<=", term.high))
            needs = [self.want(self._made_of(term, operator, end), row, goal=goal) for operator, end in ends]
            return every(needs) if goal else either(needs)
        inside = aims.Interval(low.high, high.low)
        outside = (aims.Interval(high=low.low, high_open=True), aims.Interval(low=high.high, low_open=True))
        return self.value(term.value, row, ((inside,) if not inside.empty else ()) if goal else outside)

    def _in(self, term: typed.In, row: UnitRow, goal: bool) -> Need:
        options = [self.run.value(option, row) for option in term.options]
        if not varies(term.value) or not all(map(is_single, options)):
            operator = "=" if goal else "!="
            each = [self.want(self._made_of(term, operator, option), row, goal=True) for option in term.options]
            return either(each) if goal else every(each)
        if isinstance(term.value.type, CodeType | BooleanType):
            among = frozenset(options)
            return self.value(term.value, row, among if goal else self.anything(term.value) - among)  # type: ignore[operator]
        numbers = [found.low for option in options if (found := aims.as_range(option)) is not None]
        return self.value(term.value, row, aims.points(numbers) if goal else aims.between_points(numbers))

    def _made_of(self, term: typed.Between | typed.In, operator: str, other: Term) -> typed.Compare:
        """One of the comparisons that a term consists of; kept, for answers are remembered by identity."""
        made = typed.Compare(term.type, term.source, operator, term.value, other)
        self._made.append(made)
        return made

    # What is asked of values

    def value(self, term: Term, row: UnitRow, aim: Aim) -> Need:
        """What makes a value fulfil an aim."""
        if not aim:
            return never(telling.IMPOSSIBLE)
        if isinstance(term.type, BooleanType):
            return either([self.want(term, row, goal=bool(wanted)) for wanted in sorted(aim)])  # type: ignore[type-var]
        if isinstance(aim, frozenset):
            return self._code(term, row, aim)
        return self.amounts.want(term, row, aim)

    def _code(self, term: Term, row: UnitRow, aim: Aim) -> Need:
        if self.run.value(term, row) in aim:
            return DONE
        match term:
            case typed.FactRead():
                return self.fact(term, row, aim)
            case typed.Derived():
                body = self.body_of(term, row)
                return self.fact(term, row, aim) if body is None else self._code(body, row, aim)
            case typed.If():
                return self.branches(term, row, lambda branch: self._code(branch, row, aim))
            case typed.Coalesce(arguments=arguments):
                return self.first_known(arguments, row, lambda part: self._code(part, row, aim))
        return fixed(term)

    def _collected(self, term: Term, row: UnitRow) -> Iterator[Need]:
        """A step for every fact below a term that is not known."""
        if is_single(self.run.value(term, row)):
            return
        match term:
            case typed.FactRead():
                yield self.fact(term, row, self.anything(term))
            case typed.Derived():
                body = self.body_of(term, row)
                if body is None:
                    yield self.fact(term, row, self.anything(term))
                else:
                    yield from self._collected(body, row)
            case typed.Met(criterion=criterion):
                yield from self._collected(criterion.root, row)
            case typed.Aggregate(unit=unit, body=lower) if lower is not None:
                yield from self._collected_below(unit, lower, row)
            case typed.ParameterRead() | typed.ReferenceDate():
                yield fixed(term)
            case _:
                for part in typed.children(term):
                    yield from self._collected(part, row)

    def _collected_below(self, unit: str, body: Term, row: UnitRow) -> Iterator[Need]:
        below = row.below(unit)
        if len(below) > MOST_ROWS:
            yield never(telling.too_many(len(below), unit))
            return
        for each in below:
            yield from self._collected(body, each)

    def body_of(self, term: typed.Derived, row: UnitRow) -> Term | None:
        """The formula that decides in this row; None where the value itself is recorded."""
        stored = column_name(term.fact.name, term.lag) in row.facts
        return None if stored or term.body is None else term.body.root

    # Steps

    def fact(self, term: typed.FactRead | typed.Derived, row: UnitRow, aim: Aim) -> Need:
        """A recorded fact that changes, or is to be collected."""
        now = self.run.value(term, row)
        target = self._target(term, now, aim)
        if target is None:
            return never(telling.IMPOSSIBLE)
        return self._step("fact", term, row, aim, target)

    def worked_out(self, term: Term, row: UnitRow, aim: Ordered) -> Need:
        """A value that several facts are worked into, and that has to be otherwise."""
        target = self._target(term, self.run.value(term, row), aim)
        return never(telling.IMPOSSIBLE) if target is None else self._step("value", term, row, aim, target)

    def _step(self, kind: Any, term: Term, row: UnitRow, aim: Aim, target: Any) -> Need:
        now, (path, name) = self.run.value(term, row), self.place(row)
        label, said = self.tell.phrases.of(term), self.tell.now(now, term, aim)
        wanted, to = self.tell.wanted(aim, term), self.tell.value(target, term)
        column = column_name(term.fact.name, term.lag) if isinstance(term, typed.FactRead | typed.Derived) else ""
        known = is_single(now)
        step = Step(
            kind, row.unit, path, name, column if kind == "fact" else "", label, said, wanted, to, target, known,
            self.reasons.of(term, row) if kind == "value" else (), term=term, at=row, aim=aim,
        )  # fmt: skip
        words = (
            self.tell.fact(name, label, said, wanted, None if _is_one(aim) else to, known=known)
            if kind == "fact"
            else self.tell.worked_out(name, label, said, wanted)
        )
        return Need("step", words, step)

    def _target(self, term: Term, now: Any, aim: Aim) -> Any:
        """The least change that fulfils the aim: exactly at the line, by the step of the fact's decimals."""
        if isinstance(term.type, TextType):
            return "-"
        if isinstance(aim, frozenset):
            fits: list[Any] = sorted(aim)
            return next((value for value in fits if value == now), fits[0] if fits else None)
        found = aims.as_range(now)
        start = found.low if found is not None else self._start(term)
        if isinstance(term, typed.FactRead) or (isinstance(term, typed.Derived) and term.body is None):
            target = aims.nearest(aim, start, *aims.span_of(term.fact))
        else:
            of_days = isinstance(term.type, DateType)
            places = 0 if is_whole(term) or of_days else places_of(term.type)
            target = aims.nearest(aim, start, places, aims.DAYS if of_days else aims.Interval())
            if target is None and not is_whole(term) and is_number(term.type):
                target = aims.inside(aim, start)
        return as_shown(target, term.type) if target is not None else None

    def _start(self, term: Term) -> Fraction:
        """From where an unknown value is sought."""
        day = self.run.reference_date or date(2000, 1, 1)
        return Fraction(day.toordinal()) if isinstance(term.type, DateType) else Fraction(0)

    def place(self, row: UnitRow) -> tuple[tuple[tuple[str, int], ...], Words]:
        """The way from the explained unit down to a row, and the row's name."""
        if id(row) not in self._places:
            self._note(self.root, ())
        return self._places[id(row)]

    def _note(self, upper: UnitRow, path: tuple[tuple[str, int], ...]) -> None:
        for unit, rows in upper.children.items():
            label = unit_words(unit)
            for index, lower in enumerate(rows):
                name = (
                    Words(lower.id, lower.id)
                    if lower.id
                    else Words(f"第{index + 1}{label.zh}", f"{label.en} {index + 1}")
                )
                self._places[id(lower)] = (*path, (unit, index)), name
                self._note(lower, (*path, (unit, index)))

    # Proof

    def proved(self, need: Need, term: Term, row: UnitRow, goal: bool) -> Need:
        """The need where every way through it makes the term come to ``goal``; else one way that does, or none."""
        found = plans(need)
        if not found:
            return need
        holding = [way for way in map(self._merged, found) if way is not None and self._holds(way, term, row, goal)]
        if len(holding) == len(found) <= MOST_WAYS:
            return need
        return self._only(holding[0]) if holding else never(telling.CONTRADICTS)

    def _only(self, way: Way) -> Need:
        """One way, step by step."""
        return every([self._step(each.step.kind, each.step.term, each.step.at, each.aim, each.target) for each in way])

    def _holds(self, way: Way, term: Term, row: UnitRow, goal: bool) -> bool:
        return Supposed.by(way, self.run.reference_date).value(term, row) is goal

    def ways(self, need: Need) -> list[Way]:
        """The first ways through a need, each fact once."""
        return [way for way in map(self._merged, plans(need)) if way is not None]

    def _merged(self, steps: tuple[Step, ...]) -> Way | None:
        return merged(steps, lambda step, aim: self._target(step.term, self.run.value(step.term, step.at), aim))


def _is_one(aim: Aim) -> bool:
    """Whether only one value will do."""
    return len(aim) == 1 and (isinstance(aim, frozenset) or aim[0].point is not None)


_CONDITIONS: Mapping[type[Term], Callable[[Seeker, Any, UnitRow, bool], Need]] = {
    typed.FactRead: Seeker._fact,
    typed.Derived: Seeker._derived,
    typed.And: Seeker._list,
    typed.Or: Seeker._list,
    typed.Not: Seeker._not,
    typed.Met: Seeker._met,
    typed.If: Seeker._if,
    typed.Coalesce: Seeker._coalesce,
    typed.IsKnown: Seeker._is_known,
    typed.Compare: Seeker._compare,
    typed.Between: Seeker._between,
    typed.In: Seeker._in,
    typed.Aggregate: Seeker._rows,
}
