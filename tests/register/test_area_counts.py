"""What the database keeps of each village: households and members by status, and changes of status. 演示数据"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.utils import ProgrammingError
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lika.core.areas import Area
from lika.core.bounds import Bounds, told
from lika.register.choices import Axis
from lika.register.models import Household, Membership, StatusCount, StatusEvent, TurnCount
from tests import factories as make

VILLAGES = (make.VILLAGE, make.OTHER_VILLAGE)
Counts = Mapping[tuple[object, ...], tuple[int, int]]


def _summed(rows: list[tuple[object, ...]]) -> Counts:
    """The last two of each row added up by the rest; what comes to nothing is left out."""
    first: Counter[tuple[object, ...]] = Counter()
    second: Counter[tuple[object, ...]] = Counter()
    for *key, one, other in rows:
        first[tuple(key)] += one  # type: ignore[operator]
        second[tuple(key)] += other  # type: ignore[operator]
    return {key: (first[key], second[key]) for key in first if first[key] or second[key]}


def kept() -> tuple[Counts, Counts]:
    turns = ("village", "identified_year", "year", "from_status", "to_status", "events", "households")
    return (
        _summed(list(StatusCount.objects.values_list("village", "poverty_status", "households", "members"))),
        _summed(list(TurnCount.objects.values_list(*turns))),
    )


def counted() -> tuple[Counts, Counts]:
    """The slow, obvious way."""
    households = list(Household.objects.filter(closed_on=None))
    statuses = [(each.village, each.poverty_status, 1, each.members) for each in households]
    turns = []
    for each in households:
        seen = set()
        events = StatusEvent.objects.filter(household_id=each.id, axis=Axis.POVERTY).order_by("effective_on", "id")
        for event in events:
            year = event.effective_on.year
            first = (event.to_status, year) not in seen
            seen.add((event.to_status, year))
            place = (each.village, each.identified_year or 0, year, event.from_status, event.to_status)
            turns.append((*place, 1, int(first)))
    return _summed(statuses), _summed(turns)


@pytest.mark.django_db
def test_a_household_is_counted_with_its_members_and_events() -> None:
    household = make.make_household(members=3, poverty="20", identified_year=2013)
    make.make_status(household, Axis.POVERTY, "30", on=dt.date(2016, 3, 1), before="20")
    make.make_status(household, Axis.POVERTY, "40", on=dt.date(2016, 6, 1), before="30")
    make.make_status(household, Axis.POVERTY, "30", on=dt.date(2016, 9, 1), before="40")
    Household.objects.filter(pk=household.pk).update(poverty_status="30")

    village = int(make.VILLAGE)
    assert kept() == (
        {(village, "30"): (1, 3)},
        {
            (village, 2013, 2014, "", "20"): (1, 1),
            (village, 2013, 2016, "20", "30"): (1, 1),
            (village, 2013, 2016, "30", "40"): (1, 1),
            (village, 2013, 2016, "40", "30"): (1, 0),  # the household came to 30 twice in that year
        },
    )


@pytest.mark.django_db
def test_a_household_takes_its_events_along_and_a_closed_one_counts_no_more() -> None:
    household = make.make_household(members=2, poverty="20")
    Membership.objects.filter(household=household).delete()
    Household.objects.filter(pk=household.pk).update(village=int(make.OTHER_VILLAGE))
    other = int(make.OTHER_VILLAGE)
    assert kept() == ({(other, "20"): (1, 0)}, {(other, 0, 2014, "", "20"): (1, 1)})
    Household.objects.filter(pk=household.pk).update(closed_on=dt.date(2016, 1, 1))
    assert kept() == ({}, {})


@pytest.mark.django_db
def test_rows_of_one_number_do_not_pile_up() -> None:
    for _each in range(4):
        make.make_household(members=2, poverty="20")
    assert (StatusCount.objects.count(), TurnCount.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_events_of_other_axes_turn_nothing() -> None:
    household = make.make_household(members=0, poverty="00", monitoring="2")
    make.make_status(make.make_division(make.COUNTY), Axis.POOR_AREA, "1", on=dt.date(2014, 1, 1))
    assert StatusEvent.objects.count() == 2
    assert kept() == ({(household.village, "00"): (1, 0)}, {})


@pytest.mark.django_db
def test_what_was_written_past_the_triggers_is_counted_anew() -> None:
    household = make.make_household(members=2, poverty="20", identified_year=2014)
    make.make_status(household, Axis.POVERTY, "30", on=dt.date(2016, 3, 1), before="20")
    before = kept()
    StatusCount.objects.update(households=77)
    TurnCount.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT register_recount()")
    assert kept() == before == counted()


@pytest.mark.django_db
def test_the_role_of_pages_reads_the_numbers_and_cannot_write_them() -> None:
    """What it changes of a household that it sees is counted; of the village it need not see the rest."""
    household = make.make_household(members=2, poverty="20")
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.WEB_DATABASE.user}")
        try:
            with told(Bounds(Area(), frozenset({household.pk}))):
                Household.objects.filter(pk=household.pk).update(poverty_status="30")
                make.make_status(household, Axis.POVERTY, "30", on=dt.date(2016, 3, 1), before="20")
                assert kept()[0] == {(household.village, "30"): (1, 2)}
                cursor.execute("SELECT has_function_privilege('register_recount()', 'EXECUTE')")
                assert cursor.fetchone() == (False,)
        finally:
            cursor.execute("RESET ROLE")
    assert kept() == counted()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.WEB_DATABASE.user}")
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("UPDATE register_statuscount SET households = 0")


@pytest.mark.django_db(transaction=True)
def test_two_who_write_in_one_village_do_not_wait_for_each_other() -> None:
    one, other = (make.make_household(members=1, poverty="20") for _each in range(2))
    second = connections.create_connection("default")
    leave = "UPDATE register_household SET poverty_status = '30' WHERE id = %s"
    try:
        second.set_autocommit(False)
        with second.cursor() as theirs, connection.cursor() as ours:
            theirs.execute(leave, [other.pk])
            ours.execute("SET lock_timeout = '2s'")
            ours.execute(leave, [one.pk])
            assert kept()[0] == {(one.village, "20"): (1, 1), (one.village, "30"): (1, 1)}
            second.commit()
    finally:
        second.close()
    assert kept() == counted()
    assert kept()[0] == {(one.village, "30"): (2, 2)}


def _enter(home: Household, which: int, day: int, before: str = "00", after: str = "20") -> None:
    on = dt.date(2014 + which % 3, 1 + day % 3, day)
    known = StatusEvent.objects.filter(household_id=home.pk, axis="poverty", effective_on=on, to_status=after)
    if not known.exists():
        make.make_status(home, Axis.POVERTY, after, on=on, before=before)
    Household.objects.filter(pk=home.pk).update(poverty_status=after)


def _leave(home: Household, which: int, day: int) -> None:
    _enter(home, which, day, "20", "30")


def _identify(home: Household, _which: int, day: int) -> None:
    Household.objects.filter(pk=home.pk).update(identified_year=2010 + day if day % 4 else None)


def _move_all(_home: Household, _which: int, day: int) -> None:
    Household.objects.update(village=int(VILLAGES[day % 2]))


def _close(home: Household, _which: int, day: int) -> None:
    Household.objects.filter(pk=home.pk).update(closed_on=dt.date(2016, 1, day) if day % 2 else None)


def _join(home: Household, _which: int, _day: int) -> None:
    make.make_person(Household.objects.get(pk=home.pk))


def _undo(home: Household, _which: int, day: int) -> None:
    StatusEvent.objects.filter(household_id=home.pk, effective_on__day__lte=day).delete()


def _redate(home: Household, _which: int, day: int) -> None:
    StatusEvent.objects.filter(household_id=home.pk, effective_on__year=2014).update(effective_on=dt.date(2013, 1, day))


CHANGES = (_enter, _leave, _identify, _move_all, _close, _join, _undo, _redate)


class TestAlways(TestCase):
    """Whatever happens, what is kept is what is counted."""

    @hypothesis_settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(CHANGES), st.integers(1, 28)), max_size=10))
    def test_what_is_kept_is_what_is_counted(self, steps: list[tuple[int, Callable[..., None], int]]) -> None:
        homes = [make.make_household(at, members=1, poverty=status) for at in VILLAGES for status in ("20", "00")]
        for which, change, day in steps:
            change(homes[which % len(homes)], which, day)
        assert kept() == counted()
