"""In-memory units as Arrow tables, with keys made up so that every row belongs where it stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from lika.engine.duck.sources import CODE_STEPS, OWN_KEYS, own_key
from lika.engine.errors import FactsError
from lika.engine.population import UnitRow, Value
from lika.engine.schema import UNIT_NAMES, Fact, Schema, column_name, given_column, rank
from lika.engine.types import BooleanType, CodeType, DateType, DecimalType, IntegerType, TextType, Type

#: The code of the first made-up division; codes have 12 digits.
_FIRST_CODE = 10**11
_EXACT = Context(prec=40)


def tables_of(rows: Sequence[UnitRow], schema: Schema) -> dict[str, pa.Table]:
    """One table per unit up to that of ``rows``, empty where there are none.

    A column of a derived fact exists only where some row gives it; where not all do, with its ``given_column``.
    Raises ``FactsError`` ENG-083 where a division has more lower divisions than codes.
    """
    collected = _Collected()
    unit = rows[0].unit
    step = CODE_STEPS.get(unit, 1)
    for index, row in enumerate(rows):
        collected.add(row, _FIRST_CODE + index * step, None)
    units = UNIT_NAMES[: rank(unit) + 1]
    return {name: _table(name, collected.rows.get(name, []), schema) for name in units}


@dataclass
class _Collected:
    """Rows by unit, each with its facts and keys."""

    rows: dict[str, list[tuple[Mapping[str, Value], dict[str, int | None]]]] = field(default_factory=dict)

    def add(self, row: UnitRow, code: int, household: int | None) -> None:
        known = self.rows.setdefault(row.unit, [])
        own = len(known) if row.unit in OWN_KEYS else code
        keys: dict[str, int | None] = {own_key(row.unit): own}
        if row.unit in OWN_KEYS:
            keys |= {"village": code}
            if row.unit == "person":
                keys["household_id"] = household
        known.append((row.facts, keys))
        below = own if row.unit == "household" else None
        for unit, children in row.children.items():
            step = CODE_STEPS.get(unit, 0)
            for index, child in enumerate(children, 1):
                if step and row.unit in CODE_STEPS and index * step >= CODE_STEPS[row.unit]:
                    raise FactsError("ENG-083", unit)
                self.add(child, code + index * step, below)


def _table(unit: str, rows: Sequence[tuple[Mapping[str, Value], Mapping[str, int | None]]], schema: Schema) -> pa.Table:
    columns: dict[str, pa.Array] = {}
    keys = {"person": ("person_id", "household_id", "village"), "household": ("household_id", "village")}
    for key in keys.get(unit, (unit,)):
        columns[key] = pa.array([row_keys.get(key) for _, row_keys in rows], pa.int64())
    times_given = Counter(column for facts, _ in rows for column in facts)
    for fact in schema.units.get(unit, {}).values():
        for lag in range(fact.lags + 1):
            column = column_name(fact.name, lag)
            if fact.formula is None or times_given[column]:
                columns[column] = pa.array([_plain(fact, facts.get(column)) for facts, _ in rows], _arrow(fact.type))
            if fact.formula is not None and 0 < times_given[column] < len(rows):
                columns[given_column(column)] = pa.array([column in facts for facts, _ in rows], pa.bool_())
    return pa.table(columns)


def _plain(fact: Fact, value: Value) -> Any:
    if not isinstance(value, Fraction):
        return value
    if isinstance(fact.type, IntegerType):
        return int(value)
    return _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _arrow(type_: Type) -> pa.DataType:
    match type_:
        case BooleanType():
            return pa.bool_()
        case IntegerType(digits=digits):
            return pa.int64() if digits <= 18 else pa.decimal128(38, 0)
        case DecimalType(places=places, digits=digits):
            return pa.decimal128(min(38, max(digits, places)), places)
        case DateType():
            return pa.date32()
        case CodeType() | TextType():
            return pa.string()
