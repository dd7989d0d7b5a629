"""The staging tables of a bulk load: temporary tables of the session that loads.

A door above (a workbook, a file of another bureau) fills them by COPY, checks them, and has `writing`
carry them into the register. They are temporary, so that a killed load leaves nothing behind: the
server drops them with the session. Their types are those of the register: what does not fit is refused
by COPY and never converted in silence.

Personal values arrive encrypted, with their blind index; the staging tables hold no identity number. They are bound
to the row that `bound_to` names: the id that the door gave, which a new household or person keeps. Only a row
without ciphertext may go without.
"""

from dataclasses import dataclass

from django.db import connection
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
        return f"CREATE TEMPORARY TABLE {self.table} ({columns})"


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
# Made from them by `matching`: every household that some sheet names, the persons found, and the fate of each row.
MATCHES = (
    "stage_unit",
    "person_found",
    "match_household",
    "match_person",
    "match_household_year",
    "match_village_year",
    "match_county_year",
    "match_item",
)


def create() -> None:
    """Make all staging tables, empty. They belong to the connection of this thread."""
    drop()
    with connection.cursor() as cursor:
        for stage in STAGES:
            cursor.execute(stage.create_sql())


def drop() -> None:
    """Remove them."""
    with connection.cursor() as cursor:
        tables = [*MATCHES, *(stage.table for stage in STAGES)]
        cursor.execute("DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.{table}" for table in tables))


def fill(stage: Stage, columns: tuple[str, ...], csv: bytes) -> None:
    """Append rows to a staging table: comma-separated text in UTF-8, unquoted nothing for NULL."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        driver = cursor.cursor  # psycopg's own cursor: Django's wrapper has no COPY
        with driver.copy(f"COPY pg_temp.{stage.table} ({names}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(csv)
