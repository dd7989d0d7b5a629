"""The people of an area: the poor among them, and the rural registered population that incidence is worked out by."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lika.accounts.queries import UserActor
from lika.console.queries.focus import Focus
from lika.console.queries.places import Place
from lika.divisions.choices import Level
from lika.register import queries as register
from lika.register.choices import STILL_POOR
from lika.register.queries import StatusCounts
from lika.register.queries.sets import statuses


@dataclass(frozen=True)
class People:
    """Poor persons, and the rural registered population with the year of the form; None where unknown.

    `form_year` is None too where the forms of several divisions were added up; `by_status` where nobody counted it.
    """

    poor: int
    rural: int | None = None
    form_year: int | None = None
    by_status: StatusCounts | None = None

    @property
    def incidence(self) -> Decimal | None:
        """Poor persons in a hundred of the rural registered population; None where that is unknown."""
        return percent(self.poor, self.rural) if self.rural else None


def percent(part: int, whole: int) -> Decimal:
    """A share in percent, with the two places that it is told by."""
    return round(Decimal(100 * part) / whole, 2)


def people_of(focus: Focus, places: Sequence[Place]) -> People:
    """Of a division; `places` make it up, so that nobody is counted again. At most two queries."""
    counts = StatusCounts.joined(place.by_status for place in places)
    poor = counts.poor[1]
    code = focus.division.code
    read = {Level.COUNTY: register.county_years, Level.VILLAGE: register.village_years}.get(focus.level)
    if read is None:
        return People(poor, register.rural_populations(focus.area, focus.level).get(code), None, counts)
    known = [
        (year.values["rural_registered_population"], year.data_year)
        for year in read(code)
        if year.values["rural_registered_population"]
    ]
    rural, year = known[0] if known else (None, None)
    return People(poor, rural, year, counts)


def people_granted(who: UserActor) -> People:
    """Of the households granted one by one. One query."""
    return People(register.members_of(register.households_visible_to(who).filter(statuses(STILL_POOR))))
