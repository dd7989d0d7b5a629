"""The divisions below the one on the screen, with their counts: for the table and for the map."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from lika.console.names import place_name
from lika.console.queries.focus import Focus
from lika.divisions.choices import Level
from lika.divisions.codes import level_of
from lika.register import queries as register
from lika.register.queries import DivisionCounts, StatusCounts
from lika.snapshots.queries import Counts


@dataclass(frozen=True)
class Place:
    """A division with its households and how many of them meet the criterion shown (None: not screened).

    `population` is the rural registered population; None where it is not recorded or was not asked for.
    """

    code: str
    name: str
    households: int
    persons: int
    poor_households: int
    poor_persons: int
    counts: Counts | None
    population: int | None = None
    by_status: StatusCounts = field(default_factory=StatusCounts)

    @property
    def share_met(self) -> Decimal | None:
        """Met among all that were screened; None where nothing was."""
        return Decimal(self.counts.met) / self.counts.total if self.counts and self.counts.total else None

    @property
    def incidence(self) -> Decimal | None:
        """Poor persons over the rural registered population; None where that is not known."""
        return Decimal(self.poor_persons) / self.population if self.population else None


def places_of(
    focus: Focus,
    level: Level,
    verdicts: Mapping[int, Counts],
    *,
    population_too: bool = False,
) -> list[Place]:
    """The divisions of a level inside the focus, in the order of their codes."""
    rows = register.division_counts(focus.area, level)
    population = register.rural_populations(focus.area, level) if population_too else {}
    return [_place(row, verdicts, population) for row in rows]


def address_of(code: str, *, pack: str = "", figure: str = "") -> str:
    """Where a click on a division leads: to its home page, of a village to its households."""
    asked = {"division": code, **({"pack": pack} if pack else {})}
    if level_of(code) >= Level.VILLAGE:
        return f"{reverse('console:households')}?{urlencode(asked)}"
    return f"{reverse('console:home')}?{urlencode({**asked, **({'figure': figure} if figure else {})})}"


def _place(row: DivisionCounts, verdicts: Mapping[int, Counts], population: Mapping[str, int]) -> Place:
    households, persons = row.counts.total
    poor_households, poor_persons = row.counts.poor
    return Place(
        row.code,
        place_name(row.name),
        households,
        persons,
        poor_households,
        poor_persons,
        verdicts.get(int(row.code)),
        population.get(row.code),
        row.counts,
    )
