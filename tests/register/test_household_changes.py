"""New heads, splits, mergers, moves and undoing: what becomes of members, places and status. 演示数据"""

import datetime as dt
from typing import Any

import pytest

from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.register import actions
from lika.register.actions import changes
from lika.register.actions.changes import Grounds
from lika.register.choices import ChangeState
from lika.register.models import Change, Household, HouseholdYear, Membership, Placement, StatusEvent
from tests import factories as make
from tests.register.test_changes import code_of, composition, named
from tests.web_role import web_role

pytestmark = pytest.mark.django_db

JUNE = dt.date(2016, 6, 1)
WHY = Grounds(JUNE, "户主申请")
OFFICER = [Permission.REGISTER_VIEW, Permission.REGISTER_PERSONAL, Permission.REGISTER_CHANGE]


@pytest.fixture
def village() -> Actor:
    return make.make_actor(make.VILLAGE, permissions=OFFICER, name="village")


@pytest.fixture
def next_village() -> Actor:
    make.make_division(make.OTHER_VILLAGE)
    return make.make_actor(make.OTHER_VILLAGE, permissions=OFFICER, name="next")


@pytest.fixture
def township() -> Actor:
    return make.make_actor(make.TOWNSHIP, name="township")


@pytest.fixture
def home() -> Household:
    return make.make_household(number="A1", head="石大", members=3, attribute="01")


def placements(home: Household) -> list[tuple[int, dt.date | None, dt.date | None]]:
    return list(home.placements.order_by("id").values_list("village", "started_on", "ended_on"))


def done(change: Change, by: Actor) -> Change:
    return changes.check_change(by=by, change=change.id)


def state_of_everything() -> list[Any]:
    """The record but for what never held: rows whose two days are one, and closed households without anybody."""
    held = Membership.objects.exclude(joined_on__isnull=False, left_on__isnull=False, left_on=models_f("joined_on"))
    stood = Placement.objects.exclude(started_on__isnull=False, ended_on__isnull=False, ended_on=models_f("started_on"))
    return [
        sorted(map(str, held.values_list("person__name", "household__number", "village", "relation", "joined_on",
                                         "left_on", "join_reason", "leave_reason"))),
        sorted(map(str, stood.values_list("household__number", "village", "started_on", "ended_on"))),
        sorted(map(str, Household.objects.filter(closed_on=None).values_list("number", "village", "poverty_status"))),
    ]  # fmt: skip


def models_f(name: str) -> Any:
    from django.db.models import F

    return F(name)


class TestHead:
    def test_another_head_from_a_day_on(self, village, township, home):
        old, heir = named(home, "石大"), named(home, "石演示一")
        asked: dict[str, Any] = {"by": village, "household": home.id, "grounds": WHY}
        assert code_of(changes.propose_head, **asked, relations={heir.id: "01"}) == "REG-064"
        assert code_of(changes.propose_head, **asked, relations={old.id: "01"}) == "REG-068"
        done(changes.propose_head(**asked, relations={heir.id: "01", old.id: "11"}), township)
        assert composition(home) == [
            ("石大", "01", None, JUNE, "", ""),
            ("石大", "11", JUNE, None, "", ""),
            ("石演示一", "99", None, JUNE, "", ""),
            ("石演示一", "01", JUNE, None, "", ""),
            ("石演示二", "99", None, None, "", ""),
        ]


class TestSplit:
    @pytest.fixture
    def asked(self, village: Actor, home: Household) -> dict[str, Any]:
        return {"by": village, "household": home.id, "number": "A1-2", "grounds": WHY}

    def test_members_get_a_household_of_their_own(self, township, home, asked):
        second, third = named(home, "石演示一"), named(home, "石演示二")
        change = changes.propose_split(**asked, leaving={second.id: "01", third.id: "02"})
        assert not Household.objects.filter(number="A1-2").exists()
        done(change, township)

        new = Household.objects.get(number="A1-2")
        assert new.pk == change.other_household
        assert (new.village, new.poverty_status, new.attribute, new.closed_on) == (home.village, "20", "01", None)
        assert composition(home) == [
            ("石大", "01", None, None, "", ""),
            ("石演示一", "99", None, JUNE, "", "55"),
            ("石演示二", "99", None, JUNE, "", "55"),
        ]
        assert composition(new) == [("石演示一", "01", JUNE, None, "55", ""), ("石演示二", "02", JUNE, None, "55", "")]
        assert placements(new) == [(int(make.VILLAGE), JUNE, None)]
        event = StatusEvent.objects.get(household_id=new.pk)
        assert (event.axis, event.from_status, event.to_status, event.effective_on, event.decision_kind) == (
            "poverty", "00", "20", JUNE, "split",
        )  # fmt: skip

    def test_each_fault_is_refused(self, home, asked):
        head, second = named(home, "石大"), named(home, "石演示一")
        everybody = dict.fromkeys(home.memberships.values_list("person_id", flat=True), "99")
        assert code_of(changes.propose_split, **asked | {"number": "A1"}, leaving={second.id: "01"}) == "REG-017"
        assert code_of(changes.propose_split, **asked, leaving={}) == "REG-076"
        assert code_of(changes.propose_split, **asked, leaving=everybody) == "REG-076"
        assert code_of(changes.propose_split, **asked, leaving={second.id: "99"}) == "REG-064"
        assert code_of(changes.propose_split, **asked, leaving={head.id: "01"}) == "REG-064"
        Placement.objects.update(started_on=dt.date(2016, 8, 1))
        assert code_of(changes.propose_split, **asked, leaving={second.id: "01"}) == "REG-075"


class TestMerge:
    def test_the_members_join_and_the_other_is_closed(self, village, township, home):
        other = make.make_household(number="A2", head="石二")
        guest = named(other, "石二")
        asked: dict[str, Any] = {"by": village, "household": home.id, "other": other.id, "grounds": WHY}
        assert code_of(changes.propose_merge, **asked, relations={}) == "REG-064"
        done(changes.propose_merge(**asked, relations={guest.id: "11"}), township)
        other.refresh_from_db()
        assert (other.closed_on, placements(other)) == (JUNE, [(int(make.VILLAGE), None, JUNE)])
        assert composition(other) == [("石二", "01", None, JUNE, "", "56")]
        assert ("石二", "11", JUNE, None, "56", "") in composition(home)

    def test_only_households_of_one_village(self, township, home):
        other = make.make_household(make.OTHER_VILLAGE, number="B1")
        asked: dict[str, Any] = {"by": township, "household": home.id, "relations": {}, "grounds": WHY}
        assert code_of(changes.propose_merge, **asked, other=other.id) == "REG-073"
        assert code_of(changes.propose_merge, **asked, other=home.id) == "REG-073"


class TestMove:
    @pytest.fixture
    def change(self, village: Actor, next_village: Actor, township: Actor, home: Household) -> Change:
        """Checked by the old side, and waiting for the other."""
        proposed = changes.propose_move(by=village, household=home.id, village=make.OTHER_VILLAGE, grounds=WHY)
        return done(proposed, township)

    def test_until_the_other_side_accepts_it_belongs_to_the_old_one(self, change, village, next_village, home):
        home.refresh_from_db()
        assert (change.state, home.village) == (ChangeState.CHECKED, int(make.VILLAGE))
        assert code_of(changes.accept_handover, by=village, change=change.id) == "ACC-002"
        with pytest.raises(actions.common.NotFound):
            actions.change_household(by=next_village, household=home.id, values={"phone": "1"})

        changes.accept_handover(by=next_village, change=change.id)
        home.refresh_from_db()
        assert home.village == int(make.OTHER_VILLAGE)
        assert placements(home) == [(int(make.VILLAGE), None, JUNE), (int(make.OTHER_VILLAGE), JUNE, None)]
        assert set(home.memberships.values_list("village", flat=True)) == {int(make.OTHER_VILLAGE)}

    def test_the_old_village_keeps_the_rows_dated_before(self, change, next_village, home):
        before = make.make_household_year(home, 2015)
        changes.accept_handover(by=next_village, change=change.id)
        assert HouseholdYear.objects.get(pk=before.pk).village == int(make.VILLAGE)

    def test_the_other_side_may_refuse(self, change, next_village, village, home):
        changes.refuse_change(by=next_village, change=change.id, remark="户籍未迁入")
        change.refresh_from_db()
        home.refresh_from_db()
        assert (change.state, change.closer, home.village) == (
            ChangeState.REFUSED, "system:next", int(make.VILLAGE),
        )  # fmt: skip

    def test_the_recorder_never_accepts(self, home, next_village):
        both = make.make_actor(make.TOWNSHIP, name="both")
        proposed = changes.propose_move(by=both, household=home.id, village=make.OTHER_VILLAGE, grounds=WHY)
        done(proposed, make.make_actor(name="county"))
        assert code_of(changes.accept_handover, by=both, change=proposed.id) == "REG-065"

    def test_within_the_village_nobody_else_is_asked(self, village, township, home):
        group = make.make_division(make.VILLAGE).children.create(
            code=f"{make.VILLAGE}-001", number=int(make.VILLAGE), level=6, name="一社"
        )
        change = changes.propose_move(
            by=village, household=home.id, village=make.VILLAGE, natural_village=group.code, grounds=WHY
        )
        assert done(change, township).state == ChangeState.APPLIED
        assert home.placements.get(ended_on=None).natural_village == group
        again = {"by": village, "household": home.id, "village": make.VILLAGE, "natural_village": group.code}
        assert code_of(changes.propose_move, **again, grounds=WHY) == "REG-068"

    def test_undone_it_goes_back_when_the_old_side_accepts(self, change, village, next_village, township, home):
        before = state_of_everything()
        changes.accept_handover(by=next_village, change=change.id)
        undo = changes.propose_undo(by=next_village, change=change.id, reason="误迁")
        assert (undo.reverses_id, undo.village, undo.to_village) == (
            change.id, int(make.OTHER_VILLAGE), int(make.VILLAGE),
        )  # fmt: skip
        done(undo, township)
        changes.accept_handover(by=village, change=undo.id)
        assert state_of_everything() == before


class TestUndo:
    def test_a_split_is_undone_and_done_again(self, village, township, home):
        before = state_of_everything()
        change = changes.propose_split(
            by=village, household=home.id, number="A1-2", leaving={named(home, "石演示一").id: "01"}, grounds=WHY
        )
        done(change, township)
        after = state_of_everything()
        undo = done(changes.propose_undo(by=village, change=change.id, reason="不符合分户条件"), township)
        assert state_of_everything() == before
        closed = Household.objects.get(number="A1-2")
        assert (closed.closed_on, closed.memberships.count()) == (JUNE, 1)
        assert code_of(changes.propose_undo, by=village, change=change.id, reason="再") == "REG-070"
        done(changes.propose_undo(by=village, change=undo.id, reason="复核后恢复"), township)
        assert state_of_everything() == after

    def test_what_later_changes_rest_on_is_not_undone(self, village, township, home):
        second, third = named(home, "石演示一"), named(home, "石演示二")
        split = changes.propose_split(
            by=village, household=home.id, number="A1-2", leaving={second.id: "01"}, grounds=WHY
        )
        done(split, township)
        new = Household.objects.get(number="A1-2")
        make.make_person(new, name="石后来")
        assert code_of(changes.propose_undo, by=village, change=split.id, reason="x") == "REG-070"
        leave = changes.propose_leave(by=village, household=home.id, person=third.id, reason_code="08", grounds=WHY)
        assert code_of(changes.propose_undo, by=village, change=leave.id, reason="x") == "REG-067"


def test_the_other_village_takes_over_as_the_role_of_the_pages(village, township, next_village, home):
    """Behind the second wall the household is out of its sight until then."""
    from lika.core.areas import Area
    from lika.core.bounds import Bounds, told

    change = changes.propose_move(by=village, household=home.id, village=make.OTHER_VILLAGE, grounds=WHY)
    done(change, township)
    with told(Bounds(Area.of([make.OTHER_VILLAGE]))), web_role():
        assert not Household.objects.exists()
        changes.accept_handover(by=next_village, change=change.id)
        assert Household.objects.get().village == int(make.OTHER_VILLAGE)
