"""Bulk loads called directly: what `publish` refuses whatever its door let through. 演示数据"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from lika.core.actors import Actor
from lika.core.errors import PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.register import actions
from lika.register.actions import bulk
from lika.register.choices import YearState
from lika.register.models import Household, HouseholdYear, Membership, StatusEvent, VillageYear
from tests import factories as make

pytestmark = pytest.mark.django_db

YEAR = {"data_year": 2016, "period_from": dt.date(2016, 1, 1), "period_to": dt.date(2016, 12, 31)}
NEW = {
    "number": "B1",
    "village": make.VILLAGE,
    "kind": "registered",
    "poverty_status": "20",
    "poverty_on": "2014-12-31",
}
IMPORTER = (Permission.REGISTER_IMPORT,)
LOAD = UUID(int=1)
SHEETS = {
    "households": bulk.HOUSEHOLDS,
    "persons": bulk.PERSONS,
    "household_years": bulk.HOUSEHOLD_YEARS,
    "village_years": bulk.VILLAGE_YEARS,
    "county_years": bulk.COUNTY_YEARS,
}


@pytest.fixture(autouse=True)
def _staging() -> Iterator[None]:
    bulk.create(LOAD)
    make.make_division()
    yield
    bulk.drop(LOAD)


def stage(**sheets: dict[str, Any]) -> dict[str, frozenset[str]]:
    """One row in each of some sheets; returns which columns they have."""
    for sheet, row in sheets.items():
        text = io.StringIO()
        csv.writer(text).writerow([1, *row.values()])
        with bulk.filling() as fill:
            fill(SHEETS[sheet], ("sheet_row", *row), text.getvalue().encode())
    return {sheet: frozenset(row) for sheet, row in sheets.items()}


def publish(by: Actor, *, meanwhile: Callable[[], object] = int, **sheets: dict[str, Any]) -> int:
    """Stage, match and publish; `meanwhile` is what others do between the last two."""
    present = stage(**sheets)
    with transaction.atomic():
        bulk.match(present)
        meanwhile()
        return bulk.publish(by=by, origin=bulk.Origin("import", uuid4(), "演示"), present=present)


def refused(by: Actor, **sheets: dict[str, Any]) -> str:
    """The code of the refusal; nothing is written."""

    def written() -> tuple[int, int, int]:
        return AuditEntry.objects.count(), Household.objects.count(), StatusEvent.objects.count()

    before = written()
    with pytest.raises(PermissionRefused) as error:
        publish(by, **sheets)
    assert written() == before
    return error.value.code


ROWS = {
    "a household": {"households": NEW},
    "a village": {"village_years": {"village": make.VILLAGE, **YEAR}},
    "a county": {"county_years": {"county": make.COUNTY, **YEAR}},
}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_rows_are_published_with_the_permission_and_in_the_area(rows: dict[str, Any]) -> None:
    assert publish(make.make_actor(permissions=IMPORTER), **rows) == 1


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_rows_are_refused_without_the_permission(rows: dict[str, Any]) -> None:
    others = [permission for permission in Permission if permission != Permission.REGISTER_IMPORT]
    assert refused(make.make_actor(permissions=others), **rows) == "ACC-001"


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_rows_are_refused_outside_the_area(rows: dict[str, Any]) -> None:
    assert refused(make.make_actor(make.ELSEWHERE), **rows) == "ACC-002"


def test_a_county_is_not_published_by_one_of_its_townships() -> None:
    rows = {"county_years": {"county": make.COUNTY, **YEAR}}
    assert refused(make.make_actor(make.TOWNSHIP), **rows) == "ACC-002"


MOVES: dict[str, dict[str, Any]] = {
    "poverty": {"households": NEW | {"poverty_status": "21", "poverty_on": "2016-03-31"}},
    "monitoring": {"households": NEW | {"monitoring_status": "1", "monitoring_on": "2016-03-31"}},
    "a village": {"village_years": {"village": make.VILLAGE, **YEAR, "poor_area": "1", "poor_area_on": "2016-03-31"}},
    "a county": {"county_years": {"county": make.COUNTY, **YEAR, "poor_area": "1", "poor_area_on": "2016-03-31"}},
}


@pytest.mark.parametrize("rows", MOVES.values(), ids=MOVES)
def test_a_status_that_moves_needs_the_permission_to_enter_it(rows: dict[str, Any]) -> None:
    make.make_household(number="B1")
    before = StatusEvent.objects.count()
    assert refused(make.make_actor(permissions=IMPORTER), **rows) == "ACC-001"
    bulk.create(LOAD)
    assert publish(make.make_actor(permissions=(*IMPORTER, Permission.REGISTER_STATUS)), **rows) == 1
    assert StatusEvent.objects.count() == before + 1


def test_a_year_lived_outside_the_area_is_not_rewritten() -> None:
    make.make_household_year(make.make_household(number="B1"))
    HouseholdYear.objects.update(village=int(make.ELSEWHERE))
    rows = {"household_years": {"number": "B1", **YEAR, "wage": 1}}
    assert refused(make.make_actor(), **rows) == "ACC-002"
    bulk.create(LOAD)
    assert publish(make.make_actor(make.COUNTY, make.ELSEWHERE), **rows) == 1


def test_who_lives_outside_the_area_is_not_rewritten() -> None:
    home = make.make_household(number="B1", members=0)
    person = make.make_person(home, left_on=dt.date(2016, 6, 1))
    there = make.make_household(make.ELSEWHERE, members=0)
    Membership.objects.create(
        person=person, household=there, village=there.village, relation="01", joined_on=dt.date(2016, 6, 1)
    )
    row = {"number": "B1", "name": "石改名", "pinyin": "shigaiming", "initials": "sgm", "sex": "1",
           "id_index": "\\x" + bytes(person.id_index).hex(),
           "relation": "99", "change": "08", "change_on": "2016-06-01", "has_year": False}  # fmt: skip
    assert refused(make.make_actor(), persons=row) == "ACC-002"
    bulk.create(LOAD)
    assert publish(make.make_actor(make.COUNTY, make.ELSEWHERE), persons=row) == 1


YEARS: dict[str, tuple[type[HouseholdYear | VillageYear], dict[str, Any]]] = {
    "household": (HouseholdYear, {"household_years": {"number": "B1", **YEAR, "wage": 1}}),
    "village": (VillageYear, {"village_years": {"village": make.VILLAGE, **YEAR, "natural_villages": 3}}),
}


@pytest.mark.parametrize(("model", "rows"), YEARS.values(), ids=YEARS)
def test_a_year_locked_after_the_match_is_not_overwritten(
    model: type[HouseholdYear | VillageYear], rows: dict[str, Any]
) -> None:
    make.make_household_year(make.make_household(number="B1"))
    make.make_village_year()
    before = list(model.objects.values_list())
    with pytest.raises(UserError) as error:
        publish(make.make_actor(), meanwhile=lambda: model.objects.update(state=YearState.LOCKED), **rows)
    assert error.value.code == "REG-030"
    assert (list(model.objects.values_list()), AuditEntry.objects.count()) == (before, 0)
    bulk.create(LOAD)
    assert publish(make.make_actor(), **rows) == 1


def test_who_loads_a_year_does_not_confirm_it() -> None:
    make.make_household(number="B1")
    loader, corrector = make.make_actor(name="loader"), make.make_actor(name="corrector")
    year = {"number": "B1", **YEAR}

    def refusal(by: Actor) -> str:
        """The code with which the confirmation is refused; one that is not refused is undone."""
        with transaction.atomic():
            try:
                actions.confirm_year(by=by, row=HouseholdYear.objects.get())
            except UserError as error:
                return error.code
            transaction.set_rollback(True)
        return ""

    publish(loader, household_years=year)
    assert (refusal(loader), refusal(corrector)) == ("REG-035", "")
    bulk.create(LOAD)
    publish(corrector, household_years=year | {"wage": 1})
    assert (refusal(loader), refusal(corrector)) == ("", "REG-035")
