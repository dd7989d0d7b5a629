"""Facts against the tables: every yearly column is asked by exactly one fact, and labels are headings."""

import re
from collections import Counter
from fractions import Fraction

import pytest

from lika.core import facts as registry
from lika.engine.checker import check
from lika.engine.parser import parse
from lika.engine.reference import evaluate
from lika.engine.schema import NAME_PATTERN
from lika.engine.types import BooleanType, CodeType, DateType, DecimalType, IntegerType
from lika.register.models import CountyYear, HouseholdYear, PersonYear, VillageYear
from lika.register.models.years import YearRow
from tests import factories as make

HEAD = {field.name for field in YearRow._meta.get_fields()}
KEYS = {"household", "person", "village", "county", "members", "income_per_head"}
TABLES = {"household": HouseholdYear, "person": PersonYear, "village": VillageYear, "county": CountyYear}


def yearly_columns(model) -> set[str]:
    return {field.name for field in model._meta.get_fields()} - HEAD - KEYS


def yearly_facts(unit: str) -> list[str]:
    """Names of the facts whose provider reads the yearly table of the unit."""
    table = f"register_{unit}year"
    return [fact.name for provider in registry.providers(unit) if table in provider.sql for fact in provider.facts]


@pytest.mark.parametrize("unit", TABLES)
def test_every_yearly_column_has_exactly_one_fact(unit):
    generated = {"net_income"} if unit == "household" else set()

    assert Counter(yearly_facts(unit)) == Counter(yearly_columns(TABLES[unit]) - generated)
    assert generated <= set(registry.schema().units[unit])


@pytest.mark.parametrize("unit", TABLES)
def test_the_type_of_a_fact_is_the_type_of_its_column(unit):
    expected = {
        "BooleanField": BooleanType,
        "CharField": CodeType,
        "DateField": DateType,
        "DecimalField": DecimalType,
        "PositiveIntegerField": IntegerType,
        "PositiveSmallIntegerField": IntegerType,
    }
    facts = registry.schema().units[unit]
    wrong = {
        name: (fact.type, field.get_internal_type())
        for name in yearly_columns(TABLES[unit]) - {"net_income"}
        for fact, field in [(facts[name], TABLES[unit]._meta.get_field(name))]
        if not isinstance(fact.type, expected[field.get_internal_type()])
        or (isinstance(fact.type, DecimalType) and (fact.type.digits, fact.type.places) != _digits(field))
        or (isinstance(fact.type, CodeType) and max(map(len, fact.type.values)) > field.max_length)
    }

    assert wrong == {}


def _digits(field) -> tuple[int, int]:
    return field.max_digits, field.decimal_places


@pytest.mark.parametrize("unit", TABLES)
def test_labels_are_unique_in_both_languages_and_usable_in_criteria(unit):
    facts = registry.schema().units[unit].values()

    assert [label for label, times in Counter(fact.zh for fact in facts).items() if times > 1] == []
    assert [label for label, times in Counter(fact.en for fact in facts).items() if times > 1] == []
    assert [fact.zh for fact in facts if not re.fullmatch(NAME_PATTERN, fact.zh)] == []
    assert [fact.name for fact in facts if not (fact.en and fact.source and fact.meaning_zh and fact.meaning_en)] == []


def test_flows_cover_the_period_and_states_the_time_point():
    units = registry.schema().units
    flows = {fact.name for unit in TABLES for fact in units[unit].values() if fact.meaning_zh == "标准时期内的合计"}

    assert flows == set(make.NO_INCOME) | {
        *("work_months", "welfare_post_months", "resident_months", "net_income_per_head", "collective_income"),
    }


@pytest.mark.parametrize("unit", TABLES)
def test_a_fact_is_as_private_as_its_column(unit):
    facts, privacy = registry.schema().units[unit], TABLES[unit].privacy

    assert {name: facts[name].privacy for name in yearly_columns(TABLES[unit])} == {
        name: privacy[name].value for name in yearly_columns(TABLES[unit])
    }


def test_income_and_what_it_is_divided_by_are_kept_for_two_earlier_years():
    facts = registry.schema().units["household"]
    kept = {name for name, fact in facts.items() if fact.lags}

    assert kept == {
        *("wage", "operating", "property_dividend", "property_other", "transfer_family_planning", "transfer_dibao"),
        *("transfer_extreme", "transfer_pension", "transfer_eco", "transfer_other", "expense_operating"),
        *("property_income", "transfer_income", "gross_income", "net_income", "net_income_per_capita"),
        *("members", "poverty", "poverty_status", "monitoring_status"),
    }
    assert {facts[name].lags for name in kept} == {2}


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("household", "previous(net_income_per_capita, 2) > 2300 and not (debt > 50000)"),
        ("household", "count(person, age between 6 and 15 and out_of_school = 'yes') = 0"),
        ("household", "all(person, 基本医疗) and 人均纯收入 > 2800"),
        ("household", "housing_grade in ('A', 'B') and safe_water"),
        ("household", "is_known(debt) and coalesce(debt, 0) < 50000"),
        ("village", "sum(household, if poverty = 'poor' then members else 0) / rural_registered_population <= 0.03"),
        ("village", "贫困发生率 <= 0.03"),
        ("county", "poverty_incidence <= 0.03"),
        ("township", "poor_population = 0"),
        ("province", "share(household, poverty = 'exited') > 0.9"),
    ],
)
def test_criteria_written_over_the_facts_check(unit, text):
    assert check(parse(text), unit=unit, schema=registry.schema()).root.type == BooleanType()


@pytest.mark.parametrize("unit", registry.schema().units)
def test_every_formula_checks_and_has_the_kind_it_declares(unit):
    schema = registry.schema()
    derived = [fact for fact in schema.units[unit].values() if fact.formula is not None]

    assert derived
    assert {fact.name: check(parse(fact.formula), unit=unit, schema=schema).root.type.kind for fact in derived} == {
        fact.name: fact.type.kind for fact in derived
    }


def test_poor_people_are_counted_in_an_area():
    village = {
        "rural_registered_population": 100,
        "household": [
            {"poverty": "poor", "members": 2},
            {"poverty": "poor", "members": 1},
            {"poverty": "exited", "members": 5},
            {"poverty": "none", "members": 7},
        ],
    }

    def value(name: str):
        return evaluate(check(parse(name), unit="village", schema=registry.schema()), {"village": village})

    assert (value("poor_households"), value("poor_population"), value("exited_population")) == (2, 3, 5)
    assert value("poverty_incidence") == Fraction(3, 100)
