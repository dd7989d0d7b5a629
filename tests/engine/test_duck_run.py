"""Verdicts over tables: one row per unit, one small integer per criterion, keys kept, every fault in a table named."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.backends.duckdb import Backend

from lika.engine import duck
from lika.engine.checker import compile_set
from lika.engine.criteria import CheckedSet, Criterion
from lika.engine.errors import TableError
from tests.engine.world import CRITERIA, PARAMETERS, SCHEMA

VILLAGE, OTHER_VILLAGE = 621223100201, 621223101202
DAY = date(2016, 12, 31)


def compiled(unit: str, **texts: str) -> CheckedSet:
    own = [Criterion(id_, unit, id_, id_, text) for id_, text in texts.items()]
    return compile_set([*CRITERIA.values(), *own], SCHEMA, PARAMETERS)


def households() -> pa.Table:
    return pa.table(
        {
            "household_id": ["A", "B", "C"],
            "village": pa.array([VILLAGE, VILLAGE, OTHER_VILLAGE], pa.int64()),
            "county": pa.array([621223] * 3, pa.int32()),
            "net_income": pa.array([Decimal("24624.90"), Decimal("24624.91"), None], pa.decimal128(14, 2)),
            "members": pa.array([9, 9, 2], pa.int32()),
            "safe_water": [True, False, None],
            "housing_grade": ["A", "A", "B"],
            "poverty": ["poor", "exited", "poor"],
            "remark": ["x", None, "y"],
        }
    )


def persons() -> pa.Table:
    return pa.table(
        {
            "person_id": ["1", "2", "3", "4"],
            "household_id": ["A", "A", "B", None],
            "village": pa.array([VILLAGE, VILLAGE, VILLAGE, OTHER_VILLAGE], pa.int64()),
            "birth_date": pa.array([date(2008, 2, 29), None, date(1970, 1, 1), date(1980, 1, 1)], pa.date32()),
            "out_of_school": ["yes", "no", None, None],
            "labour": [False, None, True, True],
            "wage": pa.array([None, Decimal("1.50"), Decimal("2.00"), Decimal("0.01")], pa.decimal128(9, 2)),
        }
    )


def villages() -> pa.Table:
    codes = pa.array([VILLAGE, OTHER_VILLAGE, 621223102203], pa.int64())
    population = pa.array([300, 60, 50], pa.int32())
    return pa.table({"village": codes, "rural_registered_population": population, "surfaced_road": [True, None, False]})


@pytest.fixture
def backend() -> Backend:
    return ibis.duckdb.connect()


@pytest.fixture
def tables(backend: Backend) -> dict[str, Any]:
    made = {"household": households(), "person": persons(), "village": villages()}
    return {unit: backend.create_table(unit, table) for unit, table in made.items()}


def verdicts(
    criteria: CheckedSet, unit: str, tables: dict[str, Any], *ids: str, key: str
) -> dict[Any, list[int | None]]:
    found = duck.run(criteria, unit, tables, reference_date=DAY).to_pyarrow().to_pylist()
    return {row[key]: [row[id_] for id_ in ids] for row in found}


def test_households(tables: dict[str, Any]) -> None:
    criteria = compiled("household", everyone="count(person) = 2", both="met('income') and met('water')")
    table = duck.run(criteria, "household", tables, reference_date=DAY)
    keys = ["household_id", "village", "county"]
    ids = ["income", "water", "no_dropout", "everyone", "both"]
    assert (list(table.columns[:3]), set(table.columns[3:])) == (keys, set(ids))
    assert {str(table[name].type()) for name in table.columns if name not in keys} == {"int8"}
    found = verdicts(criteria, "household", tables, *ids, key="household_id")
    assert found == {
        "A": [0, 1, 0, 1, 0],
        "B": [1, 0, 1, 0, 0],
        "C": [None, None, 1, 0, None],
    }


def test_persons(tables: dict[str, Any]) -> None:
    table = duck.run(compiled("person", grown="age >= 16"), "person", tables, reference_date=DAY)
    assert list(table.columns[:3]) == ["person_id", "household_id", "village"]
    found = verdicts(compiled("person", grown="age >= 16"), "person", tables, "schooled", "grown", key="person_id")
    assert found == {"1": [0, 0], "2": [1, None], "3": [1, 1], "4": [1, 1]}


def test_villages_over_households_and_persons(tables: dict[str, Any]) -> None:
    criteria = compiled(
        "village",
        poor="sum(household, if poverty = 'poor' then members else 0) / rural_registered_population <= param.incidence",
        direct="count(person) = 1",
        nested="sum(household, count(person)) = 0",
        any_income="any(household, met('income'))",
    )
    ids = ("road", "poor", "direct", "nested", "any_income")
    assert verdicts(criteria, "village", tables, *ids, key="village") == {
        VILLAGE: [1, 1, 0, 0, 1],
        OTHER_VILLAGE: [None, 0, 1, 1, None],
        621223102203: [0, None, 0, None, 0],
    }


def test_a_township_is_the_range_of_its_code(backend: Backend, tables: dict[str, Any]) -> None:
    townships = pa.table({"township": pa.array([621223100000, 621223101000], pa.int64()), "cadres": [3, 1]})
    tables["township"] = backend.create_table("township", townships)
    criteria = compiled("township", villages="count(village) = 1", persons="count(person) = cadres")
    assert verdicts(criteria, "township", tables, "villages", "persons", key="township") == {
        621223100000: [1, 1],
        621223101000: [1, 1],
    }


def test_parquet_files_are_read_by_their_paths(tmp_path: Path) -> None:
    halves = [tmp_path / "first.parquet", tmp_path / "second.parquet"]
    pq.write_table(households().slice(0, 1), halves[0])
    pq.write_table(households().slice(1), halves[1])
    pq.write_table(persons(), tmp_path / "person.parquet")
    given = {"household": halves, "person": tmp_path / "person.parquet"}
    assert verdicts(compiled("household"), "household", given, "income", key="household_id") == {
        "A": [0],
        "B": [1],
        "C": [None],
    }


def test_a_derived_facts_own_column_is_read(backend: Backend, tables: dict[str, Any]) -> None:
    own = pa.array([Decimal("2736.11"), None, Decimal("1.00")], pa.decimal128(14, 2))
    tables["household"] = backend.create_table("own", households().append_column("net_income_per_capita", own))
    assert verdicts(compiled("household"), "household", tables, "income", key="household_id") == {
        "A": [1],
        "B": [None],
        "C": [0],
    }


def test_nan_and_infinity_are_unknown_on_entry(backend: Backend, tables: dict[str, Any]) -> None:
    sql = """
        SELECT * FROM (VALUES ('A', 'NaN'::DOUBLE), ('B', 'Infinity'::DOUBLE), ('C', 2736.1::DOUBLE))
        AS given(household_id, debt)
    """
    tables["household"] = backend.sql(sql)
    criteria = compile_set(
        [
            Criterion("over", "household", "", "", "debt > 0"),
            Criterion("known", "household", "", "", "is_known(debt)"),
            Criterion("exact", "household", "", "", "debt = 2736.10"),
        ],
        SCHEMA,
    )
    assert verdicts(criteria, "household", tables, "over", "known", "exact", key="household_id") == {
        "A": [None, 0, None],
        "B": [None, 0, None],
        "C": [1, 1, 1],
    }


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1000, 999, -1000], pa.int64()),
        pa.array([1000, 999, -1000], pa.int16()),
        pa.array([Decimal(1000), Decimal(999), Decimal(-1000)], pa.decimal128(38, 0)),
        pa.array([1000.0, 999.0, 1e300], pa.float64()),
    ],
)
def test_numbers_beyond_the_declared_digits_are_unknown(backend: Backend, column: pa.Array) -> None:
    table = pa.table({"household_id": ["A", "B", "C"], "members": column})
    criteria = compile_set(
        [
            Criterion("known", "household", "", "", "is_known(members)"),
            Criterion("exact", "household", "", "", "members = 999"),
        ],
        SCHEMA,
    )
    given = {"household": backend.create_table("household", table)}
    assert verdicts(criteria, "household", given, "known", "exact", key="household_id") == {
        "A": [0, None],
        "B": [1, 1],
        "C": [0, None],
    }


@pytest.mark.parametrize(
    ("type_", "value"),
    [(pa.decimal128(12, 2), Decimal("2736.10")), (pa.decimal128(38, 1), Decimal("2736.1")), (pa.float32(), 2736.1)],
)
def test_numbers_of_other_widths_are_the_same_numbers(backend: Backend, type_: pa.DataType, value: Any) -> None:
    whole = pa.array([2736], pa.int32())
    table = pa.table({"household_id": ["A"], "debt": pa.array([value], type_), "net_income": whole})
    criteria = compile_set([Criterion("same", "household", "", "", "debt - net_income = 0.10")], SCHEMA)
    given = {"household": backend.create_table("household", table)}
    assert verdicts(criteria, "household", given, "same", key="household_id") == {"A": [1]}


def test_no_rows_below_and_no_rows_at_all(backend: Backend, tables: dict[str, Any]) -> None:
    tables["person"] = backend.create_table("nobody", persons().slice(0, 0))
    criteria = compiled("household", some="any(person, labour)", sum="sum(person, wage) > 0")
    found = verdicts(criteria, "household", tables, "no_dropout", "some", "sum", key="household_id")
    assert found == {household: [1, 0, None] for household in "ABC"}
    tables["household"] = backend.create_table("nothing", households().slice(0, 0))
    assert verdicts(criteria, "household", tables, "some", key="household_id") == {}


@pytest.mark.parametrize(
    ("unit", "column", "values", "code"),
    [
        ("household", "members", None, "ENG-080"),
        ("household", "household_id", None, "ENG-080"),
        ("person", "household_id", None, "ENG-080"),
        ("household", "members", pa.array(["1", "2", "3"]), "ENG-081"),
        ("household", "net_income", pa.array([Decimal("1.001")] * 3, pa.decimal128(14, 3)), "ENG-081"),
        ("household", "safe_water", pa.array([1, 0, 1]), "ENG-081"),
        ("household", "housing_grade", pa.array([1, 2, 3]), "ENG-081"),
        ("person", "birth_date", pa.array(["2008-02-29"] * 4), "ENG-081"),
    ],
)
def test_faulty_tables_are_named(backend: Backend, unit: str, column: str, values: Any, code: str) -> None:
    made = {"household": households(), "person": persons()}
    made[unit] = made[unit].drop_columns([column])
    if values is not None:
        made[unit] = made[unit].append_column(column, values)
    tables = {name: backend.create_table(name, table) for name, table in made.items()}
    with pytest.raises(TableError) as caught:
        duck.run(compiled("household"), "household", tables, reference_date=DAY)
    assert caught.value.code == code
    assert column in caught.value.message_zh
    assert column in caught.value.message_en


def test_a_missing_table_is_named(tables: dict[str, Any]) -> None:
    del tables["person"]
    with pytest.raises(TableError, match="There is no person table"):
        duck.run(compiled("household"), "household", tables, reference_date=DAY)


def test_a_long_chain_of_criteria_runs(tables: dict[str, Any]) -> None:
    chain = [Criterion("c0", "household", "", "", "safe_water")]
    chain += [Criterion(f"c{n}", "household", "", "", f"not met('c{n - 1}')") for n in range(1, 39)]
    criteria = compile_set(chain, SCHEMA)
    assert verdicts(criteria, "household", tables, "c0", "c38", key="household_id") == {
        "A": [1, 1],
        "B": [0, 0],
        "C": [None, None],
    }


@pytest.mark.parametrize("name", ["county", "Village", "INCOME"])
def test_ids_that_a_database_takes_for_another_column_are_refused(tables: dict[str, Any], name: str) -> None:
    with pytest.raises(TableError, match=name):
        duck.run(compiled("household", **{name: "safe_water"}), "household", tables, reference_date=DAY)


def test_hostile_ids_are_only_names(tables: dict[str, Any]) -> None:
    name = 'x"; DROP TABLE household; --'
    criteria = compile_set([Criterion(name, "household", "", "", "safe_water")], SCHEMA)
    assert verdicts(criteria, "household", tables, name, key="household_id") == {"A": [1], "B": [0], "C": [None]}
