"""What would have to change for a criterion to be met: a tree of steps, and the ways through it, each one proved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import combinations, islice
from typing import Any, Literal

from lika.engine import typed
from lika.engine.amounts import told_exactly
from lika.engine.messages import Words
from lika.engine.needs.aims import Aim, met_by_both
from lika.engine.population import UnitRow
from lika.engine.ranges import exactly
from lika.engine.reference import Evaluation
from lika.engine.schema import column_name
from lika.engine.typed import Constant, Term

#: Ways through one need that are proved one by one; where there are more, one proved way is proposed.
MOST_WAYS = 64
#: Of more rows than this it is said how many would have to change, and not which: nobody reads so long a list.
MOST_ROWS = 60
#: Parts beyond which only the first way of each is looked at.
_MOST_PARTS = 100

NOTHING = Words("", "")


@dataclass(frozen=True)
class Step:
    """One thing that changes: a recorded fact of a unit, or a value that several facts are worked into.

    ``path`` leads from the explained unit down: kind of unit and position from 0 among all such within the one above;
    ``row`` names the lower unit (empty: the explained unit itself). ``to`` is the least change, exactly at the line;
    ``known`` False: the fact is to be collected. ``reasons`` say why the value of several facts is not known.
    """

    kind: Literal["fact", "value"]
    unit: str
    path: tuple[tuple[str, int], ...]
    row: Words
    column: str
    label: Words
    now: Words
    wanted: Words
    to: Words
    target: Constant
    known: bool
    reasons: tuple[Words, ...] = ()
    term: Term = field(compare=False, repr=False, kw_only=True)
    at: UnitRow = field(compare=False, repr=False, kw_only=True)
    aim: Aim = field(compare=False, repr=False, kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """For JSON: words as ``{"zh", "en"}``, ``exact`` as ``amounts.told_exactly`` gives it."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "path": [[unit, index] for unit, index in self.path],
            "row": self.row._asdict() if self.path else None,
            "column": self.column or None,
            "label": self.label._asdict(),
            "now": self.now._asdict(),
            "wanted": self.wanted._asdict(),
            "to": self.to._asdict(),
            "exact": told_exactly(self.target),
            "collect": not self.known and self.kind == "fact",
            "reasons": [reason._asdict() for reason in self.reasons],
        }


@dataclass(frozen=True)
class Need:
    """What has to change: one step, all parts, any part, ``least`` of the parts, or nothing that could be given.

    ``words`` say it; ``criterion`` is the id where the parts are what another criterion needs.
    """

    kind: Literal["step", "all", "any", "some", "never"]
    words: Words
    step: Step | None = None
    least: int = 0
    parts: tuple[Need, ...] = ()
    criterion: str | None = None

    @property
    def done(self) -> bool:
        """Whether nothing has to change."""
        return self.kind == "all" and not self.parts

    def walk(self) -> Iterator[Need]:
        """This need and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def to_dict(self) -> dict[str, Any]:
        """For JSON; ``least`` only where so many of the parts have to change."""
        return {
            "kind": self.kind,
            "words": self.words._asdict(),
            "least": self.least if self.kind == "some" else None,
            "criterion": self.criterion,
            "step": self.step.to_dict() if self.step else None,
            "parts": [part.to_dict() for part in self.parts],
        }


#: Nothing has to change.
DONE = Need("all", NOTHING)


@dataclass(frozen=True)
class Change:
    """A fact or a value, and what it becomes on one way."""

    step: Step
    target: Constant
    aim: Aim = field(compare=False, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """For JSON: what changes, by unit, path and column, and the value it takes."""
        step = self.step
        return {
            "kind": step.kind,
            "unit": step.unit,
            "path": [[unit, index] for unit, index in step.path],
            "column": step.column or None,
            "label": step.label._asdict(),
            "exact": told_exactly(self.target),
        }


Way = tuple[Change, ...]


@dataclass(frozen=True)
class Needs:
    """What a criterion needs that is not met: the tree, and one proved way through it (empty: none can be given)."""

    need: Need
    way: Way

    @property
    def given(self) -> bool:
        """Whether a change can be proposed that was proved to do."""
        return bool(self.way)

    def to_dict(self) -> dict[str, Any]:
        """For JSON: the tree, and one way through it as a list of changes."""
        return {
            "given": self.given,
            "tree": self.need.to_dict(),
            "way": [change.to_dict() for change in self.way],
        }


def plans(need: Need) -> list[tuple[Step, ...]]:
    """The first ways through a need, one more than `MOST_WAYS` where there are more; none where it cannot be given."""
    match need.kind:
        case "never":
            return []
        case "step":
            return [(need.step,)] if need.step else []
        case "any":
            return list(islice((plan for part in need.parts for plan in plans(part)), MOST_WAYS + 1))
        case "some":
            chosen = combinations(need.parts, need.least)
            return list(islice((plan for parts in chosen for plan in _together(parts)), MOST_WAYS + 1))
    return _together(need.parts)


def _together(parts: tuple[Need, ...]) -> list[tuple[Step, ...]]:
    found: list[tuple[Step, ...]] = [()]
    for part in parts:
        options = plans(part)
        if len(parts) > _MOST_PARTS:
            options = options[:1]
        found = list(islice((one + other for one in found for other in options), MOST_WAYS + 1))
    return found


def merged(steps: tuple[Step, ...], target: Any) -> Way | None:
    """The steps of a way, each fact once: what is asked of it twice must hold together. None where it cannot.

    ``target`` gives the value that a step takes for an aim, or None.
    """
    by_place: dict[tuple[Any, ...], tuple[Step, Aim]] = {}
    for step in steps:
        place = _place(step)
        aim = met_by_both(by_place[place][1], step.aim) if place in by_place else step.aim
        by_place[place] = (step, aim)
    if _share_facts([step for step, _aim in by_place.values() if step.kind == "value"]):
        return None
    way = []
    for step, aim in by_place.values():
        value = target(step, aim)
        if value is None:
            return None
        way.append(Change(step, value, aim))
    return tuple(way)


@dataclass
class Supposed(Evaluation):
    """The reference engine, with some facts and values of sub-expressions taken to be otherwise."""

    facts: Mapping[tuple[int, str], Any] = field(default_factory=dict)
    values_taken: Mapping[tuple[int, int], Any] = field(default_factory=dict)

    @classmethod
    def by(cls, way: Way, reference_date: date | None) -> Supposed:
        """As things would stand after the changes of a way.

        Where a value that several facts make up is to be another, nobody says which of them change: read elsewhere they
        are unknown, so that a way holds whichever they are.
        """
        facts: dict[tuple[int, str], Any] = {}
        values: dict[tuple[int, int], Any] = {}
        open_facts: set[tuple[int, str]] = set()
        for change in way:
            step, value = change.step, change.target
            inner = exactly(value) if isinstance(value, Fraction) else value
            if step.kind == "fact":
                facts[id(step.at), step.column] = inner
                continue
            values[id(step.term), id(step.at)] = inner
            own = None
            if isinstance(step.term, typed.Derived):  # the same fact wherever it is read
                own = column_name(step.term.fact.name, step.term.lag)
                facts[id(step.at), own] = inner
            for unit, column in _reads(step.term):
                if (unit, column) != (step.at.unit, own):
                    open_facts |= {(id(row), column) for row in _rows(step.at, unit)}
        facts |= dict.fromkeys(open_facts)
        return cls(reference_date, facts=facts, values_taken=values)

    def value(self, term: Term, row: UnitRow) -> Any:
        """The inner value of a term for ``row``."""
        if (id(term), id(row)) in self.values_taken:
            return self.values_taken[id(term), id(row)]
        if isinstance(term, typed.FactRead | typed.Derived):
            key = (id(row), column_name(term.fact.name, term.lag))
            if key in self.facts:
                return self.facts[key]
        return super().value(term, row)


def _place(step: Step) -> tuple[int, int | str]:
    """What a step changes: the same fact, also a derived one, is one thing wherever it is read."""
    if step.kind == "fact":
        return id(step.at), step.column
    if isinstance(step.term, typed.Derived):
        return id(step.at), column_name(step.term.fact.name, step.term.lag)
    return id(step.at), id(step.term)


def _share_facts(steps: Sequence[Step]) -> bool:
    """Whether two values are worked from a fact of the same row: one may not be changed without the other."""
    seen: set[tuple[int, str]] = set()
    for step in steps:
        own = {(id(row), column) for unit, column in _reads(step.term) for row in _rows(step.at, unit)}
        if seen & own:
            return True
        seen |= own
    return False


def _reads(term: Term) -> Iterator[tuple[str, str]]:
    """The unit and column of every fact that a term rests on, those of derived facts' formulas among them."""
    for part in typed.walk(term):
        if isinstance(part, typed.FactRead | typed.Derived):
            yield part.unit, column_name(part.fact.name, part.lag)
        below = (
            part.body if isinstance(part, typed.Derived) else part.criterion if isinstance(part, typed.Met) else None
        )
        if below is not None:
            yield from _reads(below.root)


def _rows(row: UnitRow, unit: str) -> Iterator[UnitRow]:
    """The rows of a unit at or below a row."""
    if row.unit == unit:
        yield row
    for below in row.children.values():
        for each in below:
            yield from _rows(each, unit)
