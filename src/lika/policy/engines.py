"""The engines that cases and single expressions run on, under one shape."""

from collections.abc import Callable, Mapping, Sequence

from lika.engine import reference
from lika.engine.criteria import CheckedSet
from lika.engine.facts_json import FactsDocument

# Verdicts of some criteria, by id, for the unit of a facts document.
Verdicts = Callable[[CheckedSet, FactsDocument, Sequence[str]], dict[str, bool | None]]


def _by_reference(checked: CheckedSet, document: FactsDocument, wanted: Sequence[str]) -> dict[str, bool | None]:
    return {name: reference.evaluate(checked.by_id[name], document) for name in wanted}  # type: ignore[misc]


ENGINES: Mapping[str, Verdicts] = {"reference": _by_reference}
