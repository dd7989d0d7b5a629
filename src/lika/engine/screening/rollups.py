"""Counts of verdicts for every division, and of the exact combinations of criteria that are met together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lika.engine.screening.verdicts import MET, NOT_MET, Int64s, Verdicts

#: A 12-digit code with its lower digits cut off is the division of the level (1 province … 5 village). All digits cut
#: off are the country: level 0, code 0.
SPAN_OF_LEVEL = {0: 10**12, 1: 10**10, 2: 10**8, 3: 10**6, 4: 10**3, 5: 1}
#: The lowest level at which a unit is counted.
LEVEL_OF_UNIT = {"person": 5, "household": 5, "village": 5, "township": 4, "county": 3, "prefecture": 2, "province": 1}
#: Combinations are bits of one integer.
MOST_MEASURES = 62


@dataclass(frozen=True)
class RollUp:
    """How many units of a kind in a division meet, do not meet, or are unknown by a criterion."""

    unit: str
    criterion: str
    division: int
    level: int
    met: int
    not_met: int
    unknown: int

    @property
    def total(self) -> int:
        """All units of the kind in the division."""
        return self.met + self.not_met + self.unknown


@dataclass(frozen=True)
class Combination:
    """Households of a county that meet exactly these measures and no other, and the people in them."""

    county: int
    measures: tuple[str, ...]
    households: int
    persons: int


@dataclass(frozen=True, eq=False)
class LevelCounts:
    """Counts of one unit by the divisions of one level: `divisions` (m,) ascending; `met`, `not_met`, `unknown` (m, k).

    Kept as arrays: a nation has 600,000 villages, times its criteria.
    """

    unit: str
    level: int
    criteria: tuple[str, ...]
    divisions: Int64s
    met: Int64s
    not_met: Int64s
    unknown: Int64s

    def rows(self) -> Iterator[RollUp]:
        """One row per criterion and division."""
        codes = self.divisions.tolist()
        for k, criterion in enumerate(self.criteria):
            columns = (table[:, k].tolist() for table in (self.met, self.not_met, self.unknown))
            for code, *counts in zip(codes, *columns, strict=True):
                yield RollUp(self.unit, criterion, code, self.level, *counts)


def count(verdicts: Verdicts) -> LevelCounts:
    """Count sorted verdicts by the division in which the units lie."""
    starts = _starts(verdicts.divisions)
    sizes = np.diff(np.append(starts, len(verdicts)))
    met = _sum_by(verdicts.results == MET, starts)
    not_met = _sum_by(verdicts.results == NOT_MET, starts)
    return LevelCounts(
        verdicts.unit,
        LEVEL_OF_UNIT[verdicts.unit],
        verdicts.criteria,
        verdicts.divisions[starts],
        met,
        not_met,
        sizes[:, None] - met - not_met,
    )


def roll_up(parts: Sequence[LevelCounts], top_level: int) -> list[LevelCounts]:
    """The counts of every level from `top_level` down, from those of one unit at its lowest level in all counties."""
    first = parts[0]
    divisions = np.concatenate([part.divisions for part in parts])
    order = np.argsort(divisions, kind="stable")
    divisions = divisions[order]
    met, not_met, unknown = (
        np.concatenate([getattr(part, name) for part in parts])[order] for name in ("met", "not_met", "unknown")
    )
    found = []
    for level in range(top_level, first.level + 1):
        codes = divisions // SPAN_OF_LEVEL[level] * SPAN_OF_LEVEL[level]
        starts = _starts(codes)
        summed = (_sum_by(table, starts) for table in (met, not_met, unknown))
        found.append(LevelCounts(first.unit, level, first.criteria, codes[starts], *summed))
    return found


def combine(verdicts: Verdicts, measures: Sequence[str]) -> list[Combination]:
    """Exact combinations of the measures met, most households first; households that meet none are left out."""
    if len(measures) > MOST_MEASURES:
        raise ValueError(f"{len(measures)} measures, more than {MOST_MEASURES}")
    if verdicts.persons is None:
        raise ValueError("combinations are of households")
    mask = np.zeros(len(verdicts), dtype=np.int64)
    for bit, measure in enumerate(measures):
        mask |= (verdicts.results[:, verdicts.criteria.index(measure)] == MET).astype(np.int64) << bit
    found, which = np.unique(mask, return_inverse=True)
    households = np.bincount(which, minlength=len(found))
    persons = np.bincount(which, weights=verdicts.persons, minlength=len(found)).astype(np.int64)
    rows = [
        Combination(
            verdicts.county,
            tuple(measure for bit, measure in enumerate(measures) if code >> bit & 1),
            int(households[index]),
            int(persons[index]),
        )
        for index, code in enumerate(found.tolist())
        if code
    ]
    return sorted(rows, key=lambda row: (-row.households, row.measures))


def level_of(code: int) -> int:
    """The level of a 12-digit code, told by its trailing zeros; 0 of the country's, which is 0."""
    return next(level for level, span in SPAN_OF_LEVEL.items() if code % span == 0)


def _starts(sorted_codes: Int64s) -> npt.NDArray[np.intp]:
    """Where each run of equal codes begins."""
    if not len(sorted_codes):
        return np.zeros(0, dtype=np.intp)
    return np.flatnonzero(np.append(True, sorted_codes[1:] != sorted_codes[:-1]))


def _sum_by(values: npt.NDArray[np.bool_] | Int64s, starts: npt.NDArray[np.intp]) -> Int64s:
    if not len(starts):
        return np.zeros((0, values.shape[1]), dtype=np.int64)
    return np.asarray(np.add.reduceat(values, starts, axis=0, dtype=np.int64))
