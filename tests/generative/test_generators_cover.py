"""The generators reach the whole language: a new node, function or operator without a generator fails here."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lika.engine import nodes, typed
from lika.engine.functions import USAGE
from lika.engine.nodes import Node
from lika.engine.population import UnitRow
from lika.engine.ranges import COMPARISONS
from tests.generative.expressions import expressions
from tests.generative.populations import REFERENCE_DATES, units
from tests.generative.test_engines_agree import checked_or_none

EXAMPLES = 250


def _all_nodes(tree: Node) -> list[Node]:
    found, pending = [], [tree]
    while pending:
        node = pending.pop()
        found.append(node)
        for value in vars(node).values():
            below = value if isinstance(value, tuple) else (value,)
            pending += [item for item in below if isinstance(item, Node)]
    return found


def test_every_node_function_and_operator_is_generated() -> None:
    seen: set[object] = set()

    @settings(max_examples=EXAMPLES, derandomize=True)
    @given(tree=st.sampled_from(["household", "village"]).flatmap(expressions))
    def collect(tree: Node) -> None:
        for node in _all_nodes(tree):
            seen.add(type(node))
            match node:
                case nodes.Call(name=name):
                    seen.add(name)
                case nodes.Compare(operator=operator):
                    seen.add(operator)
                case nodes.Sum(signs=operators) | nodes.Product(operators=operators):
                    seen.update(operators)
                case nodes.Name(name="reference_date"):
                    seen.add("reference_date")

    collect()
    syntax = set(Node.__subclasses__())
    assert seen == syntax | set(USAGE) | set(COMPARISONS) | set("+-*/") | {"reference_date"}


def test_every_checked_term_is_generated() -> None:
    seen: set[type] = set()

    @settings(max_examples=EXAMPLES, derandomize=True)
    @given(tree=expressions("household"))
    def collect(tree: Node) -> None:
        one = checked_or_none(tree, "household")
        if one is not None:
            seen.update(type(term) for term in typed.walk(one.root))

    collect()
    assert seen == set(typed.Term.__subclasses__())


def test_populations_hold_the_hard_cases() -> None:
    seen: set[str] = set()

    @settings(max_examples=200, derandomize=True)
    @given(row=units("village"), day=REFERENCE_DATES)
    def collect(row: UnitRow, day: date | None) -> None:
        seen.add("no reference date" if day is None else "reference date")
        for household in row.below("household"):
            seen.add("persons" if household.below("person") else "empty group")
            facts = household.facts
            seen.update(f"{name} is {facts[name]}" for name in ("members", "net_income", "safe_water"))

    collect()
    hard = {
        "empty group",
        "no reference date",
        "members is 0",
        "members is None",
        "net_income is 27361/10",
        "net_income is 99999999999999/100",
        "net_income is -99999999999999/100",
        "safe_water is None",
    }
    assert hard <= seen
