"""Lists of a thousand options and conditions: the same answer from both engines, unknown included."""

from typing import Any

import pytest

from lika.engine import duck, reference
from lika.engine.lowering.cells import Cells
from tests.engine.world import checked

MANY = 1000
#: Amounts from 0.00 to 9.99 yuan.
AMOUNTS = ", ".join(f"{number / 100:.2f}" for number in range(MANY))
GRADES = ["A", "B"] * (MANY // 2)


def joined(connective: str, condition: str) -> str:
    return f" {connective} ".join(condition.format(number) for number in range(MANY))


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
        (joined("or", "net_income_per_capita = {}"), {"net_income": "9", "members": 3}, True),
        (joined("or", "net_income_per_capita = {}"), {"net_income": "10", "members": 3}, False),
        (joined("or", "net_income_per_capita = {}"), {"net_income": "10", "members": 0}, None),
        (f"housing_grade in ({', '.join(map(repr, GRADES))})", {"housing_grade": "B"}, True),
        (f"housing_grade in ({', '.join(map(repr, GRADES))})", {"housing_grade": "C"}, False),
        (f"housing_grade in ({', '.join(map(repr, GRADES))})", {"housing_grade": None}, None),
    ],
    ids=range(23),
)
def test_long_lists_are_answered_alike(evaluate: Any, text: str, facts: dict[str, Any], answer: bool | None) -> None:
    assert evaluate(checked(text), {"household": facts}) is answer


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
