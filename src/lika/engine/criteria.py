"""Criteria, and what checking them gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lika.engine.schema import ParameterSpec, Schema
from lika.engine.typed import Aggregate, Derived, FactRead, Met, ParameterRead, Term, walk
from lika.engine.types import Type
from lika.engine.whole import is_whole


@dataclass(frozen=True)
class Criterion:
    """A named yes/no expression about one unit, with the clause it comes from."""

    id: str
    unit: str
    zh: str
    en: str
    text: str
    clause: str = ""


@dataclass(frozen=True, order=True)
class FactUse:
    """A stored fact that is read: of which unit, how many data years earlier."""

    unit: str
    name: str
    lag: int = 0


@dataclass(frozen=True, eq=False)
class Checked:
    """An expression whose names and types hold, about ``unit``. ``criterion`` is set where it is a criterion's text."""

    unit: str
    text: str
    root: Term
    schema: Schema
    criterion: Criterion | None = None
    depth: int = 0

    @property
    def type(self) -> Type:
        """The type of the value."""
        return self.root.type

    @cached_property
    def whole(self) -> bool:
        """Whether the value is a whole number in every row."""
        return is_whole(self.root)

    @cached_property
    def facts(self) -> frozenset[FactUse]:
        """Stored facts read, also through derived facts and other criteria."""
        own = {FactUse(term.unit, term.fact.name, term.lag) for term in walk(self.root) if isinstance(term, FactRead)}
        return frozenset(own).union(*(below.facts for below in self.definitions))

    @cached_property
    def derived(self) -> frozenset[FactUse]:
        """Derived facts used, also through other derived facts and criteria."""
        own = {FactUse(term.unit, term.fact.name, term.lag) for term in walk(self.root) if isinstance(term, Derived)}
        return frozenset(own).union(*(below.derived for below in self.definitions))

    @cached_property
    def units(self) -> frozenset[str]:
        """The unit itself and the lower units read."""
        own = {term.unit for term in walk(self.root) if isinstance(term, Aggregate)}
        return frozenset(own | {self.unit}).union(*(below.units for below in self.definitions))

    @cached_property
    def parameters(self) -> frozenset[str]:
        """English names of the parameters used, also through derived facts and other criteria."""
        own = {term.spec.name for term in walk(self.root) if isinstance(term, ParameterRead)}
        return frozenset(own).union(*(below.parameters for below in self.definitions))

    @cached_property
    def criteria(self) -> frozenset[str]:
        """Ids of the criteria referred to, directly or through others."""
        own = {criterion.id for below in self.definitions if (criterion := below.criterion) is not None}
        return frozenset(own).union(*(below.criteria for below in self.definitions))

    @cached_property
    def definitions(self) -> tuple[Checked, ...]:
        """The derived facts' formulas and the criteria that the text refers to directly."""
        found: dict[int, Checked] = {}
        for term in walk(self.root):
            if isinstance(term, Met):
                found[id(term.criterion)] = term.criterion
            elif isinstance(term, Derived) and term.body is not None:
                found[id(term.body)] = term.body
        return tuple(found.values())


@dataclass(frozen=True, eq=False)
class CheckedSet:
    """Criteria that hold together: each comes after those it refers to."""

    schema: Schema
    parameters: Mapping[str, ParameterSpec]
    criteria: tuple[Checked, ...]
    by_id: Mapping[str, Checked] = field(init=False)

    def __post_init__(self) -> None:
        """Index the criteria by id."""
        index = {checked.criterion.id: checked for checked in self.criteria if checked.criterion is not None}
        object.__setattr__(self, "by_id", index)

    def of_unit(self, unit: str) -> tuple[Checked, ...]:
        """The criteria about ``unit``, in order."""
        return tuple(checked for checked in self.criteria if checked.unit == unit)

    @property
    def units(self) -> tuple[str, ...]:
        """Units that have criteria, in order of first appearance."""
        return tuple(dict.fromkeys(checked.unit for checked in self.criteria))
