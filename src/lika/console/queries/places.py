"""The divisions below the one on the screen, with their counts: for the table and for the map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lika.console.names import place_name
from lika.console.queries.focus import Focus
from lika.divisions.choices import Level
from lika.register import queries as register
from lika.register.queries import DivisionCounts
from lika.snapshots.queries import Counts


@dataclass(frozen=True)
class Place:
    """A division with its households and how many of them meet the criterion shown (None: not screened)."""

    code: str
    name: str
    households: int
    persons: int
    poor_households: int
    poor_persons: int
    counts: Counts | None

    @property
    def share_met(self) -> Decimal | None:
        """Met among all that were screened; None where nothing was."""
        return Decimal(self.counts.met) / self.counts.total if self.counts and self.counts.total else None


def places_of(focus: Focus, level: Level, verdicts: Mapping[int, Counts], *, persons_too: bool = True) -> list[Place]:
    """The divisions of a level inside the focus, in the order of their codes; without persons it is faster."""
    rows = register.division_counts(focus.area, level, persons_too=persons_too)
    return [_place(row, verdicts) for row in rows]


def ranked(places: Sequence[Place]) -> list[Place]:
    """Those with the most households that do not meet the criterion first; empty ones last."""
    return sorted(
        places,
        key=lambda place: (-(place.counts.not_met if place.counts else 0), -place.households, place.code),
    )


def _place(row: DivisionCounts, verdicts: Mapping[int, Counts]) -> Place:
    households, persons = row.counts.total
    poor_households, poor_persons = row.counts.poor
    return Place(
        row.code, place_name(row.name), households, persons, poor_households, poor_persons, verdicts.get(int(row.code))
    )
