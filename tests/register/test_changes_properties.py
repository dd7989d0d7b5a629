"""After any sequence of changes: no overlap, one head, nothing deleted, earlier days as they were. 演示数据"""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st

from lika.core.errors import UserError
from lika.register.actions import NewPerson, changes
from lika.register.actions.changes import Grounds
from lika.register.choices import ChangeState
from lika.register.models import Change, ChangeField, Household, Membership, Person, Placement
from lika.register.queries import HouseholdView, household_detail
from tests import factories as make

pytestmark = pytest.mark.django_db

FIRST = dt.date(2016, 1, 1)
RELATIONS = ("01", "02", "03", "04", "99")


class _Restore(Exception):
    """Ends an example: its rows go."""


def told_of(day: dt.date) -> dict[Any, HouseholdView]:
    """What the register says of a day, household by household, leaving out those that had no place then."""
    by = make.make_actor()
    views = [household_detail(by=by, household=pk, as_of=day) for pk in Household.objects.values_list("pk", flat=True)]
    return {view.id: view for view in views if any(place.ended_on is None for place in view.placements)}


def held() -> tuple[Any, ...]:
    """The record but for rows that never held."""
    memberships = Membership.objects.exclude(left_on__isnull=False, left_on=F("joined_on"))
    return (
        set(memberships.values_list("person_id", "household_id", "village", "relation", "joined_on", "left_on",
                                    "join_reason", "leave_reason")),
        set(Placement.objects.exclude(ended_on__isnull=False, ended_on=F("started_on"))
            .values_list("household_id", "village", "started_on", "ended_on")),
        set(Household.objects.filter(closed_on=None).values_list("number", "village")),
        set(Person.objects.filter(memberships__left_on=None).values_list("id", "name")),
    )  # fmt: skip


def ids() -> dict[str, set[Any]]:
    return {model.__name__: set(model.objects.values_list("pk", flat=True))
            for model in (Household, Person, Membership, Placement, Change, ChangeField)}  # fmt: skip


def assert_sound() -> None:
    """What holds after every change."""
    for household in Household.objects.all():
        relations = list(household.memberships.filter(left_on=None).values_list("relation", flat=True))
        assert relations.count("01") == (1 if relations else 0)
        assert household.placements.filter(ended_on=None).count() == (0 if household.closed_on else 1)
    for rows in (Membership.objects.order_by("person_id"), Placement.objects.order_by("household_id")):
        spans: dict[Any, list[tuple[dt.date, dt.date]]] = {}
        for row in rows:
            whose, first, last = (
                (row.person_id, row.joined_on, row.left_on) if isinstance(row, Membership)
                else (row.household_id, row.started_on, row.ended_on)
            )  # fmt: skip
            first, last = first or dt.date.min, last or dt.date.max
            if first < last:
                spans.setdefault(whose, []).append((first, last))
        for held_spans in spans.values():
            held_spans.sort()
            assert all(a[1] <= b[0] for a, b in pairwise(held_spans))


steps = st.lists(
    st.tuples(
        st.sampled_from(["join", "leave", "head", "split", "merge", "move", "correct", "undo"]),
        st.integers(0, 7), st.integers(0, 7), st.sampled_from(RELATIONS), st.integers(0, 40),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


class _Village:
    """Draws changes on three households as two officials would make them."""

    def __init__(self) -> None:
        self.recorder = make.make_actor(name="recorder")
        self.checker = make.make_actor(name="checker")
        make.make_division(make.OTHER_VILLAGE)
        for number in ("A1", "A2"):
            make.make_household(number=number, members=3)
        self.serial = 0

    def propose(self, kind: str, first: int, second: int, relation: str, days: int) -> Change:
        households = list(Household.objects.order_by("number"))
        home = households[first % len(households)]
        members = list(home.memberships.filter(left_on=None).order_by("person_id").values_list("person_id", flat=True))
        who = members[second % len(members)] if members else home.pk
        day = FIRST + dt.timedelta(days=days)
        grounds, by = Grounds(day, "演示"), self.recorder
        self.serial += 1
        if kind == "join":
            person = NewPerson(f"石{self.serial}", no_id_reason="9", sex="1")
            return changes.propose_join(
                by=by, household=home.pk, person=person, relation=relation, reason_code="07", grounds=grounds
            )
        if kind == "leave":
            others = {each: "01" for each in members if each != who}
            heirs = dict(list(others.items())[:1]) if relation == "01" else {}
            return changes.propose_leave(
                by=by, household=home.pk, person=who, reason_code="08", grounds=grounds, relations=heirs
            )
        if kind == "head":
            old = home.memberships.filter(left_on=None, relation="01").values_list("person_id", flat=True).first()
            relations = ({old: "99"} if old else {}) | {who: "01"}
            return changes.propose_head(by=by, household=home.pk, relations=relations, grounds=grounds)
        if kind == "split":
            return changes.propose_split(
                by=by, household=home.pk, number=f"N{self.serial}", leaving={who: "01"}, grounds=grounds
            )
        if kind == "merge":
            other = households[second % len(households)]
            theirs = other.memberships.filter(left_on=None).values_list("person_id", flat=True)
            return changes.propose_merge(
                by=by, household=home.pk, other=other.pk, relations=dict.fromkeys(theirs, "99"), grounds=grounds
            )
        if kind == "move":
            to = make.OTHER_VILLAGE if home.village == int(make.VILLAGE) else make.VILLAGE
            return changes.propose_move(by=by, household=home.pk, village=to, grounds=grounds)
        if kind == "correct":
            values = {"name": f"石改{self.serial}"}
            return changes.propose_correction(by=by, household=home.pk, person=who, values=values, grounds=grounds)
        made = list(Change.objects.filter(state=ChangeState.APPLIED).order_by("recorded_at"))
        return changes.propose_undo(by=by, change=made[first % len(made)].pk if made else home.pk, reason="演示")

    def undone(self, change: Change) -> Change:
        return self.agree(changes.propose_undo(by=self.recorder, change=change.pk, reason="演示"))

    def agree(self, change: Change) -> Change:
        change = changes.check_change(by=self.checker, change=change.pk)
        if change.state == ChangeState.CHECKED:
            change = changes.accept_handover(by=self.checker, change=change.pk)
        return change


@settings(max_examples=12)
@given(steps)
def test_any_sequence_of_changes_keeps_the_record_sound(drawn: list[tuple[str, int, int, str, int]]) -> None:
    try:
        with transaction.atomic():
            village = _Village()
            for kind, first, second, relation, days in drawn:
                before, known = held(), ids()
                try:
                    with transaction.atomic():
                        change = village.propose(kind, first, second, relation, days)
                        assert held() == before  # a proposal alters nothing
                        eve = change.effective_on - dt.timedelta(days=1)
                        then = told_of(eve)
                        change = village.agree(change)
                except UserError:
                    assert (held(), ids()) == (before, known)  # what is refused leaves nothing
                    continue
                assert change.state == ChangeState.APPLIED
                assert_sound()
                assert told_of(eve) == then  # an earlier day is as it was
                assert {name: rows - ids()[name] for name, rows in known.items()} == {name: set() for name in known}
                after = held()
                undo = village.undone(change)
                assert held() == before
                assert_sound()
                village.undone(undo)
                assert held() == after
            raise _Restore
    except _Restore:
        pass
