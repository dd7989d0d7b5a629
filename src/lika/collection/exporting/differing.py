"""Which households differ from the last file of another system: for whoever corrects them where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from lika.collection.exporting.comparing import Compared
from lika.collection.findings import field_label
from lika.collection.models import Comparison, FoundDifference
from lika.collection.schema import SHEETS_BY_KEY
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.register.queries import households_visible_to

_CHUNK = 2_000


@dataclass(frozen=True)
class DifferingHousehold:
    """A household and the headings of the fields in which it differs, or the sheets whose row only one side has."""

    household: UUID
    number: str
    fields: Sequence[str]


@transaction.atomic
def note(*, by: Actor, comparison: Comparison, compared: Compared) -> None:
    """Keep where the households of the villages compared differ, in place of what was kept of these villages.

    What only the other system holds has no household here and stands in the comparison alone.
    """
    system = comparison.profile.partition("@")[0]
    here = by.area_for(Permission.REGISTER_EXPORT).meet(Area.joined((code, code) for code in compared.villages))
    FoundDifference.objects.filter(here.where(), system=system).delete()
    told: dict[str, dict[str, None]] = {}
    for each in compared.differences:
        told.setdefault(each.household, {})[f"{each.kind}:{each.sheet}:{each.field}"] = None
    households = households_visible_to(by).filter(here.where(), number__in=sorted(told))
    FoundDifference.objects.bulk_create(
        (
            FoundDifference(
                system=system, household_id=pk, village=village, what=" ".join(told[number]), comparison=comparison
            )
            for pk, number, village in households.values_list("pk", "number", "village")
        ),
        batch_size=_CHUNK,
    )


def differing(by: Actor, area: Area) -> QuerySet[FoundDifference]:
    """What is kept of an area, as far as the actor enters data there. Raises ACC-001."""
    by.require(Permission.REGISTER_IMPORT)
    return FoundDifference.objects.filter(area.meet(by.area_for(Permission.REGISTER_IMPORT)).where())


def households_differing(by: Actor, area: Area, most: int) -> list[DifferingHousehold]:
    """The first households of an area that differ, by number. Two queries. Raises ACC-001."""
    told: Mapping[UUID, str] = dict(differing(by, area).values_list("household_id", "what"))
    numbers = households_visible_to(by).filter(pk__in=told).order_by("number").values_list("pk", "number")[:most]
    return [DifferingHousehold(pk, number, _worded(told[pk])) for pk, number in numbers]


def _worded(what: str) -> list[str]:
    """The headings, each once and in the order found."""
    found: dict[str, None] = {}
    for each in what.split():
        _kind, sheet, name = each.split(":")
        found[field_label(sheet, name) if name else chosen(SHEETS_BY_KEY[sheet].zh, SHEETS_BY_KEY[sheet].en)] = None
    return list(found)
