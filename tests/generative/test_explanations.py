"""An explanation gives the engine's answer, and a reason wherever the answer is not one known value."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lika.engine import reference
from lika.engine.explain import explain
from lika.engine.nodes import Node
from lika.engine.reference import is_single
from tests.generative.expressions import expressions
from tests.generative.populations import REFERENCE_DATES, SUPPLIED, units
from tests.generative.test_engines_agree import checked_or_none


@pytest.mark.parametrize("unit", ["person", "household", "village"])
@settings(max_examples=max(40, settings.default.max_examples))
@given(data=st.data(), supplied=SUPPLIED, day=REFERENCE_DATES)
def test_every_part_that_is_not_known_has_a_reason(
    unit: str, data: st.DataObject, supplied: frozenset[str], day: date | None
) -> None:
    trees: list[Node] = data.draw(st.lists(expressions(unit), min_size=3, max_size=6))
    row = data.draw(units(unit, supplied))
    for one in [checked_or_none(tree, unit) for tree in trees]:
        if one is None:
            continue
        found = explain(one, row, reference_date=day)
        assert found.answer == reference.evaluate(one, row, reference_date=day)
        assert all(bool(part.reasons) != is_single(part.answer) for part in found.walk())
        assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
