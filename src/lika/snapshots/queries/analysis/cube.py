"""Counting over the files of a snapshot: one DuckDB query gives every cell, every total and the whole.

The values come from the engine's compiled expressions and from the verdict files; nothing that a person typed stands
in the SQL: names of criteria are those of the screening, and keys are bound.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import duckdb
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.engine.snapshots.layout import IDENTIFIED_UNITS
from lika.snapshots.choices import UnitKind
from lika.snapshots.queries.analysis.picking import Picking, matches, picking
from lika.snapshots.queries.analysis.request import (
    ALL,
    AMOUNTS,
    SINGLE_VALUES,
    Counted,
    Grouping,
    Key,
    Measures,
    Question,
    Several,
    Total,
    What,
)
from lika.snapshots.queries.analysis.sight import lists_open
from lika.snapshots.queries.analysis.sources import Sources

MOST_CELLS = 20_000

_NUMBERS = {
    What.SUM: "sum(v)",
    What.MEAN: "sum(v)",
    What.MIN: "min(v)",
    What.MAX: "max(v)",
    # The lower and the upper middle together; halved, they are the median.
    What.MEDIAN: "quantile_disc(v, 0.5) - quantile_disc(-v, 0.5)",
}
#: Which of a cell's units a list holds.
PARTS = {"all": "true", "known": "v IS NOT NULL", "unknown": "v IS NULL", "yes": "v", "no": "NOT v"}


@dataclass(frozen=True)
class Cube:
    """What was counted: by the keys of row and column, `ALL` for the totals. `places` are those of the numbers.

    `listed` says whether the actor may open the lists behind the cells.
    """

    cells: Mapping[tuple[Key | Total, Key | Total], Counted]
    places: int
    listed: bool


@dataclass(frozen=True)
class Behind:
    """The households behind a cell, how many units (households, persons) of theirs it counts, and of which people."""

    households: tuple[UUID, ...]
    units: int
    persons: int


@dataclass(frozen=True)
class VillageBehind:
    """A village behind a cell, by its 12-digit code as a number; `value` is its amount where amounts are counted."""

    code: int
    value: Decimal | None


def count(by: Actor, found: Sources, question: Question) -> Cube:
    """Every cell of a question, within the actor's sight.

    Raises ACC-001, REP-012 (a single unit's value of what is personal, without sight of it), REP-009 (more than
    `MOST_CELLS` cells), and the engine's refusals.
    """
    by.require(Permission.REGISTER_VIEW)
    named = lists_open(by, found, question)
    if not named and question.what in SINGLE_VALUES:
        raise PermissionRefused(
            "REP-012",
            _("The least, greatest and middle value are one household's own, and not open to you."),
            remedy=_("Choose the mean or the sum."),
        )
    picked = picking(by, found, question)
    sides = [side for side, grouping in (("r", question.rows), ("c", question.columns)) if grouping is not None]
    subsets = [[side for bit, side in enumerate(sides) if mask >> bit & 1] for mask in range(2 ** len(sides))]
    rows = _run(picked, " UNION ALL ".join(f"({_summed(question, subset)})" for subset in subsets))
    if len(rows) > MOST_CELLS:
        raise UserError(
            "REP-009",
            _("This gives more than %(most)s cells.") % {"most": f"{MOST_CELLS:,}"},
            remedy=_("Choose a smaller area, a higher level of division, or another grouping."),
        )
    cells = {_keys(row): _counted(row, withheld=not named and question.what in AMOUNTS) for row in rows}
    return Cube(cells, picked.places, named)


def behind(
    by: Actor, found: Sources, question: Question, cell: tuple[Key | Total, Key | Total], part: str = "all"
) -> Behind:
    """The households behind a cell; `part` is all, known, unknown, or of a condition yes or no.

    Raises REP-013 where the question reads what is personal and the actor may not, REP-011 for a cell that there
    cannot be, or that holds no households.
    """
    picked, where, values = _part_of(by, found, question, cell, part, listed=question.unit in IDENTIFIED_UNITS)
    query = f"SELECT household, count(*), sum(persons) FROM picked WHERE {where} GROUP BY household"  # noqa: S608 - ours
    rows = _run(picked, query, values)
    return Behind(tuple(row[0] for row in rows), sum(row[1] for row in rows), int(sum(row[2] for row in rows)))


def villages_behind(
    by: Actor, found: Sources, question: Question, cell: tuple[Key | Total, Key | Total], part: str = "all"
) -> tuple[VillageBehind, ...]:
    """The villages behind a cell of a table of villages, by their codes. Raises as `behind` does."""
    picked, where, values = _part_of(by, found, question, cell, part, listed=question.unit == UnitKind.VILLAGE)
    amount = "v::BIGINT" if question.what in AMOUNTS else "NULL"
    rows = _run(picked, f"SELECT id, {amount} FROM picked WHERE {where} ORDER BY id", values)  # noqa: S608 - ours
    return tuple(
        VillageBehind(code, None if value is None else Decimal(value).scaleb(-picked.places)) for code, value in rows
    )


def _part_of(
    by: Actor, found: Sources, question: Question, cell: tuple[Key | Total, Key | Total], part: str, *, listed: bool
) -> tuple[Picking, str, list[Any]]:
    """The units that a question picks, and the condition (with the values it binds) that they belong to a cell."""
    by.require(Permission.REGISTER_VIEW)
    if not lists_open(by, found, question):
        raise PermissionRefused(
            "REP-013",
            _("This list would tell what is personal, and that is not open to you."),
            remedy=_("The numbers themselves stay open to you."),
        )
    of_condition = question.what == What.SHARE
    if not listed or part not in PARTS or (part in {"yes", "no"} and not of_condition):
        raise NotFound("REP-011", _("There is no such cell."), remedy=_("Click a number of the table."))
    picked = picking(by, found, question)
    conditions, values = [PARTS[part]], []
    for side, grouping, key in (("r", question.rows, cell[0]), ("c", question.columns, cell[1])):
        if not isinstance(key, Total) and grouping is not None:
            condition, bound = matches(side, grouping, key)
            conditions.append(condition)
            values += bound
    return picked, " AND ".join(conditions), values


def _summed(question: Question, grouped: Sequence[str]) -> str:
    """The counts by some sides, each unit once for each group that it belongs to."""
    lists = [side for side in grouped if _is_list(question.rows if side == "r" else question.columns)]
    replaced = ", ".join(f"unnest({side}) AS {side}" for side in lists)
    table = f"(SELECT * REPLACE ({replaced}) FROM picked)" if lists else "picked"  # noqa: S608 - our own names
    keys = [f"{side}::VARCHAR" if side in grouped else "NULL" for side in ("r", "c")]
    number = _NUMBERS.get(question.what, "NULL")
    yes = "count_if(v)" if question.what == What.SHARE else "0"
    groups = f"GROUP BY {', '.join(grouped)}" if grouped else ""
    return (
        f"SELECT {'r' in grouped}, {'c' in grouped}, {', '.join(keys)}, count(*), count(v), {yes}, "  # noqa: S608 - ours
        f"coalesce(sum(persons), 0), {number} FROM {table} {groups} LIMIT {MOST_CELLS + 1}"
    )


def _is_list(grouping: Grouping | None) -> bool:
    return isinstance(grouping, Several) or (isinstance(grouping, Measures) and not grouping.exact)


def _keys(row: Sequence[Any]) -> tuple[Key | Total, Key | Total]:
    by_row, by_column, row_key, column_key = row[:4]
    return (row_key if by_row else ALL), (column_key if by_column else ALL)


def _counted(row: Sequence[Any], *, withheld: bool) -> Counted:
    units, known, yes, persons, number = row[4:]
    single = withheld and known == 1
    return Counted(units, known, yes, int(persons), None if number is None or single else int(number))


def _run(picked: Picking, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with _database().cursor() as session:
        return session.execute(f"{picked.sql} {query}", [*picked.values, *values]).fetchall()


@lru_cache(maxsize=1)
def _database() -> duckdb.DuckDBPyConnection:
    """An empty database in memory, opened once per process: opening one costs more than counting a county."""
    return duckdb.connect()
