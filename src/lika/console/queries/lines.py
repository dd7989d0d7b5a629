"""The line that a pack measures the income of a household by, year by year, and the clause that it rests on."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from lika.core.language import chosen, listed
from lika.engine.criteria import CheckedSet
from lika.engine.typed import Compare, Derived, FactRead, ParameterRead, Term, walk
from lika.policy import resolve
from lika.policy.choices import Basis
from lika.policy.packs.resolved import ResolvedParameter
from lika.snapshots.models import Screening
from lika.snapshots.queries.screenings import same_pack

INCOME_PER_HEAD = "net_income_per_capita"


@dataclass(frozen=True)
class LineOfYear:
    """The line at the end of a year; `value` None where the document gives none (待补充依据)."""

    year: int
    value: Decimal | None
    clause: str


@dataclass(frozen=True)
class IncomeLine:
    """A parameter that the income per head is compared with; `demo` where its values are invented."""

    label: str
    unit: str
    demo: bool
    years: tuple[LineOfYear, ...]

    @property
    def clauses(self) -> str:
        """Where the document says so, each clause once."""
        return listed(list(dict.fromkeys(each.clause for each in self.years)))


@lru_cache(maxsize=8)
def compiled(reference: str, sha256: str, at: dt.date) -> CheckedSet:
    """The criteria of the pack that a screening was run with; versions never change. Raises POL-051, SCR-006."""
    return resolve.compiled(same_pack(reference, sha256), at=at).checked


def compiled_of(found: Screening) -> CheckedSet:
    """The criteria as they were screened. Raises POL-051, SCR-006."""
    return compiled(found.pack, found.pack_sha256, found.snapshot.at)


def income_line(found: Screening, ends: Iterable[tuple[int, dt.date]]) -> IncomeLine | None:
    """The line of the pack of a screening, at the end of each data year; None where the pack compares with none."""
    parameter = _parameter(found.pack, found.pack_sha256, found.snapshot.at)
    if parameter is None:
        return None
    unit = parameter.unit_shown
    return IncomeLine(
        chosen(parameter.zh, parameter.en),
        chosen(unit.zh, unit.en) if unit else "",
        parameter.basis is Basis.DEMO,
        tuple(_of_year(parameter, year, end) for year, end in ends),
    )


def _of_year(parameter: ResolvedParameter, year: int, end: dt.date) -> LineOfYear:
    value = parameter.value_at(end)
    in_force = [each for each in parameter.values if each.since <= end]
    clause = (in_force[-1].clause if in_force else None) or parameter.clause
    return LineOfYear(year, Decimal(str(value)) if value is not None else None, clause.ref)


@lru_cache(maxsize=8)
def _parameter(reference: str, sha256: str, at: dt.date) -> ResolvedParameter | None:
    """The first parameter that a criterion about households compares this year's income per head with."""
    named = next(_compared(compiled(reference, sha256, at)), None)
    return next((item for item in same_pack(reference, sha256).parameters if item.id == named), None)


def _compared(checked: CheckedSet) -> Iterator[str]:
    for item in checked.of_unit("household"):
        for term in walk(item.root):
            if isinstance(term, Compare):
                for one, other in ((term.left, term.right), (term.right, term.left)):
                    if _is_income(one) and isinstance(other, ParameterRead):
                        yield other.spec.name


def _is_income(term: Term) -> bool:
    return isinstance(term, FactRead | Derived) and term.fact.name == INCOME_PER_HEAD and term.lag == 0
