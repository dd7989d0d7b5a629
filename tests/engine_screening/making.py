"""A small invented snapshot, written without the database: two counties, a handful of households."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pyarrow as pa

from lika.engine.checker import compile_set
from lika.engine.criteria import CheckedSet, Criterion
from lika.engine.schema import CodeItem, CodeList, Fact, ParameterSpec, Schema
from lika.engine.screening.run import Plan
from lika.engine.snapshots.folder import written
from lika.engine.snapshots.layout import division_column, fact_columns, key_column, key_columns
from lika.engine.snapshots.manifest import Manifest, Versions
from lika.engine.types import BooleanType, DecimalType, IntegerType

YES_NO = CodeList("yesno", "是否", "Yes or no", (CodeItem("yes", "是", "yes"), CodeItem("no", "否", "no")))
SCHEMA = Schema(
    units={
        "person": {
            "age": Fact("age", "年龄", "Age", IntegerType()),
            "schooled": Fact("schooled", "在校", "At school", YES_NO.type),
        },
        "household": {
            "income": Fact("income", "收入", "Income", DecimalType(2), lags=1),
            "members": Fact("members", "人口", "Members", IntegerType()),
            "per_head": Fact("per_head", "人均", "Per head", DecimalType(2), formula="income / members"),
            "safe_water": Fact("safe_water", "饮水安全", "Safe water", BooleanType()),
        },
        "village": {"people": Fact("people", "户籍人口", "People", IntegerType())},
        "county": {"people": Fact("people", "户籍人口", "People", IntegerType())},
    },
    code_lists={"yesno": YES_NO},
)
THIRSTY = "sum(household, if safe_water then 0 else members)"
CRITERIA = (
    Criterion("income", "household", "收入", "Income", "per_head > param.line"),
    Criterion("water", "household", "饮水", "Water", "safe_water"),
    Criterion("school", "household", "上学", "School", "count(person, age between 6 and 15 and schooled = 'no') = 0"),
    Criterion("exit", "household", "退出", "Exit", "met('income') and met('water') and met('school')"),
    Criterion("rising", "household", "增收", "Rising", "income > previous(income, 1)"),
    Criterion("adult", "person", "成年", "Adult", "age >= 18"),
    Criterion(
        "thirsty", "village", "缺水", "Thirsty", "sum(household, if safe_water then 0 else members) / people > 0.5"
    ),
    Criterion("big", "county", "大县", "Big", "count(household) > 3"),
)
ORDER = {
    "household": ("income", "water", "school", "exit", "rising"),
    "person": ("adult",),
    "village": ("thirsty",),
    "county": ("big",),
}
LINE = ParameterSpec("line", "标准", "Line", DecimalType(2), Decimal("2736.10"))
PLAN = Plan(ORDER, measures=("income", "water", "rising"))

V1, V2, V3 = 621223100200, 621223101201, 621224100200


def uid(number: int) -> UUID:
    """An id whose order is that of the number."""
    return UUID(int=number)


def checked() -> CheckedSet:
    """The criteria, compiled."""
    return compile_set(CRITERIA, SCHEMA, {"line": LINE})


# household: number, village, income, income a year before, members, safe water
HOUSEHOLDS = (
    (1, V1, "9000.00", "8000.00", 3, True),
    (2, V1, "5472.20", "6000.00", 2, True),  # exactly at the line: not over it
    (3, V1, None, "100.00", 4, False),
    (4, V2, "5472.21", None, 2, True),
    (5, V3, "3000.00", "3000.00", 1, None),
)
# person: number, household, age, at school
PERSONS = (
    (1, 1, 40, None),
    (2, 1, 38, None),
    (3, 1, 9, "yes"),
    (4, 2, 70, None),
    (5, 2, 8, "no"),
    (6, 3, 30, None),
    (7, 3, 7, None),
    (8, 4, 18, None),
    (9, 5, None, None),
)
VILLAGES = ((V1, 9), (V2, 2), (V3, None))
COUNTIES = ((621223000000, 11), (621224000000, None))


def rows_of(unit: str) -> list[dict[str, Any]]:
    """The invented rows of a unit as the file wants them."""
    village_of = {number: village for number, village, *_more in HOUSEHOLDS}
    if unit == "person":
        return [
            {
                "person_id": uid(1000 + n),
                "household_id": uid(h),
                "village": village_of[h],
                "link": None,
                "age": age,
                "schooled": s,
            }
            for n, h, age, s in PERSONS
        ]
    if unit == "household":
        return [
            {
                "household_id": uid(n),
                "village": village,
                "__persons": sum(1 for _n, h, *_more in PERSONS if h == n),
                "income": income and Decimal(income),
                "income__lag1": before and Decimal(before),
                "members": members,
                "safe_water": water,
            }
            for n, village, income, before, members, water in HOUSEHOLDS
        ]
    if unit == "village":
        return [{"village": code, "people": people} for code, people in VILLAGES]
    return [{"county": code, "people": people} for code, people in COUNTIES]


def write_snapshot(
    folder: Path, rows: Mapping[str, Sequence[dict[str, Any]]] | None = None, row_group: int = 122_880
) -> Manifest:
    """Write the rows as a snapshot of the prefecture 6212."""
    given = rows or {unit: rows_of(unit) for unit in ("person", "household", "village", "county")}
    with written(folder) as writer:
        for unit, records in given.items():
            columns = key_columns(unit) + fact_columns(SCHEMA.units[unit].values())
            place = division_column(unit)
            for county in (621223, 621224):
                mine = [record for record in records if record[place] // 10**6 == county]
                mine.sort(key=lambda record: (record[place], str(record[key_column(unit)])))
                _write(writer.path(unit, county), columns, mine, row_group)
                writer.add(unit, county, columns, len(mine))
        return writer.finish(
            Manifest(
                id="20161231-6212-abc123",
                at=date(2016, 12, 31),
                period_from=date(2016, 1, 1),
                period_to=date(2016, 12, 31),
                data_year=2016,
                states=("draft",),
                scope=621200000000,
                schema={},
                files=(),
                versions=Versions("0", "0", "0"),
                created="2026-01-01T00:00:00+08:00",
            )
        )


def _write(path: Path, columns: Sequence[Any], records: Sequence[dict[str, Any]], row_group: int) -> None:
    names = [column.name for column in columns]
    texts = [[None if record[name] is None else str(record[name]) for record in records] for name in names]
    table = pa.table({name: pa.array(text, type=pa.string()) for name, text in zip(names, texts, strict=True)})
    chosen = ", ".join(f'CAST("{column.name}" AS {column.type}) AS "{column.name}"' for column in columns)
    with duckdb.connect() as session:
        session.register("given", table)
        session.execute(f"COPY (SELECT {chosen} FROM given) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE {row_group})")
