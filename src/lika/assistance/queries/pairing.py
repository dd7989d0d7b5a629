"""Which household has which helper: coverage by division, households without one, pairings, one household's helpers."""

from collections.abc import Iterable
from dataclasses import dataclass
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
            exited_paired=Count("pk", filter=exited & held()),
        )
    )
    counted = {row.pop("part"): row for row in rows}
    none = {"households": 0, "paired": 0, "exited": 0, "exited_paired": 0}
    below = divisions.lying_in(area.meet(by.sees(Permission.PAIRING_VIEW)), level)
    return [Coverage(division, **counted.get(division.number // step, none)) for division in below]


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
