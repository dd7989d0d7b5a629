"""What may be asked of a snapshot: which units, counted how, in which groups. Texts are in the criteria language.

Everything here is immutable and made of plain values, so that what was compiled for a question can be kept.
"""

from dataclasses import dataclass
from enum import StrEnum

from lika.snapshots.choices import Result, UnitKind


class What(StrEnum):
    """How the units of a group become one number."""

    COUNT = "count"
    PERSONS = "persons"  # the people of the households
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"
    SHARE = "share"  # those of whom a condition holds, among those of whom it is known
    KNOWN = "known"  # those of whom a value is known, among all


#: Numbers that are one unit's own value, or reveal it.
SINGLE_VALUES = frozenset({What.MEDIAN, What.MIN, What.MAX})
AMOUNTS = frozenset({What.SUM, What.MEAN, *SINGLE_VALUES})


@dataclass(frozen=True)
class Expression:
    """A value in the criteria language, of the units counted or of the households that counted persons belong to."""

    unit: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """What the screening says by one criterion: 1, 0 or unknown."""

    unit: str
    criterion: str


@dataclass(frozen=True)
class VerdictIn:
    """The condition that a verdict is one of some results."""

    verdict: Verdict
    results: frozenset[Result]


@dataclass(frozen=True)
class Unknown:
    """The condition that a value is unknown, or one for which another condition holds."""

    value: Expression
    otherwise: Expression | None = None


@dataclass(frozen=True)
class Level:
    """The division of a level (1 province … 5 village) in which a unit lies."""

    level: int


@dataclass(frozen=True)
class Several:
    """Some codes of one unit (the causes of a household): it belongs to the group of each, and is one unit in all."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Measures:
    """The measures that a household comes under: in the group of each, or (`exact`) of just this combination.

    The key of a combination has bit n set where the household comes under measure n.
    """

    criteria: tuple[str, ...]
    exact: bool = False


Grouping = Expression | Verdict | Level | Several | Measures
Condition = Expression | VerdictIn | Unknown


@dataclass(frozen=True)
class Question:
    """A table to be counted. `of` is what the number is made of: a number, or a condition for shares.

    `division` (12 digits as a number, 0 for everything in sight) narrows to where the units stood.
    """

    unit: UnitKind
    what: What = What.COUNT
    of: Expression | Verdict | None = None
    rows: Grouping | None = None
    columns: Grouping | None = None
    conditions: tuple[Condition, ...] = ()
    division: int = 0

    @property
    def groupings(self) -> tuple[Grouping, ...]:
        """Rows and columns, as far as there are any."""
        return tuple(each for each in (self.rows, self.columns) if each is not None)

    def expressions(self) -> tuple[Expression, ...]:
        """Every text that is read, each once."""
        found: list[Expression | None] = [self.of if isinstance(self.of, Expression) else None]
        for grouping in self.groupings:
            found += [grouping] if isinstance(grouping, Expression) else []
            found += grouping.parts if isinstance(grouping, Several) else ()
        for condition in self.conditions:
            if isinstance(condition, Unknown):
                found += [condition.value, condition.otherwise]
            elif isinstance(condition, Expression):
                found.append(condition)
        return tuple(dict.fromkeys(each for each in found if each is not None))

    def verdicts(self) -> tuple[Verdict, ...]:
        """Every verdict that is read, each once."""
        found = [self.of] if isinstance(self.of, Verdict) else []
        for grouping in self.groupings:
            found += [grouping] if isinstance(grouping, Verdict) else []
            if isinstance(grouping, Measures):
                found += [Verdict(UnitKind.HOUSEHOLD, name) for name in grouping.criteria]
        found += [condition.verdict for condition in self.conditions if isinstance(condition, VerdictIn)]
        return tuple(dict.fromkeys(found))


#: Of a group, as text: a code, 1 and 0, a band, a division, a combination; None is unknown.
Key = str | None


@dataclass(frozen=True)
class Total:
    """In place of a group's key: all groups of that side together, each unit once."""


ALL = Total()


@dataclass(frozen=True)
class Counted:
    """What was counted in one cell. `number` is the sum, least … value as an integer times ten to the `places`.

    `units` are all of the cell, `known` those of whom the value is known, `yes` those of whom the condition holds;
    `persons` are the people of households.
    """

    units: int
    known: int
    yes: int
    persons: int
    number: int | None
