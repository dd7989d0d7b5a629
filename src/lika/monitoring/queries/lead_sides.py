"""The two households of a lead as their reader may see them: side by side, masked by role, or only as elsewhere."""

from dataclasses import dataclass
from uuid import UUID

from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.monitoring.models import Lead
from lika.register.queries import HouseholdView, MemberView, household_detail


@dataclass(frozen=True)
class Side:
    """One household of a lead, and the member of it that the lead is about, where it is about one.

    `view` is None for a household outside the reader's area: then only its county is told (`place`).
    """

    place: str
    view: HouseholdView | None = None
    member: MemberView | None = None


def sides_of(by: Actor, lead: Lead) -> list[Side]:
    """The households of a lead, the first first; none of a lead about a village."""
    found = [(lead.household_id, lead.person_id, lead.village)]
    if lead.other_village is not None:
        found.append((lead.other_household_id, lead.other_person_id, lead.other_village))
    return [_side(by, household, person, village) for household, person, village in found if household is not None]


def _side(by: Actor, household: UUID, person: UUID | None, village: int) -> Side:
    try:
        if not by.has(Permission.REGISTER_VIEW):
            return _elsewhere(village)
        view = household_detail(by=by, household=household)
    except NotFound:
        return _elsewhere(village)
    member = next((each for each in view.members if each.id == person and each.is_open), None)
    return Side(view.village_path, view, member)


def _elsewhere(village: int) -> Side:
    county = f"{village:0{CODE_LENGTH}d}"[: DIGITS_OF_LEVEL[3]].ljust(CODE_LENGTH, "0")
    return Side(divisions.path_labels([county]).get(county, county))
