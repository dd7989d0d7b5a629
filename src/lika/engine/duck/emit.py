"""Cells as Ibis expressions over one table. Integers are 64 bits where their bounds allow, else 38-digit decimals."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
from ibis.expr.types import Table, Value

from lika.engine.lowering.cells import NARROW_DIGITS, WIDE_DIGITS, Cell, Kind
from lika.engine.lowering.spans import balanced

NARROW = dt.int64
WIDE = dt.Decimal(WIDE_DIGITS, 0)
#: Longer lists are hashed by IN.
_LOOKED_UP = 64
_TYPES: dict[Kind, dt.DataType] = {"bool": dt.boolean, "date": dt.date, "code": dt.string, "text": dt.string}


def data_type(cell: Cell) -> dt.DataType:
    """The type of the column that holds a cell."""
    return (WIDE if cell.wide else NARROW) if cell.kind == "int" else _TYPES[cell.kind]


def as_integer(number: Any, places: int, type_: dt.DataType) -> Value:
    """A decimal times ``10**places``, which makes it whole."""
    return (number * ibis.literal(10**places, type=NARROW)).cast(type_)


@dataclass
class Emitter:
    """Emits cells over ``table``; cells in ``columns`` are read from the column of that name.

    Those in ``decimals`` stand there as the decimals that they are the integers of, with the decimal places: to turn
    a sum into an integer is cheaper than to turn its terms. ``on_duckdb``: see ``Frames``.
    """

    table: Table
    columns: Mapping[int, str]
    reference_date: date | None
    decimals: Mapping[int, int] = field(default_factory=dict)
    on_duckdb: bool = True
    _done: dict[int, Value] = field(default_factory=dict)

    def emit(self, cell: Cell) -> Value:
        """The Ibis expression of a cell."""
        found = self._done.get(id(cell))
        if found is None:
            found = self._done[id(cell)] = self._emit(cell)
        return found

    def _emit(self, cell: Cell) -> Value:
        column = self.column(cell)
        if column is None:
            return _EMITTERS[cell.operator](self, cell)
        return as_integer(column, self.decimals[id(cell)], NARROW) if id(cell) in self.decimals else column

    def column(self, cell: Cell) -> Any:
        """The column of a cell as it stands, None where it has none."""
        name = self.columns.get(id(cell))
        return None if name is None else self.table[name]

    def decimal(self, cell: Cell) -> tuple[Any, int] | None:
        """The decimal that a cell is the integer of, with its places: a column of decimals, or several added up."""
        column = self.column(cell)
        if column is not None:
            return (column, self.decimals[id(cell)]) if id(cell) in self.decimals else None
        if cell.operator not in ("add", "negate"):
            return None
        terms = [self.decimal(operand) for operand in cell.operands]
        found = [term for term in terms if term is not None]
        if len(found) < len(terms) or len({places for _, places in found}) > 1:
            return None
        total: Any = balanced(operator.add, [value for value, _ in found])
        return (-total if cell.operator == "negate" else total), found[0][1]

    def as_type(self, cell: Cell, type_: dt.DataType) -> Value:
        """The expression, cast where it is an integer of the other width."""
        value = self.emit(cell)
        return value if cell.kind != "int" or data_type(cell) == type_ else value.cast(type_)

    def operands(self, cell: Cell) -> list[Value]:
        """The operands, all as wide as the widest of them and the result."""
        wide = cell.wide or any(operand.wide for operand in cell.operands)
        return [self.as_type(operand, WIDE if wide else NARROW) for operand in cell.operands]


def _constant(emitter: Emitter, cell: Cell) -> Value:
    if cell.detail is None:
        return ibis.null(data_type(cell))
    return ibis.literal(Decimal(cell.detail) if cell.wide else cell.detail, type=data_type(cell))


def _reference_date(emitter: Emitter, cell: Cell) -> Value:
    day = emitter.reference_date
    return ibis.null(dt.date) if day is None else ibis.literal(day, type=dt.date)


def _fold(work: Callable[[Any, Any], Value], emitter: Emitter, cell: Cell) -> Value:
    # Balanced: a chain of thousands of terms would otherwise nest too deeply for the SQL generator.
    return balanced(work, emitter.operands(cell))


def _add(emitter: Emitter, cell: Cell) -> Value:
    total = emitter.decimal(cell)
    digits = len(str(max(-cell.low, cell.high)))
    if total is None or digits + total[1] >= NARROW_DIGITS:
        return _fold(operator.add, emitter, cell)
    value, places = total
    # The sum of many has more digits to a database than it can ever reach; up to 18 digits it is quick.
    return as_integer(value.cast(dt.Decimal(digits, places)), places, NARROW)


def _connective(work: Callable[[Any, Any], Value], emitter: Emitter, cell: Cell) -> Value:
    return balanced(work, [emitter.emit(operand) for operand in cell.operands])


def _compare(work: Callable[[Any, Any], Value], emitter: Emitter, cell: Cell) -> Value:
    left, right = emitter.operands(cell)
    return work(left, right)


def _known(emitter: Emitter, cell: Cell) -> Value:
    (operand,) = cell.operands
    column = emitter.column(operand)
    value: Value = emitter.emit(operand) if column is None else column
    return value.notnull()


def _in(emitter: Emitter, cell: Cell) -> Value:
    (operand,) = cell.operands
    if operand.kind in ("code", "text") and emitter.on_duckdb and len(cell.detail) <= _LOOKED_UP:
        # A function of a column is worked once for each word of its dictionary, IN once for each row and option.
        options: Any = ibis.array([ibis.literal(option, type=dt.string) for option in cell.detail])
        found: Value = options.contains(emitter.emit(operand))
        return found
    if operand.kind != "int":
        return _listed(emitter.emit(operand), cell.detail, data_type(operand))
    type_ = WIDE if operand.wide or any(abs(value) >= 10**NARROW_DIGITS for value in cell.detail) else NARROW
    return _listed(emitter.as_type(operand, type_), map(Decimal, cell.detail) if type_ == WIDE else cell.detail, type_)


def _listed(value: Any, options: Iterable[Any], type_: dt.DataType) -> Value:
    found: Value = value.isin([ibis.literal(option, type=type_) for option in options])
    return found


def _cases(emitter: Emitter, cell: Cell) -> Value:
    type_ = data_type(cell)
    *choices, otherwise = cell.operands
    branches = [
        (emitter.emit(condition), emitter.as_type(value, type_))
        for condition, value in zip(choices[::2], choices[1::2], strict=True)
    ]
    return ibis.cases(*branches, else_=emitter.as_type(otherwise, type_))


def _remainder(emitter: Emitter, cell: Cell) -> Value:
    dividend, divisor = emitter.operands(cell)
    return (dividend % _not_zero(divisor)).cast(WIDE if cell.wide else NARROW)


def _near_quotient(emitter: Emitter, cell: Cell) -> Value:
    dividend, divisor = emitter.operands(cell)
    # Not `round`: Ibis would cast its result to 64 bits. The cast to an integer rounds as well.
    return (dividend.cast(dt.float64) / _not_zero(divisor).cast(dt.float64)).cast(data_type(cell))


def _not_zero(divisor: Any) -> Any:
    return divisor.nullif(ibis.literal(0).cast(divisor.type()))


def _years_between(emitter: Emitter, cell: Cell) -> Value:
    start, end = (emitter.emit(operand) for operand in cell.operands)
    early = _month_and_day(end) < _month_and_day(start)
    return (end.year().cast(NARROW) - start.year().cast(NARROW)) - early.cast(NARROW)


def _month_and_day(day: Any) -> Any:
    return day.month().cast(NARROW) * ibis.literal(100, type=NARROW) + day.day().cast(NARROW)


_EMITTERS: dict[str, Callable[[Emitter, Cell], Value]] = {
    "constant": _constant,
    "reference_date": _reference_date,
    "add": _add,
    "multiply": partial(_fold, operator.mul),
    "subtract": partial(_fold, lambda left, right: left - right),
    "negate": lambda emitter, cell: -emitter.operands(cell)[0],
    "absolute": lambda emitter, cell: emitter.operands(cell)[0].abs(),
    "remainder": _remainder,
    "near_quotient": _near_quotient,
    "years_between": _years_between,
    # Not `left == right`: Ibis would write a comparison with a null literal as IS NULL, which is never unknown.
    "=": partial(_compare, lambda left, right: ops.Equals(left, right).to_expr()),
    "!=": partial(_compare, lambda left, right: ops.NotEquals(left, right).to_expr()),
    "<": partial(_compare, lambda left, right: left < right),
    "<=": partial(_compare, lambda left, right: left <= right),
    ">": partial(_compare, lambda left, right: left > right),
    ">=": partial(_compare, lambda left, right: left >= right),
    "in": _in,
    "and": partial(_connective, lambda left, right: left & right),
    "or": partial(_connective, lambda left, right: left | right),
    "not": lambda emitter, cell: ~emitter.emit(cell.operands[0]),
    "known": _known,
    "cases": _cases,
}
