"""The members of a household, now and at the time point of each year, are counted by the database itself. 演示数据"""

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lika.core.areas import Area
from lika.core.bounds import Bounds, told
from lika.register.models import Household, HouseholdYear, Membership
from tests import factories as make

DAYS = [None, *(dt.date(year, month, 28) for year in (2014, 2015, 2016) for month in (6, 12))]


def kept(household: Household) -> tuple[int, dict[int, int]]:
    return (
        Household.objects.get(pk=household.pk).members,
        dict(HouseholdYear.objects.filter(household=household).values_list("data_year", "members")),
    )


def counted(household: Household) -> tuple[int, dict[int, int]]:
    """The slow, obvious way."""
    rows = list(Membership.objects.filter(household=household))
    years = HouseholdYear.objects.filter(household=household)
    return (
        sum(row.left_on is None for row in rows),
        {
            year.data_year: sum(
                (row.joined_on is None or row.joined_on <= year.period_to)
                and (row.left_on is None or row.left_on > year.period_to)
                for row in rows
            )
            for year in years
        },
    )


@pytest.fixture
def household(db: None) -> Household:
    """Three members since before the record, two years."""
    made = make.make_household(members=3, head="演示户主")
    make.make_household_year(made, 2015)
    make.make_household_year(made, 2016)
    return made


def test_new_rows_are_counted(household: Household):
    assert kept(household) == (3, {2015: 3, 2016: 3})


def test_a_year_is_counted_by_its_own_time_point(household: Household):
    member = household.memberships.exclude(relation="01").first()
    member.joined_on = dt.date(2016, 1, 1)
    member.save(update_fields=["joined_on"])
    assert kept(household) == (3, {2015: 2, 2016: 3})
    member.left_on, member.leave_reason = dt.date(2016, 12, 31), "11"
    member.save(update_fields=["left_on", "leave_reason"])
    assert kept(household) == (2, {2015: 2, 2016: 2})
    HouseholdYear.objects.filter(household=household, data_year=2016).update(period_to=dt.date(2016, 12, 30))
    assert kept(household) == (2, {2015: 2, 2016: 3})


def test_whoever_goes_to_another_household_is_counted_there(household: Household):
    other = make.make_household(members=1, head="演示另户")
    make.make_household_year(other, 2016)
    household.memberships.exclude(relation="01").update(household=other)
    assert (kept(household), kept(other)) == ((1, {2015: 1, 2016: 1}), (3, {2016: 3}))
    other.memberships.exclude(relation="01").delete()
    assert kept(other) == (1, {2016: 1})


def test_a_false_number_cannot_be_written(household: Household):
    Household.objects.filter(pk=household.pk).update(members=99)
    HouseholdYear.objects.filter(household=household).update(members=99)
    household.members = 77
    household.save()
    assert kept(household) == (3, {2015: 3, 2016: 3})


def test_other_households_are_not_touched(household: Household):
    """A row that did not change keeps its place in the table."""
    other = make.make_household(members=2, head="演示另户")
    make.make_household_year(other, 2016)

    def places() -> list[tuple[str]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT h.ctid::text, y.ctid::text FROM register_household h "
                "JOIN register_householdyear y ON y.household_id = h.id WHERE h.id = %s",
                [other.pk],
            )
            return cursor.fetchall()

    before = places()
    household.memberships.exclude(relation="01").delete()
    other.memberships.update(join_reason="")
    assert (places(), kept(household)[0]) == (before, 1)


def test_the_role_of_pages_counts_members_whom_it_does_not_see(household: Household):
    """A page that sees one village ends a membership; the household is counted whole, and nothing else is told."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.WEB_DATABASE.user}")
        try:
            with told(Bounds(Area.of([make.VILLAGE]))):
                household.memberships.exclude(relation="01").update(left_on=make.AT, leave_reason="11")
                assert kept(household) == (1, {2015: 3, 2016: 1})
                cursor.execute("SELECT has_function_privilege('register_members_of(uuid, date)', 'EXECUTE')")
                assert cursor.fetchone() == (False,)
        finally:
            cursor.execute("RESET ROLE")


class TestAlways(TestCase):
    """Whatever happens to memberships, what is kept is what is counted."""

    @hypothesis_settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(0, 5), st.sampled_from(["join", "leave", "away", "over"]), st.sampled_from(DAYS)),
            max_size=8,
        )
    )
    def test_what_is_kept_is_what_is_counted(self, steps: list[tuple[int, str, dt.date | None]]):
        homes = [make.make_household(members=2, head="演示户主") for _each in range(2)]
        for home in homes:
            for year in (2014, 2015, 2016):
                make.make_household_year(home, year)
        for which, what, day in steps:
            rows = Membership.objects.exclude(relation="01").order_by("person_id")
            row = rows[which % max(1, rows.count()) :].first()
            if what == "join":
                make.make_person(homes[which % 2], joined_on=day)
            elif row is None:
                continue
            elif what == "leave" and day is not None and (row.joined_on is None or row.joined_on < day):
                rows.filter(pk=row.pk).update(left_on=day, leave_reason="11")
            elif what == "away":
                row.delete()
            elif what == "over":
                rows.filter(pk=row.pk).update(household=homes[which % 2])
        assert [kept(home) for home in homes] == [counted(home) for home in homes]
