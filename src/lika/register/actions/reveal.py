"""Showing one sealed value to one person for one reason. A look is a write: it leaves an audit row."""

from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.engine.snapshots.layout import county_of
from lika.register.actions.common import LONGEST_REASON, not_a_member
from lika.register.models import Household, Person
from lika.register.queries.scope import household_visible_to


class HouseholdSecret(StrEnum):
    """What of a household is shown only on request."""

    ADDRESS = "address"
    PHONE = "phone"
    BANK_ACCOUNT = "bank_account"
    POSITION = "position"


class PersonSecret(StrEnum):
    """What of a person is shown only on request."""

    ID_NUMBER = "id_number"
    ID_ORIGINAL = "id_original"


@transaction.atomic
def reveal_household(*, by: Actor, household: UUID, field: HouseholdSecret, reason: str) -> str:
    """The value in full; empty where none is recorded. Raises ACC-001, ACC-002, REG-001, REG-050 (no reason)."""
    record = _allowed(by, household, reason)
    value: str = getattr(record, HouseholdSecret(field).value)
    _note(by, record, "household", record.id, HouseholdSecret(field), reason)
    return value


@transaction.atomic
def reveal_person(*, by: Actor, household: UUID, person: UUID, field: PersonSecret, reason: str) -> str:
    """The value of a member, now or earlier, in full. Raises ACC-001, ACC-002, REG-001, REG-025, REG-050."""
    record = _allowed(by, household, reason)
    member = Person.objects.filter(id=person, memberships__household=record).first()
    if member is None:
        raise not_a_member(record)
    value: str = getattr(member, PersonSecret(field).value)
    _note(by, record, "person", member.id, PersonSecret(field), reason)
    return value


def _allowed(by: Actor, household: UUID, reason: str) -> Household:
    by.require(Permission.REGISTER_REVEAL)
    reason_for(reason)
    record = household_visible_to(by, household)
    by.require(Permission.REGISTER_REVEAL, village=record.village)  # seen by a grant, or by another post: not revealed
    return record


def reason_for(reason: str) -> str:
    """What a look is for, as the audit keeps it. Raises REG-050 where nothing is said, or too much."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise UserError(
            "REG-050",
            _("A reason of at most %(longest)d characters is needed.") % {"longest": LONGEST_REASON},
            remedy=_("Say what you need it for; the reason is kept."),
        )
    return reason.strip()


def _note(by: Actor, household: Household, kind: str, subject: UUID, field: StrEnum, reason: str) -> None:
    change = audit.Change(kind, subject, county_of(household.village), household.number, new={"field": field.value})
    audit.record(by=by, action=f"{kind}.revealed", change=change, reason=reason.strip())
