"""Periods that may not overlap, row by row and after a bulk load. 演示数据"""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from lika.register.models import Household, Membership, Person
from lika.register.overlap import rules_set_aside
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

    with pytest.raises(ValidationError) as refused:
        double.validate_constraints()
    with pytest.raises(IntegrityError, match="membership_no_overlap"), transaction.atomic():
        double.save()
    assert refused.value.message_dict["__all__"]
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


def rules() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'x'")
        return {name for (name,) in cursor.fetchall()}


BOTH = {"membership_no_overlap", "placement_no_overlap"}


def test_a_load_works_without_the_rules_and_ends_with_them(person, homes):
    with rules_set_aside():
        assert rules() == set()
        Membership.objects.bulk_create([membership(person, homes[1], JUNE)])

    assert rules() == BOTH
    assert person.memberships.count() == 2


def test_a_load_that_overlaps_is_refused_whole(person, homes):
    with pytest.raises(IntegrityError, match="membership_no_overlap"), transaction.atomic(), rules_set_aside():
        Membership.objects.bulk_create([membership(person, homes[1], dt.date(2016, 5, 31))])

    assert rules() == BOTH
    assert person.memberships.count() == 1


def test_a_load_that_fails_puts_the_rules_back():
    with pytest.raises(ZeroDivisionError), transaction.atomic(), rules_set_aside():
        raise ZeroDivisionError

    assert rules() == BOTH


@pytest.mark.django_db(transaction=True)
def test_a_load_outside_a_transaction_is_our_fault():
    with pytest.raises(RuntimeError), rules_set_aside():
        pass
    assert rules() == BOTH
