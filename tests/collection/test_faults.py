"""One fault at a time in a clean workbook: the whole list of findings, by place and code."""

# ruff: noqa: E501 - tables of one case a line

import datetime as dt
from copy import deepcopy
from typing import Any

import pytest

from lika.collection.choices import BatchState
from lika.collection.report import ImportReport
from lika.collection.workbook import AsTyped
from lika.register.models import Household
from tests.collection import workbooks
from tests.collection.conftest import Import
from tests.collection.workbooks import CHILD, H1, H2, LI, SPARE, WANG, changed, person

PERSONS = "persons"
Places = list[tuple[str, str, int, str]]


def places(report: ImportReport) -> Places:
    return [(found.code, found.sheet, found.row, found.field) for found in report.findings]


ONE_CELL: dict[str, tuple[dict[str, Any], Places]] = {
    "required cell empty": ({"persons__3__name": None}, [("COL-104", PERSONS, 3, "name")]),
    "unknown code": ({"persons__3__education": AsTyped("博士后")}, [("COL-105", PERSONS, 3, "education")]),
    "one unknown health answer": ({"persons__2__health": AsTyped("健康、开心")}, [("COL-105", PERSONS, 2, "health")]),
    "words for a number": ({"household_years__2__wage": AsTyped("三千")}, [("COL-106", "household_years", 2, "wage")]),
    "below zero": ({"household_years__2__wage": AsTyped(-1)}, [("COL-107", "household_years", 2, "wage")]),
    "thirteen months": ({"persons__2__work_months": AsTyped(13), "persons__2__work_status": "01"},
                        [("COL-107", PERSONS, 2, "work_months")]),
    "three decimals": ({"household_years__2__wage": AsTyped(1.234)}, [("COL-108", "household_years", 2, "wage")]),
    "impossible day": ({"households__2__poverty_on": AsTyped("2015-02-30")}, [("COL-109", "households", 2, "poverty_on")]),
    "a year for a date": ({"households__2__poverty_on": AsTyped(2014)}, [("COL-109", "households", 2, "poverty_on")]),
    "maybe": ({"household_years__3__safe_water": AsTyped("也许")}, [("COL-110", "household_years", 3, "safe_water")]),
    "a long name": ({"households__2__bank_name": "信" * 61}, [("COL-111", "households", 2, "bank_name")]),
    "a rounded account": ({"households__2__bank_account": AsTyped(6.228e18)}, [("COL-112", "households", 2, "bank_account")]),
    "letters in a telephone": ({"households__2__phone": "139O0000001"}, [("COL-113", "households", 2, "phone")]),
    "a name for a code": ({"households__2__village": AsTyped("石磊村")}, [("COL-120", "households", 2, "village")]),
    "a power of ten": ({"persons__2__id_number": AsTyped("6.21223E+17")}, [("COL-121", PERSONS, 2, "id_number")]),
    "a rounded number": ({"persons__2__id_number": AsTyped(float(LI[:15] + "000"))}, [("COL-121", PERSONS, 2, "id_number")]),
    "a rounded number as text": ({"persons__2__id_number": LI[:15] + "000"}, [("COL-121", PERSONS, 2, "id_number")]),
    "a short number": ({"persons__2__id_number": LI[:16]}, [("COL-122", PERSONS, 2, "id_number")]),
    "month 13": ({"persons__2__id_number": LI[:10] + "13" + LI[12:]}, [("COL-123", PERSONS, 2, "id_number")]),
    "a wrong digit": ({"persons__2__id_number": LI[:16] + ("4" if LI[16] != "4" else "6") + LI[17]},
                      [("COL-124", PERSONS, 2, "id_number")]),
    "healthy and ill": ({"persons__2__health": ("01", "02")}, [("COL-125", PERSONS, 2, "health")]),
    "no such division": ({"households__2__village": 621223100998}, [("COL-210", "households", 2, "village")]),
    "a township": ({"households__2__village": 621223100000}, [("COL-211", "households", 2, "village")]),
    "no such natural village": ({"households__2__natural_village": "无名屯"}, [("COL-213", "households", 2, "natural_village")]),
    "another sex": ({"persons__3__sex": "1"}, [("couple_sex", PERSONS, 2, "sex"), ("COL-214", PERSONS, 3, "sex")]),
    "another birth date": ({"persons__2__birth_date": dt.date(1980, 1, 2)}, [("COL-215", PERSONS, 2, "birth_date")]),
    "no number, no reason": ({"persons__2__id_number": None, "persons__2__birth_date": dt.date(1980, 1, 1)},
                             [("COL-216", PERSONS, 2, "id_number")]),
    "no number, no birth date": ({"persons__2__id_number": None, "persons__2__no_id_reason": "9"},
                                 [("COL-217", PERSONS, 2, "birth_date")]),
    "a status without date": ({"households__2__poverty_on": None}, [("COL-218", "households", 2, "poverty_on")]),
    "a change without date": ({"persons__3__change": "05"}, [("COL-218", PERSONS, 3, "change_on")]),
    "yearly data without year": ({"persons__2__data_year": None}, [("COL-219", PERSONS, 2, "data_year")]),
    "a period backwards": ({"household_years__2__period_to": dt.date(2015, 12, 31)},
                           [("COL-220", "household_years", 2, "period_to")]),
    "a status tomorrow": ({"households__2__poverty_on": dt.date(2199, 1, 1)}, [("COL-223", "households", 2, "poverty_on")]),
    "no head": ({"persons__2__relation": "99"}, [("COL-203", PERSONS, 2, "relation")]),
    "two heads": ({"persons__3__relation": "01"}, [("COL-204", PERSONS, 3, "relation")]),
    "one number twice": ({"persons__5__id_number": LI}, [("COL-205", PERSONS, 2, "id_number"), ("COL-205", PERSONS, 5, "id_number")]),
    "a member of nobody": ({"persons__4__number": "62122319999999"}, [("COL-207", PERSONS, 4, "number")]),
    "a year of nobody": ({"household_years__3__number": "62122319999999"}, [("COL-207", "household_years", 3, "number")]),
    "a year twice": ({"household_years__3__number": H1}, [("COL-208", "household_years", 3, "data_year")]),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), ONE_CELL.values(), ids=ONE_CELL)
def test_a_fault_is_found_where_it_is(cells: dict[str, Any], expected: Places, import_rows: Import) -> None:
    report = import_rows(changed(**cells))
    assert sorted(places(report)) == sorted(expected)
    assert report.state == BatchState.REFUSED
    assert Household.objects.count() == 0


WARNINGS: dict[str, tuple[dict[str, Any], Places]] = {
    "illness, all well": ({"household_years__2__main_cause": "01"}, [("cause_illness", "household_years", 2, "main_cause")]),
    "disability, nobody disabled": ({"household_years__2__other_cause_1": "02"},
                                    [("cause_disability", "household_years", 2, "main_cause")]),
    "schooling, nobody at school": ({"household_years__3__main_cause": "03"},
                                    [("cause_schooling", "household_years", 3, "main_cause")]),
    "labour, two able": ({"household_years__2__main_cause": "08"}, [("cause_labour", "household_years", 2, "main_cause")]),
    "water, safe and near": ({"household_years__2__main_cause": "06", "household_years__2__water_difficult": False},
                             [("cause_water", "household_years", 2, "main_cause")]),
    "another total": ({"household_years__2__net_income": AsTyped(12000)}, [("COL-406", "household_years", 2, "net_income")]),
    "no telephone": ({"households__2__phone": None}, [("COL-407", "households", 2, "phone")]),
    "a short telephone": ({"households__2__phone": "8412345"}, [("COL-408", "households", 2, "phone")]),
    "a pre-school adult": ({"persons__2__education": "06"}, [("education_fits_age", PERSONS, 2, "education")]),
    "a pupil of 36": ({"persons__2__student_status": "03"}, [("student_no_labour", PERSONS, 2, "labour"), ("student_fits_age", PERSONS, 2, "student_status")]),
    "a child at work": ({"persons__4__labour": "01"}, [("labour_fits_age", PERSONS, 4, "labour"), ("student_no_labour", PERSONS, 4, "labour")]),
    "months without place": ({"persons__2__work_months": 6, "persons__2__work_status": None,
                              "persons__3__work_months": 3, "persons__3__work_status": "01"},
                             [("work_together", PERSONS, 2, "work_status")]),
    "insured twice": ({"persons__2__medical_employee": True}, [("insured_once", PERSONS, 2, "medical_employee")]),
    "eco money, no forest": ({"household_years__2__transfer_eco": 100, "household_years__2__land_returned_forest": 0},
                             [("eco_with_forest", "household_years", 2, "transfer_eco")]),
    "disabled, no grade": ({"persons__5__disability_grade": None}, [("disability_described", PERSONS, 5, "disability_type")]),
    "one account, two households": ({"households__3__bank_account": "6228000000000001"},
                                    [("COL-419", "households", 3, "bank_account")]),
    "not out of school, but why": ({"persons__4__out_of_school": "no", "persons__4__dropout_reason": "3"},
                                   [("dropout_reason_fits", PERSONS, 4, "dropout_reason")]),
    "dibao, not listed": ({"household_years__2__transfer_dibao": 900, "household_years__2__dibao_listed": False},
                          [("dibao_is_listed", "household_years", 2, "transfer_dibao")]),
    "one cause twice": ({"household_years__2__other_cause_1": "09"}, [("causes_differ", "household_years", 2, "other_cause_1")]),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), WARNINGS.values(), ids=WARNINGS)
def test_a_warning_does_not_keep_the_workbook_out(cells: dict[str, Any], expected: Places, import_rows: Import) -> None:
    report = import_rows(changed(**cells))
    assert sorted(places(report)) == sorted(expected)
    assert report.state == BatchState.PUBLISHED
    assert Household.objects.count() == 2


def test_all_faults_at_once_in_the_order_of_the_workbook(import_rows: Import) -> None:
    report = import_rows(
        changed(
            households__3__village=AsTyped("石磊村"), persons__2__id_number=LI[:16], persons__4__relation="01",
            persons__5__sex=None, household_years__2__wage=AsTyped("很多"), village_years__2__hard_road=AsTyped("有时"),
        )
    )  # fmt: skip
    assert places(report) == [
        ("COL-120", "households", 3, "village"),
        ("COL-122", "persons", 2, "id_number"),
        ("COL-204", "persons", 4, "relation"),
        ("COL-104", "persons", 5, "sex"),
        ("COL-106", "household_years", 2, "wage"),
        ("COL-110", "village_years", 2, "hard_road"),
    ]
    assert [found.household for found in report.findings] == [H2, H1, H1, H2, H1, ""]
    assert (report.errors, report.warnings) == (6, 0)


def test_rows_that_are_there_twice(import_rows: Import) -> None:
    rows = workbooks.clean()
    rows["households"].append(deepcopy(rows["households"][0]))
    child = person(H1, "李小二", None, "03", sex="1", no_id_reason="1", birth_date=dt.date(2016, 5, 1), labour=None,
                   education=None, student_status=None)  # fmt: skip
    rows["persons"] += [child, deepcopy(child)]
    rows["village_years"].append(deepcopy(rows["village_years"][0]))
    report = import_rows(rows)
    assert places(report) == [
        ("COL-201", "households", 4, "number"),
        ("COL-419", "households", 4, "bank_account"),
        ("COL-206", "persons", 7, "name"),
        ("COL-208", "village_years", 3, "data_year"),
    ]
    assert dict(report.findings[2].params) == {"other": "6"}


def test_a_household_without_members(import_rows: Import) -> None:
    rows = workbooks.clean()
    del rows["persons"][3]
    assert places(import_rows(rows)) == [("COL-202", "households", 3, "number")]


def test_two_spouses_and_an_older_child(import_rows: Import) -> None:
    rows = workbooks.clean()
    rows["persons"].append(person(H1, "孙演示", SPARE, "02", sex="1" if int(SPARE[16]) % 2 else "2"))
    rows["persons"][2]["birth_date"] = None
    report = import_rows(rows)
    same_sex = [("couple_sex", "persons", 2, "sex")] if int(SPARE[16]) % 2 == int(LI[16]) % 2 else []
    assert sorted(places(report)) == sorted([("one_spouse", "persons", 2, "relation"), *same_sex])


def test_family_of_impossible_ages(import_rows: Import) -> None:
    rows = changed(persons__2__id_number=CHILD, persons__2__sex="1" if int(CHILD[16]) % 2 else "2",
                   persons__2__education=None, persons__2__student_status=None, persons__2__labour=None,
                   persons__4__id_number=LI, persons__4__sex="1" if int(LI[16]) % 2 else "2",
                   persons__4__student_status=None)  # fmt: skip
    report = import_rows(rows)
    found = {(f.code, f.row) for f in report.findings}
    assert ("head_grown", 2) in found
    assert ("generations", 2) in found


def test_no_repeated_news_about_one_cell(import_rows: Import) -> None:
    """A date that cannot be read is not also missing, and a member without sound number is not without number."""
    report = import_rows(changed(persons__2__id_number=WANG[:15] + "000", persons__2__birth_date=AsTyped("1980.13.1")))
    assert places(report) == [("COL-121", "persons", 2, "id_number"), ("COL-109", "persons", 2, "birth_date")]
