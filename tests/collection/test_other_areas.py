"""A workbook and what belongs to others: people who live elsewhere now, years that were lived elsewhere. 演示数据"""

import datetime as dt

import pytest

from lika.collection.choices import BatchState
from lika.collection.report import ImportReport
from lika.register.identity import identity_index
from lika.register.models import HouseholdYear, Membership, Person, PersonYear
from tests.collection import workbooks
from tests.collection.conftest import Import
from tests.collection.workbooks import CHILD, H1, SPARE, changed, person
from tests.factories import ELSEWHERE, OTHER_VILLAGE, make_household, make_person

LEFT = dt.date(2016, 9, 1)


def codes(report: ImportReport) -> list[tuple[str, int]]:
    return [(found.code, found.row) for found in report.findings if found.is_error]


def moves_away(village: str) -> Person:
    """The child of the clean workbook leaves and belongs to a household of another village."""
    child = Person.objects.get(id_index=identity_index(CHILD))
    Membership.objects.filter(person=child).update(left_on=LEFT, leave_reason="08")
    home = make_household(village)
    Membership.objects.create(person=child, household=home, village=home.village, relation="03", joined_on=LEFT)
    return child


@pytest.mark.parametrize("home", [ELSEWHERE, None], ids=["lives elsewhere", "lives nowhere"])
def test_nobody_leaves_a_household_without_having_belonged_to_it(home: str | None, import_rows: Import) -> None:
    import_rows(workbooks.clean())
    stranger = make_person(make_household(home) if home else None, name="孙演示", id_number=SPARE)
    row = person(H1, "孙改名", SPARE, "99", change="08", change_on=LEFT)
    report = import_rows({"persons": [row]})
    assert codes(report) == [("COL-311", 2)]
    stranger.refresh_from_db()
    assert (stranger.name, stranger.memberships.filter(household__number=H1).count()) == ("孙演示", 0)


@pytest.mark.parametrize(
    ("village", "expected"), [(ELSEWHERE, [("COL-312", 4)]), (OTHER_VILLAGE, [])], ids=["outside", "inside"]
)
def test_who_lives_outside_the_area_is_not_rewritten(
    village: str, expected: list[tuple[str, int]], import_rows: Import
) -> None:
    import_rows(workbooks.clean())
    child = moves_away(village)
    left = {"persons__4__change": "08", "persons__4__change_on": LEFT}
    assert import_rows(changed(**left)).state == BatchState.UNCHANGED
    assert codes(import_rows(changed(persons__4__name="李改名", **left))) == expected
    child.refresh_from_db()
    assert child.name == ("李小演" if expected else "李改名")


def test_a_year_that_ends_elsewhere_is_not_recorded_here(import_rows: Import) -> None:
    import_rows(workbooks.clean())
    PersonYear.objects.filter(person=moves_away(ELSEWHERE)).delete()
    rows = changed(persons__4__change="08", persons__4__change_on=LEFT)
    assert codes(import_rows(rows)) == [("COL-312", 4)]


def test_years_lived_outside_the_area_are_not_rewritten(import_rows: Import) -> None:
    import_rows(workbooks.clean())
    for model in (HouseholdYear, PersonYear):
        model.objects.update(village=int(ELSEWHERE))
    assert import_rows(workbooks.clean()).state == BatchState.UNCHANGED
    report = import_rows(changed(household_years__2__wage=1000, persons__3__education="02"))
    assert [(found.code, found.sheet, found.row) for found in report.findings] == [
        ("COL-312", "persons", 3), ("COL-312", "household_years", 2),
    ]  # fmt: skip
