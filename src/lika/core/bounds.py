"""The bounds of a reader, told to the database in every transaction: the second wall.

The role that serves pages owns no table, and PostgreSQL shows it only the rows inside the bounds of its
transaction (`lika.config.wall` says of which tables). Nothing said is nothing seen: a query that forgets
its condition, or runs outside `told`, finds no row of a household. Owners of the tables (commands,
imports, screenings) are not held by them. See docs/adr/second-wall.md.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from lika.core.areas import NOWHERE, Area

T = TypeVar("T")

# `true`: until the end of the transaction, so that nothing is left behind on a connection that serves others next.
_TELL = (
    "SELECT set_config('lika.area', %s, true), set_config('lika.households', %s, true), "
    "set_config('lika.reader', %s, true)"
)


@dataclass(frozen=True)
class Bounds:
    """What a reader may see: villages by their codes, single households by their ids; `reader` is their user name."""

    area: Area = NOWHERE
    households: frozenset[UUID] = frozenset()
    reader: str = ""

    def as_settings(self) -> tuple[str, str, str]:
        """The three settings as PostgreSQL reads them: a multirange, ids, a name."""
        ranges = ",".join(f"[{low},{high}]" for low, high in self.area.ranges)
        return f"{{{ranges}}}", ",".join(sorted(map(str, self.households))), self.reader


NOTHING = Bounds()


@contextmanager
def told(bounds: Bounds) -> Iterator[None]:
    """Every transaction of this thread's connection begins with these bounds, until the block is left."""
    inside = connection.in_atomic_block  # of whoever calls: what follows there must not find these bounds
    if inside:
        _tell(bounds)
    try:
        with connection.execute_wrapper(_Teller(bounds)):
            yield
    finally:
        if inside and not connection.needs_rollback:
            connection.connection.execute(_TELL, NOTHING.as_settings())


@contextmanager
def also_seeing(households: Iterable[UUID]) -> Iterator[None]:
    """Within the transaction at hand these households too: for the one act that reaches beyond the reader's bounds.

    Whoever calls has made sure that the act is theirs (a village that takes a household over). The owner of the tables
    is held by no bounds, and for them this changes nothing. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("bounds are told for a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('lika.households', true), '')")
        (before,) = cursor.fetchone()
        cursor.execute(_TELL_HOUSEHOLDS, [",".join(filter(None, [before, *map(str, households)]))])
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(_TELL_HOUSEHOLDS, [before])


_TELL_HOUSEHOLDS = "SELECT set_config('lika.households', %s, true)"


def told_throughout(bounds: Bounds, parts: Iterable[T]) -> Iterator[T]:
    """The parts of an answer that is made while it is sent, each made within the bounds."""
    with told(bounds):
        yield from parts


class _Teller:
    """Puts the bounds before the first statement of each transaction.

    A transaction begun otherwise than by a cursor of Django (a COPY of the driver) is not told, and sees nothing.
    """

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._telling = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        # Idle: the statement at hand opens a transaction, be it the first of an atomic block or one by itself.
        idle = context["connection"].connection.info.transaction_status == TransactionStatus.IDLE
        if self._telling or not idle:
            return execute(sql, params, many, context)
        with transaction.atomic() if not context["connection"].in_atomic_block else nullcontext():
            self._telling = True
            try:
                _tell(self._bounds)
            finally:
                self._telling = False
            return execute(sql, params, many, context)


def _tell(bounds: Bounds) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TELL, bounds.as_settings())
