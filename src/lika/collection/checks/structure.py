"""Rows together: doubles, members without household, heads, periods, what must be given together."""

from collections.abc import Iterator

from lika.collection.checks.runner import Check
from lika.register.actions.bulk import LEAVES
from lika.register.choices import HEAD

# ruff: noqa: S608 - statements are made of our own names; every value is a parameter or a staged column


def _double(
    code: str, sheet: str, table: str, column: str, key: str, where: str = "true", number: str = "number"
) -> Check:
    return Check(
        code, sheet, column,
        f"""SELECT sheet_row, number, first FROM (
                SELECT sheet_row, {number} AS number, min(sheet_row) OVER (PARTITION BY {key}) AS first
                FROM {table} WHERE {where}) AS doubles
            WHERE sheet_row <> first ORDER BY sheet_row""",
        param="other",
    )  # fmt: skip


def _together(
    sheet: str, table: str, given: str, missing: str, where: str = "true", number: str = "number", match: str = ""
) -> Check:
    return Check(
        "COL-218", sheet, missing,
        f"""SELECT sheet_row, {number} FROM {table} s {match and f"JOIN {match} m USING (sheet_row)"}
            WHERE {given} IS NOT NULL AND {missing} IS NULL AND {where} ORDER BY sheet_row""",
        params=(("field", missing), ("other", given)),
    )  # fmt: skip


def _future(sheet: str, table: str, column: str, number: str = "number") -> Check:
    return Check(
        "COL-223", sheet, column,
        f"SELECT sheet_row, {number} FROM {table} WHERE {column} > %(today)s ORDER BY sheet_row",
    )  # fmt: skip


def _period(sheet: str, table: str, number: str = "number") -> Check:
    return Check(
        "COL-220", sheet, "period_to",
        f"SELECT sheet_row, {number} FROM {table} WHERE period_to < period_from ORDER BY sheet_row",
    )  # fmt: skip


def _orphans(sheet: str, table: str) -> Check:
    return Check(
        "COL-207", sheet, "number",
        f"""SELECT s.sheet_row, s.number FROM {table} s JOIN stage_unit u ON u.number = s.number
            WHERE NOT u.known AND NOT u.in_file ORDER BY s.sheet_row""",
    )  # fmt: skip


# Who is head of a household once the file is in: those of the file who stay, and those of the register whom the file
# does not name.
_HEADS = f"""
    WITH heads AS (
        SELECT s.number, s.sheet_row FROM stage_person s WHERE s.relation = '{HEAD}' AND ({LEAVES}) IS NOT TRUE
        UNION ALL
        SELECT u.number, NULL FROM register_membership t
        JOIN stage_unit u ON u.household_id = t.household_id AND u.known
        WHERE t.left_on IS NULL AND t.relation = '{HEAD}'
          AND NOT EXISTS (SELECT 1 FROM match_person m WHERE m.membership_id = t.id)
    )
"""


def _checks() -> Iterator[Check]:
    yield _double("COL-201", "households", "stage_household", "number", "number", "number IS NOT NULL")
    yield Check(
        "COL-202", "households", "number",
        """SELECT s.sheet_row, s.number FROM stage_household s JOIN stage_unit u ON u.number = s.number
           WHERE NOT u.known AND s.sheet_row = u.sheet_row
             AND NOT EXISTS (SELECT 1 FROM stage_person p WHERE p.number = s.number) ORDER BY s.sheet_row""",
    )  # fmt: skip
    yield Check(
        "COL-203", "persons", "relation",
        f"""{_HEADS}
            SELECT min(s.sheet_row), s.number FROM stage_person s JOIN stage_unit u ON u.number = s.number
            WHERE (u.known OR u.in_file) AND NOT EXISTS (SELECT 1 FROM heads WHERE heads.number = s.number)
            GROUP BY s.number HAVING bool_and(s.relation IS NOT NULL) AND bool_or(({LEAVES}) IS NOT TRUE) ORDER BY 1""",
    )  # fmt: skip
    yield Check(
        "COL-204", "persons", "relation",
        f"""{_HEADS}
            SELECT sheet_row, number, COALESCE(first::text, '—') FROM (
                SELECT heads.*, rank() OVER ordered, first_value(sheet_row) OVER ordered AS first FROM heads
                WINDOW ordered AS (PARTITION BY number ORDER BY sheet_row NULLS FIRST)) AS ranked
            WHERE rank > 1 ORDER BY sheet_row""",
        param="other",
    )  # fmt: skip
    # Both rows, for who is right is not known: with good rows only, both households wait.
    yield Check(
        "COL-205", "persons", "id_number",
        """SELECT sheet_row, number, CASE WHEN sheet_row = first THEN last ELSE first END FROM (
               SELECT sheet_row, number, min(sheet_row) OVER same AS first, max(sheet_row) OVER same AS last
               FROM stage_person WHERE id_index IS NOT NULL WINDOW same AS (PARTITION BY id_index)) AS doubles
           WHERE first <> last ORDER BY sheet_row""",
        param="other",
    )  # fmt: skip
    yield _double(
        "COL-206", "persons", "stage_person", "name", "number, name, birth_date",
        "id_index IS NULL AND no_id_reason IS NOT NULL AND name IS NOT NULL AND number IS NOT NULL",
    )  # fmt: skip
    yield _orphans("persons", "stage_person")
    yield _orphans("household_years", "stage_household_year")
    yield _double(
        "COL-208", "household_years", "stage_household_year", "data_year", "number, data_year",
        "number IS NOT NULL AND data_year IS NOT NULL",
    )  # fmt: skip
    for sheet, table, key in (("village_years", "stage_village_year", "village"),
                              ("county_years", "stage_county_year", "county")):  # fmt: skip
        where = f"{key} IS NOT NULL AND data_year IS NOT NULL"
        yield _double("COL-208", sheet, table, "data_year", f"{key}, data_year", where, "NULL")
        # Never poor: no day to name. No longer poor: a move, and moves have a day.
        moved = "(s.poor_area <> '0' OR m.found_poor_area <> '0')"
        yield _together(sheet, table, "poor_area", "poor_area_on", moved, "NULL", f"match_{key}_year")
        yield _period(sheet, table, "NULL")
        yield _future(sheet, table, "poor_area_on", "NULL")
    yield from _together_checks()
    yield from (_period("household_years", "stage_household_year"), _period("persons", "stage_person"))
    for sheet, table, column in (
        ("households", "stage_household", "poverty_on"), ("households", "stage_household", "monitoring_on"),
        ("persons", "stage_person", "birth_date"), ("persons", "stage_person", "change_on"),
    ):  # fmt: skip
        yield _future(sheet, table, column)


def _together_checks() -> Iterator[Check]:
    yield _together("households", "stage_household", "poverty_status", "poverty_on", "poverty_status <> '00'")
    monitored = "(s.monitoring_status <> '0' OR m.found_monitoring <> '0')"
    yield _together(
        "households", "stage_household", "monitoring_status", "monitoring_on", monitored, match="match_household"
    )
    yield _together("persons", "stage_person", "change", "change_on")
    yield _together("persons", "stage_person", "change_on", "change")
    yield _together("persons", "stage_person", "period_from", "period_to")
    yield _together("persons", "stage_person", "period_to", "period_from")
    yield Check(
        "COL-219", "persons", "data_year",
        "SELECT sheet_row, number FROM stage_person WHERE has_year AND data_year IS NULL ORDER BY sheet_row",
    )  # fmt: skip
    yield Check(
        "COL-222", "persons", "period_from",
        """SELECT s.sheet_row, s.number FROM stage_person s JOIN match_person m USING (sheet_row)
           WHERE s.has_year AND s.data_year IS NOT NULL AND s.period_from IS NULL AND s.period_to IS NULL
             AND (m.period_from IS NULL OR m.period_to IS NULL) ORDER BY s.sheet_row""",
    )  # fmt: skip


CHECKS = tuple(_checks())
