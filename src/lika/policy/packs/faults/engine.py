"""What the engine refuses, at its place in the pack, under the engine's code."""

from lika.core.language import chosen, language, listed
from lika.engine.errors import EngineError, ExpressionError, FactsError
from lika.policy.packs.faults.base import Fault, Place


def expression(place: Place, error: ExpressionError) -> Fault:
    return Fault(
        error.code,
        place,
        spoken(error),
        expected=listed(chosen(*word) for word in error.expected_words),
        nearest=error.nearest,
    )


def facts(place: Place, error: FactsError) -> Fault:
    return Fault(error.code, place, spoken(error), nearest=error.nearest)


def spoken(error: EngineError) -> str:
    """What the engine says, in the reader's language."""
    return error.message(language())
