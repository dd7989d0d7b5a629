"""Units as lists show them: names for divisions, household numbers, masked names of persons."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.register.queries import households_visible_to
from lika.snapshots.choices import UnitKind
from lika.snapshots.queries import UnitAt
from lika.snapshots.queries.naming import persons_named


@dataclass(frozen=True)
class UnitLine:
    """A unit in words, the place where it stood, and the household or division whose page tells more ("": none)."""

    name: str
    place: str
    household: str
    division: str


def units_shown(by: Actor, kind: str, units: Sequence[UnitAt]) -> list[UnitLine]:
    """The lines of a page, in its order. What the register no longer shows to the actor stays without a name."""
    places = divisions.path_labels({f"{unit.village:012d}" for unit in units})
    names = _names(by, kind, units)
    lines = []
    for unit in units:
        code = f"{unit.village:012d}"
        place = places.get(code, code)
        if kind in {UnitKind.HOUSEHOLD, UnitKind.PERSON}:
            name, household = names.get(unit.id, ("", ""))
            lines.append(UnitLine(name, place, household, ""))
        else:
            lines.append(UnitLine(place.rpartition(" ")[2], place, "", code))
    return lines


def _names(by: Actor, kind: str, units: Sequence[UnitAt]) -> dict[UUID, tuple[str, str]]:
    """Name and household of households and persons, by id."""
    ids = [unit.id for unit in units]
    if not by.has(Permission.REGISTER_VIEW):
        return {}
    if kind == UnitKind.HOUSEHOLD:
        rows = households_visible_to(by).filter(id__in=ids).values_list("id", "number")
        return {identifier: (number, str(identifier)) for identifier, number in rows}
    if kind == UnitKind.PERSON:
        return persons_named(by, ids)
    return {}
