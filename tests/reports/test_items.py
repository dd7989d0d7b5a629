"""What one jurisdiction alone collects can be chosen like any other fact. 演示数据"""

from decimal import Decimal
from pathlib import Path

import pytest

from lika.accounts.choices import Role
from lika.register.models import HouseholdItem, PersonItem, VillageItem
from tests import collected
from tests import factories as make
from tests.console.officials import signed_in
from tests.reports.asking import PAGE, texts
from tests.reports.conftest import screen

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def collecting(module_folder: Path) -> None:
    """Three households, two of which answered; a person, and a village with wells; screened by the pack that asks."""
    pack = collected.keep(module_folder)
    for number, items in (
        ("A1", {"reservoir": {"code": "yes"}, "well_depth": {"number": "10.51"}, "second_fuel": {"code": "03"}}),
        ("A2", {"reservoir": {"code": "no"}, "well_depth": {"number": "8.00"}}),
        ("A3", {}),
    ):
        household = make.make_household(number=number)
        year = make.make_household_year(household, wage=Decimal(1))
        for item, value in items.items():
            HouseholdItem.objects.create(year=year, item=item, **value)
        if number == "A1":
            person = household.memberships.get().person
            PersonItem.objects.create(year=make.make_person_year(person), item="returned_abroad", code="yes")
    VillageItem.objects.create(year=make.make_village_year(make.VILLAGE), item="wells", number=9)
    screen(pack)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("r=reservoir", {"合计": "3", "是": "1", "否": "1", "未知": "1"}),
        ("r=second_fuel", {"合计": "3", "煤炭": "1", "未知": "2"}),
        ("u=household&f=well_depth:8..10", {"合计": "1"}),
        ("u=household&f=reservoir:1|?", {"合计": "2"}),
        ("m=mean&v=well_depth", {"合计": "9.26"}),
        ("r=well_depth&rb=10", {"合计": "3", "低于 10": "1", "10 及以上": "1", "未知": "1"}),
        ("u=person&r=returned_abroad", {"合计": "3", "是": "1", "未知": "2"}),
        ("u=person&r=household.reservoir", {"合计": "3", "是": "1", "否": "1", "未知": "1"}),
        ("u=village&m=sum&v=wells", {"合计": "9"}),
    ],
)
def test_they_are_counted_by(query: str, expected: dict[str, str]):
    assert texts(signed_in(Role.COUNTY), query) == expected


def test_the_lists_of_the_page_name_them_under_a_heading_of_their_own():
    choosing = signed_in(Role.COUNTY).get(PAGE).context["choosing"]
    headings = {heading: [option.value for option in options] for heading, options in choosing.rows.select.groups}
    assert headings["本地采集项"] == ["reservoir", "rooms", "well_depth", "second_fuel"]
