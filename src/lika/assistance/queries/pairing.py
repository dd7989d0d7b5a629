"""Which household has which helper: coverage by division, households without one, pairings, one household's helpers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from lika.assistance.choices import HELPED
from lika.assistance.models import Pairing
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL, Area
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.register import queries as register
from lika.register.choices import PovertyStatus
from lika.register.models import Household


@dataclass(frozen=True)
class Coverage:
    """A division: registered households, those with a helper, those of them that exited (结对帮扶全覆盖)."""

    division: Division
    households: int
    paired: int
    exited: int
    exited_paired: int

    @property
    def unpaired(self) -> int:
        """Households without a helper."""
        return self.households - self.paired


def held(household: str = "pk") -> Exists:
    """That a household has a helper now."""
    return Exists(Pairing.objects.filter(household=OuterRef(household), ended_on=None))


def helped_in(by: Actor, area: Area | None = None) -> QuerySet[Household]:
    """The registered households in the reader's sight, poor or exited: those that a helper is for. Raises ACC-001."""
    by.require(Permission.PAIRING_VIEW)
    return register.households_within(by, area).filter(poverty_status__in=HELPED)


def coverage(by: Actor, place: Division) -> list[Coverage]:
    """The divisions right below a place, or the village itself, each with its numbers. Two queries. Raises ACC-001.

    A division without a registered household stands in it too, with zeros.
    """
    level = Level(place.level) if place.level == Level.VILLAGE else Level(place.level + 1)
    step = 10 ** (CODE_LENGTH - DIGITS_OF_LEVEL[level])
    area = Area.of([place.code])
    exited = Q(poverty_status=PovertyStatus.EXITED)
    rows = (
        helped_in(by, area)
        .annotate(part=F("village") / step)
        .values("part")
        .annotate(
            households=Count("pk"),
            paired=Count("pk", filter=held()),
            exited=Count("pk", filter=exited),
            exited_paired=Count("pk", filter=exited & Q(held())),
        )
    )
    counted = {row["part"]: row for row in rows}
    below = divisions.lying_in(area.meet(by.sees(Permission.PAIRING_VIEW)), level)
    return [_coverage(division, counted.get(division.number // step, {})) for division in below]


def _coverage(division: Division, row: Mapping[str, Any]) -> Coverage:
    names = ("households", "paired", "exited", "exited_paired")
    return Coverage(division, *(int(row.get(name, 0)) for name in names))


def total_of(lines: Iterable[Coverage]) -> tuple[int, int, int, int]:
    """Households, paired, exited, exited and paired, of some lines."""
    shown = list(lines)
    return (
        sum(line.households for line in shown),
        sum(line.paired for line in shown),
        sum(line.exited for line in shown),
        sum(line.exited_paired for line in shown),
    )


def unpaired(by: Actor, area: Area | None = None) -> QuerySet[Household]:
    """The registered households without a helper, by village and number."""
    return helped_in(by, area).exclude(held()).order_by("village", "number")


def pairings(
    by: Actor, area: Area | None = None, *, unit: UUID | None = None, helper: UUID | None = None
) -> QuerySet[Pairing]:
    """The pairings that hold, of households in sight, by village and number. Raises ACC-001."""
    by.require(Permission.PAIRING_VIEW)
    households = register.households_within(by, area)
    found = Pairing.objects.filter(ended_on=None, household__in=households)
    if unit is not None:
        found = found.filter(helper__unit=unit)
    if helper is not None:
        found = found.filter(helper=helper)
    return found.select_related("helper__official", "helper__unit", "household").order_by(
        "household__village", "household__number", "began_on"
    )


def pairings_of(household: UUID) -> list[Pairing]:
    """All pairings of a household in sight, those that hold first, then the latest. The caller has looked it up."""
    found = Pairing.objects.filter(household=household).select_related("helper__official", "helper__unit")
    return sorted(found, key=lambda each: (each.ended_on is not None, -each.began_on.toordinal(), str(each.pk)))


def heads_of(by: Actor, households: Iterable[UUID]) -> dict[UUID, str]:
    """The heads of some households in sight, as the register shows them to the reader. One query."""
    return register.heads_of(register.households_visible_to(by).filter(pk__in=list(households)), by=by)


def helpers_of(household: UUID) -> list[str]:
    """The names of a household's helpers of today, the first first. The caller has looked the household up."""
    found = Pairing.objects.filter(household=household, ended_on=None).order_by("began_on", "id")
    return list(found.values_list("helper__official__name", flat=True))


@dataclass(frozen=True)
class UnitLine:
    """A unit with what it has in an area: helpers who have households there, those households, their members."""

    name: str
    affiliation: str
    helpers: int
    households: int
    persons: int


def statistics_of(by: Actor, area: Area | None = None) -> list[UnitLine]:
    """Annex 10: the units whose helpers have households in an area, by affiliation and name. Raises ACC-001.

    A household with two helpers of one unit counts once. One query.
    """
    units: dict[UUID, tuple[str, str, set[UUID], dict[UUID, int]]] = {}
    for pairing in pairings(by, area).order_by("helper__unit__affiliation", "helper__unit__name", "helper__unit"):
        unit = pairing.helper.unit
        known = units.setdefault(unit.pk, (unit.name, unit.affiliation, set(), {}))
        known[2].add(pairing.helper_id)
        known[3][pairing.household_id] = pairing.household.members
    return [
        UnitLine(name, affiliation, len(helpers), len(households), sum(households.values()))
        for name, affiliation, helpers, households in units.values()
    ]
