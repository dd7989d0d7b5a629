"""The current screening as the console's pages ask for it: which criterion sums it up, and its results."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from lika.console.queries.focus import Focus
from lika.snapshots.choices import Result


@dataclass(frozen=True)
class Counts:
    """How many households meet a criterion, do not, or cannot be judged."""

    met: int
    not_met: int
    unknown: int

    @property
    def total(self) -> int:
        return self.met + self.not_met + self.unknown

    @property
    def share_met(self) -> Decimal | None:
        """Met among all; None where there are none."""
        return Decimal(self.met) / self.total if self.total else None


@dataclass(frozen=True)
class Current:
    """The current screening of an area; `summary` is the criterion that sums up the exit."""

    criteria: Sequence[tuple[str, str]]
    summary: str


def current(focus: Focus | None) -> Current | None:
    return None


def condition(screening: Current, criterion: str, result: str) -> Q:
    return Q()


def of_households(screening: Current | None, ids: Iterable[UUID]) -> dict[UUID, str]:
    return {}


def counts(screening: Current | None, level: int) -> Mapping[int, Counts]:
    return {}


def result_label(result: str) -> str:
    """The word of a result; nothing where nothing was screened."""
    return str(Result(result).label) if result else ""
