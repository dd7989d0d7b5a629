"""Names and types are resolved; circles, wrong units and contradictions are refused."""

import pytest

from lika.engine.checker import check, compile_set, find_errors
from lika.engine.criteria import Criterion, FactUse
from lika.engine.errors import ExpressionError, SchemaError
from lika.engine.parser import parse
from lika.engine.schema import CodeItem, CodeList, Fact, Schema
from lika.engine.types import CodeType, DecimalType, IntegerType, TextType
from tests.engine.world import GRADES, SCHEMA, checked


def criterion(id_: str, text: str, unit: str = "household") -> Criterion:
    return Criterion(id_, unit, id_, id_, text)


def test_what_an_expression_reads() -> None:
    one = checked("count(household, met('income') and any(person, 劳动力)) > 0 and 通硬化路", "village")
    assert one.units == {"village", "household", "person"}
    assert one.facts == {
        FactUse("household", "net_income"),
        FactUse("household", "members"),
        FactUse("person", "labour"),
        FactUse("village", "surfaced_road"),
    }
    assert one.derived == {FactUse("household", "net_income_per_capita")}
    assert one.parameters == {"exit_line"}
    assert one.criteria == {"income"}


def test_earlier_years_are_read_fact_by_fact() -> None:
    assert checked("previous(net_income_per_capita, 1) > previous(previous(net_income, 1), 1)").facts == {
        FactUse("household", "net_income", 1),
        FactUse("household", "members", 1),
        FactUse("household", "net_income", 2),
    }


@pytest.mark.parametrize(
    ("text", "kind", "places"),
    [
        ("members + 1", "integer", 0),
        ("members * net_income", "decimal", 2),
        ("net_income / members", "decimal", 2),
        ("share(person, labour)", "decimal", 4),
        ("round(net_income, 1)", "decimal", 1),
        ("round(net_income, 0)", "integer", 0),
        ("safe_water", "boolean", None),
        ("max(person, birth_date)", "date", None),
        ("if safe_water then housing_grade else 'A'", "code", None),
    ],
)
def test_types(text: str, kind: str, places: int | None) -> None:
    type_ = checked(text).type
    assert type_.kind == kind
    if isinstance(type_, DecimalType):
        assert type_.places == places


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("age > 6", "household", "age is a fact of person, not of household; use an aggregate over person."),
        ("count(person) > 0", "person", "There is no unit below person: nothing can be aggregated."),
        (
            "safe_water",
            "person",
            (
                "safe_water is a fact of household, which is above person; "
                "only facts of the unit and of lower units can be used."
            ),
        ),
        (
            "max(household, net_income / members) > 1",
            "village",
            "max cannot compare quotients of different rows exactly. Round them first: max(household, round(…, 2)).",
        ),
        (
            "sum(household, net_income / members) > 1",
            "village",
            "sum cannot add quotients of different rows exactly. Round them first: sum(household, round(…, 2)).",
        ),
    ],
)
def test_messages_advise_what_is_possible(text: str, unit: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        checked(text, unit)
    assert caught.value.message("en") == message


def test_a_far_name_is_not_offered() -> None:
    with pytest.raises(ExpressionError) as caught:
        checked("met('nope')")
    assert caught.value.nearest == ()


def test_nearest_names_are_offered() -> None:
    with pytest.raises(ExpressionError) as caught:
        checked("net_incom > 1")
    assert caught.value.nearest[0] == "net_income"
    with pytest.raises(ExpressionError) as caught:
        checked("housing_grade = 'A级'")
    assert (caught.value.nearest, caught.value.expected) == (("A",), ("A", "B", "C", "D"))
    assert caught.value.message_zh == "代码 'A级' 不在代码表“住房等级”中，可用：A、B、C、D。"


def test_criteria_come_after_those_they_refer_to() -> None:
    compiled = compile_set(
        [criterion("c", "met('a') and met('b')"), criterion("b", "met('a')"), criterion("a", "safe_water")], SCHEMA
    )
    assert [one.criterion.id for one in compiled.criteria if one.criterion] == ["a", "b", "c"]
    assert compiled.by_id["c"].criteria == {"a", "b"}


def test_circles_are_refused_by_name() -> None:
    circle = [criterion("a", "met('b')"), criterion("b", "safe_water or met('c')"), criterion("c", "met('a')")]
    with pytest.raises(ExpressionError) as caught:
        compile_set(circle, SCHEMA)
    error = caught.value
    assert (error.code, error.criterion) == ("ENG-053", "a")
    assert error.message_en == "Criteria refer to each other in a circle: b → c → a → b."


def test_a_criterion_cannot_refer_to_itself() -> None:
    with pytest.raises(ExpressionError, match="ENG-053"):
        compile_set([criterion("a", "safe_water or met('a')")], SCHEMA)


def test_errors_name_their_criterion() -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_set([criterion("good", "safe_water"), criterion("bad", "safe_water and\n nothing")], SCHEMA)
    assert (caught.value.criterion, caught.value.line, caught.value.column) == ("bad", 2, 2)


def test_all_errors_at_once() -> None:
    errors = find_errors(
        [
            criterion("good", "safe_water"),
            criterion("bad", "nothing"),
            criterion("number", "members + 1"),
            criterion("follower", "met('bad')"),
            criterion("garbled", "safe_water ("),
        ],
        SCHEMA,
    )
    assert [(error.criterion, error.code) for error in errors] == [
        ("bad", "ENG-020"),
        ("number", "ENG-056"),
        ("garbled", "ENG-002"),
    ]


def test_ids_are_unique() -> None:
    with pytest.raises(ExpressionError, match="ENG-058"):
        compile_set([criterion("a", "safe_water"), criterion("a", "not safe_water")], SCHEMA)


def test_long_chains_of_criteria_are_refused_not_overflowed() -> None:
    chain = [criterion("c0", "safe_water")]
    chain += [criterion(f"c{n}", f"met('c{n - 1}')") for n in range(1, 500)]
    with pytest.raises(ExpressionError, match="ENG-057"):
        compile_set(chain, SCHEMA)


def test_derived_facts_in_a_circle_are_refused() -> None:
    facts = [
        Fact("one", "甲", "one", IntegerType(), formula="two + 1"),
        Fact("two", "乙", "two", IntegerType(), formula="one + 1"),
    ]
    schema = Schema({"household": {fact.name: fact for fact in facts}})
    with pytest.raises(ExpressionError) as caught:
        check(parse("one > 0"), unit="household", schema=schema)
    assert (caught.value.code, caught.value.message_en) == (
        "ENG-054",
        "Derived facts refer to each other in a circle: household.one → household.two → household.one.",
    )


def test_a_faulty_formula_is_named_where_its_text_is() -> None:
    facts = [
        Fact("good", "好", "good", IntegerType(), formula="1 + 1"),
        Fact("bad", "坏", "bad", IntegerType(), formula="1 +\n nothing"),
    ]
    schema = Schema({"household": {fact.name: fact for fact in facts}})
    uses = [criterion("a", "bad > 0"), criterion("b", "bad > 1"), criterion("c", "good > 1")]
    (error,) = find_errors(uses, schema)
    assert (error.code, error.criterion, error.line, error.column) == ("ENG-020", "household.bad", 2, 2)


def test_facts_of_one_name_in_two_units_are_no_circle() -> None:
    schema = Schema(
        {
            "person": {"income": Fact("income", "收入", "income", IntegerType())},
            "household": {"income": Fact("income", "收入", "income", IntegerType(), formula="sum(person, income)")},
            "village": {"income": Fact("income", "收入", "income", IntegerType(), formula="sum(household, income)")},
        }
    )
    one = check(parse("income > 0"), unit="village", schema=schema)
    assert one.facts == {FactUse("person", "income")}


def test_a_formula_must_give_the_declared_type() -> None:
    facts = {"one": Fact("one", "甲", "one", IntegerType(), formula="true")}
    with pytest.raises(ExpressionError, match="ENG-030"):
        check(parse("one > 0"), unit="household", schema=Schema({"household": facts}))


def test_a_derived_fact_kept_for_earlier_years_needs_no_formula_there() -> None:
    derived = Fact("size", "人口", "size", IntegerType(), formula="count(person)", lags=1)
    schema = Schema({"household": {"size": derived}, "person": {}})
    assert check(parse("previous(size, 1) > 0"), unit="household", schema=schema).facts == frozenset()
    with pytest.raises(ExpressionError, match="1:10: ENG-051 size keeps 1 earlier data years"):
        check(parse("previous(size, 2) > 0"), unit="household", schema=schema)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ([Fact("a", "甲", "a", IntegerType()), Fact("b", "甲", "b", IntegerType())], "ENG-090"),
        ([Fact("Rice", "甲", "a", IntegerType()), Fact("rice", "乙", "b", IntegerType())], "ENG-090"),
        ([Fact("not", "非", "not", IntegerType())], "ENG-091"),
        ([Fact("a__lag1", "甲", "a", IntegerType())], "ENG-091"),
        ([Fact("a b", "甲", "a", TextType())], "ENG-091"),
        ([Fact("a", "甲", "a", CodeType("none", ("x",)))], "ENG-092"),
        ([Fact("a", "甲", "a", CodeType("housing_grade", ("x",)))], "ENG-093"),
    ],
)
def test_schemas_that_contradict_themselves(facts: list[Fact], code: str) -> None:
    with pytest.raises(SchemaError) as caught:
        Schema({"household": {fact.name: fact for fact in facts}}, {GRADES.id: GRADES})
    assert caught.value.code == code


def test_code_lists_know_their_items() -> None:
    codes = CodeList("list", "表", "list", (CodeItem("1", "一", "one"), CodeItem("2", "二", "two")))
    assert codes.type == CodeType("list", ("1", "2"))
    assert codes.item("2") == CodeItem("2", "二", "two")
    assert codes.item("3") is None
