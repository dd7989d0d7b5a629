"""The types of computed values. They say how a value is shown; the value itself is exact all the same."""

from __future__ import annotations

from collections.abc import Sequence

from lika.engine.typed import Term
from lika.engine.types import MOST_DIGITS, DecimalType, IntegerType, Type, is_number, places_of


def common_type(terms: Sequence[Term]) -> Type:
    """The type of a value that may be any of ``terms``, or their sum."""
    first = terms[0].type
    if not is_number(first):
        return first
    places = max(places_of(term.type) for term in terms)
    whole = all(isinstance(term.type, IntegerType) for term in terms)
    return IntegerType(MOST_DIGITS) if whole else DecimalType(places, MOST_DIGITS)


def product_type(operators: Sequence[str], factors: Sequence[Term]) -> Type:
    """The type of a chain of products and quotients."""
    if "/" in operators:
        return quotient_type(factors)
    if all(isinstance(factor.type, IntegerType) for factor in factors):
        return IntegerType(MOST_DIGITS)
    return DecimalType(sum(places_of(factor.type) for factor in factors), MOST_DIGITS)


def quotient_type(operands: Sequence[Term]) -> DecimalType:
    """How a quotient is shown: with the places of its operands, at least two. Its value is exact all the same."""
    return DecimalType(max(2, *(places_of(operand.type) for operand in operands)), MOST_DIGITS)
