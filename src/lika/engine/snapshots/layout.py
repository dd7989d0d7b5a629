"""Where things lie inside a snapshot, and how the columns of a unit are typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from lika.engine.schema import Fact, column_name
from lika.engine.types import BooleanType, DateType, DecimalType, IntegerType, Type

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"

#: A 12-digit division code divided by this is the six digits of its county.
COUNTY_SPAN = 10**6

#: Units that are divisions themselves: their key is the 12-digit code in a column named as the unit.
DIVISION_UNITS = ("village", "township", "county", "prefecture", "province")
#: Units named by a UUID, with the column of that UUID. Their division is the column `village`.
IDENTIFIED_UNITS = {"person": "person_id", "household": "household_id"}

#: Rows of person of a household in this snapshot: what turns counts of households into counts of people.
PERSONS = "__persons"
#: The linkage token of a person (HMAC under the upper level's key): 32 bytes, empty where there is no identity number.
LINK = "link"


@dataclass(frozen=True)
class Column:
    """A column of a unit's files: its name and its DuckDB type."""

    name: str
    type: str


def county_of(code: int) -> int:
    """The six digits of the county of a 12-digit code; of a prefecture or province, its own first six digits."""
    return code // COUNTY_SPAN


def file_path(unit: str, county: int) -> str:
    """The path of a unit's file inside the snapshot."""
    return str(PurePosixPath(unit) / f"county={county:06d}.parquet")


def division_column(unit: str) -> str:
    """The column that says where a unit lies: `village`, or the unit's own code."""
    return "village" if unit in IDENTIFIED_UNITS else unit


def key_column(unit: str) -> str:
    """The column that names a unit."""
    return IDENTIFIED_UNITS.get(unit, unit)


def along_with(unit: str) -> tuple[str, ...]:
    """The columns of a unit that no criterion reads and that counting its verdicts needs."""
    return (PERSONS,) if unit == "household" else ()


def key_columns(unit: str) -> tuple[Column, ...]:
    """The columns of a unit that are no facts, in the order of the file."""
    if unit == "person":
        return (
            Column("person_id", "UUID"),
            Column("household_id", "UUID"),
            Column("village", "BIGINT"),
            Column(LINK, "BLOB"),
        )
    if unit == "household":
        return (Column("household_id", "UUID"), Column("village", "BIGINT"), Column(PERSONS, "INTEGER"))
    return (Column(unit, "BIGINT"),)


def fact_columns(facts: Iterable[Fact]) -> tuple[Column, ...]:
    """One column for each stored fact and each of its lags. Derived facts have none."""
    return tuple(
        Column(column_name(fact.name, lag), sql_type(fact.type))
        for fact in facts
        if fact.formula is None
        for lag in range(fact.lags + 1)
    )


def sql_type(type_: Type) -> str:
    """The DuckDB type that holds values of a type exactly. Codes and text are VARCHAR."""
    match type_:
        case BooleanType():
            return "BOOLEAN"
        case IntegerType():
            return "BIGINT"
        case DecimalType(places=places, digits=digits):
            return f"DECIMAL({digits},{places})"
        case DateType():
            return "DATE"
    return "VARCHAR"
