"""Counts of a screening by division: the table of criteria and divisions, and the way down through it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.engine.screening.rollups import LEVEL_OF_UNIT, SPAN_OF_LEVEL, level_of
from lika.snapshots.models import MeasureCombination, RollUp, ScreenedCriterion, Screening
from lika.snapshots.queries.screenings import criteria_of
from lika.snapshots.queries.singling import may_count_in


@dataclass(frozen=True)
class Counts:
    """How many units meet a criterion, do not, or cannot be judged."""

    met: int
    not_met: int
    unknown: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.met + self.not_met + self.unknown


@dataclass(frozen=True)
class Row:
    """A division and its counts, in the order of the criteria; None where it has no unit of the kind."""

    division: int
    name: str
    level: int
    counts: tuple[Counts | None, ...]

    @property
    def code(self) -> str:
        """The 12-digit code."""
        return f"{self.division:012d}"


@dataclass(frozen=True)
class Table:
    """Counts of one kind of unit for a division (`own`) and the divisions directly below it.

    `path` leads down to the division: those above it that the actor may open, uppermost first.
    """

    unit: str
    criteria: Sequence[ScreenedCriterion]
    own: Row
    rows: tuple[Row, ...]
    path: tuple[tuple[str, str], ...]

    @property
    def goes_down(self) -> bool:
        """Whether the rows can be opened in their turn."""
        return self.own.level + 1 < LEVEL_OF_UNIT[self.unit]


@dataclass(frozen=True)
class Overlap:
    """Households and people that come under exactly these measures together."""

    measures: tuple[str, ...]
    households: int
    persons: int


def counts_by_division(by: Actor, found: Screening, criterion: str, level: int) -> dict[int, Counts]:
    """The counts of one criterion for every division of a level that lies in the actor's area, by 12-digit code."""
    rows = RollUp.objects.filter(_covered(by, level), screening=found, criterion=criterion, level=level)
    return {row.division: Counts(row.met, row.not_met, row.unknown) for row in rows}


def roots(by: Actor, found: Screening) -> list[int]:
    """The uppermost divisions of a screening that lie wholly in the actor's area."""
    for level in range(level_of(found.snapshot.division), 6):
        rows = RollUp.objects.filter(_covered(by, level), screening=found, level=level)
        divisions = list(rows.order_by("division").values_list("division", flat=True).distinct())
        if divisions:
            return divisions
    return []


def rollup_table(by: Actor, found: Screening, unit: str, division: int) -> Table:
    """The counts of a division and those below it; none of villages that would tell the actor what is personal.

    Raises SCR-021 where it lies outside the actor's area.
    """
    criteria = criteria_of(found, unit)
    own_level = level_of(division)
    rows = RollUp.objects.filter(
        Q(division=division, level=own_level) | Q(level=own_level + 1, division__range=range_of(f"{division:012d}")),
        screening=found,
        unit_kind=unit,
    )
    counted: dict[tuple[int, int], dict[str, Counts]] = {}
    seen = by.sees(Permission.SCREENING_VIEW)
    closed = {
        (own_level + below, item.criterion)
        for item in criteria
        for below in (False, True)
        if not may_count_in(by, found, item, division, below=below)
    }
    for row in rows if seen.covers(f"{division:012d}") else ():
        place = counted.setdefault((row.level, row.division), {})
        if (row.level, row.criterion) not in closed:
            place[row.criterion] = Counts(row.met, row.not_met, row.unknown)
    if (own_level, division) not in counted:
        raise NotFound(
            "SCR-021",
            _("This screening has no counts for that division in your area."),
            remedy=_("Choose a division from the table."),
        )
    steps = _steps(by, found, division)
    names = _names([code for _level, code in counted] + steps)
    lines = [_row(place, counted[place], criteria, names) for place in sorted(counted)]
    path = tuple((f"{code:012d}", names.get(code, str(code))) for code in steps)
    return Table(unit, criteria, lines[0], tuple(lines[1:]), path)


def overlaps(by: Actor, found: Screening) -> list[Overlap]:
    """The exact combinations of measures over the counties that lie wholly in the actor's area, largest first."""
    seen = by.sees(Permission.SCREENING_VIEW)
    summed: dict[tuple[str, ...], list[int]] = {}
    for row in MeasureCombination.objects.filter(screening=found):
        if seen.covers(f"{row.county:06d}000000"):
            numbers = summed.setdefault(tuple(row.measures), [0, 0])
            numbers[0] += row.households
            numbers[1] += row.persons
    rows = [Overlap(measures, *numbers) for measures, numbers in summed.items()]
    return sorted(rows, key=lambda row: (-row.households, row.measures))


def _covered(by: Actor, level: int) -> Q:
    """Divisions of a level that lie wholly in the actor's area."""
    condition = Q(pk__in=[])
    for low, high in by.sees(Permission.SCREENING_VIEW).ranges:
        condition |= Q(division__gte=low, division__lte=high - SPAN_OF_LEVEL[level] + 1)
    return condition


def _steps(by: Actor, found: Screening, division: int) -> list[int]:
    """The divisions above one, within the screening's area and the actor's, uppermost first."""
    seen, steps = by.sees(Permission.SCREENING_VIEW), []
    for level in range(level_of(found.snapshot.division), level_of(division)):
        code = division // SPAN_OF_LEVEL[level] * SPAN_OF_LEVEL[level]
        if seen.covers(f"{code:012d}"):
            steps.append(code)
    return steps


def _names(codes: Sequence[int]) -> dict[int, str]:
    return {each.number: each.name for each in divisions.places(f"{code:012d}" for code in codes).values()}


def _row(
    place: tuple[int, int],
    counts: Mapping[str, Counts],
    criteria: Sequence[ScreenedCriterion],
    names: Mapping[int, str],
) -> Row:
    level, division = place
    return Row(division, names.get(division, str(division)), level, tuple(counts.get(c.criterion) for c in criteria))
