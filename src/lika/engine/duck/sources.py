"""The tables that are read: one per unit, with the unit's keys and its facts as columns.

Keys: a person has ``person_id``, ``household_id``, ``village`` and ``county``; a household ``household_id``,
``village`` and ``county``; every division its own 12-digit code as a 64-bit integer in the column named like the unit.
The code of an upper division is that of the lower with the last digits zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.datatypes as dt
from ibis.expr.types import Table, Value

from lika.engine.duck.emit import NARROW, WIDE, as_integer, data_type
from lika.engine.errors import TableError
from lika.engine.lowering.cells import Cell
from lika.engine.schema import unit_words

#: The column that names a row, and the other columns that say where it belongs.
OWN_KEYS = {"person": "person_id", "household": "household_id"}
_PLACE_KEYS = {"person": ("household_id", "village", "county"), "household": ("village", "county")}
#: A division's code is a multiple of this.
CODE_STEPS = {
    "village": 1,
    "township": 10**3,
    "county": 10**6,
    "prefecture": 10**8,
    "province": 10**10,
}


def own_key(unit: str) -> str:
    """The column that names a row of ``unit``."""
    return OWN_KEYS.get(unit, unit)


@dataclass(frozen=True)
class Source:
    """A table of ``unit``, checked as it is read."""

    unit: str
    table: Table

    def has(self, column: str) -> bool:
        """Whether the table has this column."""
        return column in self.table.columns

    def column(self, name: str) -> Any:
        """A column. Raises ``TableError`` ENG-080 where there is none."""
        if not self.has(name):
            raise TableError("ENG-080", unit=unit_words(self.unit), column=name)
        return self.table[name]

    def keys(self) -> dict[str, Value]:
        """The row's own key and those of the places it belongs to, as far as the table has them."""
        names = [own_key(self.unit), *_PLACE_KEYS.get(self.unit, ())]
        return {name: self.column(name) for index, name in enumerate(names) if index == 0 or self.has(name)}

    def key_of(self, upper: str) -> Value:
        """The key of the ``upper`` unit that the row belongs to."""
        if upper == self.unit:
            return self.column(own_key(self.unit))
        if upper == "household":
            return self.column("household_id")
        code = self.column("village" if self.unit in OWN_KEYS else self.unit).cast(NARROW)
        step = CODE_STEPS[upper]
        return code if step == 1 else code - code % ibis.literal(step, type=NARROW)

    def entry(self, cell: Cell, *, decimal: bool = False) -> Value:
        """A stored fact as cells hold it: a number times a power of ten, as an integer; or the ``decimal`` that it is.

        NaN, infinity and numbers of more digits than declared are unknown: nothing is computed from what the
        declaration excludes. Raises ``TableError`` ENG-080, ENG-081.
        """
        name, _ = cell.detail
        column = self.column(name)
        if cell.kind == "int":
            return column if decimal else self._number(column, cell)
        expected = {"bool": "boolean", "date": "date", "code": "string", "text": "string"}[cell.kind]
        fits = {
            "bool": column.type().is_boolean(),
            "date": column.type().is_date(),
            "code": column.type().is_string(),
            "text": column.type().is_string(),
        }[cell.kind]
        if not fits:
            raise self._unfit(name, column, expected)
        return column

    def holds_decimal(self, cell: Cell) -> bool:
        """Whether the column of a stored number can be worked with as the decimal it is, and made an integer later."""
        name, places = cell.detail
        found = self.column(name).type() if cell.kind == "int" else None
        return places > 0 and not cell.wide and isinstance(found, dt.Decimal) and _fits(found, cell)

    def _number(self, column: Any, cell: Cell) -> Value:
        _, places = cell.detail
        found, target = column.type(), data_type(cell)
        if found.is_floating():
            scaled = column.cast(dt.float64) * float(10**places)
            # NaN counts as greater than every number.
            return _null_unless(scaled.abs() <= float(cell.high), scaled).round().cast(target)
        if found.is_decimal() and (found.scale or 0) <= places and found.precision is not None:
            surely_fits = _fits(found, cell)
            number = as_integer(column, places, target if surely_fits else WIDE)
        elif found.is_integer():
            number = column.cast(WIDE) * ibis.literal(Decimal(10**places), type=WIDE) if places else column.cast(target)
            surely_fits = places == 0 and found.bounds.upper <= cell.high
        else:
            raise self._unfit(column.get_name(), column, f"decimal(…, {places})" if places else "integer")
        if not surely_fits:
            low, high = (_integer(end, number.type()) for end in (cell.low, cell.high))
            number = _null_unless(number.between(low, high), number)
        return number.cast(target)

    def _unfit(self, name: str, column: Any, expected: str) -> TableError:
        return TableError(
            "ENG-081", unit=unit_words(self.unit), column=name, found=str(column.type()), expected=expected
        )


def _fits(found: dt.Decimal, cell: Cell) -> bool:
    """Whether every number of a decimal type is one that the cell's declaration allows."""
    _, places = cell.detail
    scale = found.scale or 0
    return found.precision is not None and scale <= places and 10 ** (found.precision - scale + places) - 1 <= cell.high


def _integer(value: int, type_: dt.DataType) -> Value:
    return ibis.literal(Decimal(value) if type_.is_decimal() else value, type=type_)


def _null_unless(condition: Any, value: Any) -> Any:
    return condition.ifelse(value, ibis.null(value.type()))
