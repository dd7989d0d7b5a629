"""What is told of persons, among the facts that an expression reads."""

from lika.engine.criteria import Checked
from lika.engine.schema import LAG_MARK, Schema

#: The privacy of facts that are shown to those alone who may see what is told of persons (`register.personal`).
GUARDED = frozenset({"personal", "sensitive"})


def is_guarded_fact(schema: Schema, unit: str, column: str) -> bool:
    """Whether the fact of a column, of whichever year, is told of persons."""
    return schema.units[unit][column.partition(LAG_MARK)[0]].privacy in GUARDED


def is_guarded(whole: Checked) -> bool:
    """Whether a checked expression reads what is told of persons, directly or through others."""
    return any(is_guarded_fact(whole.schema, use.unit, use.name) for use in (*whole.facts, *whole.derived))
