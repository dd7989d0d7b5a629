"""Verdicts of a whole screening beside what expressions give for each unit: for sums and shares, in one statement.

One of the few modules that touch rows of persons; it logs nothing and gives sums.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from lika.core.actors import Actor
from lika.core.areas import Area
from lika.engine.checker import check
from lika.engine.criteria import Checked
from lika.engine.duck.columns import columns_query
from lika.engine.errors import EngineError, ExpressionError
from lika.engine.parser import parse
from lika.engine.screening.verdict_files import relation
from lika.engine.snapshots.layout import IDENTIFIED_UNITS, division_column, key_column
from lika.policy import resolve
from lika.snapshots.files import manifest_of, snapshot_files, verdict_files
from lika.snapshots.models import Screening
from lika.snapshots.queries.analysis.language import refused
from lika.snapshots.queries.screenings import same_pack
from lika.snapshots.queries.verdicts import sql_ranges, sql_scope


@dataclass(frozen=True)
class Valued:
    """A session with the table `valued` (unit, lies, one column per expression); the decimal places of each."""

    session: duckdb.DuckDBPyConnection
    places: Mapping[str, int]


def checked_text(found: Screening, unit: str, text: str) -> Checked:
    """An expression about a unit, in the language of a screening's pack.

    Raises the engine's ENG-… with line and column, POL-051 and SCR-006.
    """
    pack = same_pack(found.pack, found.pack_sha256)
    criteria = {item.id: item for item in resolve.engine_criteria(pack)}
    parameters = resolve.parameters_of(pack, found.snapshot.at)
    try:
        return check(parse(text), unit=unit, schema=resolve.schema_of(pack), parameters=parameters, criteria=criteria)
    except ExpressionError as error:
        raise refused(error) from None


@contextmanager
def valued(by: Actor, found: Screening, unit: str, place: int, texts: Mapping[str, str]) -> Iterator[Valued]:
    """What some expressions give for every unit in sight and in a division; the columns are the keys of `texts`.

    Raises the engine's ENG-…, and SNP-… where a file is not as it was taken.
    """
    checked = {name: checked_text(found, unit, text) for name, text in texts.items()}
    schema = manifest_of(found.snapshot).schema
    tables = {name: {column.name: column.type for column in columns} for name, columns in schema.items()}
    key, lies = key_column(unit), division_column(unit)
    try:
        query = columns_query(
            checked, unit, tables, keys=tuple(dict.fromkeys((key, lies))), reference_date=found.snapshot.at
        )
    except EngineError as error:
        raise refused(error) from None
    inside = Area.of([f"{place:012d}"])
    counties = sorted(set(found.files.values_list("county", flat=True)))
    files = {name: [str(path) for path in snapshot_files(found.snapshot, name, counties)] for name in query.units}
    condition, values = sql_scope(by, lies, key if unit in IDENTIFIED_UNITS else None)
    within, more = sql_ranges(inside, lies)
    listed = ", ".join(f'"{name}" AS NOT MATERIALIZED (FROM read_parquet(?))' for name in query.units)
    columns = ", ".join(f'"{name}"' for name in texts)
    with duckdb.connect() as session:
        session.execute(
            f"CREATE TEMP TABLE valued AS WITH {listed} SELECT {key} AS unit, {lies} AS lies, {columns} "  # noqa: S608
            f"FROM ({query.sql}) WHERE ({condition}) AND ({within})",
            [*files.values(), *values, *more],
        )
        yield Valued(session, query.places)


def answers_of(found: Screening, unit: str, criterion: str) -> str:
    """SQL in brackets with (unit, answer) of every unit by a stored criterion. Raises SCR-030 and SCR-031."""
    return f"({_answers(found, unit, criterion)})"


def answers_in_sight(by: Actor, found: Screening, unit: str, criterion: str) -> tuple[str, list[Any]]:
    """As `answers_of`, of the units that stood in the actor's sight then, with the values that the SQL binds."""
    scope, values = sql_scope(by, division_column(unit), key_column(unit) if unit in IDENTIFIED_UNITS else None)
    return f"({_answers(found, unit, criterion)} WHERE {scope})", values


def _answers(found: Screening, unit: str, criterion: str) -> str:
    files = relation(unit, verdict_files(found, found.files.filter(unit_kind=unit).order_by("county")))
    return f'SELECT {key_column(unit)} AS unit, "{criterion}" AS answer FROM {files}'  # noqa: S608 - a stored name
