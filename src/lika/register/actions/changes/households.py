"""Changes of whole households: a new head, a split, a merger, a move."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.divisions.models import Division
from lika.register.actions.changes.flow import Grounds, propose
from lika.register.actions.changes.members import (
    Relations,
    final_relations,
    joined,
    left,
    member_among,
    members_of,
    open_household,
    refuse_headless,
    related_anew,
    relations_of,
)
from lika.register.actions.changes.steps import Step, added, altered
from lika.register.actions.common import village_of
from lika.register.actions.households import NUMBER_LENGTH, natural_village_in, number_taken
from lika.register.choices import Axis, ChangeKind, MonitoringStatus, PovertyStatus, UnitKind, lists
from lika.register.models import Change, Household, Placement, StatusEvent
from lika.register.queries.known import number_in_use

_NO_RELATIONS: Relations = {}
# What a household that splits off has from the one it leaves.
_SHARED = ("village", "kind", "standard", "attribute", "identified_year", "planned_exit_year", "poverty_status",
           "monitoring_status")  # fmt: skip


@transaction.atomic
def propose_head(*, by: Actor, household: UUID, relations: Relations, grounds: Grounds) -> Change:
    """Another head: the relations (CL-REL) to them from a day on, as far as they change.

    Raises as `flow.propose`, ACC-001, ACC-002, REG-001, REG-010, REG-025, REG-026, REG-064, REG-072.
    """
    record = open_household(by, household)
    members = members_of(record)
    for person in relations:
        member_among(record, members, person)
    refuse_headless(record, final_relations(members, relations))
    steps = related_anew(record, members, relations, grounds.effective_on)
    return propose(by, ChangeKind.HEAD, grounds, steps, village=record.village, household=record.pk)


@transaction.atomic
def propose_split(
    *,
    by: Actor,
    household: UUID,
    number: str,
    leaving: Relations,
    grounds: Grounds,
    staying: Relations = _NO_RELATIONS,
) -> Change:
    """Some members become a household of their own in the same place (分户), with the status they have.

    `leaving`: their relations in the new household, one of them its head; `staying`: other relations of those who
    stay. Raises as `propose_head`, REG-017 (the number), REG-075 (before the household came here).
    """
    record = open_household(by, household)
    number = number.strip()
    if not number or len(number) > NUMBER_LENGTH or number_in_use(number):
        raise number_taken()
    members = members_of(record)
    movers = [member_among(record, members, person) for person in leaving]
    remaining = [each for each in members if each not in movers]
    if not movers or not remaining:
        raise _nobody_left(record)
    there = final_relations(movers, leaving)
    refuse_headless(record, there)
    refuse_headless(record, final_relations(remaining, staying))
    day = grounds.effective_on
    place = placed(record, day)
    steps = left(movers, day, lists.SPLIT) + related_anew(record, remaining, staying, day)
    new = added(Household, {"number": number, **{name: getattr(record, name) for name in _SHARED}})
    made = Household(pk=new[0].row, village=record.village)
    steps += new + _placed_anew(made.pk, place.division, place.natural_village, day)
    for person, relation in there.items():
        steps += joined(made, person, relation, day, lists.SPLIT)
    steps += _inherited(record, made.pk, grounds)
    return propose(
        by, ChangeKind.SPLIT, grounds, steps, village=record.village, household=record.pk, other_household=made.pk
    )


@transaction.atomic
def propose_merge(*, by: Actor, household: UUID, other: UUID, relations: Relations, grounds: Grounds) -> Change:
    """All members of another household of the village join this one (并户), and the other is closed.

    `relations`: theirs to the head of this household. Raises as `propose_head`, REG-073 (not of the village), REG-075.
    """
    # Both are locked in one order, whichever way round somebody merges them.
    found = {each: open_household(by, each) for each in sorted({household, other})}
    record, ending = found[household], found[other]
    if record.pk == ending.pk or record.village != ending.village:
        raise UserError(
            "REG-073",
            _("Only two households of one village merge."),
            remedy=_("Have the other household move here first."),
            household=ending.number,
        )
    members = members_of(ending)
    for person in relations:
        member_among(ending, members, person)
    final = final_relations(members, relations)
    refuse_headless(record, relations_of(record) | final)
    day = grounds.effective_on
    placed(record, day)
    steps = left(members, day, lists.MERGED) + altered(placed(ending, day), {"ended_on": day})
    steps += altered(ending, {"closed_on": day})
    for person, relation in final.items():
        steps += joined(record, person, relation, day, lists.MERGED)
    return propose(
        by, ChangeKind.MERGE, grounds, steps, village=record.village, household=record.pk, other_household=ending.pk
    )


@transaction.atomic
def propose_move(
    *, by: Actor, household: UUID, village: str, grounds: Grounds, natural_village: str | None = None
) -> Change:
    """The whole household moves to another village, or within its village to another natural village.

    Another village has to accept it; until then it belongs to the old one, and so do for ever the rows dated before.
    Raises as `flow.propose`, ACC-001, ACC-002, REG-001, REG-016, REG-018, REG-072, REG-075.
    """
    record = open_household(by, household)
    to = village_of(village)
    inside = natural_village_in(natural_village, to)
    place = placed(record, grounds.effective_on)
    moved = to.number != record.village
    steps: list[Step] = []
    if moved or (inside.pk if inside else None) != place.natural_village_id:
        steps += altered(place, {"ended_on": grounds.effective_on})
        steps += _placed_anew(record.pk, to, inside, grounds.effective_on)
        steps += altered(record, {"village": to.number})
    return propose(
        by, ChangeKind.MOVE, grounds, steps, village=record.village, household=record.pk,
        to_village=to.number if moved else None,
    )  # fmt: skip


def placed(household: Household, day: dt.date) -> Placement:
    """Where the household stands now. Raises REG-075 where it came there only later than the day."""
    place = (
        household.placements.select_for_update(of=("self",))
        .select_related("division", "natural_village")
        .get(ended_on=None)
    )
    if place.started_on is not None and day < place.started_on:
        raise UserError(
            "REG-075",
            _("The household came here only later."),
            remedy=_("Give a day on which it stood here."),
            field="effective_on",
            since=place.started_on,
        )
    return place


def _placed_anew(household: UUID, village: Division, inside: Division | None, day: dt.date) -> list[Step]:
    values: Mapping[str, Any] = {
        "household_id": household,
        "division_id": village.pk,
        "natural_village_id": inside.pk if inside else None,
        "village": village.number,
        "started_on": day,
    }
    return added(Placement, values)


def _inherited(household: Household, made: UUID, grounds: Grounds) -> list[Step]:
    """The status that the new household begins with: that of the one it leaves, by no decision of its own."""
    steps: list[Step] = []
    for axis, status, none in (
        (Axis.POVERTY, household.poverty_status, PovertyStatus.NONE),
        (Axis.MONITORING, household.monitoring_status, MonitoringStatus.NONE),
    ):
        if status != none:
            steps += added(StatusEvent, {
                "unit_kind": UnitKind.HOUSEHOLD.value, "household_id": made, "axis": axis.value,
                "from_status": none.value, "to_status": status, "effective_on": grounds.effective_on,
                "decision_kind": "split", "decision_id": household.pk, "decision_label": f"分户 {household.number}",
            })  # fmt: skip
    return steps


def _nobody_left(household: Household) -> UserError:
    return UserError(
        "REG-076",
        _("A split leaves somebody on both sides."),
        remedy=_("Choose some of the members, not none and not all."),
        household=household.number,
    )
