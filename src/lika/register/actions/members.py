"""Members: who joins a household, who leaves it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.register.actions.common import change_of, locked_household, not_a_member, refuse_future, text_refused
from lika.register.choices import HEAD, lists
from lika.register.identity import Identity, check_identity, citizen_number, identity_index
from lika.register.models import Household, Membership, Person
from lika.register.names import clean_name, spell
from lika.register.values import checked

# Longest texts, with the words of the form.
_TEXTS = {"name": ("姓名", 60), "number": ("人编号", 30)}


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
    REG-023 (belongs to a household then), REG-024 (contradicts the number), REG-019 (a text too long),
    REG-027 (reason), REG-029 (a day in the future), REG-101 … REG-109.
    """
    record = locked_household(by, Permission.REGISTER_CHANGE, household)
    refuse_future(joined_on, "加入日期")
    refuse_future(person.birth_date, "出生日期")
    coded = {"relation": relation, "ethnicity": person.ethnicity, "sex": person.sex}
    checked("person", coded, coded, required=("relation",))
    if join_reason and join_reason not in lists.MEMBER_JOINS:
        raise unknown_change(lists.MEMBER_JOINS)
    if relation == HEAD:
        _refuse_second_head(record)
    member = _known_or_new(person)
    _refuse_overlap(member, joined_on)
    membership = Membership.objects.create(
        person=member, household=record, village=record.village, relation=relation, joined_on=joined_on,
        join_reason=join_reason,
    )  # fmt: skip
    new = {"person": member.id, "name": member.name, "relation": relation, "joined_on": joined_on}
    audit.record(by=by, action="member.joined", change=change_of(record, new={**new, "reason": join_reason}))
    return membership


@transaction.atomic
def change_member(
    *, by: Actor, household: UUID, person: UUID, values: Mapping[str, str], reason: str = ""
) -> Membership:
    """Correct the name, number, ethnicity or relation of a member of now; identity numbers are not corrected here.

    Raises ACC-001, ACC-002, REG-001, REG-010, REG-019, REG-020, REG-022, REG-025.
    """
    record = locked_household(by, Permission.REGISTER_CHANGE, household)
    membership = _open_membership(record, person)
    new = _changes(membership, values)
    if not new:
        return membership
    if new.get("relation") == HEAD:
        _refuse_second_head(record)
    member = membership.person
    old = {name: getattr(membership if name == "relation" else member, name) for name in new}
    for name, value in new.items():
        setattr(membership if name == "relation" else member, name, value)
    membership.save(update_fields=["relation"])
    if "name" in new:
        member.pinyin, member.initials = spell(member.name)
    member.save(update_fields=["name", "pinyin", "initials", "number", "ethnicity"])
    change = change_of(record, old=old, new={"person": member.id, **new})
    audit.record(by=by, action="member.changed", change=change, reason=reason)
    return membership


@transaction.atomic
def end_membership(*, by: Actor, household: UUID, person: UUID, left_on: dt.date, reason: str) -> Membership:
    """A member belongs to the household no longer from a day on (CL-MEMCHG).

    Raises ACC-001, ACC-002, REG-001, REG-025 (no member now), REG-026 (leaves before joining), REG-027 (reason),
    REG-029 (a day in the future).
    """
    record = locked_household(by, Permission.REGISTER_CHANGE, household)
    refuse_future(left_on, "离开日期")
    if reason not in lists.MEMBER_LEAVES:
        raise unknown_change(lists.MEMBER_LEAVES)
    membership = _open_membership(record, person)
    if membership.joined_on is not None and left_on <= membership.joined_on:
        raise left_before_joining(membership)
    membership.left_on, membership.leave_reason = left_on, reason
    membership.save(update_fields=["left_on", "leave_reason"])
    new = {"person": membership.person_id, "left_on": left_on, "reason": reason}
    audit.record(by=by, action="member.left", change=change_of(record, old={"left_on": None}, new=new))
    return membership


def left_before_joining(membership: Membership) -> UserError:
    """REG-026: a membership lasts a day at least."""
    return UserError(
        "REG-026",
        _("A member cannot leave before having joined."),
        remedy=_("Check the two dates."),
        joined=membership.joined_on,
    )


_NO_ID_REASONS = frozenset(item.code for item in lists.NO_ID.items)


def _open_membership(household: Household, person: UUID) -> Membership:
    rows = household.memberships.select_for_update().select_related("person")
    membership = rows.filter(person_id=person, left_on=None).first()
    if membership is None:
        raise not_a_member(household)
    return membership


def _refuse_second_head(household: Household) -> None:
    if household.memberships.filter(relation=HEAD, left_on=None).exists():
        raise UserError(
            "REG-022",
            _("The household has a head already."),
            remedy=_("Change the relation of one of the two."),
            household=household.number,
        )


def _changes(membership: Membership, values: Mapping[str, str]) -> dict[str, str]:
    """Those values that differ from what is recorded, checked."""
    coded = {name: value for name, value in values.items() if name not in ("name", "number")}
    checked("person", coded, {"relation", "ethnicity"}, required={"relation"} & coded.keys())
    new = {**values, **({"name": clean_name(values["name"])} if "name" in values else {})}
    if new.get("name") == "":
        raise _no_name()
    refuse_long(new)
    now = {"relation": membership.relation, **vars(membership.person)}
    return {name: value for name, value in new.items() if now[name] != value}


def refuse_long(values: Mapping[str, str]) -> None:
    """Refuse (REG-019) a name or number that is longer than the register holds."""
    for name, (field, longest) in _TEXTS.items():
        if len(values.get(name, "")) > longest:
            raise text_refused(field, longest)


def _no_name() -> UserError:
    return UserError("REG-020", _("The name is missing."), remedy=_("Enter the name."), field="姓名")


def unknown_change(allowed: Iterable[str]) -> UserError:
    """REG-027: another reason than the list holds for this."""
    return UserError(
        "REG-027",
        _("The reason is not in the list of member changes."),
        remedy=_("Choose a reason of the list."),
        codes=", ".join(sorted(allowed)),
    )


def _known_or_new(person: NewPerson) -> Person:
    columns = described(person)
    if not columns.get("id_number"):
        return _add(columns)
    index = index_of(columns)
    same = Person.objects.select_for_update().filter(id_index=index)
    try:
        with transaction.atomic():
            return same.first() or _add({**columns, "id_index": index})
    except IntegrityError as error:
        if not same.exists():
            raise
        raise belongs_already() from error  # somebody else entered the person at the same time


def index_of(columns: Mapping[str, Any]) -> bytes:
    """The blind index of a person whose columns hold an identity number."""
    return identity_index(citizen_number(columns["id_type"], columns["id_number"]))


def described(person: NewPerson) -> dict[str, Any]:
    """The columns of a person as a form gives them, checked; without pinyin and index, which follow from them.

    Raises REG-019, REG-020, REG-021, REG-024, REG-101 … REG-109.
    """
    name = clean_name(person.name)
    if not name:
        raise _no_name()
    refuse_long({"name": name, "number": person.number})
    columns: dict[str, Any] = {"name": name, "number": person.number, "ethnicity": person.ethnicity}
    if person.identity:
        identity = check_identity(person.identity)
        if not isinstance(identity, Identity):
            raise identity
        _refuse_contradiction(person, identity)
        return columns | identified(identity)
    if person.no_id_reason not in _NO_ID_REASONS or not person.sex:
        raise UserError(
            "REG-021",
            _("Without an identity number a person needs the reason why there is none, and the sex."),
            remedy=_("Enter the identity number, or choose a reason."),
            codes=", ".join(sorted(_NO_ID_REASONS)),
        )
    return columns | {"no_id_reason": person.no_id_reason, "sex": person.sex, "birth_date": person.birth_date}


def identified(identity: Identity) -> dict[str, Any]:
    """The columns of a person that an identity number settles, but the index."""
    return {
        "id_type": identity.id_type,
        "id_number": identity.number,
        "id_original": identity.original,
        "no_id_reason": "",
        "sex": identity.sex,
        "birth_date": identity.birth_date,
    }


def _refuse_contradiction(person: NewPerson, identity: Identity) -> None:
    """Whether the person is known already or not: else a number of somebody else would be taken for a typing error."""
    if person.sex not in ("", identity.sex) or person.birth_date not in (None, identity.birth_date):
        raise UserError(
            "REG-024",
            _("Sex or birth date contradict the identity number."),
            remedy=_("Compare all three with the document."),
        )


def _add(columns: Mapping[str, Any]) -> Person:
    pinyin, initials = spell(columns["name"])
    return Person.objects.create(**columns, pinyin=pinyin, initials=initials)


def _refuse_overlap(person: Person, joined_on: dt.date | None) -> None:
    """Nobody belongs to two households on one day; the other one is not named, it may lie out of sight."""
    on_these_days = Q() if joined_on is None else Q(left_on=None) | Q(left_on__gt=joined_on)
    if person.memberships.filter(on_these_days).exclude(left_on=F("joined_on")).exists():
        raise belongs_already()


def belongs_already() -> UserError:
    """REG-023: nobody belongs to two households."""
    return UserError(
        "REG-023",
        _("This person belongs to a household already on that day."),
        remedy=_("Have the other household end the membership first, or correct the date."),
    )
