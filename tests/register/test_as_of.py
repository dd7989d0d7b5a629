"""The register on an earlier day: one household, and the list. 演示数据"""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from lika.core.actors import Actor
from lika.register.actions import NewPerson, changes
from lika.register.actions.changes import Grounds
from lika.register.choices import Axis, Subject, YearState
from lika.register.models import Change, Household, Membership
from lika.register.queries import HouseholdFilter, household_detail, list_households, moved_away_since
from tests import factories as make

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = dt.date(2016, 5, 31), dt.date(2016, 6, 1), dt.date(2016, 7, 1)
WHY = Grounds(JUNE, "演示")


@pytest.fixture
def by() -> Actor:
    return make.make_actor(name="recorder")


@pytest.fixture
def home() -> Household:
    return make.make_household(number="A1", head="石大", members=2, phone="13800001111")


def agreed(change: Change) -> None:
    checker = make.make_actor(name="checker")
    if changes.check_change(by=checker, change=change.id).to_village:
        changes.accept_handover(by=checker, change=change.id)


def members(by: Actor, home: Household, day: dt.date | None) -> list[tuple[Any, ...]]:
    view = household_detail(by=by, household=home.id, as_of=day)
    return sorted((each.name, each.relation, each.joined_on, each.left_on, each.is_open) for each in view.members)


def test_who_belonged_on_a_day(by, home):
    second = Membership.objects.get(household=home, relation="99").person
    child = NewPerson("石小", no_id_reason="1", sex="1")
    agreed(changes.propose_join(by=by, household=home.id, person=child, relation="03", reason_code="06", grounds=WHY))
    leave = Grounds(JULY, "演示")
    agreed(changes.propose_leave(by=by, household=home.id, person=second.id, reason_code="08", grounds=leave))
    assert members(by, home, MAY) == [("石大", "01", None, None, True), ("石演示一", "99", None, None, True)]
    assert members(by, home, JUNE) == [
        ("石大", "01", None, None, True), ("石小", "03", JUNE, None, True), ("石演示一", "99", None, None, True),
    ]  # fmt: skip
    assert members(by, home, JULY) == members(by, home, None) == [
        ("石大", "01", None, None, True), ("石小", "03", JUNE, None, True), ("石演示一", "99", None, JULY, False),
    ]  # fmt: skip


def test_who_was_the_head_on_a_day_and_nobody_is_told_twice(by, home):
    ids = dict(home.memberships.values_list("person__name", "person_id"))
    relations = {ids["石大"]: "11", ids["石演示一"]: "01"}
    agreed(changes.propose_head(by=by, household=home.id, relations=relations, grounds=WHY))
    assert members(by, home, MAY) == [("石大", "01", None, None, True), ("石演示一", "99", None, None, True)]
    assert members(by, home, None) == [("石大", "11", None, None, True), ("石演示一", "01", None, None, True)]
    assert [household_detail(by=by, household=home.id, as_of=day).head for day in (MAY, None)] == ["石大", "石演示一"]


def test_values_before_a_correction_took_effect(by, home):
    row = make.make_household_year(home, 2015, wage=Decimal(9000), state=YearState.LOCKED)
    agreed(changes.propose_correction(by=by, household=home.id, values={"attribute": "02"}, grounds=WHY))
    later = Grounds(JULY, "演示")
    agreed(changes.propose_correction(by=by, household=home.id, values={"attribute": "03"}, grounds=later))
    agreed(changes.propose_year_correction(
        by=by, subject=Subject.HOUSEHOLD_YEAR, row=row.pk, values={"wage": Decimal(900)}, grounds=WHY,
    ))  # fmt: skip

    def told(day: dt.date | None) -> tuple[str, Decimal]:
        view = household_detail(by=by, household=home.id, as_of=day)
        return view.attribute, view.years[0].values["wage"]

    assert [told(day) for day in (MAY, JUNE, JULY, None)] == [
        ("", Decimal(9000)), ("02", Decimal(900)), ("03", Decimal(900)), ("03", Decimal(900)),
    ]  # fmt: skip
    assert household_detail(by=by, household=home.id, as_of=dt.date(2015, 12, 30)).years == ()


def test_status_and_place_of_a_day(by, home):
    make.make_division(make.OTHER_VILLAGE)
    make.make_status(home, Axis.POVERTY, "30", on=JULY)
    agreed(changes.propose_move(by=by, household=home.id, village=make.OTHER_VILLAGE, grounds=WHY))

    def told(day: dt.date | None) -> tuple[str, int, int]:
        view = household_detail(by=by, household=home.id, as_of=day)
        return view.poverty_status, view.village, len(view.placements)

    assert [told(day) for day in (dt.date(2014, 1, 1), MAY, JUNE, JULY)] == [
        ("00", int(make.VILLAGE), 1), ("20", int(make.VILLAGE), 1),
        ("20", int(make.OTHER_VILLAGE), 2), ("30", int(make.OTHER_VILLAGE), 2),
    ]  # fmt: skip


class TestList:
    def rows(self, by: Actor, **wanted: Any) -> list[tuple[Any, ...]]:
        found = list_households(by=by, wanted=HouseholdFilter(**wanted))
        assert found.total == len(found.rows)
        return [(row.number, row.head, row.village, row.members, row.poverty_status) for row in found.rows]

    def test_where_they_stood_who_belonged_and_their_status(self, by, home):
        other = make.make_household(number="A2", head="石二", poverty="20")
        make.make_division(make.OTHER_VILLAGE)
        make.make_status(home, Axis.POVERTY, "30", on=JULY)
        Household.objects.filter(pk=home.pk).update(poverty_status="30")
        here, there = int(make.VILLAGE), int(make.OTHER_VILLAGE)
        guest = other.memberships.get().person_id
        agreed(changes.propose_merge(
            by=by, household=home.id, other=other.id, relations={guest: "99"}, grounds=WHY,
        ))  # fmt: skip
        agreed(changes.propose_move(by=by, household=home.id, village=make.OTHER_VILLAGE, grounds=Grounds(JULY, "x")))
        assert self.rows(by, as_of=MAY) == [("A1", "石大", here, 2, "20"), ("A2", "石二", here, 1, "20")]
        assert self.rows(by, as_of=JUNE) == [("A1", "石大", here, 3, "20")]
        assert self.rows(by, as_of=JULY) == self.rows(by) == [("A1", "石大", there, 3, "30")]
        assert self.rows(by, as_of=JUNE, division=make.OTHER_VILLAGE) == []
        assert self.rows(by, as_of=MAY, division=make.VILLAGE, poverty=frozenset({"30"})) == []
        assert self.rows(by, as_of=MAY, sort="-village") == self.rows(by, as_of=MAY)

    def test_what_moved_out_of_sight_since_is_counted(self, by, home):
        make.make_division(make.OTHER_VILLAGE)
        agreed(changes.propose_move(by=by, household=home.id, village=make.OTHER_VILLAGE, grounds=WHY))
        old = make.make_actor(make.VILLAGE)
        assert (self.rows(old, as_of=MAY), moved_away_since(old, make.VILLAGE, MAY)) == ([], 1)
        assert (moved_away_since(old, make.VILLAGE, JUNE), moved_away_since(by, make.VILLAGE, MAY)) == (0, 0)

    def test_the_latest_data_year_up_to_the_day(self, by, home):
        for year in (2014, 2015):
            make.make_household_year(home, year, main_cause="01" if year == 2014 else "02")
        assert list_households(by=by, wanted=HouseholdFilter(as_of=MAY)).year == 2015
        assert list_households(by=by, wanted=HouseholdFilter(as_of=dt.date(2015, 6, 1))).rows[0].main_cause == "01"
