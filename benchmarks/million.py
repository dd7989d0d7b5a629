"""Files of a million persons: the demonstration's county drawn once and written as ten other counties of its province.

Each county has its own real villages, household numbers, accounts and identity numbers with sound check digits; the
people are those of the county, invented. One file per county and sheet, so that a sheet comes in parts.
"""

import tempfile
import zipfile
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from lika.divisions.sources import DATA

DIVISIONS = DATA / "divisions.parquet"

COUNTY, PROVINCE = 621223, 62
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

_PAIRS = """
CREATE TABLE paired AS
WITH listed AS (
    SELECT code, code[:6] AS county, row_number() OVER (PARTITION BY code[:6] ORDER BY code) AS at
    FROM read_parquet($divisions) WHERE level = 5 AND code[:2] = $province
), chosen AS (
    SELECT county, row_number() OVER (ORDER BY count(*) DESC, county) AS copy FROM listed WHERE county <> $county
    GROUP BY county HAVING count(*) >= (SELECT count(*) FROM listed WHERE county = $county)
)
SELECT copy, target.county AS county, source.code AS source, target.code AS code
FROM chosen JOIN listed target USING (county)
JOIN listed source ON source.county = $county AND source.at = target.at
WHERE copy <= $copies
"""


def _sound(number: str) -> str:
    """SQL: an identity number of the county's copy; the area is the copy's, so the check digit is made anew."""
    body = f"(p.county || substr({number}, 7, 11))"
    total = " + ".join(
        f"CAST(substr({body}, {at}, 1) AS INTEGER) * {weight}" for at, weight in enumerate(_WEIGHTS, start=1)
    )
    return f"CASE WHEN length({number}) = 18 THEN {body} || substr('10X98765432', ({total}) % 11 + 1, 1) END"


_NUMBER = "p.code || substr(t.number, 13)"
# Sheet -> how a row finds its village's pair, and the columns that differ in a copy.
_COPIED = {
    "households": (
        "p.source = t.village",
        {
            "number": _NUMBER, "village": "p.code", "natural_village": "NULL::VARCHAR",
            "bank_account": "lpad(p.copy::VARCHAR, 2, '0') || substr(t.bank_account, 3)",
        },
    ),
    "persons": (
        "p.source = substr(t.number, 1, 12)",
        {
            "number": _NUMBER, "person_number": "p.code || substr(t.person_number, 13)",
            "id_number": _sound("t.id_number"),
        },
    ),
    "household_years": ("p.source = substr(t.number, 1, 12)", {"number": _NUMBER}),
    "village_years": ("p.source = t.village", {"village": "p.code"}),
}  # fmt: skip


def write(folder: Path, *, counties: int, households: int, years: int, kind: str) -> dict[str, int]:
    """Write `counties` times `households` into a folder, as "parquet" or "csv"; returns the rows of each sheet."""
    drawn = _drawn(households)
    session = duckdb.connect()
    session.execute(
        _PAIRS,
        {"divisions": str(DIVISIONS), "province": str(PROVINCE), "county": str(COUNTY), "copies": counties},
    )
    last = pq.read_table(drawn["village_years"], columns=["data_year"])["data_year"][0].as_py()
    told = {}
    for sheet, (joined, new) in _COPIED.items():
        replaced = ", ".join(f"{expression} AS {name}" for name, expression in new.items())
        where = f"AND t.data_year > {last - years}" if sheet == "household_years" else ""
        told[sheet] = 0
        for copy in range(1, counties + 1):
            (rows,) = session.execute(
                f"COPY (SELECT t.* REPLACE ({replaced}) FROM read_parquet('{drawn[sheet]}') t "
                f"JOIN paired p ON {joined} WHERE p.copy = {copy} {where}) TO '{folder / f'{sheet}-{copy}.{kind}'}'"
            ).fetchone()
            told[sheet] += rows
    return told


def _drawn(households: int) -> dict[str, Path]:
    """The county's sheets as Parquet files, as an export writes them."""
    from lika.collection.choices import ExportFormat
    from lika.collection.exporting import writing
    from lika.collection.schema import SHEETS
    from lika.demo import workbook
    from lika.demo.place import draw_place

    folder = Path(tempfile.mkdtemp(prefix="lika-drawn-"))
    rows = workbook.rows(draw_place(households=households))
    packed = folder / "drawn.zip"
    writing.write(packed, ExportFormat.PARQUET, [(sheet, rows[sheet.key]) for sheet in SHEETS], [])
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return {sheet.key: folder / f"{sheet.zh}.parquet" for sheet in SHEETS}
