"""Helping units and their helpers, as far as they help where the reader looks."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from lika.accounts.models import Official
from lika.accounts.queries import officials_posted
from lika.assistance.models import Helper, HelpingUnit
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, Area
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.codes import ancestor_codes
from lika.divisions.models import Division

OPEN_PAIRINGS = Count("pairings", filter=Q(pairings__ended_on=None))


def _near(area: Area, field: str) -> Q:
    """Divisions that lie in an area, or above one that does: the county's units help in its townships."""
    above = {code for low, _high in area.ranges if low for code in ancestor_codes(f"{low:0{CODE_LENGTH}d}")}
    return area.where(f"{field}__number") | Q(**{f"{field}__in": sorted(above)})


def units(by: Actor, permission: Permission = Permission.PAIRING_VIEW) -> QuerySet[HelpingUnit]:
    """The units that help in the area where the actor holds a permission. Raises ACC-001."""
    by.require(permission)
    return HelpingUnit.objects.filter(_near(by.area_for(permission), "division")).select_related("division")


def units_with_counts(by: Actor) -> QuerySet[HelpingUnit]:
    """The units that help still, with `active` helpers and `households` paired with them."""
    return units(by).filter(ended_on=None).annotate(
        active=Count("helpers", filter=Q(helpers__ended_on=None), distinct=True),
        households=Count(
            "helpers__pairings__household", filter=Q(helpers__pairings__ended_on=None), distinct=True
        ),
    )  # fmt: skip


def unit_in_sight(by: Actor, unit: UUID, permission: Permission = Permission.PAIRING_VIEW) -> HelpingUnit:
    """One unit. Raises ACC-001, ASN-001."""
    found = units(by, permission).filter(pk=unit).first()
    if found is None:
        raise NotFound(
            "ASN-001", _("There is no such helping unit in your area."), remedy=_("Choose one from the list of units.")
        )
    return found


def helpers(by: Actor, permission: Permission = Permission.PAIRING_VIEW) -> QuerySet[Helper]:
    """The helpers of those units, with the number of households that each has (`households`). Raises ACC-001."""
    by.require(permission)
    near = _near(by.area_for(permission), "unit__division")
    return Helper.objects.filter(near).select_related("official", "unit").annotate(households=OPEN_PAIRINGS)


def helper_in_sight(by: Actor, helper: UUID, permission: Permission = Permission.PAIRING_VIEW) -> Helper:
    """One helper. Raises ACC-001, ASN-002."""
    found = helpers(by, permission).filter(pk=helper).first()
    if found is None:
        raise NotFound(
            "ASN-002", _("There is no such helper in your area."), remedy=_("Choose one from the list of helpers.")
        )
    return found


def officials_to_name(unit: HelpingUnit, day: dt.date) -> QuerySet[Official]:
    """Officials with a post where the unit stands who are nobody's helper yet."""
    here = Area.of([unit.division_id])
    busy = Helper.objects.filter(ended_on=None).values("official")
    return officials_posted(here, day).exclude(pk__in=busy)


def places_kept(by: Actor) -> list[Division]:
    """The counties and townships whose units the actor keeps, by code."""
    area = by.area_for(Permission.HELPERS_KEEP)
    return [*divisions.lying_in(area, Level.COUNTY), *divisions.lying_in(area, Level.TOWNSHIP)]


@dataclass(frozen=True)
class Load:
    """How many households a helper has, of how many; `quota` is None where no document gives the number."""

    helper: Helper
    households: int
    quota: int | None

    @property
    def free(self) -> int | None:
        """How many more they take; negative where they have too many."""
        return None if self.quota is None else self.quota - self.households


def names_of(found: Iterable[Helper]) -> dict[UUID, str]:
    """The names of some helpers by their ids."""
    return {helper.pk: helper.official.name for helper in found}
