"""Golden cases that stand exactly on a line: where over and at, or under and at, part."""

from typing import Any

from lika.engine import typed
from lika.engine.criteria import Checked
from lika.engine.facts_json import FactsDocument
from lika.engine.population import UnitRow
from lika.engine.reference import Evaluation, is_single
from lika.engine.typed import Term

_ORDERED = frozenset({"<", "<=", ">", ">="})


def on_a_line(checked: Checked, document: FactsDocument) -> bool:
    """Whether one of the expression's own comparisons has the same value on both sides.

    Equality is no line, and other criteria and derived facts that it names have lines of their own.
    """
    return _touches(Evaluation(document.reference_date), checked.root, document.root)


def _touches(run: Evaluation, term: Term, row: UnitRow) -> bool:
    match term:
        case typed.Aggregate(body=body):
            return body is not None and any(_touches(run, body, below) for below in row.below(term.unit))
        case typed.Compare(operator=operator) if operator in _ORDERED:
            if _same(run.value(term.left, row), run.value(term.right, row)):
                return True
        case typed.Between():
            value = run.value(term.value, row)
            if any(_same(value, run.value(end, row)) for end in (term.low, term.high)):
                return True
    return any(_touches(run, child, row) for child in typed.children(term))


def _same(one: Any, other: Any) -> bool:
    return is_single(one) and is_single(other) and one == other
