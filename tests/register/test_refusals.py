"""What single-record actions refuse for what is typed: days to come, contradictions, doubles, lengths. 演示数据"""

import datetime as dt
import threading

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from lika.core.errors import UserError
from lika.core.models import AuditEntry
from lika.register import actions
from lika.register.actions import NewPerson
from lika.register.choices import Axis
from lika.register.models import AreaStatus, Household, Membership, Person
from tests import factories as make

BIRTH = dt.date(1990, 5, 4)


def code_of(call, **arguments) -> str:
    """The code that a call is refused with; it leaves no audit row."""
    before = AuditEntry.objects.count()
    with pytest.raises(UserError) as refused:
        call(by=make.make_actor(), **arguments)
    assert AuditEntry.objects.count() == before
    return refused.value.code


@pytest.mark.django_db
class TestDays:
    """A day to come is refused, today is not."""

    def test_joining_and_leaving(self) -> None:
        home, today = make.make_household(), timezone.localdate()
        tomorrow = today + dt.timedelta(days=1)
        child = {"household": home.id, "relation": "03"}
        born = NewPerson("石小演", no_id_reason="1", sex="1", birth_date=today)
        assert code_of(actions.add_member, **child, person=born, joined_on=tomorrow) == "REG-029"
        unborn = NewPerson("石小演", no_id_reason="1", sex="1", birth_date=tomorrow)
        assert code_of(actions.add_member, **child, person=unborn) == "REG-029"
        joined = actions.add_member(by=make.make_actor(), **child, person=born, joined_on=today)
        assert (joined.joined_on, joined.person.birth_date) == (today, today)

        leave = {"household": home.id, "person": home.memberships.get(relation="01").person_id, "reason": "08"}
        assert code_of(actions.end_membership, **leave, left_on=tomorrow) == "REG-029"
        assert actions.end_membership(by=make.make_actor(), **leave, left_on=today).left_on == today

    def test_statuses(self) -> None:
        home, today = make.make_household(poverty="20"), timezone.localdate()
        tomorrow = today + dt.timedelta(days=1)
        plan = {"household": home.id, "axis": Axis.POVERTY, "to": "21"}
        assert code_of(actions.record_household_status, **plan, effective_on=tomorrow) == "REG-029"
        actions.record_household_status(by=make.make_actor(), **plan, effective_on=today)
        area = {"division": make.VILLAGE, "to": "1"}
        assert code_of(actions.record_area_status, **area, effective_on=tomorrow) == "REG-029"
        actions.record_area_status(by=make.make_actor(), **area, effective_on=today)
        assert (Household.objects.get().poverty_status, AreaStatus.objects.get().poor_area) == ("21", "1")


@pytest.mark.django_db
def test_who_is_known_is_not_taken_in_under_another_sex_or_birth_date() -> None:
    home, number = make.make_household(members=0), make.make_id_number(BIRTH, "2")
    person = make.make_person(None, id_number=number, birth=BIRTH, sex="2")
    join = {"household": home.id, "relation": "02"}
    for wrong in ({"sex": "1"}, {"birth_date": dt.date(1990, 5, 5)}):
        assert code_of(actions.add_member, **join, person=NewPerson("石演示", identity=number, **wrong)) == "REG-024"
    assert Membership.objects.count() == 0
    right = NewPerson("石演示", identity=number, sex="2", birth_date=BIRTH)
    assert actions.add_member(by=make.make_actor(), **join, person=right).person == person


@pytest.mark.django_db
def test_numbers_and_names_are_as_long_as_the_register_holds() -> None:
    make.make_division()
    add = {"village": make.VILLAGE, "values": {"kind": "registered"}}
    assert code_of(actions.add_household, **add, number="1" * 31) == "REG-019"
    home = actions.add_household(by=make.make_actor(), **add, number=f" {'1' * 30} ")
    assert home.number == "1" * 30
    assert code_of(actions.add_household, **add, number=f"{'1' * 30} ") == "REG-017"

    def child(name: str, number: str = "") -> dict:
        person = NewPerson(name, no_id_reason="1", sex="1", number=number)
        return {"household": home.id, "relation": "03", "person": person}

    assert code_of(actions.add_member, **child("石" * 61)) == "REG-019"
    assert code_of(actions.add_member, **child("石小演", "1" * 31)) == "REG-019"
    person = actions.add_member(by=make.make_actor(), **child("张" * 60, "1" * 30)).person
    person.refresh_from_db()
    assert (person.name, person.initials, person.pinyin) == ("张" * 60, "z" * 30, ("zhang" * 60)[:200])
    change = {"household": home.id, "person": person.id}
    assert code_of(actions.change_member, **change, values={"name": "石" * 61}) == "REG-019"
    assert code_of(actions.change_member, **change, values={"number": "1" * 31}) == "REG-019"


def _while_another_waits(first, second) -> str:
    """What `second` is refused with when it waits for `first` to commit; both in connections of their own."""
    codes: list[str] = []

    def run() -> None:
        try:
            second()
        except UserError as error:
            codes.append(error.code)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        with connection.cursor() as cursor:
            waits = (0,)
            while thread.is_alive() and waits == (0,):
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                waits = cursor.fetchone()
    thread.join()
    (code,) = codes
    return code


@pytest.mark.django_db(transaction=True)
def test_two_offices_that_enter_one_person_at_once() -> None:
    one, other, number = make.make_household(), make.make_household(), make.make_id_number()

    def join(home: Household) -> Membership:
        person = NewPerson("石演示", identity=number)
        return actions.add_member(by=make.make_actor(), household=home.id, person=person, relation="99")

    assert _while_another_waits(lambda: join(one), lambda: join(other)) == "REG-023"
    assert list(Membership.objects.filter(relation="99").values_list("household", flat=True)) == [one.id]
    assert Person.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_offices_that_enter_one_household_at_once() -> None:
    make.make_division()

    def add() -> Household:
        values = {"kind": "registered"}
        return actions.add_household(by=make.make_actor(), number="A1", village=make.VILLAGE, values=values)

    assert _while_another_waits(add, add) == "REG-017"
    assert Household.objects.count() == 1
