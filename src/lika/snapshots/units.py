"""Units as lists show them: names for divisions, household numbers, masked names of persons."""

from collections.abc import Sequence
from dataclasses import dataclass

from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.core.privacy import mask_name
from lika.divisions import queries as divisions
from lika.register.queries import households_visible_to, persons_visible_to, seen_in_full
from lika.snapshots.choices import UnitKind
from lika.snapshots.queries import UnitAt


@dataclass(frozen=True)
class UnitLine:
    """A unit in words, the place where it stood, and the household whose page tells more ("" where there is none)."""

    name: str
    place: str
    household: str


def units_shown(by: Actor, kind: str, units: Sequence[UnitAt]) -> list[UnitLine]:
    """The lines of a page, in its order. What the register no longer shows to the actor stays without a name."""
    places = divisions.path_labels({f"{unit.village:012d}" for unit in units})
    names = _names(by, kind, units)
    lines = []
    for unit in units:
        place = places.get(f"{unit.village:012d}", f"{unit.village:012d}")
        name, household = names.get(unit.id, ("", ""))
        named = kind in {UnitKind.HOUSEHOLD, UnitKind.PERSON}
        lines.append(UnitLine(name if named else place.rpartition(" ")[2], place, household))
    return lines


def _names(by: Actor, kind: str, units: Sequence[UnitAt]) -> dict[object, tuple[str, str]]:
    """Name and household of households and persons, by id."""
    ids = [unit.id for unit in units]
    if not by.has(Permission.REGISTER_VIEW):
        return {}
    if kind == UnitKind.HOUSEHOLD:
        rows = households_visible_to(by).filter(id__in=ids).values_list("id", "number")
        return {identifier: (number, str(identifier)) for identifier, number in rows}
    if kind == UnitKind.PERSON:
        persons = dict(persons_visible_to(by).filter(id__in=ids).values_list("id", "name"))
        members = households_visible_to(by).filter(memberships__person__in=persons, memberships__left_on=None)
        homes = dict(members.values_list("memberships__person", "id"))
        in_full = households_visible_to(by).filter(seen_in_full(by).where(), memberships__person__in=persons)
        whole = set(in_full.values_list("memberships__person", flat=True))
        return {
            identifier: (name if identifier in whole else mask_name(name), str(homes.get(identifier, "")))
            for identifier, name in persons.items()
        }
    return {}
