"""Collected items in a bulk load: staged by sheet, row and item, compared with the register's, written with their year.

They are staged long, one row per cell, because which items there are is decided by packs and not by tables. A row
without a value says that the cell is empty.
"""

# ruff: noqa: S608 - statements are made of our own names; every value is a parameter or a staged column

from django.db import connection

from lika.register.actions.bulk import matching
from lika.register.actions.bulk.matching import (
    COUNTY_YEAR,
    HOUSEHOLD_YEAR,
    PERSON_YEAR,
    VILLAGE_YEAR,
    Present,
    YearTable,
    fresh_ids,
)
from lika.register.models.items import ITEM_TABLES, VALUES

UNIT_OF_SHEET = {
    HOUSEHOLD_YEAR.sheet: "household",
    PERSON_YEAR.sheet: "person",
    VILLAGE_YEAR.sheet: "village",
    COUNTY_YEAR.sheet: "county",
}
_YEARS = (HOUSEHOLD_YEAR, PERSON_YEAR, VILLAGE_YEAR, COUNTY_YEAR)
STAGE_OF_SHEET = {year.sheet: year.stage for year in _YEARS}
# Rows of households can be left out by their unit; rows of villages and counties by themselves.
_BY_HOUSEHOLD = (HOUSEHOLD_YEAR, PERSON_YEAR)


def table_of(year: YearTable) -> str:
    """The item table that goes with a yearly table."""
    return ITEM_TABLES[UNIT_OF_SHEET[year.sheet]]._meta.db_table


def match(present: Present) -> None:
    """Make all match tables: those of `matching.match`, then `match_item`, the items that differ from the register's.

    A year with an item that differs is itself changed.
    """
    matching.match(present)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON stage_item (sheet, sheet_row)")
        cursor.execute("""
            CREATE UNLOGGED TABLE match_item (
                sheet text, sheet_row integer, item text, item_id uuid, before jsonb, after jsonb
            )
        """)
        for year in _YEARS:
            cursor.execute(
                f"""
                INSERT INTO match_item
                SELECT s.sheet, s.sheet_row, s.item, t.id, {_as_json("t")}, {_as_json("s")}
                FROM stage_item s JOIN {year.match} m USING (sheet_row)
                LEFT JOIN {table_of(year)} t ON t.year_id = m.year_id AND t.item = s.item
                WHERE s.sheet = %s AND {_as_json("t")} IS DISTINCT FROM {_as_json("s")}
                """,
                [year.sheet],
            )
            cursor.execute(
                f"""
                UPDATE {year.match} m SET {year.fate} = 'changed' FROM match_item i
                WHERE i.sheet = %s AND i.sheet_row = m.sheet_row AND m.{year.fate} = 'unchanged'
                """,
                [year.sheet],
            )
        cursor.execute("CREATE INDEX ON match_item (sheet, sheet_row)")
        cursor.execute("ANALYZE match_item")


def _as_json(table: str) -> str:
    """A value of any kind, so that one comparison and one audit serve all; a number without its idle zeros."""
    given = ", ".join(f"to_jsonb({table}.{name})" for name in VALUES if name != "number")
    return f"COALESCE(to_jsonb(trim_scale({table}.number)), {given})"


def differences(year: YearTable) -> str:
    """Rows (name, before, after) of a staged row `s`, to stand beside those of the year's own columns."""
    return f"""UNION ALL SELECT i.item, i.before, i.after FROM match_item i
               WHERE i.sheet = '{year.sheet}' AND i.sheet_row = s.sheet_row"""


def write(year: YearTable) -> None:
    """Carry the items of a sheet into the register, after its yearly rows; those of rows left out stay out."""
    join, keep = "", "NOT m.left_out"
    if year in _BY_HOUSEHOLD:
        join, keep = "JOIN stage_unit u ON u.number = s.number", "NOT u.left_out"
    table, among = table_of(year), ", ".join(VALUES)
    source = f"match_item i JOIN {year.stage} s USING (sheet_row) JOIN {year.match} m USING (sheet_row) {join}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            DELETE FROM {table} WHERE id IN (
                SELECT i.item_id FROM {source} WHERE i.sheet = %s AND {keep} AND i.after IS NULL)
            """,
            [year.sheet],
        )
        cursor.execute(
            f"""
            INSERT INTO {table} (id, year_id, item, {among})
            SELECT {fresh_ids("i.sheet_row, i.item")}, y.id, i.item, {", ".join(f"v.{name}" for name in VALUES)}
            FROM {source}
            JOIN {year.table} y ON y.{year.key} = m.{year.key} AND y.data_year = s.data_year
            JOIN stage_item v ON v.sheet = i.sheet AND v.sheet_row = i.sheet_row AND v.item = i.item
            WHERE i.sheet = %s AND {keep} AND i.after IS NOT NULL
            ON CONFLICT (year_id, item) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in VALUES)}
            """,
            [year.sheet],
        )
