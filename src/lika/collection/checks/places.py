"""Division codes: do they exist, are they villages, do they lie in the actor's area."""

from collections.abc import Iterator

from lika.collection.checks.areas import inside
from lika.collection.checks.runner import Check

# ruff: noqa: S608 - statements are made of our own names; every value is a parameter or a staged column

_VILLAGE, _COUNTY = 5, 3


def _codes(sheet: str, table: str, column: str, level: int, number: str) -> Iterator[Check]:
    # A natural village repeats the number of its village: only the first five levels have a code of their own.
    division = f"LEFT JOIN divisions_division d ON d.number = s.{column} AND d.level <= {_VILLAGE}"
    named = f"SELECT s.sheet_row, {number} FROM {table} s {division} WHERE s.{column} IS NOT NULL"
    yield Check("COL-210", sheet, column, f"{named} AND d.code IS NULL ORDER BY 1")
    word = "village" if level == _VILLAGE else "county"
    yield Check("COL-211", sheet, column, f"{named} AND d.level <> {level} ORDER BY 1", params=(("level", word),))
    yield Check(
        "COL-209", sheet, column,
        f"""SELECT s.sheet_row, {number}, COALESCE(NULLIF(d.successor_code, ''), '—') FROM {table} s
            JOIN divisions_division d ON d.number = s.{column} AND d.level = {level}
            WHERE d.valid_to <= %(today)s ORDER BY 1""",
        param="successor",
    )  # fmt: skip
    here = inside("import", f"s.{column}", county=level == _COUNTY)
    yield Check("COL-212", sheet, column, f"{named} AND d.level = {level} AND NOT {here} ORDER BY 1")


def _known_elsewhere(sheet: str, table: str) -> Check:
    """Rows of a household that is not among the file's households: the register says where it stands."""
    return Check(
        "COL-212", sheet, "number",
        f"""SELECT s.sheet_row, s.number FROM {table} s JOIN stage_unit u ON u.number = s.number
            WHERE u.known AND NOT u.in_file AND NOT {inside("import", "u.village")} ORDER BY s.sheet_row""",
    )  # fmt: skip


def _checks() -> Iterator[Check]:
    yield from _codes("households", "stage_household", "village", _VILLAGE, "s.number")
    yield from _codes("village_years", "stage_village_year", "village", _VILLAGE, "NULL")
    yield from _codes("county_years", "stage_county_year", "county", _COUNTY, "NULL")
    yield _known_elsewhere("persons", "stage_person")
    yield _known_elsewhere("household_years", "stage_household_year")
    yield Check(
        "COL-213", "households", "natural_village",
        """SELECT s.sheet_row, s.number FROM stage_household s JOIN match_household m USING (sheet_row)
           JOIN divisions_division d ON d.number = s.village AND d.level = 5
           WHERE s.natural_village IS NOT NULL AND m.natural_village_id IS NULL ORDER BY s.sheet_row""",
    )  # fmt: skip


CHECKS = tuple(_checks())
