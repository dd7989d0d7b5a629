"""Forgetting a fact may make a verdict unknown, but never turns it round."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lika.engine import reference
from lika.engine.nodes import Node
from lika.engine.population import UnitRow
from tests.engine.world import checked
from tests.generative.expressions import expressions
from tests.generative.populations import REFERENCE_DATES, units
from tests.generative.test_engines_agree import checked_or_none


def forget(draw: st.DataObject, row: UnitRow) -> UnitRow:
    """The same unit with some facts unknown, in it or below it."""
    facts = {column: None if draw.draw(st.integers(0, 3)) == 0 else value for column, value in row.facts.items()}
    children = {unit: tuple(forget(draw, child) for child in rows) for unit, rows in row.children.items()}
    return UnitRow(row.unit, facts, children)


@pytest.mark.parametrize("unit", ["household", "village"])
@settings(max_examples=max(60, settings.default.max_examples))
@given(data=st.data(), day=REFERENCE_DATES)
def test_forgetting_never_turns_a_verdict_round(unit: str, data: st.DataObject, day: date | None) -> None:
    trees: list[Node] = data.draw(st.lists(expressions(unit, handling=False, only_truth=True), min_size=5, max_size=10))
    before = data.draw(units(unit))
    after = forget(data, before)
    for tree in trees:
        one = checked_or_none(tree, unit)
        if one is None:
            continue
        known = reference.evaluate(one, before, reference_date=day)
        less = reference.evaluate(one, after, reference_date=day)
        assert less in (None, known)


def test_functions_that_handle_unknown_are_the_exception() -> None:
    """The property would be empty if nothing could turn round."""
    one = checked("not is_known(debt)")
    assert reference.evaluate(one, {"household": {"debt": 1}}) is False
    assert reference.evaluate(one, {"household": {"debt": None}}) is True
