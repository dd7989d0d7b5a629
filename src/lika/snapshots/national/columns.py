"""How each column of the invented country is drawn, as SQL: from `shares.yaml`, else by the type of the fact."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from lika.engine.criteria import CheckedSet, FactUse
from lika.engine.schema import Fact, Schema, column_name
from lika.engine.snapshots.layout import Column, sql_type
from lika.engine.types import BooleanType, CodeType, DateType, DecimalType, IntegerType

SHARES = Path(__file__).parent / "shares.yaml"
#: Shares are of so many.
WHOLE = 10_000
#: The key of a row: a 64-bit number that every draw of the row starts from.
KEY = "row_key"

Shares = Mapping[str, Mapping[str, Mapping[str, Any]]]


def shares() -> Shares:
    """What `shares.yaml` says: unit, fact, how it is drawn."""
    loaded: Shares = YAML(typ="safe").load(SHARES.read_text(encoding="utf-8"))
    return loaded


def facts_read(checked: CheckedSet) -> frozenset[FactUse]:
    """Every stored fact that the criteria read."""
    return frozenset[FactUse]().union(*(item.facts for item in checked.criteria))


def columns_of(schema: Schema, unit: str, uses: Iterable[FactUse]) -> dict[Column, Fact]:
    """The columns that a unit's file has for the facts read, each with its fact; those that others build on first."""
    wanted = {(use.name, use.lag) for use in uses if use.unit == unit}
    order = {name: place for place, name in enumerate(shares().get(unit, {}))}
    ranked = sorted(wanted, key=lambda use: (order.get(use[0], len(order)), *use))
    return {
        Column(column_name(name, lag), sql_type(schema.units[unit][name].type)): schema.units[unit][name]
        for name, lag in ranked
    }


def drawn(column: Column, fact: Fact, share: Mapping[str, Any] | None) -> str:
    """The SQL expression of a column: a draw from the row's key and the column's name, null where it is unknown."""
    told = dict(share or {})
    mixed = f"hash(xor({KEY}, {_constant(column.name)}::UBIGINT))"
    uniform = f"({mixed} % {WHOLE})::BIGINT"
    unknown = int(told.get("unknown", WHOLE // 100))
    value = f"({_value(fact, told).replace('{u}', uniform)})::{column.type}"
    return f"CASE WHEN ({mixed} >> 32) % {WHOLE} >= {unknown} THEN {value} END" if unknown else value


def _value(fact: Fact, told: Mapping[str, Any]) -> str:
    if "sql" in told:
        return str(told["sql"])
    if "least" in told:
        step = int(told.get("step", 1))
        least, steps = int(told["least"]), (int(told["most"]) - int(told["least"])) // step + 1
        return f"{least} + {{u}} % {steps} * {step}"
    if "share" in told:
        return f"{{u}} < {int(told['share'])}"
    if "codes" in told:
        return _weighted({str(code): int(weight) for code, weight in told["codes"].items()})
    return _by_type(fact)


def _by_type(fact: Fact) -> str:
    match fact.type:
        case BooleanType():
            return f"{{u}} < {WHOLE // 2}"
        case IntegerType() | DecimalType():
            least = int(fact.minimum or 0)
            most = int(fact.maximum) if fact.maximum is not None else least + WHOLE - 1
            return f"{least} + {{u}} % {most - least + 1}"
        case DateType():
            return "DATE '2015-01-01' + ({u} % 700)::INTEGER"
        case CodeType(values=codes):
            return _weighted(dict.fromkeys(codes, 1))
    return "'…'"


def _weighted(weights: Mapping[str, int]) -> str:
    """A code by its weight, as one CASE over the draw."""
    total, so_far, branches = sum(weights.values()), 0, []
    for code, weight in weights.items():
        so_far += weight
        branches.append(f"WHEN {{u}} < {so_far * WHOLE // total} THEN '{code}'")
    return f"CASE {' '.join(branches)} END"


def _constant(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
