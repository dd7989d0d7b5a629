"""Correcting a yearly row that is locked: with a reason, and only by two persons."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.register.actions import items
from lika.register.actions.changes.flow import Grounds, propose
from lika.register.actions.changes.steps import SUBJECTS, Step, altered, held_items
from lika.register.actions.common import require_whole
from lika.register.actions.years import CAUSES, YEARLY, refuse_double_causes, village_of_row
from lika.register.choices import ChangeKind, Subject, YearState
from lika.register.models import (
    Change,
    CountyYear,
    HouseholdYear,
    Membership,
    PersonYear,
    VillageYear,
)
from lika.register.models.years import YearRow
from lika.register.values import checked

_TABLES: Mapping[str, type[YearRow]] = {
    Subject.HOUSEHOLD_YEAR: HouseholdYear,
    Subject.PERSON_YEAR: PersonYear,
    Subject.VILLAGE_YEAR: VillageYear,
    Subject.COUNTY_YEAR: CountyYear,
}


@transaction.atomic
def propose_year_correction(
    *, by: Actor, subject: Subject, row: UUID, values: Mapping[str, Any], grounds: Grounds
) -> Change:
    """Correct values or collected items of a locked row (household, person, village or county).

    It belongs to the village that it was lived in. Raises as `flow.propose`, ACC-001, ACC-002, REG-010, REG-031 (no
    such row), REG-034, REG-061 (not locked: then it is changed directly).
    """
    by.require(Permission.REGISTER_CHANGE)
    model = _TABLES[subject]
    found = model._default_manager.select_for_update().filter(pk=row).first()
    if found is None:
        raise _no_such_row()
    place = _place_in_reach(by, found)
    if found.state != YearState.LOCKED:
        raise UserError(
            "REG-061",
            _("The data of this year are not locked."),
            remedy=_("Change them where they are entered; no correction is needed."),
            year=found.data_year,
        )
    steps = _corrected(found, place, values)
    household, person = _whose(found)
    steps = [replace(step, person=person) for step in steps]
    return propose(by, ChangeKind.YEAR, grounds, steps, village=place, household=household, person_id=person)


def _place_in_reach(by: Actor, row: YearRow) -> int:
    if isinstance(row, CountyYear):
        require_whole(by, Permission.REGISTER_CHANGE, f"{row.county:012d}")
        return row.county
    village = village_of_row(row)
    if village not in by.area:  # out of sight and not there are told apart to nobody
        raise _no_such_row()
    by.require(Permission.REGISTER_CHANGE, village=village)
    return village


def _corrected(row: YearRow, place: int, values: Mapping[str, Any]) -> list[Step]:
    unit, columns = YEARLY[type(row)]
    asked = items.asked(unit, place)
    given = checked(unit, values, columns, collected=asked)
    besides = {name: given.pop(name) for name in asked if name in given}
    if isinstance(row, HouseholdYear):
        refuse_double_causes([given.get(name, getattr(row, name)) for name in CAUSES])  # type: ignore[misc]
    held = held_items(unit, row, asked)
    subject = SUBJECTS[type(row)]
    return altered(row, given) + [
        Step(subject, row.pk, name, held.get(name), value) for name, value in besides.items() if held.get(name) != value
    ]


def _whose(row: YearRow) -> tuple[UUID | None, UUID | None]:
    """The household and the person that a row is about; of a person's, the household they lived in at its end.

    That household is not named where it has moved out of sight.
    """
    if isinstance(row, HouseholdYear):
        return row.household_id, None
    if not isinstance(row, PersonYear):
        return None, None
    lived = Membership.objects.filter(person=row.person_id).exclude(left_on__lte=row.period_to)
    return lived.order_by("-joined_on").values_list("household_id", flat=True).first(), row.person_id


def _no_such_row() -> NotFound:
    return NotFound(
        "REG-031", _("There is no such yearly row."), remedy=_("Look at the household's or the area's years.")
    )
