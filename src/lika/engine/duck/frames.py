"""Puts cells of all units into one query: per pair of units one group-by, joined to the rows of the upper unit."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import ibis
from ibis.expr.types import Table, Value

from lika.engine.duck.emit import NARROW, WIDE, Emitter, data_type
from lika.engine.duck.sources import Source
from lika.engine.duck.stages import Parted, Stages, arrange, part
from lika.engine.errors import TableError
from lika.engine.lowering.cells import Cell
from lika.engine.lowering.spans import balanced
from lika.engine.schema import rank, unit_words

_KEY = "key__"
#: Truths gathered together are bits of one 64-bit integer, the sign left alone.
_BITS = 63


@dataclass
class Frames:
    """Builds tables that hold cells as columns.

    ``on_duckdb`` allows what is quicker there and not the same elsewhere: many truths gathered as the bits of one
    integer, which Ibis cannot tell Spark, and text looked up in a list, where Ibis would tell Spark that what is
    unknown is not in it. ``worked`` are cells, by their unit, that the
    unit's table has as columns already, under their names here.
    """

    sources: Mapping[str, Source]
    reference_date: date | None
    on_duckdb: bool = True
    names: dict[int, str] = field(default_factory=dict)
    worked: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def name(self, cell: Cell) -> str:
        """The column that holds a cell."""
        return self.names.setdefault(id(cell), f"c{len(self.names)}__")

    def source(self, unit: str) -> Source:
        """The table of a unit. Raises ``TableError`` ENG-082 where there is none."""
        if unit not in self.sources:
            raise TableError("ENG-082", unit=unit_words(unit))
        return self.sources[unit]

    def build(self, unit: str, roots: Sequence[Cell], keys: Mapping[str, Value]) -> Table:
        """The rows of ``unit`` with ``keys`` and one column per root."""
        source = self.source(unit)
        if self.worked.get(unit, frozenset()).issuperset(map(id, roots)) and unit in self.worked:
            there = {name: source.table[name] for name in map(self.name, roots)}
            return source.table.select(**keys, **there)
        parted = part(roots)
        joins = {lower: f"{_KEY}{lower}" for lower in dict.fromkeys(cell.detail[0] for cell in parted.gathers)}
        chosen = {**keys, **{name: source.key_of(unit) for name in joins.values()}}
        stages = arrange(parted.own)
        wanted = {id(root) for root in roots}
        read = [cell for cell in stages.inputs if id(cell) not in wanted and source.holds_decimal(cell)]
        decimals = {id(cell): cell.detail[1] for cell in read}
        stored = {self.name(cell): source.entry(cell, decimal=id(cell) in decimals) for cell in stages.inputs}
        table = self._worked(source.table.select(**chosen, **stored), stages, list(chosen), decimals)
        if not joins:
            return table
        table = self._joined(table, unit, parted, joins, list(keys))
        return self._worked(table, arrange(roots, [*parted.own, *parted.gathers]), list(keys), decimals)

    def _worked(self, table: Table, stages: Stages, keys: Sequence[str], decimals: Mapping[int, int]) -> Table:
        """The table after all steps: the keys, and the cells that the stages were arranged for."""
        at_hand = {id(cell): self.name(cell) for cell in stages.inputs}
        for step in stages.steps:
            emitter = Emitter(table, dict(at_hand), self.reference_date, decimals, on_duckdb=self.on_duckdb)
            kept = {name: table[name] for name in [*keys, *(self.name(cell) for cell in step.keeps)]}
            table = table.select(**kept, **{self.name(cell): emitter.emit(cell) for cell in step.adds})
            at_hand |= {id(cell): self.name(cell) for cell in step.adds}
        return table

    def _joined(self, table: Table, unit: str, parted: Parted, joins: Mapping[str, str], keys: Sequence[str]) -> Table:
        """The table with the gathered columns. Every row of the unit stays."""
        gathered: dict[str, Callable[[Table], Value]] = {}
        for lower, key in joins.items():
            gathers = [cell for cell in parted.gathers if cell.detail[0] == lower]
            group, columns = self._grouped(lower, unit, gathers, f"{key}_group")
            table = table.left_join(group, table[key] == group[f"{key}_group"])
            gathered |= columns
        kept = {name: table[name] for name in [*keys, *(self.name(cell) for cell in parted.own)]}
        return table.select(**kept, **{name: column(table) for name, column in gathered.items()})

    def _grouped(
        self, lower: str, upper: str, gathers: Sequence[Cell], key: str
    ) -> tuple[Table, dict[str, Callable[[Table], Value]]]:
        """One row per unit of ``upper`` that has rows of ``lower``; and the gathered columns, once it is joined.

        An aggregate costs as much for a truth as for a number, so truths are gathered by the dozen (`on_duckdb`).
        """
        bodies = list({id(body): body for cell in gathers for body in _aggregated(cell)}.values())
        table = self.build(lower, bodies, {key: self.source(lower).key_of(upper)})
        truths = [cell for cell in gathers if cell.detail[1] == "some" and self.on_duckdb]
        sets = {f"{_KEY}{lower}_bits{start}": truths[start : start + _BITS] for start in range(0, len(truths), _BITS)}
        packed = {name: _bits([table[self.name(cell.operands[0])] for cell in cells]) for name, cells in sets.items()}
        single = {id(cell) for cell in truths}
        others = {self.name(cell): cell for cell in gathers if id(cell) not in single}
        group = table.group_by(key).aggregate(
            **{name: bits.bit_or() for name, bits in packed.items()},
            **{name: self._gather(table, cell) for name, cell in others.items()},
        )
        columns: dict[str, Callable[[Table], Value]] = {}
        for name, cell in others.items():
            columns[name] = partial(_ungrouped, cell, name)
        for name, cells in sets.items():
            columns |= {self.name(cell): partial(_bit, name, place) for place, cell in enumerate(cells)}
        return group, columns

    def _gather(self, table: Table, cell: Cell) -> Value:
        _, function = cell.detail
        if function == "rows":
            return table.count()
        (body,) = _aggregated(cell)
        value: Any = table[self.name(body)]
        match function:
            case "certain":
                return value.count() if body is not cell.operands[0] else _count_true(value)
            case "possible":
                return _count_true(ibis.coalesce(value, ibis.literal(True)))
            case "some":
                return value.any()
            case "sum":
                # DuckDB sums 64-bit integers into 128 bits although Ibis says 64: the cast makes both agree.
                return value.sum().cast(WIDE).cast(data_type(cell))
            case "min":
                return value.min()
            case _:
                return value.max()


def gathered_of(unit: str, roots: Sequence[Cell]) -> list[Cell]:
    """The cells of ``unit`` that the ``roots`` of upper units aggregate, directly or through units between."""
    found: dict[int, Cell] = {}
    for cell in part(roots).gathers:
        bodies = _aggregated(cell)
        if rank(cell.detail[0]) > rank(unit):
            bodies = tuple(gathered_of(unit, bodies))
        if rank(cell.detail[0]) >= rank(unit):
            found |= {id(body): body for body in bodies}
    return list(found.values())


def _aggregated(cell: Cell) -> tuple[Cell, ...]:
    """What the database aggregates: known values are counted by themselves, for nulls are not."""
    _, function = cell.detail
    counts_known = function == "certain" and cell.operands[0].operator == "known"
    return cell.operands[0].operands if counts_known else cell.operands


def _count_true(value: Any) -> Any:
    # Twice as fast as COUNT(*) FILTER (WHERE …) on DuckDB.
    return value.nullif(ibis.literal(False)).count()


def _bits(truths: Sequence[Any]) -> Any:
    """One integer per row: each truth is a bit, set where it is true."""
    zero = ibis.literal(0, type=NARROW)
    places = [truth.ifelse(_place(place), zero) for place, truth in enumerate(truths)]
    return balanced(operator.add, places).cast(NARROW)


def _bit(name: str, place: int, table: Table) -> Value:
    """Whether a bit is set in a gathered column; units without rows have none set."""
    bits: Any = ibis.coalesce(table[name], ibis.literal(0, type=NARROW))
    return (bits & _place(place)) != ibis.literal(0, type=NARROW)


def _place(place: int) -> Any:
    return ibis.literal(1 << place, type=NARROW)


def _ungrouped(cell: Cell, name: str, table: Table) -> Value:
    """A gathered column for all units: those without rows count 0 and have none of which anything is true."""
    column = table[name]
    if cell.nullable:
        return column
    return ibis.coalesce(column, ibis.literal(False) if cell.kind == "bool" else ibis.literal(0, type=NARROW))
