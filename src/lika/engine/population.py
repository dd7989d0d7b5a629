"""Units with their facts and the units below them, in memory: what the reference engine and explanations read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from lika.engine.schema import UNIT_NAMES, rank

#: A fact's value; None is unknown. Text is only ever asked whether it is known.
Value = bool | Fraction | date | str | None


@dataclass(frozen=True, eq=False)
class UnitRow:
    """One unit: ``facts`` by column name (``income``, ``income__lag1``), ``children`` by the name of their unit.

    A column that is absent is unknown; for a derived fact, absent means "work the formula".
    """

    unit: str
    facts: Mapping[str, Value]
    children: Mapping[str, tuple[UnitRow, ...]] = field(default_factory=dict)
    id: str | None = None

    def below(self, unit: str) -> tuple[UnitRow, ...]:
        """All units of a lower kind within this one, at any depth, in order."""
        return tuple(self._find(unit))

    def _find(self, unit: str) -> Iterator[UnitRow]:
        for name in reversed(UNIT_NAMES[: rank(self.unit)]):
            for child in self.children.get(name, ()):
                if name == unit:
                    yield child
                elif rank(name) > rank(unit):
                    yield from child.below(unit)
