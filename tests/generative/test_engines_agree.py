"""The two engines give the same value for every expression and every unit, whatever the order of rows."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lika.engine import duck, reference
from lika.engine.checker import check
from lika.engine.criteria import Checked
from lika.engine.errors import ExpressionError
from lika.engine.formatter import format_node
from lika.engine.nodes import Node
from lika.engine.parser import parse
from lika.engine.population import UnitRow
from tests.engine.world import CRITERIA, PARAMETERS, SCHEMA
from tests.generative.expressions import expressions
from tests.generative.populations import REFERENCE_DATES, SUPPLIED, reversed_children, units

#: A generated expression may need too many digits, or add quotients: the only refusals that are no mistake.
_HONEST_REFUSALS = {"ENG-060", "ENG-061"}


def checked_or_none(tree: Node, unit: str) -> Checked | None:
    """The expression by way of its text, or None where exact arithmetic must refuse it."""
    text = format_node(tree)
    assert parse(text) == tree, text
    try:
        return check(parse(text), unit=unit, schema=SCHEMA, parameters=PARAMETERS, criteria=CRITERIA)
    except ExpressionError as error:
        if error.code not in _HONEST_REFUSALS:
            raise
        return None


def assert_agreement(expressions_: Sequence[Checked], rows: Sequence[UnitRow], day: date | None) -> None:
    """Both engines answer alike, the fast one also with the rows in another order."""
    expected = [[reference.evaluate(one, row, reference_date=day) for one in expressions_] for row in rows]
    shuffled = [reversed_children(row) for row in reversed(rows)]
    for given_rows, wanted in ((rows, expected), (shuffled, expected[::-1])):
        found = duck.evaluate_rows(expressions_, given_rows, reference_date=day)
        for row_found, row_wanted in zip(found, wanted, strict=True):
            for one, value, want in zip(expressions_, row_found, row_wanted, strict=True):
                assert value == want, f"{format_node(one.root.source)}: {value} != {want}"


@pytest.mark.parametrize("unit", ["person", "household", "village", "township"])
@given(data=st.data(), supplied=SUPPLIED, day=REFERENCE_DATES)
def test_engines_agree(unit: str, data: st.DataObject, supplied: frozenset[str], day: date | None) -> None:
    trees = data.draw(st.lists(expressions(unit), min_size=8, max_size=16))
    rows = data.draw(st.lists(units(unit, supplied), min_size=1, max_size=4))
    kept = [one for tree in trees if (one := checked_or_none(tree, unit)) is not None]
    if kept:
        assert_agreement(kept, rows, day)
