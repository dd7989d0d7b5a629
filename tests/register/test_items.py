"""What one jurisdiction alone collects, entered one row at a time and shown with the year. 演示数据"""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from lika.core.errors import ManyErrors
from lika.core.permissions import Permission
from lika.register import actions
from lika.register.actions import Period
from lika.register.models import Household, HouseholdItem, HouseholdYear
from lika.register.queries import household_detail
from tests import collected
from tests import factories as make

pytestmark = pytest.mark.django_db

YEAR = Period(2016, dt.date(2016, 1, 1), dt.date(2016, 12, 31))


@pytest.fixture
def home(tmp_path: Path) -> Household:
    collected.keep(tmp_path)
    return make.make_household(number="A1", members=1)


def record(home: Household, **values: object) -> HouseholdYear:
    by = make.make_actor(make.COUNTY)
    return actions.record_household_year(by=by, household=home.id, period=YEAR, values=values)


def shown(home: Household, by: object = None) -> dict[str, object]:
    view = household_detail(by=by or make.make_actor(make.COUNTY), household=home.id)
    return {fact.name: value for year in view.years for fact, value in year.items}


def test_items_are_entered_with_the_columns_of_the_form_and_shown_beside_them(home: Household):
    record(home, safe_water=True, reservoir=False, rooms=4, well_depth=Decimal("10.5"), second_fuel="03")
    record(home, rooms=None, moved_on=dt.date(2008, 5, 12), remark="水库建成后迁来")
    assert shown(home) == {
        "reservoir": False,
        "well_depth": Decimal("10.5"),
        "moved_on": dt.date(2008, 5, 12),
        "second_fuel": "03",
        "remark": "水库建成后迁来",
    }


def test_whoever_may_not_see_persons_sees_no_items(home: Household):
    record(home, reservoir=True)
    reader = make.make_actor(make.COUNTY, permissions=[Permission.REGISTER_VIEW])
    assert shown(home, reader) == {}


def test_the_same_items_again_leave_a_confirmed_year_confirmed(home: Household):
    row = record(home, rooms=4)
    HouseholdYear.objects.filter(pk=row.pk).update(state="confirmed")
    assert record(home, rooms=4).state == "confirmed"
    assert record(home, rooms=5).state == "draft"


def test_what_does_not_fit_is_refused_with_its_heading(home: Household):
    with pytest.raises(ManyErrors) as refused:
        record(home, rooms=100, second_fuel="99", reservoir="是", remark="长" * 201, returned_abroad=True)
    assert sorted((fault.code, fault.where["field"]) for fault in refused.value.errors) == [
        ("REG-011", "returned_abroad"),  # of persons, not of households
        ("REG-012", "辅助燃料"),
        ("REG-013", "水库移民"),
        ("REG-014", "房间数"),
        ("REG-037", "备注说明"),
    ]
    assert not HouseholdYear.objects.exists()


def test_an_item_is_no_field_where_its_pack_does_not_rule(home: Household):
    elsewhere = make.make_household(make.ELSEWHERE, number="B1")
    by = make.make_actor("621202")
    with pytest.raises(ManyErrors) as refused:
        actions.record_household_year(by=by, household=elsewhere.id, period=YEAR, values={"reservoir": True})
    assert [fault.code for fault in refused.value.errors] == ["REG-011"]


def test_a_row_holds_exactly_one_value(home: Household):
    year = record(home)
    for columns in ({}, {"code": "yes", "text": "是"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HouseholdItem.objects.create(year=year, item="reservoir", **columns)
