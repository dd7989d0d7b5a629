"""Joining what the providers of a unit give into one sorted Parquet file per county.

One of the few modules that touch rows of persons; it logs nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from lika.core import crypto, facts
from lika.core.facts import Provider
from lika.divisions.models import Division
from lika.engine.schema import Fact, column_name
from lika.engine.screening.rollups import LEVEL_OF_UNIT, SPAN_OF_LEVEL
from lika.engine.snapshots.layout import (
    DIVISION_UNITS,
    IDENTIFIED_UNITS,
    LINK,
    PERSONS,
    Column,
    division_column,
    fact_columns,
    key_column,
    key_columns,
    sql_type,
)
from lika.engine.types import TextType
from lika.policy.collected import Collected
from lika.register.choices import YearState
from lika.register.facts.items import provider_of
from lika.register.identity import citizen_number
from lika.register.models import CountyYear, HouseholdYear, OpenYear, Person, PersonYear, VillageYear
from lika.register.models.years import YearRow
from lika.snapshots.reading import Moment, Reader

# Free text may hold a name; criteria only ask whether it is known.
KEPT_OF_TEXT = "…"

_OF_TOKENS = ("person_id", "id_type", "id_number")

# The tables whose rows have a state: draft, confirmed, locked.
_YEARLY_ROWS: Mapping[str, type[YearRow]] = {
    "person": PersonYear,
    "household": HouseholdYear,
    "village": VillageYear,
    "county": CountyYear,
}


@dataclass(frozen=True)
class Source:
    """What a provider gave, and how its columns become facts: select expression by column name."""

    table: pa.Table
    columns: Mapping[str, str]


class UnitAssembler:
    """Reads one unit of one county and writes its file."""

    def __init__(self, reader: Reader, unit: str, items: Sequence[Collected] = ()) -> None:
        """`items` are what is collected in the area besides the registered facts, of any unit."""
        self.reader = reader
        self.unit = unit
        self.key = key_column(unit)
        own = [item.fact for item in items if item.unit == unit]
        self.providers = facts.providers(unit) + ((provider_of(unit, own),) if own else ())
        self.facts = tuple(fact for provider in self.providers for fact in provider.facts)
        self.columns = key_columns(unit) + fact_columns(self.facts)

    def spine(self, moment: Moment) -> pa.Table:
        """The units that exist at the moment: their keys and the spine's facts."""
        found = [provider for provider in self.providers if provider.spine]
        if found:
            return self.reader.fetch(found[0].sql, moment.parameters)
        return self.reader.fetch(_divisions_sql(self.unit), moment.parameters)

    def write(self, moment: Moment, spine: pa.Table, extra: Mapping[str, pa.Table], path: Path) -> int:
        """Join spine, providers, lags and extra columns; write the file; return its number of rows.

        `extra` maps a column of `key_columns` to a table (key, that column).
        """
        with duckdb.connect() as session:
            # Joins would push filters on UUIDs into Arrow tables, which DuckDB cannot do.
            session.execute("SET disabled_optimizers = 'join_filter_pushdown'")
            selects = self._select_spine(spine)
            session.register("spine", spine)
            joins = []
            for number, source in enumerate(self._sources(moment)):
                name = f"source_{number}"
                session.register(name, source.table)
                _refuse_doubles(session, name, self.key)
                selects |= {column: text.format(name) for column, text in source.columns.items()}
                joins.append(f"LEFT JOIN {name} ON {name}.{self.key} = spine.{self.key}")
            for column, table in extra.items():
                session.register(f"extra_{column}", table)
                selects[column] = f'extra_{column}."{column}"'
                joins.append(f"LEFT JOIN extra_{column} ON extra_{column}.{self.key} = spine.{self.key}")
            _refuse_doubles(session, "spine", self.key)
            return _copy(session, self.unit, self.columns, selects, joins, path)

    def _select_spine(self, spine: pa.Table) -> dict[str, str]:
        given = set(spine.column_names)
        keys = {column.name: f"spine.{column.name}" for column in key_columns(self.unit) if column.name in given}
        own = [fact for provider in self.providers if provider.spine for fact in provider.facts]
        return keys | {fact.name: _cast(fact, f'spine."{fact.name}"') for fact in own}

    def _sources(self, moment: Moment) -> list[Source]:
        """Each provider but the spine for the moment, and each with lags for the years before."""
        return [
            self._source(provider, moment, lag)
            for provider in self.providers
            for lag in range(max((fact.lags for fact in provider.facts), default=0) + 1)
            if not (provider.spine and lag == 0)
        ]

    def _source(self, provider: Provider, moment: Moment, lag: int) -> Source:
        asked = moment.earlier(lag) if lag else moment
        table = self.reader.fetch(_admitted_sql(provider, self.key, moment), asked.parameters)
        wanted = [fact for fact in provider.facts if fact.lags >= lag]
        return Source(table, {column_name(fact.name, lag): _cast(fact, f'{{0}}."{fact.name}"') for fact in wanted})


def tokens(reader: Reader, assembler: UnitAssembler, moment: Moment) -> pa.Table:
    """(person_id, link): the linkage token of every person of the spine who has an identity number.

    The same person has the same token by card and by disability certificate: counties record one or the other.
    """
    table = Person._meta.db_table
    spine_sql = next(provider.sql for provider in assembler.providers if provider.spine)
    rows = reader.fetch(
        f"SELECT p.id AS person_id, p.id_type, p.id_number FROM {table} p "  # noqa: S608 - our own constants
        f"WHERE length(p.id_number) > 0 AND p.id IN (SELECT person_id FROM ({spine_sql}) AS spine)",
        moment.parameters,
    )
    links = [
        crypto.linkage_token(citizen_number(id_type, crypto.decrypt(number, crypto.place(table, "id_number", person))))
        for person, id_type, number in zip(*(rows[name].to_pylist() for name in _OF_TOKENS), strict=True)
    ]
    return pa.table({"person_id": rows["person_id"], LINK: pa.array(links, type=pa.binary())})


def persons_by_household(persons: pa.Table) -> pa.Table:
    """(household_id, __persons): rows of person of each household, from the spine of persons."""
    with duckdb.connect() as session:
        session.register("persons", persons)
        counted = f'SELECT household_id, count(*)::INTEGER AS "{PERSONS}" FROM persons GROUP BY household_id'  # noqa: S608
        return session.execute(counted).to_arrow_table()


def _copy(
    session: duckdb.DuckDBPyConnection,
    unit: str,
    columns: tuple[Column, ...],
    selects: Mapping[str, str],
    joins: list[str],
    path: Path,
) -> int:
    if PERSONS in {column.name for column in columns}:
        selects = {**selects, PERSONS: f"coalesce({selects[PERSONS]}, 0)"}
    chosen = ", ".join(f'CAST({selects[column.name]} AS {column.type}) AS "{column.name}"' for column in columns)
    order = ", ".join(dict.fromkeys((division_column(unit), key_column(unit))))
    rows = session.execute(
        f"COPY (SELECT {chosen} FROM spine {' '.join(joins)} ORDER BY {order}) "  # noqa: S608 - our own names
        f"TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
    ).fetchone()
    return int(rows[0]) if rows else 0


def _cast(fact: Fact, expression: str) -> str:
    """A provider's column as the fact's type; empty text is unknown."""
    if isinstance(fact.type, TextType):
        return f"CASE WHEN nullif({expression}, '') IS NOT NULL THEN '{KEPT_OF_TEXT}' END"
    if sql_type(fact.type) == "VARCHAR":
        return f"nullif({expression}, '')"
    return expression


def _refuse_doubles(session: duckdb.DuckDBPyConnection, table: str, key: str) -> None:
    """A provider that gives a unit twice would multiply it: a defect of the provider."""
    counts: Any = session.execute(f"SELECT count(*), count(DISTINCT {key}) FROM {table}").fetchone()  # noqa: S608
    if counts[0] != counts[1]:
        raise ValueError(f"{table} gives {counts[0]} rows for {counts[1]} units by {key}")


def _admitted_sql(provider: Provider, key: str, moment: Moment) -> str:
    """A provider's SQL without the units whose yearly row of the year is not admitted."""
    model = _YEARLY_ROWS.get(provider.unit)
    every = set(moment.states) == set(YearState) and not moment.collecting
    if model is None or every or model._meta.db_table not in provider.sql:
        return provider.sql
    return (
        f"SELECT given.* FROM ({provider.sql}) AS given WHERE EXISTS ("  # noqa: S608 - our own names
        f"SELECT 1 FROM {model._meta.db_table} AS own WHERE own.{key} = given.{key} "
        f"AND own.data_year = %(year)s AND {admitted('own', model)})"
    )


def admitted(row: str, model: type[YearRow]) -> str:
    """The condition that a yearly row is in an admitted state, and no draft of a year that is being collected there.

    What a village still fills, or its township still looks through, are not its figures yet (`register.OpenYear`).
    """
    place = "county" if model is CountyYear else "village"
    return (
        f"{row}.state = ANY(%(states)s) AND NOT ({row}.state = '{YearState.DRAFT.value}' AND EXISTS ("  # noqa: S608
        f"SELECT 1 FROM {OpenYear._meta.db_table} AS being WHERE being.data_year = {row}.data_year "
        f"AND {row}.{place} BETWEEN being.low AND being.high))"
    )


def _divisions_sql(unit: str) -> str:
    """Units without a provider are the valid divisions that lie wholly in the range."""
    if unit in IDENTIFIED_UNITS or unit not in DIVISION_UNITS:
        raise ValueError(f"{unit} has no spine")
    level = LEVEL_OF_UNIT[unit]
    return (
        f"SELECT number AS {unit} FROM {Division._meta.db_table} WHERE level = {level} "  # noqa: S608 - our own names
        f"AND number BETWEEN %(low)s AND %(high)s AND number + {SPAN_OF_LEVEL[level] - 1} <= %(high)s "
        "AND (valid_from IS NULL OR valid_from <= %(at)s) AND (valid_to IS NULL OR valid_to > %(at)s)"
    )
