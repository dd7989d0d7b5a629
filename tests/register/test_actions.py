"""Single-record writes: what they write, what they refuse, and that every one leaves its audit row. 演示数据"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from lika.core import crypto
from lika.core.audit import told
from lika.core.errors import ManyErrors, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.register import actions
from lika.register.actions import NewPerson, Period
from lika.register.choices import Axis
from lika.register.identity import account_index, identity_index
from lika.register.models import AreaStatus, Household, Membership, Person, Placement, StatusEvent
from tests import factories as make

pytestmark = pytest.mark.django_db

YEAR = Period(2016, dt.date(2016, 1, 1), dt.date(2016, 12, 31))
JUNE = dt.date(2016, 6, 1)
SEALED = ("phone", "address", "bank_account", "position")


@pytest.fixture
def by():
    return make.make_actor()


@pytest.fixture
def home() -> Household:
    return make.make_household(number="A1", poverty="20")


def audit() -> list[tuple[str, dict | None, dict | None]]:
    return [(entry.action, *told(entry)) for entry in AuditEntry.objects.order_by("id")]


def code_of(call, **arguments) -> str:
    """The code that a call is refused with; it must leave no audit row."""
    before = AuditEntry.objects.count()
    with pytest.raises(UserError) as refused:
        call(**arguments)
    assert AuditEntry.objects.count() == before
    return refused.value.code


def codes_of(call, **arguments) -> list[tuple[str, str]]:
    with pytest.raises(ManyErrors) as refused:
        call(**arguments)
    assert refused.value.code == "REG-010"
    return [(fault.code, fault.where["field"]) for fault in refused.value.errors]


# Households


def test_a_household_is_entered_with_its_place_and_sealed_values(by):
    make.make_division()
    household = actions.add_household(
        by=by,
        number="A7",
        village=make.VILLAGE,
        started_on=JUNE,
        values={"kind": "applicant", "standard": "1", "phone": "13800001111", "bank_account": "6217 0000 1111"},
    )

    household.refresh_from_db()
    assert (household.number, household.village, household.kind, household.standard) == (
        "A7",
        int(make.VILLAGE),
        "applicant",
        "1",
    )
    assert (household.poverty_status, household.attribute, household.phone) == ("00", "", "13800001111")
    assert bytes(household.bank_account_index) == account_index("621700001111")
    assert list(Placement.objects.values_list("household", "division", "village", "started_on", "ended_on")) == [
        (household.id, make.VILLAGE, int(make.VILLAGE), JUNE, None)
    ]
    ((action, old, new),) = audit()
    assert (action, old, new["phone"], new["started_on"]) == ("household.added", None, "13800001111", "2016-06-01")
    entry = AuditEntry.objects.get()
    assert (entry.county, entry.label, entry.actor) == (621223, "A7", "system:test")
    assert b"13800001111" not in bytes(entry.new)


def test_a_household_is_refused_for_each_fault(by, home):
    good = {"by": by, "number": "A7", "village": make.VILLAGE, "values": {"kind": "registered"}}

    assert code_of(actions.add_household, **{**good, "number": "A1"}) == "REG-017"
    assert code_of(actions.add_household, **{**good, "number": " "}) == "REG-017"
    assert code_of(actions.add_household, **{**good, "village": "621223100999"}) == "REG-016"
    assert code_of(actions.add_household, **{**good, "village": make.TOWNSHIP}) == "REG-016"
    assert code_of(actions.add_household, **good, natural_village="621223100201-001") == "REG-018"
    assert code_of(actions.add_household, **{**good, "values": {"kind": "registered", "phone": "not one"}}) == "REG-019"
    assert codes_of(actions.add_household, **{**good, "values": {"standard": "7", "shoes": 1}}) == [
        ("REG-012", "识别标准"),
        ("REG-011", "shoes"),
        ("REG-028", "登记类别"),
    ]
    assert Household.objects.count() == 1


def test_nobody_writes_without_permission_or_outside_their_area(home):
    elsewhere = make.make_actor(make.ELSEWHERE)
    reader = make.make_actor(permissions=[Permission.REGISTER_VIEW])
    values = {"kind": "registered"}

    assert code_of(actions.change_household, by=reader, household=home.id, values=values) == "ACC-001"
    assert code_of(actions.change_household, by=elsewhere, household=home.id, values=values) == "REG-001"
    assert code_of(actions.add_household, by=elsewhere, number="A7", village=make.VILLAGE, values=values) == "ACC-002"
    assert code_of(actions.add_household, by=reader, number="A7", village=make.VILLAGE, values=values) == "ACC-001"


def test_a_change_keeps_old_and_new_and_no_change_leaves_no_row(by, home):
    actions.change_household(
        by=by, household=home.id, values={"attribute": "02", "planned_exit_year": 2017}, reason="核实"
    )
    actions.change_household(by=by, household=home.id, values={"attribute": "02"})

    home.refresh_from_db()
    assert (home.attribute, home.planned_exit_year) == ("02", 2017)
    assert audit() == [
        (
            "household.changed",
            {"attribute": "", "planned_exit_year": None},
            {"attribute": "02", "planned_exit_year": 2017},
        )
    ]
    assert AuditEntry.objects.get().reason == "核实"


def test_an_account_taken_away_loses_its_index(by, home):
    actions.change_household(by=by, household=home.id, values={"bank_account": "62170000"})
    actions.change_household(by=by, household=home.id, values={"bank_account": ""})

    home.refresh_from_db()
    assert (home.bank_account, home.bank_account_index) == ("", None)


# Members


def test_a_person_joins_with_what_the_identity_number_says(by, home):
    number = make.make_id_number(dt.date(1990, 5, 4), "2")
    membership = actions.add_member(
        by=by,
        household=home.id,
        person=NewPerson(" 单 雄信 ", identity=number.lower(), ethnicity="01"),
        relation="02",
        joined_on=JUNE,
        join_reason="05",
    )

    person = membership.person
    person.refresh_from_db()
    assert (person.name, person.pinyin, person.initials, person.sex) == ("单雄信", "shanxiongxin", "sxx", "2")
    assert (person.birth_date, person.id_type, person.id_number) == (dt.date(1990, 5, 4), "01", number)
    assert bytes(person.id_index) == identity_index(number)
    assert (membership.household, membership.relation, membership.joined_on) == (home, "02", JUNE)
    ((action, _, new),) = audit()
    assert (action, new["person"], new["relation"], new["reason"]) == ("member.joined", str(person.id), "02", "05")


def test_a_new_born_joins_without_a_number(by, home):
    child = NewPerson("石小演", no_id_reason="1", sex="1", birth_date=dt.date(2016, 5, 1))
    person = actions.add_member(by=by, household=home.id, person=child, relation="03").person

    assert (person.id_index, person.id_number, person.no_id_reason, person.sex) == (None, "", "1", "1")


def test_a_member_is_refused_for_each_fault(by, home):
    number = make.make_id_number(dt.date(1990, 5, 4), "2")
    other = make.make_household(members=0)
    make.make_person(other, id_number=make.make_id_number(order=480))

    def refused(person: NewPerson, relation: str = "02", **more) -> str:
        return code_of(actions.add_member, by=by, household=home.id, person=person, relation=relation, **more)

    assert refused(NewPerson("  ", identity=number)) == "REG-020"
    assert refused(NewPerson("石演", sex="1")) == "REG-021"
    assert refused(NewPerson("石演", no_id_reason="1")) == "REG-021"
    assert refused(NewPerson("石演", no_id_reason="7", sex="1")) == "REG-021"
    assert refused(NewPerson("石演", identity=number), relation="01") == "REG-022"
    assert refused(NewPerson("石演", identity=make.make_id_number(order=480))) == "REG-023"
    assert refused(NewPerson("石演", identity=number, sex="1")) == "REG-024"
    assert refused(NewPerson("石演", identity=number, birth_date=JUNE)) == "REG-024"
    assert refused(NewPerson("石演", identity=number), join_reason="77") == "REG-027"
    assert refused(NewPerson("石演", identity="1.23E+17")) == "REG-102"
    assert refused(NewPerson("石演", identity=number), relation="") == "REG-010"
    assert home.memberships.count() == 1


def test_whoever_left_a_household_stays_one_person(by, home):
    number = make.make_id_number()
    other = make.make_household(members=0)
    person = make.make_person(other, id_number=number, left_on=JUNE)

    def joins(day):
        return actions.add_member(
            by=by, household=home.id, person=NewPerson("石演示", identity=number), relation="99", joined_on=day
        )

    with pytest.raises(UserError) as refused:
        joins(dt.date(2016, 5, 31))
    assert refused.value.code == "REG-023"
    assert joins(JUNE).person == person
    assert Person.objects.filter(id_index=identity_index(number)).count() == 1


def test_a_membership_ends_with_a_reason(by, home):
    person = make.make_person(home, joined_on=dt.date(2015, 1, 1))
    leave = {"by": by, "household": home.id, "person": person.id, "left_on": JUNE, "reason": "02"}

    assert code_of(actions.end_membership, **{**leave, "reason": ""}) == "REG-027"
    assert code_of(actions.end_membership, **{**leave, "left_on": dt.date(2015, 1, 1)}) == "REG-026"
    actions.end_membership(**leave)
    assert code_of(actions.end_membership, **leave) == "REG-025"

    row = Membership.objects.get(person=person)
    assert (row.left_on, row.leave_reason) == (JUNE, "02")
    assert audit() == [
        ("member.left", {"left_on": None}, {"person": str(person.id), "left_on": "2016-06-01", "reason": "02"})
    ]


def test_a_member_is_corrected_and_a_household_changes_its_head(by, home):
    head = home.memberships.get().person
    other = make.make_person(home, name="李演示")
    change = {"by": by, "household": home.id}

    assert code_of(actions.change_member, **change, person=other.id, values={"relation": "01"}) == "REG-022"
    actions.change_member(**change, person=head.id, values={"relation": "11"})
    actions.change_member(**change, person=other.id, values={"relation": "01", "name": "解 小演", "ethnicity": "03"})
    actions.change_member(**change, person=other.id, values={"relation": "01", "name": "解小演"})

    other.refresh_from_db()
    assert (other.name, other.pinyin, other.initials, other.ethnicity) == ("解小演", "xiexiaoyan", "xxy", "03")
    assert dict(home.memberships.values_list("person", "relation")) == {head.id: "11", other.id: "01"}
    assert [(action, old) for action, old, _ in audit()] == [
        ("member.changed", {"relation": "01"}),
        ("member.changed", {"relation": "99", "name": "李演示", "ethnicity": "01"}),
    ]
    assert code_of(actions.change_member, **change, person=other.id, values={"name": " "}) == "REG-020"
    assert code_of(actions.change_member, **change, person=make.make_person().id, values={}) == "REG-025"
    assert codes_of(actions.change_member, **change, person=other.id, values={"relation": "", "sex": "1"}) == [
        ("REG-011", "sex"),
        ("REG-028", "与户主关系"),
    ]


def test_sealed_columns_hold_no_plain_text(by):
    number = make.make_id_number()
    home = make.make_household(members=0, phone="13800001111", address="石磊村三社", bank_account="62170000")
    make.make_person(home, id_number=number)

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(SEALED)} FROM register_household")
        (row,) = cursor.fetchall()
        cursor.execute("SELECT id_number FROM register_person")
        (person,) = cursor.fetchall()
    stored = [bytes(value) for value in (*row, *person)]
    member = Person.objects.get()
    places = [crypto.place("register_household", column, home.id) for column in SEALED]
    places.append(crypto.place("register_person", "id_number", member.id))
    secrets = ["13800001111", "石磊村三社", "62170000", "", number]
    opened = [crypto.decrypt(value, at) if value else "" for value, at in zip(stored, places, strict=True)]
    assert opened == secrets
    assert not [secret for secret in secrets for value in stored if secret and secret.encode() in value]


def exchange(table: str, first: tuple[str, UUID], second: tuple[str, UUID]) -> None:
    """Exchange two ciphertexts behind the back of the register."""
    with connection.cursor() as cursor:
        values = []
        for column, row in (first, second):
            cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [row])
            values.append(cursor.fetchone()[0])
        for (column, row), value in zip((first, second), reversed(values), strict=True):
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, row])


def refused(read: Callable[[], object]) -> str:
    with pytest.raises(UserError) as fault:
        read()
    return fault.value.code


def test_the_ciphertext_of_another_row_or_column_is_refused(by):
    home, other = (
        make.make_household(phone=phone, bank_account="62170000") for phone in ("13800001111", "13800002222")
    )
    people = list(Person.objects.order_by("id"))
    numbers = [person.id_number for person in people]

    exchange("register_household", ("phone", home.id), ("phone", other.id))
    exchange("register_household", ("bank_account", home.id), ("address", home.id))
    exchange("register_person", ("id_number", people[0].id), ("id_number", people[1].id))
    for row in Household.objects.order_by("id"):
        assert refused(lambda row=row: row.phone) == "COR-002"
    assert refused(lambda: Household.objects.get(id=home.id).address) == "COR-002"
    for row in Person.objects.order_by("id"):
        assert refused(lambda row=row: row.id_number) == "COR-002"
    asked = {"by": by, "household": home.id, "field": actions.HouseholdSecret.PHONE, "reason": "核对"}
    assert refused(lambda: actions.reveal_household(**asked)) == "COR-002"

    exchange("register_person", ("id_number", people[0].id), ("id_number", people[1].id))
    assert [person.id_number for person in Person.objects.order_by("id")] == numbers
    assert Household.objects.get(id=other.id).bank_account == "62170000"


def test_text_is_not_written_past_its_row(home):
    with pytest.raises(TypeError), transaction.atomic():
        Household.objects.filter(id=home.id).update(phone="13800003333")
    Household.objects.filter(id=home.id).update(phone="")
    home.refresh_from_db()
    assert home.phone == ""


# Years


def test_a_year_is_entered_changed_confirmed_and_locked(by, home):
    values = dict(make.NO_INCOME) | {"wage": Decimal("100.50"), "safe_water": True, "main_cause": "01"}
    record = {"by": by, "household": home.id, "period": YEAR}
    row = actions.record_household_year(**record, values=values)
    assert (row.state, row.net_income, row.safe_water, row.village) == ("draft", Decimal("100.50"), True, home.village)

    row = actions.record_household_year(**record, values={"wage": Decimal(90), "safe_water": True}, reason="更正")
    assert (row.net_income, row.main_cause) == (Decimal("90.00"), "01")
    actions.record_household_year(**record, values={"safe_water": True})

    checker = make.make_actor(name="checker")
    assert code_of(actions.confirm_year, by=by, row=row) == "REG-035"
    assert actions.confirm_year(by=checker, row=row).state == "confirmed"
    row = actions.record_household_year(**record, values={"safe_water": None})
    assert (row.state, row.safe_water) == ("draft", None)
    locked = actions.lock_year(by=by, row=actions.confirm_year(by=checker, row=row))
    assert locked.state == "locked"
    assert code_of(actions.record_household_year, **record, values={"safe_water": True}) == "REG-030"
    assert code_of(actions.lock_year, by=by, row=locked) == "REG-032"
    assert code_of(actions.confirm_year, by=by, row=locked) == "REG-032"

    assert [(action, old) for action, old, _ in audit()] == [
        ("household_year.recorded", None),
        ("household_year.recorded", {"wage": "100.50"}),
        ("household_year.confirmed", {"state": "draft"}),
        ("household_year.recorded", {"safe_water": True}),
        ("household_year.confirmed", {"state": "draft"}),
        ("household_year.locked", {"state": "confirmed"}),
    ]


def test_all_faults_of_a_year_are_told_at_once(by, home):
    values = {
        "wage": Decimal(-1),
        "operating": Decimal("1.234"),
        "expense_operating": 1.5,
        "transfer_eco": Decimal("NaN"),
        "housing_grade": "E",
        "safe_water": "yes",
        "income_channels": Decimal("1.5"),
        "net_income": Decimal(1),
        "land_forest": Decimal(10) ** 8,
    }

    assert codes_of(actions.record_household_year, by=by, household=home.id, period=YEAR, values=values) == [
        ("REG-014", "工资性收入"),
        ("REG-015", "生产经营性收入"),
        ("REG-013", "生产经营性支出"),
        ("REG-013", "生态补偿金"),
        ("REG-012", "房屋安全等级"),
        ("REG-013", "饮水是否安全"),
        ("REG-013", "增收渠道数"),
        ("REG-011", "net_income"),
        ("REG-015", "林地面积"),
    ]
    assert home.years.count() == 0


def test_a_year_with_a_crooked_period_or_a_cause_twice_is_refused(by, home):
    record = {"by": by, "household": home.id, "values": {}}
    backwards = Period(2016, dt.date(2016, 12, 31), dt.date(2016, 1, 1))
    other_year = Period(2014, dt.date(2016, 1, 1), dt.date(2016, 12, 31))
    october = Period(2016, dt.date(2015, 10, 1), dt.date(2016, 9, 30))
    causes = {"main_cause": "01", "other_cause_1": "03", "other_cause_2": "01"}

    assert code_of(actions.record_household_year, **record, period=backwards) == "REG-033"
    assert code_of(actions.record_household_year, **record, period=other_year) == "REG-033"
    assert code_of(actions.record_household_year, **{**record, "values": causes}, period=YEAR) == "REG-034"
    assert actions.record_household_year(**record, period=october).period_to == dt.date(2016, 9, 30)


def test_the_years_of_members_villages_and_counties(by, home):
    person, stranger = home.memberships.get().person, make.make_person()
    member = {"by": by, "household": home.id, "period": YEAR}

    row = actions.record_person_year(**member, person=person.id, values={"out_of_school": "no", "work_months": 12})
    assert (row.out_of_school, row.work_months, row.village) == ("no", 12, home.village)
    assert codes_of(actions.record_person_year, **member, person=person.id, values={"work_months": 13}) == [
        ("REG-014", "务工时间")
    ]
    assert code_of(actions.record_person_year, **member, person=stranger.id, values={}) == "REG-025"

    population = {"period": YEAR, "values": {"rural_registered_population": 800}}
    assert actions.record_village_year(by=by, village=make.VILLAGE, **population).rural_registered_population == 800
    assert code_of(actions.record_village_year, by=by, village=make.COUNTY, **population) == "REG-016"
    county = actions.record_county_year(by=by, county=make.COUNTY, **population)
    assert county.rural_registered_population == 800
    assert code_of(actions.record_county_year, by=by, county=make.VILLAGE, **population) == "REG-016"
    village_officer = make.make_actor(make.VILLAGE)
    assert code_of(actions.record_county_year, by=village_officer, county=make.COUNTY, **population) == "ACC-002"
    assert code_of(actions.confirm_year, by=village_officer, row=county) == "ACC-002"
    assert code_of(actions.confirm_year, by=by, row=county) == "REG-035"
    assert actions.confirm_year(by=make.make_actor(name="checker"), row=county).state == "confirmed"
    assert [(entry.subject_kind, entry.county) for entry in AuditEntry.objects.order_by("id")] == [
        ("household", 621223),
        ("village", 621223),
        ("county", 621223),
        ("county_year", 621223),
    ]


def test_without_the_permission_nobody_confirms(home):
    row = make.make_household_year(home)
    writer = make.make_actor(permissions=[Permission.REGISTER_CHANGE])

    assert code_of(actions.confirm_year, by=writer, row=row) == "ACC-001"
    assert code_of(actions.confirm_year, by=make.make_actor(make.ELSEWHERE), row=row) == "ACC-002"
    row.delete()
    assert code_of(actions.confirm_year, by=make.make_actor(), row=row) == "REG-031"


# Status


def test_a_status_is_an_event_and_the_status_now(by, home):
    decision = actions.Decision("case", None, "石磊村2016年第一批", "cn-gansu@2016.1")
    event = actions.record_household_status(
        by=by, household=home.id, axis=Axis.POVERTY, to="21", effective_on=JUNE, decision=decision
    )
    actions.record_household_status(by=by, household=home.id, axis=Axis.MONITORING, to="2", effective_on=JUNE)

    home.refresh_from_db()
    assert (home.poverty_status, home.monitoring_status) == ("21", "2")
    assert (event.from_status, event.to_status, event.decision_label, event.pack_version) == (
        "20",
        "21",
        "石磊村2016年第一批",
        "cn-gansu@2016.1",
    )
    assert audit() == [
        ("status.poverty", {"poverty": "20"}, {"poverty": "21", "effective_on": "2016-06-01"}),
        ("status.monitoring", {"monitoring": "0"}, {"monitoring": "2", "effective_on": "2016-06-01"}),
    ]


ALLOWED = {("00", "10"), ("10", "20"), ("10", "90"), ("20", "21"), ("20", "90"), ("21", "30"), ("21", "20")} | {
    *(("30", "40"), ("30", "90"), ("40", "21"), ("40", "90"), ("90", "10")),
}


@pytest.mark.parametrize("before", ["00", "10", "20", "21", "30", "40", "90"])
def test_poverty_moves_only_along_the_procedure(by, before):
    home = make.make_household(poverty=before)
    move = {"by": by, "household": home.id, "axis": Axis.POVERTY, "effective_on": JUNE}
    allowed = {to for start, to in ALLOWED if start == before}

    for to in {"00", "10", "20", "21", "30", "40", "90", "77", ""} - allowed:
        assert code_of(actions.record_household_status, **move, to=to) == "REG-040"
    for to in sorted(allowed):
        Household.objects.filter(id=home.id).update(poverty_status=before)
        assert actions.record_household_status(**move, to=to).to_status == to


def test_many_statuses_are_written_all_or_none(by, home):
    other = make.make_household(poverty="20")
    axis = Axis.POVERTY

    def to(*statuses: str) -> None:
        moves = [actions.StatusMove(each.id, status) for each, status in zip((home, other), statuses, strict=True)]
        actions.record_household_statuses(by=by, axis=axis, moves=moves, effective_on=JUNE, reason="演示")

    assert code_of(partial(to, "21", "30")) == "REG-040"
    assert StatusEvent.objects.filter(effective_on=JUNE).count() == 0
    to("21", "90")
    assert dict(Household.objects.values_list("id", "poverty_status")) == {home.id: "21", other.id: "90"}
    assert sorted(StatusEvent.objects.filter(effective_on=JUNE).values_list("from_status", "to_status")) == [
        ("20", "21"), ("20", "90"),
    ]  # fmt: skip
    rows = AuditEntry.objects.filter(action="status.poverty", reason="演示").values_list("subject_id", flat=True)
    assert set(rows) == {str(home.id), str(other.id)}
    missing = [actions.StatusMove(uuid4(), "21")]
    assert code_of(actions.record_household_statuses, by=by, axis=axis, moves=missing, effective_on=JUNE) == "REG-001"


def test_a_status_refuses_the_past_the_wrong_axis_and_the_wrong_hands(by, home):
    move = {"by": by, "household": home.id, "axis": Axis.POVERTY, "to": "21", "effective_on": JUNE}

    assert code_of(actions.record_household_status, **{**move, "effective_on": dt.date(2014, 12, 30)}) == "REG-041"
    assert code_of(actions.record_household_status, **{**move, "axis": Axis.POOR_AREA}) == "REG-042"
    writer = make.make_actor(permissions=[Permission.REGISTER_CHANGE])
    assert code_of(actions.record_household_status, **{**move, "by": writer}) == "ACC-001"
    assert code_of(actions.record_household_status, **{**move, "by": make.make_actor(make.ELSEWHERE)}) == "REG-001"
    assert StatusEvent.objects.count() == 1


def test_villages_and_counties_have_the_poor_area_status(by):
    make.make_division()

    def to(status: str, division: str = make.VILLAGE, actor=by) -> None:
        actions.record_area_status(by=actor, division=division, to=status, effective_on=JUNE)

    to("1")
    to("3")
    to("1", make.COUNTY)

    assert dict(AreaStatus.objects.values_list("division", "poor_area")) == {
        int(make.VILLAGE): "3",
        int(make.COUNTY): "1",
    }
    assert list(StatusEvent.objects.order_by("id").values_list("unit_kind", "from_status", "to_status")) == [
        ("village", "0", "1"),
        ("village", "1", "3"),
        ("county", "0", "1"),
    ]
    assert code_of(to, status="0") == "REG-040"
    assert code_of(to, status="1", division=make.TOWNSHIP) == "REG-016"
    assert code_of(to, status="3", division=make.COUNTY, actor=make.make_actor(make.VILLAGE)) == "ACC-002"


# Revealing


def test_a_sealed_value_is_shown_for_a_reason_that_is_kept(by):
    number = make.make_id_number()
    home = make.make_household(number="A1", members=0, phone="13800001111")
    person = make.make_person(home, id_number=number, relation="01")

    phone = actions.reveal_household(by=by, household=home.id, field=actions.HouseholdSecret.PHONE, reason="电话核实")
    shown = actions.reveal_person(
        by=by, household=home.id, person=person.id, field=actions.PersonSecret.ID_NUMBER, reason=" 办证 "
    )

    assert (phone, shown) == ("13800001111", number)
    entries = AuditEntry.objects.order_by("id").values_list("action", "subject_id", "label", "reason")
    assert list(entries) == [
        ("household.revealed", str(home.id), "A1", "电话核实"),
        ("person.revealed", str(person.id), "A1", "办证"),
    ]
    assert [new for _, _, new in audit()] == [{"field": "phone"}, {"field": "id_number"}]


def test_a_sealed_value_is_shown_to_nobody_else(by, home):
    ask = {"by": by, "household": home.id, "field": actions.HouseholdSecret.PHONE, "reason": "核实"}
    stranger = make.make_person()

    assert code_of(actions.reveal_household, **{**ask, "reason": "  "}) == "REG-050"
    assert code_of(actions.reveal_household, **{**ask, "reason": "因" * 201}) == "REG-050"
    viewer = make.make_actor(permissions=[Permission.REGISTER_VIEW, Permission.REGISTER_PERSONAL])
    assert code_of(actions.reveal_household, **{**ask, "by": viewer}) == "ACC-001"
    assert code_of(actions.reveal_household, **{**ask, "by": make.make_actor(make.ELSEWHERE)}) == "REG-001"
    person = {**ask, "field": actions.PersonSecret.ID_NUMBER, "person": stranger.id}
    assert code_of(actions.reveal_person, **person) == "REG-025"
    with pytest.raises(ValueError, match="id_index"):
        actions.reveal_household(**{**ask, "field": "id_index"})
