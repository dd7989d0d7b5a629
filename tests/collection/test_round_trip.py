"""Any sound workbook: what is written into it is what the register says, and a second import is nothing new."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lika.collection import workbook
from lika.collection.actions import import_register
from lika.collection.choices import BatchState
from lika.collection.schema import HOUSEHOLD_YEARS, PERSONS, VILLAGE_YEARS, Column, Kind, Sheet
from lika.core.actors import Actor
from lika.register.actions import bulk
from lika.register.models import Household, HouseholdYear, Membership, PersonYear, VillageYear
from tests.collection.workbooks import H1, LI, YEAR, household, person
from tests.factories import VILLAGE

_HEALTH = ("chronic_illness", "serious_illness", "disabled")


def values(column: Column) -> st.SearchStrategy[Any]:
    """Any value that a column may hold, or nothing."""
    if column.kind is Kind.CODE:
        sound = st.sampled_from([item.code for item in column.code_list.items])
    elif column.kind is Kind.BOOLEAN:
        sound = st.booleans()
    elif column.kind is Kind.HEALTH:
        sound = st.one_of(st.just(("01",)), st.sets(st.sampled_from(["02", "03", "04"]), min_size=1).map(tuple))
    elif column.kind is Kind.INTEGER:
        sound = st.integers(int(column.minimum or 0), int(column.maximum or 10**9 - 1))
    else:
        # Fifteen digits are what a spreadsheet keeps.
        high = min(column.maximum or Decimal(10) ** 12, Decimal(10) ** 11)
        sound = st.decimals(column.minimum or 0, high, places=column.places)
    return st.one_of(st.none(), sound)


def facts(sheet: Sheet, names: set[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({column.name: values(column) for column in sheet.columns if column.name in names})


HOUSE = facts(HOUSEHOLD_YEARS, set(bulk.value_columns(HouseholdYear)))
MEMBER = facts(PERSONS, {*bulk.value_columns(PersonYear), "health"} - set(_HEALTH))
PLACE = facts(VILLAGE_YEARS, set(bulk.value_columns(VillageYear)))


def kept(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def expected_of_member(member: dict[str, Any]) -> dict[str, Any]:
    health = member["health"]
    flags = {
        name: None if health is None else code in health for name, code in zip(_HEALTH, ("02", "03", "04"), strict=True)
    }
    return {name: value for name, value in member.items() if name != "health"} | flags


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(house=HOUSE, member=MEMBER, place=PLACE, name=st.text("张王李赵演示·艾力买提", min_size=2, max_size=6))
def test_what_is_written_is_what_is_kept(
    house: dict[str, Any], member: dict[str, Any], place: dict[str, Any], name: str, officer: Actor, tmp_path: Path
) -> None:
    name = "演" + name.strip("·") + "示"
    path = tmp_path / "演示.xlsx"
    workbook.write(
        path,
        {
            "households": [household(H1, poverty_on=dt.date(2014, 12, 31))],
            "persons": [{**person(H1, name, LI, "01"), **member}],
            "household_years": [{"number": H1, **YEAR, **house}],
            "village_years": [{"village": int(VILLAGE), **YEAR, **place}],
        },
    )
    try:
        report = import_register(by=officer, path=path)
        assert (report.errors, report.state) == (0, BatchState.PUBLISHED)
        assert kept(HouseholdYear.objects.get(), bulk.value_columns(HouseholdYear)) == house
        assert kept(VillageYear.objects.get(), bulk.value_columns(VillageYear)) == place
        wanted = expected_of_member(member)
        yearly = PersonYear.objects.first()
        answered = {key: value for key, value in wanted.items() if value is not None}
        assert (yearly is not None) == bool(answered)
        if yearly is not None:
            assert kept(yearly, bulk.value_columns(PersonYear)) == wanted
        assert Membership.objects.get(household__number=H1).person.name == name
        assert import_register(by=officer, path=path).state == BatchState.UNCHANGED
    finally:
        _forget_everything()


def _forget_everything() -> None:
    """Hypothesis runs many examples in one test: each begins with an empty register."""
    from lika.register.models import AreaStatus, CountyYear, Person, Placement, StatusEvent

    for model in (PersonYear, HouseholdYear, VillageYear, CountyYear, AreaStatus, StatusEvent, Membership, Placement):
        model.objects.all().delete()
    Person.objects.all().delete()
    Household.objects.all().delete()
