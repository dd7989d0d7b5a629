"""Exact where doubles are not: wide integers, rounding, long chains; refused where 38 digits do not suffice."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lika.engine import duck, reference
from lika.engine.checker import check
from lika.engine.criteria import Checked
from lika.engine.errors import ExpressionError
from lika.engine.parser import parse
from lika.engine.population import UnitRow
from lika.engine.ranges import round_half_away
from lika.engine.schema import Fact, Schema
from lika.engine.types import DecimalType, IntegerType
from tests.engine.world import checked

WIDE = Schema(
    {
        "household": {
            fact.name: fact
            for fact in (
                Fact("a", "甲", "a", IntegerType(17)),
                Fact("b", "乙", "b", IntegerType(17)),
                Fact("c", "丙", "c", DecimalType(3, 18)),
                Fact("long", "长", "long", IntegerType(30)),
            )
        }
    }
)


def wide(text: str) -> Checked:
    return check(parse(text), unit="household", schema=WIDE)


QUOTIENTS = [wide(text) for text in ("round(a / b, 0)", "round(a / b, 2)", "round(long / b, 1)", "round(a / 7, 3)")]


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(-(10**17) + 1, 10**17 - 1), st.integers(-(10**17) + 1, 10**17 - 1) | st.integers(-30, 30)
        ),
        min_size=1,
        max_size=30,
    )
)
def test_quotients_of_wide_integers_round_exactly(pairs: list[tuple[int, int]]) -> None:
    rows = [
        UnitRow("household", {"a": Fraction(a), "b": Fraction(b), "long": Fraction(a * 10**12 + b)}) for a, b in pairs
    ]
    found = duck.evaluate_rows(QUOTIENTS, rows)
    for (a, b), answers in zip(pairs, found, strict=True):
        long = a * 10**12 + b
        exact = [Fraction(a, b), Fraction(a, b), Fraction(long, b)] if b else [None, None, None]
        places = [0, 2, 1]
        wanted = [None if one is None else round_half_away(one, n) for one, n in zip(exact, places, strict=True)]
        assert answers == [*wanted, round_half_away(Fraction(a, 7), 3)]


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
    ],
)
def test_halves_go_away_from_zero(value: str, places: int, rounded: str) -> None:
    assert round_half_away(Fraction(value), places) == Fraction(rounded)


@pytest.mark.parametrize("evaluate", [reference.evaluate, duck.evaluate_facts])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a * b = 9999999999999999800000000000000001", True),
        ("a * b", Fraction(99999999999999999 * 99999999999999999)),
        ("a - b", Fraction(0)),
        ("(a + 1) / a > 1", True),
        ("c * 3 / 3 = c", True),
        ("0.1 + 0.2 = 0.3", True),
        ("c / 0.001 = 1", True),
    ],
)
def test_no_digit_is_lost(evaluate: Any, text: str, value: Any) -> None:
    facts = {"household": {"a": 99999999999999999, "b": 99999999999999999, "c": "0.001"}}
    assert evaluate(wide(text), facts) == value


@pytest.mark.parametrize("text", ["a * b * a > 0", "long * long > 0", "a / b > c / a / a", "long / b > a / b / b"])
def test_what_needs_more_than_38_digits_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        wide(text)
    assert caught.value.code == "ENG-060"
    assert caught.value.message_zh.startswith("精确计算需要")


def test_the_refusal_names_the_smallest_part() -> None:
    with pytest.raises(ExpressionError) as caught:
        wide("a > 0 and (b > 1 or\n  long * long * 2 > 0)")
    assert (caught.value.line, caught.value.column) == (2, 3)


@pytest.mark.parametrize(
    ("evaluate", "operator", "value"),
    [
        (reference.evaluate, "or", True),
        (reference.evaluate, "and", False),
        (reference.evaluate, "+", Fraction(5000 * 3)),
        (reference.evaluate, "-", Fraction(3 - 4999 * 3)),
        (duck.evaluate_facts, "or", True),
        (duck.evaluate_facts, "-", Fraction(3 - 4999 * 3)),
    ],
)
def test_five_thousand_terms(evaluate: Any, operator: str, value: Any) -> None:
    terms = ["members"] * 5000
    if operator in ("or", "and"):
        terms = [f"members = {number}" for number in range(5000)]
    assert evaluate(checked(f" {operator} ".join(terms)), {"household": {"members": 3}}) == value


@pytest.mark.parametrize("evaluate", [reference.evaluate, duck.evaluate_facts])
def test_the_deepest_nesting_runs(evaluate: Any) -> None:
    text = "members"
    for number in range(19):
        text = f"(if {text} > {number} then members else debt)"
    assert evaluate(checked(text), {"household": {"members": 50, "debt": 1}}) == 50
