"""A screening on Spark gives what DuckDB gives, to the byte; what cannot be done is said."""

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from lika.engine.errors import ClusterError
from lika.engine.screening.engines import WithDuckDB
from lika.engine.screening.run import Outcome
from lika.engine.screening.run import screen as on_one_machine
from lika.engine.spark import sessions
from lika.engine.spark.screening import screen
from tests.engine_screening.making import PLAN, checked, rows_of, write_snapshot
from tests.engine_screening.test_engines_agree import UNITS, many, shuffle

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WRITTEN = sorted(f"{unit}/county={county}.parquet" for unit in UNITS for county in (621223, 621224))


def files_of(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def by_duckdb(folder: Path, out: Path, rows: dict[str, list[dict[str, object]]]) -> Outcome:
    manifest = write_snapshot(folder, rows)
    engine = WithDuckDB()
    try:
        return on_one_machine(folder, manifest, checked(), PLAN, engine=engine, out=out)
    finally:
        engine.close()


def assert_same(found: Outcome, expected: Outcome) -> None:
    """All that a screening tells, the SHA-256 of each verdict file among it."""
    assert found.digest == expected.digest
    assert found.parts == expected.parts
    assert found.criteria == expected.criteria
    assert found.combinations == expected.combinations
    assert list(found.rollups) == list(expected.rollups)


def test_the_same_verdicts_files_and_sums(spark: "SparkSession", tmp_path: Path) -> None:
    expected = by_duckdb(tmp_path / "one", tmp_path / "duckdb", many())
    manifest = write_snapshot(tmp_path / "two", many())
    found = screen(spark, tmp_path / "two", manifest, checked(), PLAN, out=tmp_path / "spark")
    assert_same(found, expected)
    assert files_of(tmp_path / "spark") == WRITTEN == files_of(tmp_path / "duckdb")
    assert spark.catalog.listTables() == []


@pytest.mark.parametrize(
    ("split_bytes", "partitions", "adaptive"),
    [("512", "1", "false"), ("4096", "7", "true"), ("1048576", "200", "true")],
)
def test_however_rows_lie_and_are_parted_the_bytes_are_the_same(
    spark: "SparkSession", tmp_path: Path, split_bytes: str, partitions: str, adaptive: str
) -> None:
    expected = by_duckdb(tmp_path / "one", tmp_path / "duckdb", many())
    manifest = write_snapshot(tmp_path / "two", many(), row_group=2048)
    for number, path in enumerate(sorted((tmp_path / "two").rglob("*.parquet"))):
        shuffle(path, number)
    settings = {
        "spark.sql.files.maxPartitionBytes": split_bytes,
        "spark.sql.files.openCostInBytes": "0",
        "spark.sql.shuffle.partitions": partitions,
        "spark.sql.adaptive.enabled": adaptive,
    }
    before = {name: spark.conf.get(name) for name in settings}
    try:
        for name, value in settings.items():
            spark.conf.set(name, value)
        found = screen(spark, tmp_path / "two", manifest, checked(), PLAN, out=tmp_path / "spark")
    finally:
        for name, value in before.items():
            spark.conf.set(name, value or "")
    assert_same(found, expected)


def test_a_county_without_households_has_a_part_and_a_file_all_the_same(spark: "SparkSession", tmp_path: Path) -> None:
    rows = {unit: rows_of(unit) for unit in UNITS}
    for unit in ("person", "household"):
        rows[unit] = [row for row in rows[unit] if row["village"] // 10**6 == 621223]  # type: ignore[operator]
    expected = by_duckdb(tmp_path / "one", tmp_path / "duckdb", rows)
    manifest = write_snapshot(tmp_path / "two", rows)
    found = screen(spark, tmp_path / "two", manifest, checked(), PLAN, out=tmp_path / "spark")
    assert_same(found, expected)
    assert files_of(tmp_path / "spark") == files_of(tmp_path / "duckdb")


def test_a_file_that_is_gone_is_told_and_no_verdict_is_given(spark: "SparkSession", tmp_path: Path) -> None:
    manifest = write_snapshot(tmp_path / "one", {unit: rows_of(unit) for unit in UNITS})
    (tmp_path / "one" / "household" / "county=621224.parquet").unlink()
    with pytest.raises(ClusterError) as caught:
        screen(spark, tmp_path / "one", manifest, checked(), PLAN, out=tmp_path / "out")
    assert caught.value.code == "ENG-104"


def test_what_kept_a_worker_from_writing_is_told(spark: "SparkSession", tmp_path: Path) -> None:
    manifest = write_snapshot(tmp_path / "one", {unit: rows_of(unit) for unit in UNITS})
    (tmp_path / "out").write_text("a file where the folder should be")
    with pytest.raises(ClusterError) as caught:
        screen(spark, tmp_path / "one", manifest, checked(), PLAN, out=tmp_path / "out")
    assert caught.value.code == "ENG-104"
    assert "NotADirectoryError: [Errno 20]" in caught.value.message("en")


def test_nodes_that_see_other_rows_than_the_manifest_tells_of_give_no_result(
    spark: "SparkSession", tmp_path: Path
) -> None:
    manifest = write_snapshot(tmp_path / "one", {unit: rows_of(unit) for unit in UNITS})
    path = tmp_path / "one" / "household" / "county=621224.parquet"
    rows = pq.read_table(path)
    pq.write_table(rows.slice(1), path)
    with pytest.raises(ClusterError) as caught:
        screen(spark, tmp_path / "one", manifest, checked(), PLAN)
    assert caught.value.code == "ENG-105"
    assert f"读到 {len(rows) - 1} 行（household，621224），快照清单为 {len(rows)} 行" in caught.value.message("zh")


def test_a_damaged_file_is_told(spark: "SparkSession", tmp_path: Path) -> None:
    manifest = write_snapshot(tmp_path / "one", {unit: rows_of(unit) for unit in UNITS})
    path = tmp_path / "one" / "household" / "county=621224.parquet"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ClusterError) as caught:
        screen(spark, tmp_path / "one", manifest, checked(), PLAN)
    assert caught.value.code == "ENG-104"


@pytest.mark.parametrize(
    "address", ["", "duckdb", "spark://", "spark://host", "http://host:7077", "local[x]", "spark://a b:7077"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ClusterError) as caught, sessions.connected(address):
        pass
    assert caught.value.code == "ENG-100"


@pytest.mark.parametrize("scheme", ["spark", "sc"])
def test_a_cluster_that_does_not_answer_is_told_at_once(scheme: str) -> None:
    with pytest.raises(ClusterError) as caught, sessions.connected(f"{scheme}://127.0.0.1:9"):
        pass
    assert caught.value.code == "ENG-103"
    assert f"{scheme}://127.0.0.1:9" in caught.value.message("zh")


def test_without_java_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "has_java", lambda: False)
    with pytest.raises(ClusterError) as caught, sessions.connected("local"):
        pass
    assert caught.value.code == "ENG-102"
