"""Why a village, or what lies above it, meets a criterion of a screening or not."""

from lika.console.queries.origins import origins_of_area
from lika.core.actors import Actor
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.engine.snapshots.layout import county_of
from lika.snapshots import queries as snapshots
from lika.snapshots.choices import UnitKind
from lika.snapshots.explanations import UnitExplained
from lika.snapshots.models import Screening

#: What criteria are about at each level.
UNIT_OF_LEVEL = {
    Level.VILLAGE: UnitKind.VILLAGE,
    Level.TOWNSHIP: UnitKind.TOWNSHIP,
    Level.COUNTY: UnitKind.COUNTY,
    Level.PREFECTURE: UnitKind.PREFECTURE,
    Level.PROVINCE: UnitKind.PROVINCE,
}


def unit_of(place: Division) -> UnitKind:
    """The kind of unit that a division is. Raises SCR-023 where criteria are about none such (natural villages)."""
    kind = UNIT_OF_LEVEL.get(Level(place.level))
    if kind is None:
        raise snapshots.no_such_unit()
    return kind


def division_explained(by: Actor, found: Screening, place: Division) -> UnitExplained:
    """All criteria about a division. Raises SCR-023 where the screening has no such unit in the actor's sight."""
    origins = origins_of_area(by, place, found.snapshot.data_year)
    return snapshots.explain_unit(by, found, unit_of(place), place.number, origins=origins)


def current_of_division(place: Division, unit: UnitKind, pack: str = "") -> Screening:
    """The current screening of a division as a unit of a kind, by a pack (the one screened last unless named).

    It names nobody, so it takes no actor: `division_explained` does. Raises SCR-023 where there is none, where the
    division is of another kind, and where the version of the pack that is named is not the current one.
    """
    found = snapshots.current_screening(county_of(place.number), unit, pack_id=pack.partition("@")[0] or None)
    if found is None or unit_of(place) != unit or pack not in ("", found.pack_id, found.pack):
        raise snapshots.no_such_unit()
    return found
