"""Lists of a thousand options and conditions: the same answer from both engines, unknown included."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lika.engine import duck, reference
from lika.engine.lowering.cells import Cell, Cells
from tests.engine.world import checked

MANY = 1000
#: Amounts from 0.00 to 9.99 yuan.
AMOUNTS = ", ".join(f"{number / 100:.2f}" for number in range(MANY))
GRADES = ["A", "B"] * (MANY // 2)


#: As many conditions as one criterion is ever thought to list.
FLAT = 5000


def joined(connective: str, condition: str, many: int = MANY) -> str:
    return f" {connective} ".join(condition.format(number) for number in range(many))


@pytest.mark.parametrize("evaluate", [reference.evaluate, duck.evaluate_facts])
@pytest.mark.parametrize(
    ("text", "facts", "answer"),
    [
        (f"debt in ({AMOUNTS})", {"debt": "9.99"}, True),
        (f"debt in ({AMOUNTS})", {"debt": "10.00"}, False),
        (f"debt in ({AMOUNTS})", {"debt": None}, None),
        (f"debt in ({AMOUNTS}, param.debt_limit)", {"debt": "9.99"}, True),
        (f"debt in ({AMOUNTS}, param.debt_limit)", {"debt": "10.00"}, None),
        (f"not (debt in ({AMOUNTS}))", {"debt": "10.00"}, True),
        (joined("or", "debt = {}"), {"debt": "999"}, True),
        (joined("or", "debt = {}"), {"debt": "999.01"}, False),
        (joined("or", "debt = {}"), {"debt": None}, None),
        (joined("or", "debt = {}") + " or safe_water", {"debt": None, "safe_water": True}, True),
        (joined("or", "debt = {}") + " or safe_water", {"debt": "-1", "safe_water": None}, None),
        (joined("and", "debt != {}"), {"debt": "999.01"}, True),
        (joined("and", "debt != {}"), {"debt": "17"}, False),
        (joined("and", "debt != {}"), {"debt": None}, None),
        (joined("or", "debt > 1{:03}"), {"debt": "1000.01"}, True),
        (joined("or", "debt > 1{:03}"), {"debt": "1000"}, False),
        (joined("or", "debt > 1{:03}"), {"debt": None}, None),
        (joined("or", "debt > 1{:04}", FLAT), {"debt": "10000.01"}, True),
        (joined("or", "debt > 1{:04}", FLAT), {"debt": "10000"}, False),
        (joined("or", "debt > 1{:04}", FLAT), {"debt": None}, None),
        (joined("and", "debt <= 1{:04}", FLAT), {"debt": "10000"}, True),
        (joined("and", "debt <= 1{:04}", FLAT), {"debt": "10000.01"}, False),
        (joined("and", "1{:04} >= debt", FLAT) + " and safe_water", {"debt": None, "safe_water": True}, None),
        (joined("and", "1{:04} >= debt", FLAT) + " and safe_water", {"debt": None, "safe_water": False}, False),
        (joined("or", "net_income_per_capita = {}"), {"net_income": "9", "members": 3}, True),
        (joined("or", "net_income_per_capita = {}"), {"net_income": "10", "members": 3}, False),
        (joined("or", "net_income_per_capita = {}"), {"net_income": "10", "members": 0}, None),
        (f"housing_grade in ({', '.join(map(repr, GRADES))})", {"housing_grade": "B"}, True),
        (f"housing_grade in ({', '.join(map(repr, GRADES))})", {"housing_grade": "C"}, False),
        (f"housing_grade in ({', '.join(map(repr, GRADES))})", {"housing_grade": None}, None),
    ],
    ids=range(30),
)
def test_long_lists_are_answered_alike(evaluate: Any, text: str, facts: dict[str, Any], answer: bool | None) -> None:
    assert evaluate(checked(text), {"household": facts}) is answer


def test_of_many_bounds_only_the_one_that_decides_is_left() -> None:
    cells = Cells()
    members, debt = cells.stored("members", "int", 0, 3), cells.stored("debt", "int", 2, 10)

    def bound(symbol: str, number: int) -> Cell:
        return cells.compare(symbol, members, cells.integer(number))

    over = [bound(">", number) for number in range(FLAT)]
    assert cells.either(*over) is bound(">", 0)
    assert cells.both(*over) is bound(">", FLAT - 1)
    under = [bound("<=", number) for number in range(FLAT)]
    assert cells.either(*under) is bound("<=", FLAT - 1)
    assert cells.both(*under) is bound("<=", 0)
    # Whether the bound itself is within counts where the numbers are alike.
    assert cells.either(bound(">", 1), bound(">=", 1)) is bound(">=", 1)
    assert cells.both(bound(">", 1), bound(">=", 1)) is bound(">", 1)
    assert cells.either(bound("<", 1), bound("<=", 1)) is bound("<=", 1)
    assert cells.both(bound("<", 1), bound("<=", 1)) is bound("<", 1)
    assert cells.compare("<=", cells.integer(1), members) is bound(">=", 1)
    # Bounds on the two sides, and of other values, do not stand for each other.
    other = cells.compare(">", debt, cells.integer(0))
    found = cells.both(bound(">", 1), other, bound("<", 9), bound(">", 2))
    assert list(found.operands) == [other, bound("<", 9), bound(">", 2)]
    assert cells.either(cells.compare(">", members, debt), bound(">", 1)).operator == "or"


@pytest.mark.parametrize("evaluate", [reference.evaluate, duck.evaluate_facts])
@pytest.mark.parametrize(("age", "answer"), [(99, True), (0, False), (None, None)])
def test_more_truths_of_people_than_an_integer_has_bits(evaluate: Any, age: int | None, answer: bool | None) -> None:
    text = joined("and", "any(person, age > {})", 70)
    people = [{"age": 7}, {"age": age}]
    assert evaluate(checked(text), {"household": {}, "person": people}) is answer
    assert evaluate(checked(text), {"household": {}, "person": []}) is False


@settings(max_examples=30)
@given(
    connective=st.sampled_from(["or", "and"]),
    bounds=st.lists(
        st.tuples(st.booleans(), st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), st.integers(-2, 2)), min_size=2
    ),
    debt=st.one_of(st.none(), st.integers(-3, 3)),
)
def test_any_bounds_of_one_value_are_answered_alike(
    connective: str, bounds: list[tuple[bool, str, int]], debt: int | None
) -> None:
    parts = [
        f"debt {symbol} {number}" if fact_first else f"{number} {symbol} debt" for fact_first, symbol, number in bounds
    ]
    expression = checked(f" {connective} ".join(parts))
    facts = {"household": {"debt": None if debt is None else str(debt)}}
    assert duck.evaluate_facts(expression, facts) is reference.evaluate(expression, facts)


def test_comparisons_of_one_value_with_many_become_one_look_up() -> None:
    cells = Cells()
    members, debt = cells.stored("members", "int", 0, 3), cells.stored("debt", "int", 2, 10)
    equal = [cells.compare("=", members, cells.integer(number)) for number in range(3)]
    other = cells.compare("=", debt, cells.integer(7))
    found = cells.either(equal[0], other, *equal[1:])
    assert found.operator == "or"
    assert [(term.operator, term.operands[0], term.detail) for term in found.operands] == [
        ("in", members, (0, 1, 2)),
        ("=", debt, None),
    ]
    apart = [cells.compare("!=", members, cells.integer(number)) for number in range(3)]
    assert cells.both(*apart) is cells.opposite(cells.either(*equal))
    # What is compared otherwise, or joined otherwise, is no list.
    assert cells.both(*equal).operator == "and"
    assert cells.either(*apart).operator == "or"
