"""The overlap of measures is one thing, on the page of the screening and in an analysis. 演示数据"""

from decimal import Decimal

import pytest

from lika.accounts.choices import Role
from lika.snapshots import actions, queries
from tests import factories as make
from tests.console.officials import signed_in
from tests.reports.asking import table
from tests.snapshots.conftest import WritePack, data_dir, write_pack  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)

OF_A_MEMBER = """- {id: trained, unit: person, zh: 培训（人）, en: Training (person), kind: measure, group: exit,
   order: 61, expression: age >= 60, clause: {ref: T §9, text: 培训}, label: {zh: 培训, en: Training},
   statistic: {zh: 户数, en: households}}
- {id: trained_household, unit: household, zh: 培训, en: Training, kind: measure, group: exit, order: 62,
   expression: "any(person, met('trained'))", clause: {ref: T §9, text: 培训}, label: {zh: 培训, en: Training},
   statistic: {zh: 户数, en: households}}
- {id: several, unit: household, zh: 两项以上, en: Several, kind: measure, group: exit, order: 63,
   expression: "(if met('industry') then 1 else 0) + (if met('trained_household') then 1 else 0) >= 2",
   clause: {ref: T §9, text: 交集}, label: {zh: 交集, en: Overlap}, statistic: {zh: 户数, en: households}}
- {id: adult,"""


@pytest.fixture
def three_households(write_pack: WritePack) -> None:  # noqa: F811
    """One under a measure of its own, one under that of a member too, one under none; screened."""
    young = make.make_household(number="A1", members=1)
    make.make_household_year(young, wage=Decimal(1), batch_industry=True, batch_ecology=False)
    old = make.make_household(number="A2", members=1)
    make.make_person(old, name="石年长", birth=make.AT.replace(year=1950))
    make.make_household_year(old, wage=Decimal(1), batch_industry=True, batch_ecology=False)
    none = make.make_household(number="A3", members=1)
    make.make_household_year(none, wage=Decimal(1), batch_industry=False, batch_ecology=False)
    pack = write_pack(**{"- {id: adult,": OF_A_MEMBER})
    by = make.make_actor(make.COUNTY)
    actions.screen(by=by, snapshot=actions.take(by=by, at=make.AT, division=make.COUNTY).pk, pack=pack)


def test_a_measure_of_a_member_is_one_of_the_household_and_a_count_of_measures_is_none(three_households: None):
    by = make.make_actor(make.COUNTY)
    counted = queries.overlaps(by, queries.list_screenings(by).get())
    assert {each.measures: (each.households, each.persons) for each in counted} == {
        ("industry",): (1, 1),
        ("industry", "trained_household"): (1, 2),
    }


def test_the_analysis_counts_the_same_combinations_as_the_screening(three_households: None):
    by = make.make_actor(make.COUNTY)
    counted = queries.overlaps(by, queries.list_screenings(by).get())
    found = table(signed_in(Role.COUNTY), "r=overlap")
    names = [item.criterion for item in found.catalogue.measures]
    assert names == ["industry", "ecology", "trained_household"]
    analysed = {
        tuple(names[bit] for bit in line.heading.members): (
            line.cells[-1].counted.units,
            line.cells[-1].counted.persons,
        )
        for line in found.groups
    }
    assert analysed.pop(()) == (1, 1)
    assert analysed == {each.measures: (each.households, each.persons) for each in counted}
