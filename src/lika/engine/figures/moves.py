"""Where the households of one snapshot stand in another: joined by their id, those that came and went named as such.

Nothing of the criteria language is read here: a code of each household in two files, and how many people it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from lika.engine.figures.parts import Added
from lika.engine.screening.rollups import LEVEL_OF_UNIT, SPAN_OF_LEVEL
from lika.engine.snapshots.soundness import told_of_damage

#: In place of a code, and never one: the household is not in that snapshot.
ABSENT = ""
#: From which code to which: `ABSENT` on either side.
Move = tuple[str, str]
_LOWEST = LEVEL_OF_UNIT["village"]
# A household counts where it stands now, and where it stood last if it is gone; likewise its people.
_ROWS = """
    WITH was AS (SELECT household_id, village, {code} AS code, {members} AS people FROM read_parquet([{before}])),
    "is" AS (SELECT household_id, village, {code} AS code, {members} AS people FROM read_parquet([{after}])),
    moved AS (
        SELECT coalesce("is".village, was.village) AS place,
            CASE WHEN was.household_id IS NULL THEN '{absent}' ELSE was.code END AS old,
            CASE WHEN "is".household_id IS NULL THEN '{absent}' ELSE "is".code END AS new,
            CASE WHEN "is".household_id IS NULL THEN was.people ELSE "is".people END AS people
        FROM was FULL JOIN "is" USING (household_id)),
    villages AS (
        SELECT place, old, new, count(*) AS households, count(*) - count(people) AS silent,
            coalesce(sum(people), 0) AS people
        FROM moved GROUP BY ALL)
    SELECT level, (place // span) * span AS division, old, new, sum(households)::BIGINT, sum(silent)::BIGINT,
        sum(people)::BIGINT
    FROM villages, (VALUES {spans}) AS upward(level, span) GROUP BY 1, 2, 3, 4"""


@dataclass(frozen=True)
class Counted:
    """Households that moved alike, those of them whose people are not on record, and the people of the others."""

    households: int
    silent: int
    people: int


@dataclass(frozen=True)
class Moves:
    """What moved in every division: a code that nobody knows is None."""

    divisions: Mapping[int, tuple[int, ...]]
    counted: Mapping[int, Mapping[tuple[str | None, str | None], Counted]]

    def households(self, division: int, move: Move) -> Added:
        """The households of a move; those whose codes leave it open are undecided."""
        certain, unsure = self._of(division, move)
        low = 0 if certain is None else certain.households
        open_ = sum(each.households for each in unsure)
        return Added(self._all(division), open_, Fraction(low), Fraction(low + open_))

    def people(self, division: int, move: Move) -> Added:
        """The people of those households; unknown where the number of somebody's is not on record."""
        certain, unsure = self._of(division, move)
        low = 0 if certain is None else certain.people
        known = not any(each.silent for each in (certain, *unsure) if each is not None)
        open_ = sum(each.households for each in unsure) + (0 if certain is None else certain.silent)
        high = low + sum(each.people for each in unsure)
        units = self._all(division)
        return Added(units, open_, Fraction(low), Fraction(high)) if known else Added(units, open_, None, None)

    def _of(self, division: int, move: Move) -> tuple[Counted | None, list[Counted]]:
        """What certainly moved so, and what may have."""
        here = self.counted[division]
        may = [
            each for (old, new), each in here.items()
            if None in (old, new) and _may_be(old, move[0]) and _may_be(new, move[1])
        ]  # fmt: skip
        return here.get(move), may

    def _all(self, division: int) -> int:
        return sum(each.households for each in self.counted[division].values())


def _may_be(code: str | None, wanted: str) -> bool:
    """Whether a code is, or may be, the one wanted; who is on record without a code is not absent."""
    return code == wanted or (code is None and wanted != ABSENT)


def moves_between(
    before: Sequence[Path], after: Sequence[Path], fact: str, codes: Sequence[str], members: str, *, highest: int
) -> Moves:
    """How the households of two snapshots moved between the codes of a fact, for every division from a level down.

    ``fact`` and ``members`` are the names of columns that both hold, ``codes`` those that the fact may have: of any
    other nobody knows what it says. Raises ``SnapshotDamaged`` (ENG-114).
    """
    query = _ROWS.format(
        code=f'CASE WHEN "{fact}" IN ({_texts(codes)}) THEN "{fact}" END', members=f'"{members}"',
        before=_listed(before), after=_listed(after), absent=ABSENT,
        spans=", ".join(f"({level}, {SPAN_OF_LEVEL[level]})" for level in range(highest, _LOWEST + 1)),
    )  # fmt: skip
    with duckdb.connect() as session, told_of_damage([*before, *after]):
        rows: list[tuple[Any, ...]] = session.execute(query).fetchall()
    places: dict[int, set[int]] = {level: set() for level in range(highest, _LOWEST + 1)}
    counted: dict[int, dict[tuple[str | None, str | None], Counted]] = {}
    for level, division, old, new, *numbers in rows:
        places[level].add(division)
        counted.setdefault(division, {})[old, new] = Counted(*(int(number) for number in numbers))
    return Moves({level: tuple(sorted(codes)) for level, codes in places.items()}, counted)


def _listed(paths: Sequence[Path]) -> str:
    return _texts(str(path) for path in paths)


def _texts(texts: Iterable[str]) -> str:
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)
