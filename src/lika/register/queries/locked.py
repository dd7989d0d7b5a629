"""Locked years, and the values that may be corrected in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.register.choices import Subject, YearState
from lika.register.facts import areas, households, persons
from lika.register.models import HouseholdYear, Membership, PersonYear
from lika.register.queries.scope import household_visible_to


@dataclass(frozen=True)
class LockedYear:
    """A locked row of a household, or of the member named."""

    id: UUID
    subject: Subject
    data_year: int
    person: str


def locked_years(*, by: Actor, household: UUID) -> tuple[LockedYear, ...]:
    """The locked rows of a household and its members that the actor may correct, latest first.

    Raises ACC-001, REG-001.
    """
    record = household_visible_to(by, household)
    reach = by.area_for(Permission.REGISTER_CHANGE).where()
    names = dict(Membership.objects.filter(household=record, left_on=None).values_list("person_id", "person__name"))
    own = HouseholdYear.objects.filter(reach, household=record, state=YearState.LOCKED)
    theirs = PersonYear.objects.filter(reach, person__in=names, state=YearState.LOCKED)
    found = [
        *(LockedYear(row.pk, Subject.HOUSEHOLD_YEAR, row.data_year, "") for row in own),
        *(LockedYear(row.pk, Subject.PERSON_YEAR, row.data_year, names[row.person_id]) for row in theirs),
    ]
    return tuple(sorted(found, key=lambda row: (-row.data_year, row.person)))


_FIELDS: Mapping[str, tuple[str, ...]] = {
    Subject.HOUSEHOLD_YEAR: tuple(fact.name for fact in (*households.INCOME, *households.CONDITIONS)),
    Subject.PERSON_YEAR: tuple(fact.name for fact in persons.YEARLY),
    Subject.VILLAGE_YEAR: tuple(fact.name for fact in areas.VILLAGE_YEARLY),
    Subject.COUNTY_YEAR: tuple(fact.name for fact in areas.COUNTY_YEARLY),
}


def yearly_fields(subject: Subject) -> tuple[str, ...]:
    """The names of the values that a yearly row holds, in the order of the form."""
    return _FIELDS[subject]
