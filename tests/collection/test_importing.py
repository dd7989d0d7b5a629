"""A workbook through the door: what the register and the audit say afterwards."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection

from lika.collection import workbook
from lika.collection.actions import import_register
from lika.collection.choices import BatchState, Stage
from lika.collection.models import ImportBatch
from lika.core import audit, crypto
from lika.core.actors import Actor
from lika.core.errors import PermissionRefused
from lika.core.models import AuditEntry
from lika.register.choices import YearState
from lika.register.identity import identity_index
from lika.register.models import (
    AreaStatus,
    CountyYear,
    Household,
    HouseholdYear,
    Membership,
    Person,
    PersonYear,
    Placement,
    StatusEvent,
    VillageYear,
)
from tests.collection import workbooks
from tests.collection.conftest import Import
from tests.collection.workbooks import CHILD, H1, H2, LI, SPARE, WANG, ZHAO, changed, household, household_year, person
from tests.factories import ELSEWHERE, OTHER_VILLAGE, VILLAGE, make_actor, make_division, make_household, make_person

NEW = {
    "households": {"new": 2},
    "persons": {"new": 4},
    "household_years": {"new": 2},
    "village_years": {"new": 1},
    "county_years": {"new": 1},
}
UNCHANGED = {sheet: {"unchanged": counts["new"]} for sheet, counts in NEW.items()}


def audits() -> list[tuple[str, str, str]]:
    return sorted(AuditEntry.objects.values_list("action", "subject_kind", "label"))


def told(label: str) -> dict[str, Any]:
    """What the latest audit row of a household says: old and new."""
    entry = AuditEntry.objects.filter(subject_kind="household", label=label).latest("id")
    old, new = audit.told(entry)
    return {"old": old, "new": new}


def test_clean_workbook_is_published(import_rows: Import) -> None:
    report = import_rows(workbooks.clean())
    assert report.findings == ()
    assert report.state == BatchState.PUBLISHED
    assert report.counts == NEW
    assert report.rows == {"households": 2, "persons": 4, "household_years": 2, "village_years": 1, "county_years": 1}
    assert audits() == [
        ("collection.import", "import_batch", ImportBatch.objects.get().label),
        ("register.import", "county", "621223000000 2016"),
        ("register.import", "household", H1),
        ("register.import", "household", H2),
        ("register.import", "village", f"{VILLAGE} 2016"),
    ]


def test_the_household_is_as_the_workbook_says(import_rows: Import) -> None:
    import_rows(workbooks.clean())
    found = Household.objects.get(number=H1)
    assert (found.village, found.kind, found.standard, found.attribute) == (int(VILLAGE), "registered", "1", "01")
    assert (found.poverty_status, found.monitoring_status) == ("20", "0")
    assert (found.identified_year, found.planned_exit_year) == (2013, None)
    assert (found.address, found.phone) == ("城关镇演示街1号", "13900000001")
    assert (found.bank_name, found.bank_account) == ("演示银行", "6228000000000001")
    placement = Placement.objects.get(household=found)
    assert (placement.division_id, placement.village, placement.started_on, placement.ended_on) == (
        VILLAGE, int(VILLAGE), None, None,
    )  # fmt: skip
    event = StatusEvent.objects.get(household_id=found.id)
    batch = ImportBatch.objects.get()
    assert (event.axis, event.from_status, event.to_status, event.effective_on) == (
        "poverty", "00", "20", dt.date(2014, 12, 31),
    )  # fmt: skip
    assert (event.decision_kind, event.decision_id, event.decision_label) == ("initial", batch.id, batch.label)


def test_the_name_of_the_file_stays_out_of_what_is_kept_in_the_clear(officer: Actor, tmp_path: Path) -> None:
    """People name workbooks after a household: its head and number would stand in the audit for ever."""
    path = workbooks.save(tmp_path / f"张演示{LI}.xlsx", workbooks.clean())
    import_register(by=officer, path=path)
    batch = ImportBatch.objects.get()
    clear = list(AuditEntry.objects.values_list("label", "reason"))
    assert set(StatusEvent.objects.values_list("decision_label", flat=True)) == {batch.label}
    assert [text for pair in clear for text in pair if LI in text or "张演示" in text] == []
    assert {reason for _label, reason in clear} == {"", batch.label}
    entry = AuditEntry.objects.get(action="collection.import")
    assert entry.new is not None
    assert (entry.label, (audit.told(entry)[1] or {})["file"]) == (batch.label, path.name)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [0-9a-f]{8}", batch.label)


def test_the_members_are_as_the_workbook_says(import_rows: Import) -> None:
    import_rows(workbooks.clean())
    members = Membership.objects.filter(household__number=H1).select_related("person").order_by("relation")
    assert [(m.relation, m.person.name, m.person.pinyin, m.person.initials) for m in members] == [
        ("01", "李演示", "liyanshi", "lys"),
        ("02", "王演示", "wangyanshi", "wys"),
        ("03", "李小演", "lixiaoyan", "lxy"),
    ]
    head = Person.objects.get(id_index=identity_index(LI))
    assert (head.id_number, head.id_type, head.birth_date, head.ethnicity) == (LI, "01", dt.date(1980, 1, 1), "01")
    with connection.cursor() as cursor:
        cursor.execute("SELECT bool_or(position(%s in encode(id_number, 'escape')) > 0) FROM register_person", [LI])
        assert cursor.fetchone() == (False,)


def test_the_years_are_as_the_workbook_says(import_rows: Import) -> None:
    import_rows(workbooks.clean())
    year = HouseholdYear.objects.get(household__number=H1)
    assert (year.data_year, year.period_from, year.period_to) == (2016, dt.date(2016, 1, 1), dt.date(2016, 12, 31))
    assert (year.state, year.village) == (YearState.DRAFT, int(VILLAGE))
    assert (year.wage, year.net_income) == (Decimal("9000.50"), Decimal("12000.50"))
    assert (year.housing_grade, year.safe_water, year.main_cause, year.food_secure) == ("B", True, "09", None)
    old_man = PersonYear.objects.get(person__id_index=identity_index(ZHAO))
    assert (old_man.chronic_illness, old_man.serious_illness, old_man.disabled) == (True, False, True)
    assert (old_man.disability_type, old_man.disability_grade, old_man.village) == ("4", "2", int(OTHER_VILLAGE))
    village = VillageYear.objects.get()
    assert (village.village, village.rural_registered_population, village.hard_road) == (int(VILLAGE), 1200, True)
    assert CountyYear.objects.get().rural_registered_population == 250_000
    assert list(AreaStatus.objects.values_list("division", "poor_area")) == [(int(VILLAGE), "1")]


def test_the_same_workbook_again_changes_nothing(import_rows: Import) -> None:
    import_rows(workbooks.clean())
    before = audits()
    report = import_rows(workbooks.clean())
    assert (report.state, report.counts, report.findings) == (BatchState.UNCHANGED, UNCHANGED, ())
    assert audits() == sorted([*before, ("collection.import", "import_batch", ImportBatch.objects.latest("id").label)])
    assert Household.objects.count() == 2


def test_an_edited_workbook_changes_what_differs(import_rows: Import) -> None:
    import_rows(workbooks.clean())
    report = import_rows(
        changed(
            households__2__phone="13911111111", persons__3__education="02", household_years__3__wage=Decimal("123.45"),
            village_years__2__hard_road=False,
        )
    )  # fmt: skip
    assert report.state == BatchState.PUBLISHED
    assert report.counts == {
        "households": {"changed": 1, "unchanged": 1},
        "persons": {"changed": 1, "unchanged": 3},
        "household_years": {"changed": 1, "unchanged": 1},
        "village_years": {"changed": 1},
        "county_years": {"unchanged": 1},
    }
    assert Household.objects.get(number=H1).phone == "13911111111"
    assert HouseholdYear.objects.get(household__number=H2).wage == Decimal("123.45")
    spouse = Person.objects.get(id_index=identity_index(WANG))
    told_1, told_2 = told(H1), told(H2)
    year = f"person-year {spouse.id} 2016"
    assert (told_1["old"][year], told_1["new"][year]) == ({"education": "03"}, {"education": "02"})
    assert set(told_1["new"]) == {year, "household"}
    old_phone = bytes.fromhex(told_1["old"]["household"]["phone"].removeprefix("\\x"))
    home = Household.objects.get(number=H1)
    assert crypto.decrypt(old_phone, crypto.place("register_household", "phone", home.id)) == "13900000001"
    assert (told_2["old"], told_2["new"]) == ({"year 2016": {"wage": "9000.50"}}, {"year 2016": {"wage": "123.45"}})


def test_what_a_workbook_does_not_speak_of_stays(import_rows: Import, officer: Actor, tmp_path: Path) -> None:
    import_rows(workbooks.clean())
    path = workbooks.save(tmp_path / "部分.xlsx", {"households": [household(H1, phone="13922222222")]})
    book = workbooks.edit(path)
    sheet = book["户信息"]
    for heading in ("家庭住址", "银行账号", "识别年度"):
        sheet.delete_cols(next(cell.column for cell in sheet[1] if cell.value.startswith(heading)))
    book.save(path)
    report = import_register(by=officer, path=path)
    assert report.counts["households"] == {"changed": 1}
    found = Household.objects.get(number=H1)
    assert (found.phone, found.address, found.bank_account, found.identified_year) == (
        "13922222222", "城关镇演示街1号", "6228000000000001", 2013,
    )  # fmt: skip


def test_an_emptied_cell_becomes_unknown(import_rows: Import) -> None:
    import_rows(workbooks.clean())
    import_rows(changed(household_years__2__safe_water=None))
    assert HouseholdYear.objects.get(household__number=H1).safe_water is None


def test_years_alone_for_households_of_the_register(import_rows: Import) -> None:
    import_rows(workbooks.clean())
    following = {"data_year": 2017, "period_from": dt.date(2017, 1, 1), "period_to": dt.date(2017, 12, 31)}
    report = import_rows({"household_years": [household_year(H1, **following)]})
    assert (report.state, report.counts["household_years"]) == (BatchState.PUBLISHED, {"new": 1})
    assert list(HouseholdYear.objects.filter(household__number=H1).values_list("data_year", flat=True)) == [2016, 2017]


def test_dry_run_writes_nothing(import_rows: Import) -> None:
    report = import_rows(workbooks.clean(), dry_run=True)
    assert (report.state, report.counts, report.dry_run) == (BatchState.CHECKED, NEW, True)
    assert (Household.objects.count(), Person.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


def test_good_rows_leaves_faulty_households_out_whole(import_rows: Import) -> None:
    report = import_rows(changed(persons__3__name=None, village_years__2__village=621223100999), good_rows=True)
    assert [finding.code for finding in report.findings] == ["COL-104", "COL-210"]
    assert report.left_out == (H1,)
    assert report.counts == {
        "households": {"new": 1, "left_out": 1},
        "persons": {"new": 1, "left_out": 3},
        "household_years": {"new": 1, "left_out": 1},
        "village_years": {"left_out": 1},
        "county_years": {"new": 1},
    }
    assert list(Household.objects.values_list("number", flat=True)) == [H2]
    assert (Person.objects.count(), HouseholdYear.objects.count(), VillageYear.objects.count()) == (1, 1, 0)


def test_a_failure_at_the_end_leaves_nothing(
    import_rows: Import, officer: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last write of all is made to fail, as a full disk would: the register is as before, the batch says so."""
    import_rows(workbooks.clean())
    before = (audits(), list(HouseholdYear.objects.values_list("wage", flat=True)))

    def full(*_arguments: object, **_options: object) -> None:
        raise IntegrityError("the disk is full")

    monkeypatch.setattr("lika.collection.actions.audit.record", full)
    path = workbooks.save(tmp_path / "新.xlsx", changed(household_years__2__wage=Decimal(1)))
    with pytest.raises(IntegrityError):
        import_register(by=officer, path=path)
    assert (audits(), list(HouseholdYear.objects.values_list("wage", flat=True))) == before
    assert ImportBatch.objects.latest("created_at").state == BatchState.FAILED


def test_without_permission_nothing_is_read(corner: None, tmp_path: Path) -> None:
    path = workbooks.save(tmp_path / "演示.xlsx", workbooks.clean())
    with pytest.raises(PermissionRefused) as refused:
        import_register(by=make_actor(VILLAGE, permissions=()), path=path)
    assert refused.value.code == "ACC-001"
    assert ImportBatch.objects.count() == 0


def test_rows_outside_the_area_are_refused(import_rows: Import) -> None:
    report = import_rows(workbooks.clean(), by=make_actor(VILLAGE))
    assert [(f.code, f.sheet, f.row) for f in report.findings] == [
        ("COL-212", "households", 3), ("COL-212", "county_years", 2),
    ]  # fmt: skip
    assert report.state == BatchState.REFUSED


def test_households_of_another_area_are_not_told_from_unknown_places(import_rows: Import) -> None:
    make_household(ELSEWHERE, number="62120210000001")
    report = import_rows({"household_years": [household_year("62120210000001")]})
    assert [(f.code, f.sheet, f.row, f.field) for f in report.findings] == [("COL-212", "household_years", 2, "number")]


class TestAgainstTheRegister:
    def test_a_person_of_another_household(self, import_rows: Import) -> None:
        other = make_household(VILLAGE, number="62122310000099", members=0)
        known = make_person(other, name="李演示", relation="01")
        known.id_index, known.id_number = identity_index(LI), LI
        known.save(update_fields=["id_index", "id_number"])
        report = import_rows(workbooks.clean())
        assert [(f.code, f.sheet, f.row) for f in report.findings] == [("COL-301", "persons", 2)]

    def test_the_number_of_somebody_with_another_name(self, import_rows: Import) -> None:
        """A slip of the number, or a corrected name: somebody looks, and the names are told masked."""
        import_rows(workbooks.clean())
        name = Person.objects.get(id_index=identity_index(WANG)).name
        report = import_rows(changed(persons__3__name="欧阳改名"))
        (finding,) = report.findings
        assert (finding.code, finding.sheet, finding.row, finding.column, finding.field, finding.is_error) == (
            "COL-426", "persons", 3, "C", "name", False,
        )  # fmt: skip
        assert dict(finding.params) == {"held": name[0] + "*" * (len(name) - 1), "given": "欧***"}
        assert report.state == BatchState.PUBLISHED
        assert Person.objects.get(id_index=identity_index(WANG)).name == "欧阳改名"
        stored = str(ImportBatch.objects.latest("created_at").findings)
        assert (name in stored, "欧阳改名" in stored) == (False, False)
        assert import_rows(changed(persons__3__name="欧阳改名")).findings == ()

    def test_a_name_outside_the_area_is_not_even_told_masked(self, import_rows: Import) -> None:
        other = make_household(OTHER_VILLAGE, number="62122310000099", members=0)
        make_person(other, name="外村演示", relation="01", id_number=LI)
        report = import_rows({"households": [workbooks.household(H1)], "persons": [
            workbooks.person(H1, "李演示", LI, "01")]}, by=make_actor(VILLAGE))  # fmt: skip
        assert {f.code for f in report.findings} & {"COL-426", "COL-301"} == {"COL-301"}

    def test_a_locked_year_is_refused_only_where_it_differs(self, import_rows: Import) -> None:
        import_rows(workbooks.clean())
        HouseholdYear.objects.update(state=YearState.LOCKED)
        PersonYear.objects.update(state=YearState.LOCKED)
        assert import_rows(workbooks.clean()).state == BatchState.UNCHANGED
        report = import_rows(changed(household_years__2__wage=Decimal(1000), persons__5__education="01"))
        assert [(f.code, f.sheet, f.row) for f in report.findings] == [
            ("COL-302", "persons", 5), ("COL-302", "household_years", 2),
        ]  # fmt: skip

    def test_confirmed_years_that_change_are_drafts_again(self, import_rows: Import) -> None:
        import_rows(workbooks.clean())
        HouseholdYear.objects.update(state=YearState.CONFIRMED)
        import_rows(changed(household_years__2__wage=Decimal(1)))
        years = HouseholdYear.objects.order_by("household__number").values_list("household__number", "wage", "state")
        assert list(years) == [
            (H1, Decimal(1), YearState.DRAFT), (H2, Decimal("9000.50"), YearState.CONFIRMED),
        ]  # fmt: skip

    def test_a_status_moves_only_as_allowed(self, import_rows: Import) -> None:
        import_rows(workbooks.clean())
        refused = import_rows(
            changed(households__2__poverty_status="30", households__2__poverty_on=dt.date(2016, 12, 31))
        )
        assert [(f.code, f.row, f.field) for f in refused.findings] == [("COL-303", 2, "poverty_status")]
        moved = import_rows(changed(households__2__poverty_status="21", households__2__poverty_on=dt.date(2016, 3, 31)))
        assert moved.counts["households"] == {"changed": 1, "unchanged": 1}
        found = Household.objects.get(number=H1)
        events = StatusEvent.objects.filter(household_id=found.id).order_by("effective_on")
        assert found.poverty_status == "21"
        assert list(events.values_list("from_status", "to_status", "decision_kind")) == [
            ("00", "20", "initial"), ("20", "21", "import"),
        ]  # fmt: skip

    def test_a_status_older_than_the_register(self, import_rows: Import) -> None:
        import_rows(workbooks.clean())
        report = import_rows(changed(households__2__poverty_status="21", households__2__poverty_on=dt.date(2013, 1, 1)))
        assert [(f.code, f.row, f.field) for f in report.findings] == [("COL-306", 2, "poverty_on")]

    def test_another_date_of_the_same_status(self, import_rows: Import) -> None:
        import_rows(workbooks.clean())
        report = import_rows(changed(households__2__poverty_on=dt.date(2015, 1, 1)))
        assert [(f.code, f.row, f.field) for f in report.findings] == [("COL-425", 2, "poverty_on")]
        assert report.state == BatchState.UNCHANGED

    def test_a_household_does_not_move_by_import(self, import_rows: Import) -> None:
        import_rows(workbooks.clean())
        report = import_rows(changed(households__2__village=int(OTHER_VILLAGE)))
        assert [(f.code, f.row, f.field) for f in report.findings] == [("COL-304", 2, "village")]

    def test_a_village_loses_its_status_on_a_day(self, import_rows: Import) -> None:
        import_rows(workbooks.clean())
        rows = changed(village_years__2__poor_area="3", village_years__2__poor_area_on=dt.date(2016, 12, 31))
        assert import_rows(rows).counts["village_years"] == {"changed": 1}
        assert AreaStatus.objects.get().poor_area == "3"
        events = StatusEvent.objects.filter(division=int(VILLAGE)).order_by("effective_on")
        assert list(events.values_list("from_status", "to_status", "effective_on")) == [
            ("0", "1", dt.date(2013, 12, 31)), ("1", "3", dt.date(2016, 12, 31)),
        ]  # fmt: skip


class TestMembersOverTime:
    def test_somebody_leaves_and_the_same_workbook_again_is_nothing_new(self, import_rows: Import) -> None:
        import_rows(workbooks.clean())
        leaving = changed(persons__4__change="08", persons__4__change_on=dt.date(2016, 9, 1))
        assert import_rows(leaving).counts["persons"] == {"changed": 1, "unchanged": 3}
        child = Membership.objects.get(person__id_index=identity_index(CHILD))
        assert (child.left_on, child.leave_reason) == (dt.date(2016, 9, 1), "08")
        assert import_rows(leaving).state == BatchState.UNCHANGED
        back = import_rows(workbooks.clean())
        assert [(f.code, f.row) for f in back.findings] == [("COL-305", 4)]

    def test_somebody_joins_again(self, import_rows: Import) -> None:
        import_rows(changed(persons__4__change="08", persons__4__change_on=dt.date(2015, 9, 1)))
        joined = changed(persons__4__change="07", persons__4__change_on=dt.date(2016, 3, 1))
        assert import_rows(joined).findings == ()
        periods = Membership.objects.filter(person__id_index=identity_index(CHILD)).order_by("left_on")
        assert [(m.joined_on, m.left_on) for m in periods] == [
            (None, dt.date(2015, 9, 1)), (dt.date(2016, 3, 1), None),
        ]  # fmt: skip
        assert import_rows(joined).state == BatchState.UNCHANGED

    def test_head_and_spouse_change_places(self, import_rows: Import) -> None:
        import_rows(workbooks.clean())
        swapped = changed(persons__2__relation="02", persons__3__relation="01")
        report = import_rows(swapped)
        assert (report.state, report.counts["persons"]) == (BatchState.PUBLISHED, {"changed": 2, "unchanged": 2})
        assert Membership.objects.get(household__number=H1, relation="01").person.name == "王演示"

    def test_a_head_of_the_register_counts(self, import_rows: Import) -> None:
        import_rows(workbooks.clean())
        report = import_rows({"persons": [person(H1, "孙演示", SPARE, "01")]})
        assert [(f.code, f.row, dict(f.params)) for f in report.findings] == [
            ("COL-420", 2, {"count": "3"}), ("COL-204", 2, {"other": "—"}),
        ]  # fmt: skip

    def test_members_missing_from_the_file_are_asked_about(self, import_rows: Import) -> None:
        import_rows(workbooks.clean())
        rows = workbooks.clean()
        del rows["persons"][2]
        report = import_rows(rows)
        assert [(f.code, f.row, dict(f.params)) for f in report.findings] == [("COL-420", 2, {"count": "1"})]
        assert Membership.objects.filter(household__number=H1, left_on=None).count() == 3

    def test_a_newborn_gets_its_number_later(self, import_rows: Import) -> None:
        baby = person(H1, "李新", None, "04", sex="2", no_id_reason="1", birth_date=dt.date(2016, 5, 1), labour=None,
                      education=None, student_status=None)  # fmt: skip
        rows = workbooks.clean()
        rows["persons"].append(baby)
        import_rows(rows)
        number = workbooks.sound("62122320160501002")
        rows["persons"][-1] = baby | {"id_number": number, "id_type": "01", "no_id_reason": None}
        report = import_rows(rows)
        assert report.counts["persons"] == {"changed": 1, "unchanged": 4}
        assert Person.objects.get(name="李新").id_number == number

    def test_a_known_member_who_lost_the_number_is_not_taken_for_another(self, import_rows: Import) -> None:
        import_rows(workbooks.clean())
        report = import_rows(
            changed(
                persons__4__id_number=None, persons__4__no_id_reason="9", persons__4__birth_date=dt.date(2010, 5, 6)
            )
        )
        assert [(f.code, f.row) for f in report.findings] == [("COL-420", 2), ("COL-308", 4)]
        assert Person.objects.count() == 4

    def test_two_members_whom_the_register_cannot_tell_apart(self, import_rows: Import) -> None:
        twin = person(H1, "李双", None, "03", sex="1", no_id_reason="1", birth_date=dt.date(2016, 5, 1), education=None,
                      student_status=None, labour=None)  # fmt: skip
        rows = workbooks.clean()
        rows["persons"].append(twin)
        import_rows(rows)
        make_person(Household.objects.get(number=H1), name="李双", relation="03", birth=dt.date(2016, 5, 1))
        Person.objects.filter(name="李双").update(id_index=None, no_id_reason="1")
        assert ("COL-308", 6) in [(f.code, f.row) for f in import_rows(rows).findings]

    def test_somebody_who_lived_elsewhere_needs_the_day_of_joining(self, import_rows: Import) -> None:
        """Without it the new membership would reach back over the old one."""
        import_rows(changed(persons__4__change="08", persons__4__change_on=dt.date(2015, 9, 1)))
        moved = workbooks.clean()["persons"][2] | {"number": H2, "relation": "99"}
        assert [(f.code, f.row) for f in import_rows({"persons": [moved]}).findings] == [("COL-420", 2), ("COL-309", 2)]
        joined = moved | {"change": "07", "change_on": dt.date(2016, 1, 1)}
        assert import_rows({"persons": [joined]}).counts["persons"] == {"changed": 1}
        assert Membership.objects.filter(household__number=H2, left_on=None).count() == 2

    def test_a_later_day_of_leaving_may_not_reach_into_the_next_household(self, import_rows: Import) -> None:
        import_rows(changed(persons__4__change="08", persons__4__change_on=dt.date(2015, 9, 1)))
        home = Household.objects.get(number=H2)
        Membership.objects.create(
            person=Person.objects.get(id_index=identity_index(CHILD)), household=home, village=home.village,
            relation="99", joined_on=dt.date(2015, 9, 1), left_on=dt.date(2016, 9, 1),
        )  # fmt: skip
        left = workbooks.clean()["persons"][2] | {"change": "08", "change_on": dt.date(2016, 6, 1)}
        assert [f.code for f in import_rows({"persons": [left]}).findings if f.is_error] == ["COL-309"]
        assert Membership.objects.get(household__number=H1, left_on__isnull=False).left_on == dt.date(2015, 9, 1)

    def test_one_number_in_two_households_keeps_both_out(self, import_rows: Import) -> None:
        report = import_rows(changed(persons__5__id_number=LI), good_rows=True)
        assert [(f.code, f.row, dict(f.params)) for f in report.findings] == [
            ("COL-205", 2, {"other": "5"}), ("COL-205", 5, {"other": "2"}),
        ]  # fmt: skip
        assert report.left_out == (H1, H2)

    def test_the_year_of_members_may_come_from_the_command(self, import_rows: Import) -> None:
        rows = changed(**{f"persons__{row}__{name}": None for row in (2, 3, 4, 5)
                          for name in ("data_year", "period_from", "period_to")})  # fmt: skip
        assert {f.code for f in import_rows(rows).findings} == {"COL-219"}
        report = import_rows(rows, data_year=2016)
        assert report.findings == ()
        assert set(PersonYear.objects.values_list("data_year", "period_from", "period_to")) == {
            (2016, dt.date(2016, 1, 1), dt.date(2016, 12, 31))
        }
        without = import_rows(rows | {"household_years": []}, data_year=2015)
        assert {f.code for f in without.findings} == {"COL-222"}


def test_an_old_number_is_converted_and_kept(import_rows: Import) -> None:
    old = f"{LI[:6]}{LI[8:17]}"
    import_rows(changed(persons__2__id_number=old))
    head = Membership.objects.get(household__number=H1, relation="01").person
    assert (head.id_number, head.id_original) == (LI, old)


def test_natural_villages_by_name_or_code(import_rows: Import) -> None:
    place = make_division(VILLAGE)
    from lika.divisions.models import Division

    Division.objects.create(code=f"{VILLAGE}-001", number=int(VILLAGE), level=6, name="上屯", parent=place)
    import_rows(changed(households__2__natural_village="上屯"))
    assert Placement.objects.get(household__number=H1).natural_village_id == f"{VILLAGE}-001"
    again = import_rows(changed(households__2__natural_village=f"{VILLAGE}-001"))
    assert again.state == BatchState.UNCHANGED


def test_positions_need_their_coordinate_system(import_rows: Import) -> None:
    given = {"households__2__longitude": Decimal("104.391234"), "households__2__latitude": Decimal("34.042")}
    assert [(f.code, f.field) for f in import_rows(changed(**given)).findings] == [("COL-218", "coordinate_system")]
    assert import_rows(changed(**given, households__2__coordinate_system="CGCS2000")).findings == ()
    found = Household.objects.get(number=H1)
    assert (found.position, found.coordinate_system) == ("104.391234,34.042", "CGCS2000")


def test_progress_is_told_stage_by_stage(import_rows: Import) -> None:
    seen: list[Stage] = []
    import_rows(workbooks.clean(), progress=lambda stage, done, total: seen.append(stage))
    assert list(dict.fromkeys(seen)) == [Stage.READING, Stage.CHECKING, Stage.PUBLISHING]
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.stage, batch.villages) == (BatchState.PUBLISHED, Stage.DONE, [])


def test_a_workbook_without_our_sheets_is_refused(officer: Actor, tmp_path: Path) -> None:
    from lika.core.errors import UserError

    path = tmp_path / "空.xlsx"
    workbook.write(path, {})
    with pytest.raises(UserError) as refused:
        import_register(by=officer, path=path)
    assert refused.value.code == "COL-004"
    assert ImportBatch.objects.get().fault == "COL-004"
