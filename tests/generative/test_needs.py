"""What would have to change is proved: the change made in the population, the reference engine finds the criterion met.

The proof here is another than the engine's own: the population is built anew with the changed facts.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lika.engine import reference
from lika.engine.needs import Needs, Way, needs_of
from lika.engine.needs.model import MOST_WAYS, merged, plans
from lika.engine.nodes import Node
from lika.engine.population import UnitRow
from lika.engine.ranges import exactly
from lika.engine.typed import Term
from tests.generative.expressions import expressions
from tests.generative.populations import REFERENCE_DATES, SUPPLIED, units
from tests.generative.test_engines_agree import checked_or_none

UNITS = ["person", "household", "village"]


@dataclass
class Given(reference.Evaluation):
    """The reference engine where a sub-expression has a given value in the row at a place."""

    given: dict[tuple[int, int], Any] = field(default_factory=dict)

    def value(self, term: Term, row: UnitRow) -> Any:
        return self.given[id(term), id(row)] if (id(term), id(row)) in self.given else super().value(term, row)


def at(row: UnitRow, path: tuple[tuple[str, int], ...]) -> UnitRow:
    """The row at a place."""
    for unit, index in path:
        row = row.children[unit][index]
    return row


def changed(row: UnitRow, path: tuple[tuple[str, int], ...], column: str, value: Any) -> UnitRow:
    """The population with one fact of the row at a place changed."""
    if not path:
        return replace(row, facts={**row.facts, column: value})
    (unit, index), *rest = path
    rows = list(row.children[unit])
    rows[index] = changed(rows[index], tuple(rest), column, value)
    return replace(row, children={**row.children, unit: tuple(rows)})


def after(root: Term, row: UnitRow, way: Way, day: date | None) -> Any:
    """The answer once a way is gone."""
    for change in way:
        if change.step.kind == "fact":
            row = changed(row, change.step.path, change.step.column, change.target)
    given = {
        (id(change.step.term), id(at(row, change.step.path))): (
            exactly(change.target) if isinstance(change.target, Fraction) else change.target
        )
        for change in way
        if change.step.kind == "value"
    }
    return Given(day, given=given).value(root, row)


def shown_ways(found: Needs) -> list[Way]:
    """The ways that the tree shows, each fact at its least change: whoever picks an alternative must not be misled."""
    apart = (merged(steps, lambda step, aim: step.target if aim == step.aim else None) for steps in plans(found.need))
    return [way for way in apart if way is not None]


@pytest.mark.parametrize("unit", UNITS)
@settings(max_examples=max(60, settings.default.max_examples))
@given(data=st.data(), supplied=SUPPLIED, day=REFERENCE_DATES)
def test_every_proposed_change_makes_the_criterion_met(
    unit: str, data: st.DataObject, supplied: frozenset[str], day: date | None
) -> None:
    trees: list[Node] = data.draw(st.lists(expressions(unit, only_truth=True), min_size=3, max_size=6))
    row = data.draw(units(unit, supplied))
    for one in [checked_or_none(tree, unit) for tree in trees]:
        if one is None:
            continue
        found = needs_of(one, row, reference_date=day)
        if found is None:
            assert reference.evaluate(one, row, reference_date=day) is True
            continue
        assert reference.evaluate(one, row, reference_date=day) is not True
        assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
        if not found.given:
            assert "never" in {need.kind for need in found.need.walk()}, found.need
            continue
        assert after(one.root, row, found.way, day) is True, one.text
        for way in shown_ways(found)[:MOST_WAYS]:
            assert after(one.root, row, way, day) is True, one.text
