"""Generates units with facts: unknown, zero, boundary and extreme values, empty groups, earlier years."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from lika.engine.population import UnitRow, Value
from lika.engine.schema import Fact, column_name
from lika.engine.types import BooleanType, CodeType, DateType, DecimalType, IntegerType, TextType
from tests.engine.world import SCHEMA

DAYS = [
    date(1, 1, 1),
    date(1999, 3, 1),
    date(2000, 2, 29),
    date(2008, 2, 28),
    date(2009, 12, 31),
    date(2016, 2, 29),
    date(2016, 12, 31),
    date(9999, 12, 31),
]
REFERENCE_DATES = st.sampled_from([None, date(2016, 12, 31), date(2017, 2, 28), date(2017, 3, 1)])
_LOWER = {"village": ("household", 3), "household": ("person", 3), "township": ("village", 2)}


def values(fact: Fact) -> st.SearchStrategy[Value]:
    """Values of a fact, unknown among them."""
    known: st.SearchStrategy[Value]
    match fact.type:
        case BooleanType():
            known = st.booleans()
        case IntegerType(digits=digits):
            most = 10**digits - 1
            known = st.sampled_from([0, 1, 2, 3, 9, -1, most, -most]).map(Fraction)
        case DecimalType(places=places, digits=digits):
            most = 10**digits - 1
            cents = [0, 1, -1, 273610, 273611, 2462490, 100, 50, 5, most, -most]
            known = st.sampled_from(cents).map(lambda cent: Fraction(cent, 10**places))
        case DateType():
            known = st.sampled_from(DAYS)
        case CodeType(values=codes):
            known = st.sampled_from(codes)
        case TextType():
            known = st.just("'; DROP TABLE household --")
    return st.one_of(known, known, known, st.none())


@st.composite
def units(draw: st.DrawFn, unit: str, supplied: frozenset[str] = frozenset()) -> UnitRow:
    """A unit with the units below it; derived facts in ``supplied`` have values of their own, in most rows."""
    facts: dict[str, Value] = {}
    for fact in SCHEMA.units[unit].values():
        for lag in range(fact.lags + 1):
            column = column_name(fact.name, lag)
            if fact.formula is None or (column in supplied and draw(st.integers(0, 3))):
                facts[column] = draw(values(fact))
    children = {}
    if unit in _LOWER:
        lower, most = _LOWER[unit]
        children[lower] = tuple(draw(units(lower, supplied)) for _ in range(draw(st.integers(0, most))))
    return UnitRow(unit, facts, children)


SUPPLIED = st.sampled_from(
    [
        frozenset[str](),
        frozenset[str](),
        frozenset({"net_income_per_capita", "age"}),
        frozenset({"net_income_per_capita__lag1"}),
    ]
)


def reversed_children(row: UnitRow) -> UnitRow:
    """The same unit with all lists of lower units in the opposite order."""
    children = {
        unit: tuple(reversed_children(child) for child in reversed(rows)) for unit, rows in row.children.items()
    }
    return UnitRow(row.unit, row.facts, children, row.id)
