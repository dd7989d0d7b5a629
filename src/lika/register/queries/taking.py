"""What of some households a file may hold beside their lines: the members, and for a reason the numbers in full.

Whoever asks for numbers has given the reason, and writes it into the audit (`lika.console.actions`): these reads do
neither. Numbers are full where their reader holds `register.reveal`, masked elsewhere in what is seen in full.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.core.privacy import mask_name, mask_number, mask_phone
from lika.register.models import Household, Membership
from lika.register.queries.asof import held_on
from lika.register.queries.listing import HouseholdRow


@dataclass(frozen=True)
class MemberTaken:
    """A member of a household; where the household is not seen in full the name is masked and the rest left out."""

    name: str
    relation: str
    sex: str
    birth_date: dt.date | None
    id_number: str


@dataclass(frozen=True)
class SecretsTaken:
    """Telephone and bank account of a household; empty where it is not seen in full."""

    phone: str
    bank_account: str


def members_taken(
    by: Actor, rows: Sequence[HouseholdRow], *, as_of: dt.date | None = None, numbers: bool = False
) -> dict[UUID, list[MemberTaken]]:
    """The members of some lines of a list, now or on a day, by household: the head first. One query.

    Identity numbers are left out without `numbers`.
    """
    lines = {row.id: row for row in rows}
    reveals = by.area_for(Permission.REGISTER_REVEAL)
    held = Membership.objects.filter(held_on("joined_on", "left_on", as_of), household__in=list(lines))
    found: dict[UUID, list[MemberTaken]] = {key: [] for key in lines}
    for each in held.select_related("person", "household").order_by("relation", "person__birth_date", "id"):
        row, person = lines[each.household_id], each.person
        if not row.in_full:
            found[row.id].append(MemberTaken(mask_name(person.name), "", "", None, ""))
            continue
        number = person.id_number if numbers else ""
        shown = number if each.household.village in reveals else mask_number(number)
        found[row.id].append(MemberTaken(person.name, each.relation, person.sex, person.birth_date, shown))
    return found


def secrets_taken(by: Actor, rows: Sequence[HouseholdRow]) -> dict[UUID, SecretsTaken]:
    """Telephones and accounts of some lines of a list, by household. One query."""
    in_full = [row.id for row in rows if row.in_full]
    reveals = by.area_for(Permission.REGISTER_REVEAL)
    found = {}
    for each in Household.objects.filter(pk__in=in_full).only("phone", "bank_account", "village"):
        if each.village in reveals:
            found[each.pk] = SecretsTaken(each.phone, each.bank_account)
        else:
            found[each.pk] = SecretsTaken(mask_phone(each.phone), mask_number(each.bank_account))
    return found
