"""Changes of members: who joins, who leaves, who is away and stays, what was recorded wrongly."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.register.actions.changes.flow import Grounds, headless, propose
from lika.register.actions.changes.steps import Step, added, altered
from lika.register.actions.common import locked_household, not_a_member, refuse_future
from lika.register.actions.households import INDEXES, base_fields
from lika.register.actions.members import (
    NewPerson,
    belongs_already,
    described,
    identified,
    index_of,
    left_before_joining,
    refuse_long,
    unknown_change,
)
from lika.register.choices import HEAD, ChangeKind, lists
from lika.register.identity import Identity, check_identity
from lika.register.models import Change, Household, Membership, Person
from lika.register.names import clean_name
from lika.register.queries.known import person_numbered
from lika.register.values import checked

Relations = Mapping[UUID, str]
_NO_RELATIONS: Relations = {}
# What is corrected of a person; `identity` brings type, sex and birth date along.
_CORRECTED = frozenset({"name", "number", "sex", "birth_date", "ethnicity", "relation", "identity", "no_id_reason"})


@transaction.atomic
def propose_join(
    *, by: Actor, household: UUID, person: NewPerson, relation: str, reason_code: str, grounds: Grounds
) -> Change:
    """Somebody joins a household (CL-MEMCHG 05, 06, 07, 51).

    Whoever is in the register by the identity number stays one person. Raises what `actions.add_member` raises, and
    what `flow.propose` does, REG-064 (a second head), REG-072 (the household is closed).
    """
    record = open_household(by, household)
    if reason_code not in lists.MEMBER_JOINS:
        raise unknown_change(lists.MEMBER_JOINS)
    refuse_future(person.birth_date, "birth_date")
    coded = {"relation": relation, "ethnicity": person.ethnicity, "sex": person.sex}
    checked("person", coded, coded, required=("relation",))
    refuse_headless(record, {**relations_of(record), UUID(int=0): relation})
    whom, steps = _joining(described(person), grounds.effective_on)
    steps += joined(record, whom, relation, grounds.effective_on, reason_code)
    known = whom if Person.objects.filter(pk=whom).exists() else None
    return propose(
        by, ChangeKind.JOIN, grounds, steps, village=record.village, household=record.pk, person_id=known,
        reason_code=reason_code,
    )  # fmt: skip


def _joining(columns: Mapping[str, Any], day: dt.date) -> tuple[UUID, list[Step]]:
    """The person who joins: known already, or a new row."""
    known = person_numbered(index_of(columns), day) if columns.get("id_number") else None
    if known is not None:
        if known.belongs:
            raise belongs_already()
        return known.id, []
    steps = added(Person, columns)
    return steps[0].row, steps


@transaction.atomic
def propose_leave(
    *,
    by: Actor,
    household: UUID,
    person: UUID,
    reason_code: str,
    grounds: Grounds,
    relations: Relations = _NO_RELATIONS,
) -> Change:
    """A member leaves (CL-MEMCHG 01 to 04, 08, 54); `relations` to the new head where it is the head who leaves.

    Adoption, army and school end no membership: see `propose_away`. Raises as `flow.propose`, ACC-001, ACC-002,
    REG-001, REG-012, REG-025, REG-026, REG-027, REG-064 (no head remains), REG-072.
    """
    record = open_household(by, household)
    if reason_code not in lists.MEMBER_LEAVES:
        raise unknown_change(lists.MEMBER_LEAVES)
    members = members_of(record)
    leaving = member_among(record, members, person)
    staying = [each for each in members if each is not leaving]
    refuse_headless(record, final_relations(staying, relations))
    steps = left([leaving], grounds.effective_on, reason_code)
    steps += related_anew(record, staying, relations, grounds.effective_on)
    return propose(
        by, ChangeKind.LEAVE, grounds, steps, village=record.village, household=record.pk, person_id=leaving.person_id,
        reason_code=reason_code,
    )  # fmt: skip


@transaction.atomic
def propose_away(*, by: Actor, household: UUID, person: UUID, reason_code: str, grounds: Grounds) -> Change:
    """A member is away, or adopted where they live, and stays a member (CL-MEMCHG 51, 52, 53): noted, nothing altered.

    Raises as `flow.propose`, ACC-001, ACC-002, REG-001, REG-025, REG-027, REG-072.
    """
    record = open_household(by, household)
    if reason_code not in lists.MEMBER_STAYS:
        raise unknown_change(lists.MEMBER_STAYS)
    member = member_among(record, members_of(record), person)
    return propose(
        by, ChangeKind.AWAY, grounds, [], village=record.village, household=record.pk, person_id=member.person_id,
        reason_code=reason_code,
    )  # fmt: skip


@transaction.atomic
def propose_correction(
    *, by: Actor, household: UUID, values: Mapping[str, Any], grounds: Grounds, person: UUID | None = None
) -> Change:
    """Correct the base record of a household, or of one of its members.

    `values` of a household: see `actions.add_household`; of a member: `name`, `number`, `sex`, `birth_date`,
    `ethnicity`, `relation`, `no_id_reason`, and `identity`, the number of the document. Raises as `flow.propose`,
    ACC-001, ACC-002, REG-001, REG-010, REG-019, REG-020, REG-023 (the number is somebody else's), REG-025, REG-064,
    REG-072, REG-101 … REG-109.
    """
    record = open_household(by, household)
    if person is None:
        steps = altered(record, {k: v for k, v in base_fields(values).items() if k not in INDEXES})
        return propose(by, ChangeKind.CORRECT, grounds, steps, village=record.village, household=record.pk)
    members = members_of(record)
    member = member_among(record, members, person)
    steps = _corrected(record, members, member, values)
    return propose(
        by, ChangeKind.CORRECT, grounds, steps, village=record.village, household=record.pk, person_id=member.person_id
    )


def _corrected(
    household: Household, members: Sequence[Membership], member: Membership, values: Mapping[str, Any]
) -> list[Step]:
    coded = {name: value for name, value in values.items() if name not in ("name", "number", "identity")}
    checked("person", coded, _CORRECTED & _FACTS, required={"relation", "sex"} & coded.keys())
    refuse_future(coded.get("birth_date"), "birth_date")
    columns = {name: "" if value is None and name != "birth_date" else value for name, value in values.items()}
    relation, identity = columns.pop("relation", None), columns.pop("identity", "")
    if "name" in columns:
        columns["name"] = clean_name(columns["name"])
        if not columns["name"]:
            raise UserError("REG-020", _("The name is missing."), remedy=_("Enter the name."), field="name")
    refuse_long(columns)
    if identity:
        columns |= _identity_of(identity, member.person)
    steps = altered(member.person, columns, person=member.person_id)
    if relation is not None:
        refuse_headless(household, final_relations(members, {member.person_id: relation}))
        steps += altered(member, {"relation": relation}, person=member.person_id)
    return steps


_FACTS = frozenset({"sex", "birth_date", "ethnicity", "relation", "no_id_reason"})


def _identity_of(text: str, person: Person) -> dict[str, Any]:
    identity = check_identity(text)
    if not isinstance(identity, Identity):
        raise identity
    columns = identified(identity)
    known = person_numbered(index_of(columns), dt.date.max)
    if known is not None and known.id != person.id:
        raise belongs_already()
    return columns


# What the other changes of a household's composition share


def open_household(by: Actor, household: UUID) -> Household:
    """The household, locked, if it is not closed. Raises ACC-001, ACC-002, REG-001, REG-072."""
    record = locked_household(by, Permission.REGISTER_CHANGE, household)
    if record.closed_on is not None:
        raise UserError(
            "REG-072",
            _("The household is closed: nobody belongs to it any more."),
            remedy=_("Look at its history for the household that its members belong to now."),
            household=record.number,
        )
    return record


def members_of(household: Household) -> list[Membership]:
    """Who belongs to the household now, locked, with the persons."""
    rows = household.memberships.select_for_update(of=("self",)).select_related("person")
    return list(rows.filter(left_on=None).order_by("relation", "pk"))


def member_among(household: Household, members: Iterable[Membership], person: UUID) -> Membership:
    """The membership of a person. Raises REG-025."""
    found = next((each for each in members if each.person_id == person), None)
    if found is None:
        raise not_a_member(household)
    return found


def relations_of(household: Household) -> dict[UUID, str]:
    """The relation of everybody who belongs to the household now."""
    return dict(household.memberships.filter(left_on=None).values_list("person_id", "relation"))


def final_relations(staying: Iterable[Membership], relations: Relations) -> dict[UUID, str]:
    """Who stays, with the relation that each will have. Raises REG-010 (REG-012: not a code of CL-REL)."""
    for relation in relations.values():
        checked("person", {"relation": relation}, {"relation"}, required=("relation",))
    return {each.person_id: relations.get(each.person_id, each.relation) for each in staying}


def refuse_headless(household: Household, relations: Relations) -> None:
    """Refuse (REG-064) a composition without a head or with several; nobody at all needs none."""
    if relations and list(relations.values()).count(HEAD) != 1:
        raise headless(household)


def left(members: Iterable[Membership], day: dt.date, reason_code: str) -> list[Step]:
    """The lines by which memberships end. Raises REG-026."""
    steps = []
    for each in members:
        if each.joined_on is not None and day <= each.joined_on:
            raise left_before_joining(each)
        steps += altered(each, {"left_on": day, "leave_reason": reason_code}, person=each.person_id)
    return steps


def joined(household: Household, person: UUID, relation: str, day: dt.date, reason_code: str) -> list[Step]:
    """The lines by which a membership begins."""
    values = {
        "person_id": person,
        "household_id": household.pk,
        "village": household.village,
        "relation": relation,
        "joined_on": day,
        "join_reason": reason_code,
    }
    return added(Membership, values, person=person)


def related_anew(household: Household, staying: Sequence[Membership], relations: Relations, day: dt.date) -> list[Step]:
    """The lines that give members other relations from a day on: one row ends, the next begins. Raises REG-026."""
    moved = [each for each in staying if relations.get(each.person_id, each.relation) != each.relation]
    for each in moved:
        if each.joined_on is not None and day < each.joined_on:
            raise left_before_joining(each)
    ended = [step for each in moved for step in altered(each, {"left_on": day}, person=each.person_id)]
    begun = [_joined_anew(household, each, relations[each.person_id], day) for each in moved]
    return ended + [step for steps in begun for step in steps]


def _joined_anew(household: Household, before: Membership, relation: str, day: dt.date) -> list[Step]:
    """The row that follows on another, told with the relation of that one."""
    steps = joined(household, before.person_id, relation, day, "")
    return [replace(step, old=before.relation) if step.field == "relation" else step for step in steps]
