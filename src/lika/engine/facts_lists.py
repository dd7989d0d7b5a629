"""Which lists of lower units an expression reads, and whether the document gives them.

A list that is not given is missing data, and missing data must never be met; so it is asked for. ``[]`` says that
there are none. Where a derived fact's own value is given, its formula reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lika.engine import typed
from lika.engine.criteria import Checked
from lika.engine.errors import FactsError
from lika.engine.population import UnitRow
from lika.engine.schema import UNIT_NAMES, column_name, rank, unit_words
from lika.engine.typed import Term


def refuse_missing_lists(checked: Checked, root: UnitRow) -> None:
    """Raise ``FactsError`` ENG-086 at the first row that does not list the lower units that ``checked`` reads there."""
    _Lists().read(checked, _Place(root, root.unit))


@dataclass(frozen=True)
class _Place:
    """A row and where it stands; ``none`` are the lower units of which something above says that there are none."""

    row: UnitRow
    path: str
    none: frozenset[str] = frozenset()

    def lower(self, kind: str) -> Iterator[_Place]:
        """The rows listed directly in this one."""
        none = self.none | {unit for unit, rows in self.row.children.items() if not rows}
        for index, child in enumerate(self.row.children.get(kind, ())):
            yield _Place(child, f"{self.path}.{kind}[{index}]", none)


@dataclass
class _Lists:
    """Follows an expression; remembers what has been followed for a row."""

    _seen: set[tuple[int, int]] = field(default_factory=set)

    def read(self, checked: Checked, place: _Place) -> None:
        key = (id(checked), id(place.row))
        if key not in self._seen:
            self._seen.add(key)
            self._follow(checked.root, place)

    def _follow(self, root: Term, place: _Place) -> None:
        stack = [root]
        while stack:
            term = stack.pop()
            match term:
                case typed.Aggregate(unit=unit, body=body):
                    below = list(_listed(place, unit))
                    if body is not None:
                        for lower in below:
                            self._follow(body, lower)
                case typed.Met(criterion=criterion):
                    self.read(criterion, place)
                case typed.Derived(body=Checked() as formula):
                    if column_name(term.fact.name, term.lag) not in place.row.facts:
                        self.read(formula, place)
                case _:
                    stack.extend(typed.children(term))


def _listed(place: _Place, unit: str) -> Iterator[_Place]:
    """The rows of a lower unit, which the row lists itself or through the units between."""
    given = False
    for kind in reversed(UNIT_NAMES[: rank(place.row.unit)]):
        if kind == unit:
            yield from place.lower(kind)
        elif rank(kind) > rank(unit) and kind in place.row.children and unit not in place.row.children:
            given = True
            for between in place.lower(kind):
                yield from _listed(between, unit)
    if not given and unit not in place.row.children and unit not in place.none:
        raise FactsError("ENG-086", place.path, unit=unit_words(unit), list=unit)
