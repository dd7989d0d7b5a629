"""What is told of persons, among the facts that an expression reads."""

from collections.abc import Iterable, Iterator

from lika.engine.criteria import Checked, FactUse
from lika.engine.figures.parts import numbers_in
from lika.engine.formatter import format_node
from lika.engine.schema import LAG_MARK, Schema
from lika.engine.typed import Aggregate, walk

#: How many people there are is no number that is personal.
_PEOPLE = ("household", "members")

#: The privacy of facts that are shown to those alone who may see what is told of persons (`register.personal`).
GUARDED = frozenset({"personal", "sensitive"})


def is_guarded_fact(schema: Schema, unit: str, column: str) -> bool:
    """Whether the fact of a column, of whichever year, is told of persons."""
    return schema.units[unit][column.partition(LAG_MARK)[0]].privacy in GUARDED


def is_guarded(whole: Checked) -> bool:
    """Whether a checked expression reads what is told of persons, directly or through others."""
    return any(is_guarded_fact(whole.schema, use.unit, use.name) for use in (*whole.facts, *whole.derived))


def is_of_amounts(schema: Schema, numbers: Iterable[FactUse]) -> bool:
    """Whether some numbers are personal: money, months, ages. How many people there are is none."""
    amounts = {(use.unit, use.name) for use in numbers} - {_PEOPLE}
    return any(is_guarded_fact(schema, unit, name) for unit, name in amounts)


def amounts_told(whole: Checked) -> frozenset[str]:
    """The aggregates of an expression that give a sum, a mean or an end of personal numbers, as they are written.

    Of two households such a sum tells each of them what the other has.
    """
    return frozenset(_amounts(whole))


def _amounts(whole: Checked) -> Iterator[str]:
    for term in walk(whole.root):
        if isinstance(term, Aggregate) and term.body is not None and is_of_amounts(whole.schema, numbers_in(term.body)):
            yield format_node(term.source)
    for below in whole.definitions:
        yield from _amounts(below)
