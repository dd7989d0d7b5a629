"""Households in which something is planted, in the shortest way, and what a run finds of it. 演示数据"""

import datetime as dt
from typing import Any

from django.conf import settings

from lika.core.actors import SystemActor
from lika.monitoring import actions
from lika.monitoring.models import Lead, LeadRun
from lika.policy import actions as policy
from lika.register.identity import account_index, phone_index
from lika.register.models import Household, Membership, Person
from tests import factories as make

OVERLAY = "demo/cn-leads"
Found = set[tuple[str, frozenset[str]]]


def numbers_given() -> None:
    """The numbers that the library leaves open, as the demonstration sets them."""
    by = make.make_actor("000000", name="nation")
    row = policy.load(by=by, path=settings.LIKA.packs_dir / OVERLAY)
    policy.activate(by=by, reference=row.reference)


def home(number: str, head: str, born: dt.date = dt.date(1970, 5, 1), **given: Any) -> Household:
    """A household under a number with a head; telephone and account with their indexes, `document` of the head."""
    fields = {name: given.pop(name) for name in ("phone", "bank_account", "address", "poverty") if name in given}
    if "phone" in fields:
        fields["phone_index"] = phone_index(fields["phone"])
    if "bank_account" in fields:
        fields["bank_account_index"] = account_index(fields["bank_account"])
    household = make.make_household(given.pop("village", make.VILLAGE), number=number, members=0, **fields)
    member(household, head, born, relation="01", **given)
    return household


def member(household: Household, name: str, born: dt.date, *, relation: str = "03", **given: Any) -> Person:
    """A member; sound number unless `id_number` says otherwise."""
    return make.make_person(household, name=name, birth=born, relation=relation, **given)


def moved(person: Person, out_of: Household, *, on: dt.date, relation: str, reason: str = "55") -> None:
    """Somebody belonged to another household until a day."""
    Membership.objects.filter(person=person).update(joined_on=on, join_reason=reason)
    Membership.objects.create(
        person=person, household=out_of, village=out_of.village, relation=relation, left_on=on, leave_reason=reason
    )


def head_of(household: Household) -> Person:
    """The head."""
    return Person.objects.get(memberships__household=household, memberships__relation="01", memberships__left_on=None)


def look(by: SystemActor | None = None, *, division: str = make.COUNTY, at: dt.date = make.AT) -> LeadRun:
    """One run over the county, or another division."""
    by = by or make.make_actor("62")
    return actions.look_for_leads(by=by, run=actions.ask_for_leads(by=by, division=division, at=at).pk)


def found(run: LeadRun) -> Found:
    """What a run found, by the numbers of the households; of a village, its code."""
    numbers = dict(Household.objects.values_list("id", "number"))
    told: Found = set()
    for lead in Lead.objects.filter(last_run=run).exclude(state="gone"):
        sides = (lead.household_id, lead.other_household_id)
        named = frozenset(numbers[side] for side in sides if side is not None)
        told.add((lead.pattern, named or frozenset({str(lead.village)})))
    return told
