"""Members: who joins a household, who leaves it."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.register.actions.common import change_of, locked_household
from lika.register.choices import lists
from lika.register.identity import Identity, check_identity, identity_index
from lika.register.models import Membership, Person
from lika.register.names import clean_name, spell
from lika.register.values import checked

HEAD = "01"


@dataclass(frozen=True)
class NewPerson:
    """A person as the form gives them. Sex and birth date follow from an identity number where there is one."""

    name: str
    identity: str = ""
    no_id_reason: str = ""
    sex: str = ""
    birth_date: dt.date | None = None
    ethnicity: str = ""
    number: str = ""


@transaction.atomic
def add_member(
    *,
    by: Actor,
    household: UUID,
    person: NewPerson,
    relation: str,
    joined_on: dt.date | None = None,
    join_reason: str = "",
) -> Membership:
    """A person joins a household on a day (None: belongs to it since before the record).

    Whoever left another household is recognised by the identity number and stays one person. Raises ACC-001,
    ACC-002, REG-001, REG-010, REG-020 (no name), REG-021 (neither number nor reason), REG-022 (second head),
    REG-023 (belongs to a household then), REG-024 (contradicts the number), REG-027 (reason), REG-101 … REG-109.
    """
    record = locked_household(by, Permission.REGISTER_CHANGE, household)
    coded = {"relation": relation, "ethnicity": person.ethnicity, "sex": person.sex}
    checked("person", coded, coded, required=("relation",))
    _refuse_unknown_change(join_reason)
    if relation == HEAD and record.memberships.filter(relation=HEAD, left_on=None).exists():
        raise UserError(
            "REG-022",
            _("The household has a head already."),
            remedy=_("Change the relation of one of the two."),
            household=record.number,
        )
    member = _known_or_new(person)
    _refuse_overlap(member, joined_on)
    membership = Membership.objects.create(
        person=member, household=record, relation=relation, joined_on=joined_on, join_reason=join_reason
    )
    new = {"person": member.id, "name": member.name, "relation": relation, "joined_on": joined_on}
    audit.record(by=by, action="member.joined", change=change_of(record, new={**new, "reason": join_reason}))
    return membership


@transaction.atomic
def end_membership(*, by: Actor, household: UUID, person: UUID, left_on: dt.date, reason: str) -> Membership:
    """A member belongs to the household no longer from a day on (CL-MEMCHG).

    Raises ACC-001, ACC-002, REG-001, REG-025 (no member now), REG-026 (leaves before joining), REG-027 (reason).
    """
    record = locked_household(by, Permission.REGISTER_CHANGE, household)
    if not reason:
        raise _unknown_change()
    _refuse_unknown_change(reason)
    membership = record.memberships.select_for_update().filter(person_id=person, left_on=None).first()
    if membership is None:
        raise NotFound(
            "REG-025",
            _("This person is not a member of the household now."),
            remedy=_("Look at the household's members."),
            household=record.number,
        )
    if membership.joined_on is not None and left_on <= membership.joined_on:
        raise UserError(
            "REG-026",
            _("A member cannot leave before having joined."),
            remedy=_("Check the two dates."),
            joined=membership.joined_on,
        )
    membership.left_on, membership.leave_reason = left_on, reason
    membership.save(update_fields=["left_on", "leave_reason"])
    new = {"person": membership.person_id, "left_on": left_on, "reason": reason}
    audit.record(by=by, action="member.left", change=change_of(record, old={"left_on": None}, new=new))
    return membership


_CHANGES = frozenset(item.code for item in lists.MEMBER_CHANGE.items)
_NO_ID_REASONS = frozenset(item.code for item in lists.NO_ID.items)


def _unknown_change() -> UserError:
    return UserError(
        "REG-027",
        _("The reason is not in the list of member changes."),
        remedy=_("Choose a reason of the list."),
        codes=", ".join(sorted(_CHANGES)),
    )


def _refuse_unknown_change(reason: str) -> None:
    if reason and reason not in _CHANGES:
        raise _unknown_change()


def _known_or_new(person: NewPerson) -> Person:
    name = clean_name(person.name)
    if not name:
        raise UserError("REG-020", _("The name is missing."), remedy=_("Enter the name."), field="姓名")
    if person.identity:
        identity = check_identity(person.identity)
        if not isinstance(identity, Identity):
            raise identity
        index = identity_index(identity.citizen_number)
        known = Person.objects.select_for_update().filter(id_index=index).first()
        return known or _add_identified(person, name, identity, index)
    if person.no_id_reason not in _NO_ID_REASONS or not person.sex:
        raise UserError(
            "REG-021",
            _("Without an identity number a person needs the reason why there is none, and the sex."),
            remedy=_("Enter the identity number, or choose a reason."),
            codes=", ".join(sorted(_NO_ID_REASONS)),
        )
    return _add(person, name, no_id_reason=person.no_id_reason, sex=person.sex, birth_date=person.birth_date)


def _add_identified(person: NewPerson, name: str, identity: Identity, index: bytes) -> Person:
    if person.sex not in ("", identity.sex) or person.birth_date not in (None, identity.birth_date):
        raise UserError(
            "REG-024",
            _("Sex or birth date contradict the identity number."),
            remedy=_("Compare all three with the document."),
        )
    return _add(
        person,
        name,
        id_type=identity.id_type,
        id_number=identity.number,
        id_original=identity.original,
        id_index=index,
        sex=identity.sex,
        birth_date=identity.birth_date,
    )


def _add(person: NewPerson, name: str, **fields: object) -> Person:
    pinyin, initials = spell(name)
    described = {"name": name, "pinyin": pinyin, "initials": initials}
    return Person.objects.create(number=person.number, ethnicity=person.ethnicity, **described, **fields)


def _refuse_overlap(person: Person, joined_on: dt.date | None) -> None:
    """Nobody belongs to two households on one day; the other one is not named, it may lie out of sight."""
    on_these_days = Q() if joined_on is None else Q(left_on=None) | Q(left_on__gt=joined_on)
    if person.memberships.filter(on_these_days).exists():
        raise UserError(
            "REG-023",
            _("This person belongs to a household already on that day."),
            remedy=_("Have the other household end the membership first, or correct the date."),
        )
