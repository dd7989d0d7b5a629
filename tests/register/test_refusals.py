"""What single-record actions refuse for what is typed: days to come, contradictions, doubles, lengths. 演示数据"""

import datetime as dt

import pytest
from django.utils import timezone

from lika.core.errors import UserError
from lika.core.models import AuditEntry
from lika.register import actions
from lika.register.actions import NewPerson
from lika.register.choices import Axis
from lika.register.models import AreaStatus, Household, Membership
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
