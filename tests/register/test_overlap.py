"""Periods that may not overlap, row by row and after a bulk load. 演示数据"""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from lika.register.models import Household, Membership, Person
from tests import factories as make

pytestmark = pytest.mark.django_db

JUNE = dt.date(2016, 6, 1)


@pytest.fixture
def homes() -> tuple[Household, Household]:
    return make.make_household(members=0), make.make_household(members=0)


@pytest.fixture
def person(homes) -> Person:
    """A person who left the first home on 1 June."""
    return make.make_person(homes[0], left_on=JUNE)


def membership(person: Person, home: Household, joined: dt.date | None, left: dt.date | None = None) -> Membership:
    return Membership(
        person=person,
        household=home,
        village=home.village,
        relation="99",
        joined_on=joined,
        left_on=left,
        leave_reason="08" if left else "",
    )


@pytest.mark.parametrize("joined", [JUNE, dt.date(2016, 6, 2)])
def test_a_person_may_join_the_day_they_left(person, homes, joined):
    membership(person, homes[1], joined).save()

    assert person.memberships.count() == 2


@pytest.mark.parametrize(
    ("joined", "left"),
    [
        (dt.date(2016, 5, 31), None),
        (None, None),
        (None, dt.date(2000, 1, 1)),
        (dt.date(2016, 1, 1), dt.date(2016, 2, 1)),
    ],
)
def test_nobody_belongs_to_two_households_on_one_day(person, homes, joined, left):
    double = membership(person, homes[1], joined, left)

    with pytest.raises(IntegrityError, match="membership_no_overlap"), transaction.atomic():
        double.save()
    assert person.memberships.count() == 1


def test_other_persons_may_share_the_days(person, homes):
    make.make_person(homes[1], left_on=JUNE)

    assert Membership.objects.count() == 2


def test_a_household_stands_in_one_place(homes):
    homes[0].placements.update(ended_on=JUNE)
    make.make_division(make.OTHER_VILLAGE)
    place = {"division_id": make.OTHER_VILLAGE, "village": int(make.OTHER_VILLAGE)}

    with pytest.raises(IntegrityError, match="placement_no_overlap"), transaction.atomic():
        homes[0].placements.create(started_on=dt.date(2016, 5, 31), **place)
    homes[0].placements.create(started_on=JUNE, **place)
    assert homes[0].placements.count() == 2


def test_a_move_of_a_period_onto_another_is_refused(person, homes):
    later = membership(person, homes[1], JUNE)
    later.save()
    later.joined_on = dt.date(2016, 5, 1)

    with pytest.raises(IntegrityError, match="membership_no_overlap"), transaction.atomic():
        later.save(update_fields=["joined_on"])
    later.refresh_from_db()
    assert later.joined_on == JUNE


def test_many_rows_at_once_are_refused_whole(person, homes):
    other = make.make_person(homes[0], left_on=JUNE)
    rows = [membership(other, homes[1], JUNE), membership(person, homes[1], dt.date(2016, 5, 31))]

    with pytest.raises(IntegrityError, match="membership_no_overlap"), transaction.atomic():
        Membership.objects.bulk_create(rows)
    assert Membership.objects.count() == 2
    rows[1].joined_on = JUNE
    Membership.objects.bulk_create(rows)
    assert Membership.objects.count() == 4


def test_rows_of_one_statement_do_not_overlap_each_other(person, homes):
    rows = [membership(person, home, JUNE, dt.date(2016, 7, 1)) for home in homes]

    with pytest.raises(IntegrityError, match="membership_no_overlap"), transaction.atomic():
        Membership.objects.bulk_create(rows)
    assert Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_one_person_at_the_same_time_the_second_waits_and_is_refused(person, homes):
    """Neither sees the row of the other before it is committed: the person is locked."""
    answers: list[str] = []
    written = threading.Event()

    def second() -> None:
        written.wait(30)
        try:
            membership(person, homes[1], dt.date(2016, 6, 15), dt.date(2016, 8, 1)).save()
            answers.append("written")
        except IntegrityError as error:
            answers.append("membership_no_overlap" if "membership_no_overlap" in str(error) else str(error))
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        membership(person, homes[0], JUNE, dt.date(2016, 7, 1)).save()
        written.set()
        thread.join(0.5)  # long enough to run into the lock; without one it would be through
        assert (thread.is_alive(), answers) == (True, [])
    thread.join()
    assert answers == ["membership_no_overlap"]
