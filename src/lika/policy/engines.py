"""The engines that golden cases and single expressions run on, under one shape."""

from collections.abc import Callable, Mapping, Sequence

from lika.engine import reference
from lika.engine.criteria import Checked
from lika.engine.facts_json import FactsDocument
from lika.engine.reference import Answer

# The answers of some expressions for the unit of a facts document, in order.
Answers = Callable[[Sequence[Checked], FactsDocument], list[Answer]]


def _by_reference(expressions: Sequence[Checked], document: FactsDocument) -> list[Answer]:
    return [reference.evaluate(expression, document) for expression in expressions]


def _by_duckdb(expressions: Sequence[Checked], document: FactsDocument) -> list[Answer]:
    from lika.engine import duck  # a second to import: only who asks for it waits

    for expression in expressions:
        document.refuse_unfit(expression)
    return duck.evaluate_rows(expressions, [document.root], reference_date=document.reference_date)[0]


ENGINES: Mapping[str, Answers] = {"reference": _by_reference, "duckdb": _by_duckdb}
