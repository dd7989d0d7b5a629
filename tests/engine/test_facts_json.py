"""Facts documents are read exactly, and refused where they do not fit the schema."""

import json
import math
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from lika.engine import duck, reference
from lika.engine.errors import FactsError
from lika.engine.facts_json import load_facts, read_facts
from lika.engine.ranges import Range
from tests.engine.world import SCHEMA, checked


def test_a_household_with_persons() -> None:
    document = load_facts(
        """{"household": {"net_income": 24624.90, "人口数": 9, "safe_water": null, "id": "H1",
                          "previous": [{"net_income": "20000.5"}, {"net_income": -1}]},
            "person": [{"birth_date": "2008-02-29"}, {"失学": "yes"}],
            "reference_date": "2016-12-31"}""",
        SCHEMA,
    )
    assert document.reference_date == date(2016, 12, 31)
    assert (document.root.unit, document.root.id) == ("household", "H1")
    assert document.root.facts == {
        "net_income": Fraction("24624.90"),
        "members": Fraction(9),
        "safe_water": None,
        "net_income__lag1": Fraction("20000.5"),
        "net_income__lag2": Fraction(-1),
    }
    assert [row.facts for row in document.root.below("person")] == [
        {"birth_date": date(2008, 2, 29)},
        {"out_of_school": "yes"},
    ]


def test_lower_units_may_stand_inside_their_upper_unit() -> None:
    document = read_facts({"village": {}, "household": [{"person": [{"wage": 1}, {}]}, {"人": [{}]}]}, SCHEMA)
    assert len(document.root.below("household")) == 2
    assert len(document.root.below("person")) == 3
    assert reference.evaluate(checked("count(household, count(person) = 1)", "village"), document) == 1


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, Decimal("NaN"), "NaN", None])
def test_what_is_no_number_is_unknown(value: Any) -> None:
    for facts in ({"household": {"debt": value}}, json.loads(json.dumps({"household": {"debt": "NaN"}}))):
        assert read_facts(facts, SCHEMA).root.facts == {"debt": None}
    assert load_facts('{"household": {"debt": NaN}}', SCHEMA).root.facts == {"debt": None}


def test_a_double_is_taken_as_it_is_written() -> None:
    assert read_facts({"household": {"net_income": 2736.1}}, SCHEMA).root.facts == {"net_income": Fraction("2736.1")}


@pytest.mark.parametrize(
    ("document", "code", "path"),
    [
        ([], "ENG-070", ""),
        ({}, "ENG-074", ""),
        ({"person": [{}]}, "ENG-074", ""),
        ({"household": {}, "village": {}}, "ENG-074", ""),
        ({"house": {}}, "ENG-075", "house"),
        ({"household": {}, "person": {"age": 1}}, "ENG-074", ""),
        ({"household": {"net_incom": 1}}, "ENG-071", "household.net_incom"),
        ({"household": {}, "person": [{}, {"net_income": 1}]}, "ENG-071", "household.person[1].net_income"),
        ({"household": {"net_income": True}}, "ENG-070", "household.net_income"),
        ({"household": {"net_income": "1e3"}}, "ENG-070", "household.net_income"),
        ({"household": {"net_income": "1,000"}}, "ENG-070", "household.net_income"),
        ({"household": {"net_income": Decimal("1.005")}}, "ENG-089", "household.net_income"),
        ({"household": {"net_income": Decimal("1e-99999999")}}, "ENG-073", "household.net_income"),
        ({"household": {"net_income": Decimal("1e99999999")}}, "ENG-073", "household.net_income"),
        ({"household": {"members": 1.5}}, "ENG-094", "household.members"),
        ({"household": {"members": True}}, "ENG-070", "household.members"),
        ({"household": {"person": None}}, "ENG-070", "household.person"),
        ({"household": {"person": {}}}, "ENG-070", "household.person"),
        ({"household": None}, "ENG-070", "household"),
        ({"household": {"members": 1000}}, "ENG-073", "household.members"),
        ({"household": {"safe_water": 1}}, "ENG-070", "household.safe_water"),
        ({"household": {"safe_water": "yes"}}, "ENG-070", "household.safe_water"),
        ({"household": {"housing_grade": "E"}}, "ENG-072", "household.housing_grade"),
        ({"household": {"registered_on": "2015-02-29"}}, "ENG-070", "household.registered_on"),
        ({"household": {"registered_on": "2015/02/28"}}, "ENG-070", "household.registered_on"),
        ({"household": {"remark": 1}}, "ENG-070", "household.remark"),
        ({"household": {"previous": [{"debt": 1}]}}, "ENG-077", "household.previous[0].debt"),
        ({"household": {"previous": {"net_income": 1}}}, "ENG-070", "household.previous"),
        ({"household": {}, "village": [{}]}, "ENG-076", "household.village"),
        ({"household": {}, "reference_date": "2016"}, "ENG-070", "reference_date"),
        ({"household": {"net_income": 1, "纯收入": 2}}, "ENG-085", "household.纯收入"),
        ({"household": {"previous": [{"net_income": 1, "纯收入": 1}]}}, "ENG-085", "household.previous[0].纯收入"),
        ({"household": {"person": []}, "person": []}, "ENG-085", "household"),
        ({"household": {}, "person": [], "人": []}, "ENG-085", "household.人"),
    ],
)
def test_refusals_name_the_place(document: Any, code: str, path: str) -> None:
    with pytest.raises(FactsError) as caught:
        read_facts(document, SCHEMA)
    assert (caught.value.code, caught.value.path) == (code, path)
    assert (path or "$") in caught.value.message_zh or code == "ENG-074"


def test_a_key_written_twice_is_refused() -> None:
    with pytest.raises(FactsError) as caught:
        load_facts('{"household": {"net_income": 1, "net_income": 2}}', SCHEMA)
    assert (caught.value.code, caught.value.path) == ("ENG-085", "net_income")


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ('{"household": {"debt": 1e999999999999999999999}}', "ENG-073", "household.debt"),
        ('{"household": {"debt": -1e-999999999999999999999}}', "ENG-073", "household.debt"),
        ('{"household": {"members": ' + "1" * 5000 + "}}", "ENG-073", "household.members"),
        ('{"household": {"remark": ' + "1" * 5000 + "}}", "ENG-070", "household.remark"),
        ('{"household": ' + "[" * 100_000, "ENG-088", ""),
        (b'{"household": {"remark": "\xce\xc4"}}', "ENG-087", ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str | bytes, code: str, path: str) -> None:
    with pytest.raises(FactsError) as caught:
        load_facts(text, SCHEMA)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_a_byte_order_mark_is_no_fault() -> None:
    assert load_facts('\ufeff{"household": {"members": 3}}'.encode(), SCHEMA).root.facts == {"members": 3}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"members": 1.5}, ("household.members：必须是整数。", "household.members: the number must be whole.")),
        ({"debt": 1.005}, ("household.debt：小数最多 2 位。", None)),
        (
            {"members": True},
            ("household.members：应为整数或 null。", "household.members: a whole number or null is needed."),
        ),
        ({"person": {}}, (None, "household.person: a list such as [{…}, …] is needed.")),
        ({"\x1b[31m\n": 1}, (None, "household.\\x1b[31m\\n: the unit household has no fact \\x1b[31m\\n.")),
    ],
)
def test_messages_say_what_is_needed(facts: Any, words: tuple[str | None, str | None]) -> None:
    with pytest.raises(FactsError) as caught:
        read_facts({"household": facts}, SCHEMA)
    for said, wanted in zip((caught.value.message_zh, caught.value.message_en), words, strict=True):
        assert wanted in (None, said)


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(FactsError) as caught:
        read_facts({"household": {"net_incom": 1}}, SCHEMA)
    assert caught.value.nearest[0] == "net_income"


@pytest.mark.parametrize("evaluate", [reference.evaluate, duck.evaluate_facts])
def test_facts_of_another_unit_are_refused(evaluate: Any) -> None:
    with pytest.raises(FactsError, match="The document describes a village; the expression is about a household"):
        evaluate(checked("safe_water"), {"village": {}})


@pytest.mark.parametrize("evaluate", [reference.evaluate, duck.evaluate_facts])
@pytest.mark.parametrize(
    ("text", "unit", "facts", "path"),
    [
        ("all(person, labour)", "household", {"household": {}}, "household"),
        ("safe_water or count(person) = 0", "household", {"household": {"safe_water": True}}, "household"),
        ("met('no_dropout')", "household", {"household": {}}, "household"),
        ("count(person)", "village", {"village": {}}, "village"),
        ("count(person)", "village", {"village": {}, "household": [{"person": []}, {}]}, "village.household[1]"),
        ("all(household, met('no_dropout'))", "village", {"village": {}, "household": [{}]}, "village.household[0]"),
    ],
)
def test_a_list_that_is_read_must_be_given(evaluate: Any, text: str, unit: str, facts: Any, path: str) -> None:
    with pytest.raises(FactsError) as caught:
        evaluate(checked(text, unit), facts)
    assert (caught.value.code, caught.value.path) == ("ENG-086", path)
    assert '"person": []' in caught.value.message_zh
    assert '"person": []' in caught.value.message_en


@pytest.mark.parametrize("evaluate", [reference.evaluate, duck.evaluate_facts])
@pytest.mark.parametrize(
    ("text", "unit", "facts", "answer"),
    [
        ("all(person, labour)", "household", {"household": {}, "person": []}, True),
        ("any(person, labour)", "household", {"household": {"人": []}}, False),
        ("count(person)", "village", {"village": {}, "household": []}, 0),
        ("count(person)", "village", {"village": {}, "household": [{}, {}], "person": []}, 0),
        ("all(household, met('no_dropout'))", "village", {"village": {}, "household": [{}], "person": []}, True),
        ("count(person)", "village", {"village": {}, "household": [{"person": [{}]}, {"person": []}]}, 1),
        ("count(household)", "village", {"village": {}, "household": [{}]}, 1),
    ],
)
def test_an_empty_list_is_an_empty_group(evaluate: Any, text: str, unit: str, facts: Any, answer: Any) -> None:
    assert evaluate(checked(text, unit), facts) == answer


@pytest.mark.parametrize("evaluate", [reference.evaluate, duck.evaluate_facts])
def test_persons_beside_households_belong_to_no_household(evaluate: Any) -> None:
    facts = {"village": {}, "household": [{"safe_water": True}], "person": [{"labour": True}, {"labour": False}]}
    assert evaluate(checked("count(person, labour) + count(household, safe_water)", "village"), facts) == 2
    with pytest.raises(FactsError, match="list each person inside its household"):
        evaluate(checked("any(household, any(person, labour))", "village"), facts)


@pytest.mark.parametrize("evaluate", [reference.evaluate, duck.evaluate_facts])
def test_a_derived_fact_given_in_one_row_is_worked_in_the_others(evaluate: Any) -> None:
    rows = [
        {"net_income_per_capita": 10, "net_income": 6, "members": 2},
        {"net_income": 6, "members": 2},
        {"net_income_per_capita": None, "net_income": 6, "members": 2},
    ]
    facts = {"village": {}, "household": rows}
    for value, answer in (
        (10, Range(Fraction(1), Fraction(2))),
        (3, Range(Fraction(1), Fraction(2))),
        (4, Range(Fraction(0), Fraction(1))),
    ):
        assert evaluate(checked(f"count(household, net_income_per_capita = {value})", "village"), facts) == answer
    assert (
        evaluate(
            checked("sum(household, round(net_income_per_capita, 1))", "village"), {**facts, "household": rows[:2]}
        )
        == 13
    )


@pytest.mark.parametrize("evaluate", [reference.evaluate, duck.evaluate_facts])
def test_the_reference_date_given_wins_over_the_documents(evaluate: Any) -> None:
    facts = {"person": {"birth_date": "2000-06-01"}, "reference_date": "2016-12-31"}
    one = checked("age", "person")
    assert evaluate(one, facts) == 16
    assert evaluate(one, facts, reference_date=date(2010, 5, 31)) == 9
    assert evaluate(one, {"person": {"birth_date": "2000-06-01"}}) is None


def test_more_lower_divisions_than_codes_are_refused_by_the_column_engine() -> None:
    facts = {"township": {}, "village": [{}] * 1000}
    one = checked("count(village) = 1000", "township")
    assert reference.evaluate(one, facts) is True
    with pytest.raises(FactsError) as caught:
        duck.evaluate_facts(one, facts)
    assert caught.value.code == "ENG-083"
    facts = {"township": {}, "village": [{}] * 999}
    assert duck.evaluate_facts(one, facts) is False
