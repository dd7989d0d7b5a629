"""Reading the register for a snapshot: every statement sees the same moment, whatever is written meanwhile.

One of the few modules that touch rows of persons; it logs nothing.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

import adbc_driver_postgresql.dbapi
import pyarrow as pa
from django.db import connection
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from lika.policy.collected import Collected

#: What a connection string may hold.
_LIBPQ = frozenset(option.keyword.decode() for option in Conninfo.get_defaults())


@dataclass(frozen=True)
class Moment:
    """What a provider is asked for: time point, data year, admitted row states, closed range of 12-digit codes.

    `items` are what is collected in the range besides the registered facts. `collecting`: some year is being collected
    there; drafts of it are not admitted, whatever the states.
    """

    at: dt.date
    year: int
    states: tuple[str, ...]
    low: int
    high: int
    items: tuple[Collected, ...] = ()
    collecting: bool = False

    def earlier(self, years: int) -> "Moment":
        """The same range, some data years before."""
        year = self.at.year - years
        leap_day = self.at.month == 2 and self.at.day == 29
        at = self.at.replace(year=year, day=28) if leap_day else self.at.replace(year=year)
        return replace(self, at=at, year=self.year - years)

    def within(self, low: int, high: int) -> "Moment":
        """The same moment, for the part of a range that both cover."""
        return replace(self, low=max(low, self.low), high=min(high, self.high))

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What a provider's SQL may name."""
        return {"at": self.at, "year": self.year, "states": list(self.states), "low": self.low, "high": self.high}


class Reader:
    """Runs SELECTs in one read-only REPEATABLE READ transaction and gives Arrow tables."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def fetch(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """The rows of a SELECT. `numeric` arrives as text, which loses nothing; `%` in the SQL is written `%%`."""
        # ADBC runs each SELECT as a COPY, which takes no parameters: they become quoted literals.
        text = cast(Any, connection.ops).compose_sql(sql, parameters)
        self._cursor.execute(text)
        return _plain(self._cursor.fetch_arrow_table())


@contextmanager
def one_moment() -> Iterator[Reader]:
    """A reader on its own connection; its first SELECT fixes what all of them see."""
    connection.ensure_connection()
    with (
        adbc_driver_postgresql.dbapi.connect(_address(), autocommit=False) as session,
        session.cursor() as cursor,
    ):
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield Reader(cursor)
        session.rollback()


def _address() -> str:
    """Where Django's connection goes, for libpq: test databases and socket folders included."""
    # Of Django's options, those that are libpq's own: others steer Django or psycopg and mean nothing here.
    given = {name: value for name, value in connection.get_connection_params().items() if name in _LIBPQ}
    return make_conninfo(**{name: str(value) for name, value in given.items() if value is not None})


def _plain(table: pa.Table) -> pa.Table:
    """Columns of types that Arrow does not know (numeric) as the text that they arrive in."""
    for index, field in enumerate(table.schema):
        if isinstance(field.type, pa.OpaqueType):
            chunks = [chunk.storage for chunk in table.column(index).chunks]
            table = table.set_column(index, field.name, pa.chunked_array(chunks, type=field.type.storage_type))
    return table
