"""The staging area of a bulk load: a schema of its own with unlogged tables, which outlives the process that fills it.

A door above (a workbook, a file of another bureau) fills them by COPY, checks them, and has `writing`
carry them into the register. What a killed load has read is there for the one that goes on with it; whoever opens
areas also clears away those that nobody will go on with (`areas`, `drop`). Their types are those of the register: what
does not fit is refused by COPY and never converted in silence.

Personal values arrive encrypted, with their blind index; the staging tables hold no identity number. They are bound
to the row that `bound_to` names: the id that the door gave, which a new household or person keeps. Only a row
without ciphertext may go without.
"""

# ruff: noqa: S608 - statements are made of our own names; every value is a parameter

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model

from lika.register.models import CountyYear, HouseholdYear, PersonYear, VillageYear

_ROW = {"sheet_row": "integer NOT NULL"}
_HEAD = {"data_year": "smallint", "period_from": "date", "period_to": "date"}
_NOT_VALUES = frozenset(
    (
        "id",
        "state",
        "recorded_at",
        "recorded_by",
        "net_income",
        "income_per_head",
        "members",
        "household",
        "person",
        "village",
        "county",
        *_HEAD,
    )
)


def value_columns(model: type[Model]) -> tuple[str, ...]:
    """The columns of a yearly row that hold what was collected."""
    return tuple(field.name for field in model._meta.concrete_fields if field.name not in _NOT_VALUES)


def _typed(model: type[Model]) -> dict[str, str]:
    types = {field.name: field.db_type(connection) for field in model._meta.concrete_fields}
    return {name: types[name] or "text" for name in value_columns(model)}


@dataclass(frozen=True)
class Stage:
    """A staging table and the type of each column."""

    table: str
    columns: dict[str, str]

    def create_sql(self) -> str:
        """The statement that makes it anew."""
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        return f"CREATE UNLOGGED TABLE {self.table} ({columns})"


HOUSEHOLDS = Stage(
    "stage_household",
    {
        **_ROW,
        "bound_to": "uuid",
        "number": "text",
        "village": "bigint",
        "natural_village": "text",
        "address": "bytea",
        "phone": "bytea",
        "phone_index": "bytea",
        "bank_name": "text",
        "bank_account": "bytea",
        "bank_account_index": "bytea",
        "standard": "text",
        "attribute": "text",
        "kind": "text",
        "poverty_status": "text",
        "poverty_on": "date",
        "identified_year": "smallint",
        "planned_exit_year": "smallint",
        "monitoring_status": "text",
        "monitoring_on": "date",
        "position": "bytea",
        "coordinate_system": "text",
    },
)
PERSONS = Stage(
    "stage_person",
    {
        **_ROW,
        "bound_to": "uuid",
        "number": "text",
        "person_number": "text",
        "name": "text",
        "pinyin": "text",
        "initials": "text",
        "sex": "text",
        "id_type": "text",
        "id_number": "bytea",
        "id_original": "bytea",
        "id_index": "bytea",
        "no_id_reason": "text",
        "birth_date": "date",
        "relation": "text",
        "ethnicity": "text",
        "change": "text",
        "change_on": "date",
        **_HEAD,
        "has_year": "boolean NOT NULL",
        **_typed(PersonYear),
    },
)
HOUSEHOLD_YEARS = Stage(
    "stage_household_year",
    {**_ROW, "number": "text", **_HEAD, **_typed(HouseholdYear), "net_income": "numeric(14,2)"},
)
_AREA_STATUS = {"poor_area": "text", "poor_area_on": "date"}
VILLAGE_YEARS = Stage(
    "stage_village_year", {**_ROW, "village": "bigint", **_HEAD, **_AREA_STATUS, **_typed(VillageYear)}
)
COUNTY_YEARS = Stage("stage_county_year", {**_ROW, "county": "bigint", **_HEAD, **_AREA_STATUS, **_typed(CountyYear)})

# What jurisdictions collect beyond the common form, of all sheets: one row per cell, at most one value in it.
ITEMS = Stage(
    "stage_item",
    {
        "sheet": "text NOT NULL",
        **_ROW,
        "item": "text NOT NULL",
        "number": "numeric(18,4)",
        "day": "date",
        "code": "text",
        "text": "text",
    },
)

STAGES = (HOUSEHOLDS, PERSONS, HOUSEHOLD_YEARS, VILLAGE_YEARS, COUNTY_YEARS, ITEMS)
# What the door wrote down of how far it is (`note`).
_NOTED = "stage_noted"
_PREFIX = "staging_"


def _area(load: UUID) -> str:
    return _PREFIX + load.hex


def create(load: UUID) -> None:
    """Make the area of a load, empty; from now on this thread's connection looks there first."""
    drop(load)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {_area(load)}")
        enter(load)
        for stage in STAGES:
            cursor.execute(stage.create_sql())
        cursor.execute(f"CREATE UNLOGGED TABLE {_NOTED} (noted jsonb NOT NULL)")


def enter(load: UUID) -> None:
    """Have this thread's connection look into the area of a load first."""
    with connection.cursor() as cursor:
        cursor.execute("SET search_path TO DEFAULT")
        cursor.execute(
            "SELECT set_config('search_path', %s || ', ' || current_setting('search_path'), false)", [_area(load)]
        )


def leave() -> None:
    """Have this thread's connection look where others look."""
    with connection.cursor() as cursor:
        cursor.execute("SET search_path TO DEFAULT")


def drop(load: UUID) -> None:
    """Leave the area of a load and remove it, where there is one."""
    leave()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {_area(load)} CASCADE")


def areas() -> frozenset[UUID]:
    """The loads that have an area."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ %s", [f"^{_PREFIX}[0-9a-f]{{32}}$"])
        return frozenset(UUID(name.removeprefix(_PREFIX)) for (name,) in cursor.fetchall())


def hand_over(load: UUID, heir: UUID) -> None:
    """Give the area of a load to another one."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA {_area(load)} RENAME TO {_area(heir)}")


def note(what: Mapping[str, Any]) -> None:
    """Write down how far the door is, in the area that the connection is in."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_NOTED}")
        cursor.execute(f"INSERT INTO {_NOTED} VALUES (%s)", [json.dumps(what)])


def noted() -> dict[str, Any] | None:
    """What was written down last; None where nothing was, or a crash of the server has emptied the area."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT noted::text FROM {_NOTED}")
        found = cursor.fetchone()
    return None if found is None else dict(json.loads(found[0]))


def cut_off(stage: Stage, last: int, sheet: str) -> None:
    """Remove the rows of a sheet behind its `last`, and their items: they were not read to the end."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {stage.table} WHERE sheet_row > %s", [last])
        cursor.execute(f"DELETE FROM {ITEMS.table} WHERE sheet = %s AND sheet_row > %s", [sheet, last])


Fill = Callable[[Stage, tuple[str, ...], bytes], None]


@contextmanager
def filling() -> Iterator[Fill]:
    """A function that appends rows to a staging table: comma-separated text in UTF-8, unquoted nothing for NULL.

    It comes back at once: while the database takes rows in, the caller makes the next. A fault is raised with the next
    rows, or at the end. A statement sent meanwhile waits until the rows are in.
    """
    connection.ensure_connection()
    driver = connection.connection  # psycopg's own, which threads may share, as Django's may not
    under_way: list[Future[None]] = []

    def finish() -> None:
        while under_way:
            with connection.wrap_database_errors:
                under_way.pop().result()

    def first_finish(execute: Callable[..., Any], *statement: Any) -> Any:
        finish()
        return execute(*statement)

    with ThreadPoolExecutor(max_workers=1) as beside, connection.execute_wrapper(first_finish):

        def fill(stage: Stage, columns: tuple[str, ...], csv: bytes) -> None:
            finish()
            under_way.append(beside.submit(_copy, driver, stage, columns, csv))

        yield fill
        finish()


def _copy(driver: Any, stage: Stage, columns: tuple[str, ...], csv: bytes) -> None:
    statement = f"COPY {stage.table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(csv)
