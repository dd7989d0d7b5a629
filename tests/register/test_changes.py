"""Changes of members and corrections of locked years: what they write, who must agree, what they refuse. 演示数据"""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from lika.core.actors import Actor
from lika.core.audit import told
from lika.core.errors import ManyErrors, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.register.actions import NewPerson, changes
from lika.register.actions.changes import Grounds
from lika.register.choices import ChangeState, Subject, YearState
from lika.register.identity import identity_index
from lika.register.models import Change, Household, HouseholdYear, Membership, Person
from tests import factories as make

pytestmark = pytest.mark.django_db

JUNE, JULY = dt.date(2016, 6, 1), dt.date(2016, 7, 1)
WHY = Grounds(JUNE, "户主申请", "户口簿")


@pytest.fixture
def village() -> Actor:
    return make.make_actor(
        make.VILLAGE, permissions=[Permission.REGISTER_VIEW, Permission.REGISTER_CHANGE], name="village"
    )


@pytest.fixture
def township() -> Actor:
    return make.make_actor(make.TOWNSHIP, name="township")


@pytest.fixture
def home() -> Household:
    return make.make_household(number="A1", head="石大", members=3)


def code_of(call: Any, **arguments: Any) -> str:
    """The code that a call is refused with; it must leave neither audit row nor change."""
    before = (AuditEntry.objects.count(), list(Change.objects.values_list("state", flat=True)))
    with pytest.raises(UserError) as refused:
        call(**arguments)
    assert (AuditEntry.objects.count(), list(Change.objects.values_list("state", flat=True))) == before
    return refused.value.code


def composition(home: Household) -> list[tuple[str, str, dt.date | None, dt.date | None, str, str]]:
    rows = Membership.objects.filter(household=home).order_by("person__name", "id")
    return list(rows.values_list("person__name", "relation", "joined_on", "left_on", "join_reason", "leave_reason"))


def named(home: Household, name: str) -> Person:
    return Person.objects.get(memberships__household=home, name=name)


def acts() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "actor"))


class TestMembers:
    def test_a_child_joins_when_a_second_person_agrees(self, village, township, home):
        child = NewPerson("石小", no_id_reason="1", sex="2", birth_date=dt.date(2016, 5, 20))
        change = changes.propose_join(
            by=village, household=home.id, person=child, relation="04", reason_code="06", grounds=WHY
        )
        assert (change.state, Person.objects.filter(name="石小").exists()) == (ChangeState.PROPOSED, False)

        changes.check_change(by=township, change=change.id)
        change.refresh_from_db()
        assert composition(home)[1] == ("石小", "04", JUNE, None, "06", "")
        born = named(home, "石小")
        assert (born.pinyin, born.sex, born.birth_date, born.no_id_reason) == (
            "shixiao", "2", dt.date(2016, 5, 20), "1",
        )  # fmt: skip
        assert (change.state, change.recorder, change.checker, change.closer) == (
            ChangeState.APPLIED, "system:village", "system:township", "system:township",
        )  # fmt: skip
        assert (change.reason, change.evidence, change.reason_code) == ("户主申请", "户口簿", "06")
        assert acts() == [("change.proposed", "system:village"), ("change.applied", "system:township")]

    def test_nothing_of_a_proposal_lies_open_in_the_tables(self, village, home):
        number = make.make_id_number(dt.date(2001, 2, 3), "1")
        changes.propose_join(
            by=village, household=home.id, person=NewPerson("石来", identity=number), relation="03", reason_code="07",
            grounds=WHY,
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SELECT new FROM register_changefield UNION ALL SELECT reason FROM register_change")
            kept = b"".join(bytes(blob) for (blob,) in cursor.fetchall())
        assert (len(kept) > 100, number.encode() in kept, "户主申请".encode() in kept) == (True, False, False)
        assert number not in "".join(AuditEntry.objects.values_list("label", flat=True))

    def test_whoever_left_elsewhere_stays_one_person(self, village, township, home):
        other = make.make_household(make.OTHER_VILLAGE, number="B1")
        number = make.make_id_number(sex="2")
        bride = make.make_person(other, name="李嫁", sex="2", id_number=number)
        join: dict[str, Any] = {
            "by": village, "household": home.id, "person": NewPerson("李嫁", identity=number), "relation": "05",
            "reason_code": "05", "grounds": WHY,
        }  # fmt: skip
        assert code_of(changes.propose_join, **join) == "REG-023"
        Membership.objects.filter(person=bride).update(left_on=JUNE, leave_reason="02")
        change = changes.propose_join(**join)
        changes.check_change(by=township, change=change.id)
        assert Person.objects.filter(id_index=identity_index(number)).get() == bride
        assert composition(home)[0] == ("李嫁", "05", JUNE, None, "05", "")

    def test_a_member_leaves_and_nobody_else_is_touched(self, village, township, home):
        gone = named(home, "石演示一")
        change = changes.propose_leave(by=village, household=home.id, person=gone.id, reason_code="02", grounds=WHY)
        changes.check_change(by=township, change=change.id)
        assert composition(home) == [
            ("石大", "01", None, None, "", ""),
            ("石演示一", "99", None, JUNE, "", "02"),
            ("石演示二", "99", None, None, "", ""),
        ]
        entry = AuditEntry.objects.get(action="change.applied")
        old, new = told(entry)
        row = Membership.objects.get(person=gone)
        assert old == {f"membership.{row.pk}.left_on": None, f"membership.{row.pk}.leave_reason": ""}
        assert new[f"membership.{row.pk}.left_on"] == "2016-06-01"

    @pytest.mark.parametrize("code", ["51", "52", "53"])
    def test_adoption_army_and_school_end_no_membership(self, village, home, code):
        member = named(home, "石演示一")
        asked: dict[str, Any] = {"by": village, "household": home.id, "person": member.id, "reason_code": code}
        assert code_of(changes.propose_leave, **asked, grounds=WHY) == "REG-027"
        before = composition(home)
        change = changes.propose_away(**asked, grounds=WHY)
        assert (change.state, change.person, composition(home)) == (ChangeState.APPLIED, member, before)

    def test_when_the_head_leaves_another_is_named(self, village, township, home):
        head, heir, third = (named(home, name) for name in ("石大", "石演示一", "石演示二"))
        leave: dict[str, Any] = {
            "by": village, "household": home.id, "person": head.id, "reason_code": "01", "grounds": WHY,
        }  # fmt: skip
        assert code_of(changes.propose_leave, **leave) == "REG-064"
        assert code_of(changes.propose_leave, **leave, relations={heir.id: "01", third.id: "01"}) == "REG-064"
        with pytest.raises(ManyErrors):
            changes.propose_leave(**leave, relations={heir.id: "77"})
        change = changes.propose_leave(**leave, relations={heir.id: "01"})
        changes.check_change(by=township, change=change.id)
        assert composition(home) == [
            ("石大", "01", None, JUNE, "", "01"),
            ("石演示一", "99", None, JUNE, "", ""),
            ("石演示一", "01", JUNE, None, "", ""),
            ("石演示二", "99", None, None, "", ""),
        ]

    def test_a_household_without_anybody_needs_no_head(self, village, township):
        alone = make.make_household(number="A9", head="石独")
        person = named(alone, "石独")
        change = changes.propose_leave(by=village, household=alone.id, person=person.id, reason_code="01", grounds=WHY)
        changes.check_change(by=township, change=change.id)
        assert composition(alone) == [("石独", "01", None, JUNE, "", "01")]

    def test_each_fault_is_refused(self, village, home):
        other = make.make_household(number="A2")
        member = named(home, "石演示一")
        leave: dict[str, Any] = {
            "by": village, "household": home.id, "person": member.id, "reason_code": "02", "grounds": WHY,
        }  # fmt: skip
        tomorrow = dt.date.today() + dt.timedelta(days=1)
        assert code_of(changes.propose_leave, **leave | {"grounds": Grounds(tomorrow, "x")}) == "REG-029"
        assert code_of(changes.propose_leave, **leave | {"grounds": Grounds(JUNE, " ")}) == "REG-060"
        assert code_of(changes.propose_leave, **leave | {"grounds": Grounds(JUNE, "x", "y" * 201)}) == "REG-019"
        assert code_of(changes.propose_leave, **leave | {"household": other.id}) == "REG-025"
        assert code_of(changes.propose_leave, **leave | {"reason_code": "06"}) == "REG-027"
        Membership.objects.filter(person=member).update(joined_on=JUNE)
        assert code_of(changes.propose_leave, **leave) == "REG-026"
        join = {"person": NewPerson("石小", no_id_reason="1", sex="1"), "relation": "01", "reason_code": "06"}
        assert code_of(changes.propose_join, by=village, household=home.id, grounds=WHY, **join) == "REG-064"
        Household.objects.filter(pk=home.pk).update(closed_on=JULY)
        assert code_of(changes.propose_leave, **leave) == "REG-072"


class TestCorrection:
    def test_the_base_record_and_a_member(self, village, township, home):
        phone = changes.propose_correction(by=village, household=home.id, values={"phone": "13800002222"}, grounds=WHY)
        name = changes.propose_correction(
            by=village, household=home.id, person=named(home, "石演示一").id, grounds=WHY,
            values={"name": "石改", "ethnicity": "03", "relation": "03"},
        )  # fmt: skip
        for change in (phone, name):
            changes.check_change(by=township, change=change.id)
        home.refresh_from_db()
        person = named(home, "石改")
        assert (home.phone, person.ethnicity, person.pinyin) == ("13800002222", "03", "shigai")
        assert Membership.objects.get(person=person).relation == "03"

    def test_a_new_born_gets_its_number(self, village, township, home):
        born = make.make_person(home, name="石新", id_number="", sex="1", birth_date=None)
        number = make.make_id_number(dt.date(2016, 3, 4), "2")
        change = changes.propose_correction(
            by=village, household=home.id, person=born.id, values={"identity": number}, grounds=WHY
        )
        changes.check_change(by=township, change=change.id)
        born.refresh_from_db()
        assert (born.id_number, born.sex, born.birth_date, born.no_id_reason) == (
            number, "2", dt.date(2016, 3, 4), "",
        )  # fmt: skip
        assert bytes(born.id_index) == identity_index(number)
        again = {"person": named(home, "石大").id, "values": {"identity": number}}
        assert code_of(changes.propose_correction, by=village, household=home.id, grounds=WHY, **again) == "REG-023"

    def test_what_stays_the_same_is_no_change(self, village, home):
        same = {"household": home.id, "values": {"phone": ""}, "grounds": WHY}
        assert code_of(changes.propose_correction, by=village, **same) == "REG-068"

    def test_an_earlier_day_than_the_last_change_is_refused(self, village, township, home):
        change = changes.propose_correction(
            by=village, household=home.id, values={"phone": "13800002222"}, grounds=Grounds(JULY, "换号")
        )
        changes.check_change(by=township, change=change.id)
        earlier = {"household": home.id, "values": {"phone": "13800003333"}, "grounds": WHY}
        assert code_of(changes.propose_correction, by=village, **earlier) == "REG-074"


class TestLockedYear:
    @pytest.fixture
    def row(self, home: Household) -> HouseholdYear:
        return make.make_household_year(home, 2015, wage=Decimal(9000), state=YearState.LOCKED, main_cause="01")

    def test_a_locked_year_is_corrected_by_two_persons(self, village, township, row):
        why = Grounds(dt.date(2016, 3, 1), "工资录入多一位", "工资单")
        change = changes.propose_year_correction(
            by=village, subject=Subject.HOUSEHOLD_YEAR, row=row.pk, values={"wage": Decimal(900)}, grounds=why
        )
        row.refresh_from_db()
        assert row.wage == Decimal(9000)
        assert code_of(changes.check_change, by=village, change=change.id) == "ACC-001"
        changes.check_change(by=township, change=change.id)
        row.refresh_from_db()
        assert (row.wage, row.net_income, row.state) == (Decimal(900), Decimal(900), YearState.LOCKED)

    def test_each_fault_is_refused(self, village, row):
        asked: dict[str, Any] = {
            "by": village, "subject": Subject.HOUSEHOLD_YEAR, "row": row.pk, "values": {"wage": Decimal(1)},
            "grounds": WHY,
        }  # fmt: skip
        elsewhere = make.make_actor(make.OTHER_VILLAGE)
        assert code_of(changes.propose_year_correction, **asked | {"by": elsewhere}) == "REG-031"
        assert code_of(changes.propose_year_correction, **asked | {"values": {"wage": Decimal(9000)}}) == "REG-068"
        twice = {"values": {"other_cause_1": "01"}}
        assert code_of(changes.propose_year_correction, **asked | twice) == "REG-034"
        with pytest.raises(ManyErrors):
            changes.propose_year_correction(**asked | {"values": {"wage": "many"}})
        HouseholdYear.objects.update(state=YearState.CONFIRMED)
        assert code_of(changes.propose_year_correction, **asked) == "REG-061"

    def test_years_of_villages_and_counties_too(self, township):
        of_village = make.make_village_year(state=YearState.LOCKED)
        of_county = make.make_county_year(state=YearState.LOCKED)
        values, county = {"rural_households": 120}, make.make_actor(name="county")
        first = changes.propose_year_correction(
            by=township, subject=Subject.VILLAGE_YEAR, row=of_village.pk, values=values, grounds=WHY
        )
        second = changes.propose_year_correction(
            by=county, subject=Subject.COUNTY_YEAR, row=of_county.pk, values=values, grounds=WHY
        )
        asked = {"subject": Subject.COUNTY_YEAR, "row": of_county.pk, "values": values, "grounds": WHY}
        assert code_of(changes.propose_year_correction, by=township, **asked) == "ACC-002"
        other = make.make_actor(name="other")
        for change in (first, second):
            changes.check_change(by=other, change=change.id)
        of_village.refresh_from_db()
        of_county.refresh_from_db()
        assert (of_village.rural_households, of_county.rural_households) == (120, 120)


class TestAgreement:
    @pytest.fixture
    def change(self, township: Actor, home: Household) -> Change:
        return changes.propose_correction(by=township, household=home.id, values={"phone": "13800002222"}, grounds=WHY)

    def test_nobody_checks_what_they_recorded(self, township, change):
        assert code_of(changes.check_change, by=township, change=change.id) == "REG-065"

    def test_out_of_sight_and_not_there_are_alike(self, change):
        elsewhere = make.make_actor(make.OTHER_VILLAGE)
        assert code_of(changes.check_change, by=elsewhere, change=change.id) == "REG-063"
        assert code_of(changes.refuse_change, by=elsewhere, change=change.id, remark="不实") == "REG-063"

    def test_a_change_is_closed_once(self, township, change, home):
        county = make.make_actor(name="county")
        assert code_of(changes.accept_handover, by=county, change=change.id) == "REG-067"
        changes.refuse_change(by=county, change=change.id, remark="无证明材料")
        change.refresh_from_db()
        assert (change.state, change.closer, change.remark) == (ChangeState.REFUSED, "system:county", "无证明材料")
        assert code_of(changes.check_change, by=county, change=change.id) == "REG-067"
        assert code_of(changes.refuse_change, by=county, change=change.id, remark="再") == "REG-067"
        home.refresh_from_db()
        assert home.phone == ""

    def test_who_may_refuse(self, village, township, home):
        own = changes.propose_correction(by=village, household=home.id, values={"phone": "1"}, grounds=WHY)
        stranger = make.make_actor(make.VILLAGE, permissions=[Permission.REGISTER_CHANGE], name="stranger")
        assert code_of(changes.refuse_change, by=stranger, change=own.id, remark="否") == "REG-069"
        assert code_of(changes.refuse_change, by=village, change=own.id, remark=" ") == "REG-060"
        assert changes.refuse_change(by=village, change=own.id, remark="填错").state == ChangeState.REFUSED

    def test_what_was_agreed_to_is_done_to_the_record_that_was_looked_at(self, change, home):
        Household.objects.get(pk=home.pk)
        home.phone = "13900000000"
        home.save(update_fields=["phone"])
        county = make.make_actor(name="county")
        assert code_of(changes.check_change, by=county, change=change.id) == "REG-066"
        home.refresh_from_db()
        assert home.phone == "13900000000"
