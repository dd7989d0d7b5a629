"""Which rows of the register a staged row means, and whether it would change them.

Each `match_*` table gives, by sheet row, what was found and the *fate* of the row: new, changed or
unchanged. Only columns that the sheet has are compared: what a workbook does not speak of stays as it
is. Nothing here writes to the register.
"""

# ruff: noqa: S608 - statements are made of our own names; every value is a parameter or a staged column

import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from lika.register.actions.bulk import settling, stage
from lika.register.choices.lists import MEMBER_JOINS, MEMBER_LEAVES
from lika.register.models import CountyYear, HouseholdYear, PersonYear, VillageYear

# Reasons of CL-MEMCHG that end a membership, and those that begin one.
LEAVES = f"s.change IN {tuple(sorted(MEMBER_LEAVES))}"
JOINS = f"s.change IN {tuple(sorted(MEMBER_JOINS))}"

Present = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class YearTable:
    """A yearly table of the register and what feeds it."""

    sheet: str
    table: str
    stage: str
    match: str
    key: str
    values: tuple[str, ...]
    fate: str = "fate"


HOUSEHOLD_YEAR = YearTable(
    "household_years", "register_householdyear", "stage_household_year", "match_household_year", "household_id",
    stage.value_columns(HouseholdYear),
)  # fmt: skip
PERSON_YEAR = YearTable(
    "persons", "register_personyear", "stage_person", "match_person", "person_id",
    stage.value_columns(PersonYear), fate="year_fate",
)  # fmt: skip
VILLAGE_YEAR = YearTable(
    "village_years", "register_villageyear", "stage_village_year", "match_village_year", "village",
    stage.value_columns(VillageYear),
)  # fmt: skip
COUNTY_YEAR = YearTable(
    "county_years", "register_countyyear", "stage_county_year", "match_county_year", "county",
    stage.value_columns(CountyYear),
)  # fmt: skip

# Columns of the register that a workbook may set: register column -> staged expression.
HOUSEHOLD_COLUMNS = {
    "kind": "s.kind",
    "standard": "COALESCE(s.standard, '')",
    "attribute": "COALESCE(s.attribute, '')",
    "identified_year": "s.identified_year",
    "planned_exit_year": "s.planned_exit_year",
    "address": "COALESCE(s.address, '')",
    "phone": "COALESCE(s.phone, '')",
    "bank_name": "COALESCE(s.bank_name, '')",
    "bank_account": "COALESCE(s.bank_account, '')",
    "bank_account_index": "s.bank_account_index",
    "phone_index": "s.phone_index",
    "position": "COALESCE(s.position, '')",
    "coordinate_system": "COALESCE(s.coordinate_system, '')",
}
PERSON_COLUMNS = {
    "number": "COALESCE(s.person_number, '')",
    "name": "s.name",
    "pinyin": "s.pinyin",
    "initials": "s.initials",
    "sex": "s.sex",
    "birth_date": "s.birth_date",
    "ethnicity": "COALESCE(s.ethnicity, '')",
    "id_type": "COALESCE(s.id_type, '')",
    "id_number": "COALESCE(s.id_number, '')",
    "id_original": "COALESCE(s.id_original, '')",
    "id_index": "s.id_index",
    "no_id_reason": "COALESCE(s.no_id_reason, '')",
}
# Which column of the sheet brings a column of the register, where the names differ.
_BROUGHT_BY = {
    "bank_account_index": "bank_account",
    "phone_index": "phone",
    "position": "longitude",
    "pinyin": "name",
    "initials": "name",
    "id_original": "id_number",
    "id_index": "id_number",
    "chronic_illness": "health",
    "serious_illness": "health",
    "disabled": "health",
}


def brought(columns: Iterable[str], present: frozenset[str]) -> tuple[str, ...]:
    """The columns of the register that the sheet's columns set; the others are left as they are."""
    return tuple(name for name in columns if _BROUGHT_BY.get(name, name) in present)


def person_columns(present: frozenset[str]) -> tuple[str, ...]:
    """`brought` for persons, whose `number` is not the household's; a birth date may come with the identity number."""
    found = brought((name for name in PERSON_COLUMNS if name not in ("number", "birth_date")), present)
    birth = ("birth_date",) if present & {"birth_date", "id_number"} else ()
    return (*(("number",) if "person_number" in present else ()), *found, *birth)


def year_columns(year: YearTable, present: Present) -> tuple[str, ...]:
    """The value columns of a yearly table that its sheet sets."""
    return brought(year.values, present.get(year.sheet, frozenset()))


def fresh_ids(order: str) -> str:
    """An SQL expression that gives ascending UUIDv7, one per row in the order named."""
    head = f"{time.time_ns() // 1_000_000:012x}"
    prefix = f"{head[:8]}-{head[8:]}-7{secrets.randbits(12):03x}-{0x8000 | secrets.randbits(14):04x}-"
    seed = secrets.randbits(40)
    return f"('{prefix}' || lpad(to_hex({seed} + row_number() OVER (ORDER BY {order})), 12, '0'))::uuid"


def match(present: Present) -> None:
    """Make the match tables. Runs in the transaction that publishes: the households found stay locked until its end."""
    statements = (
        f"SET LOCAL work_mem = '{_WORK_MEMORY}'",
        *(f"CREATE INDEX ON {table} (number)" for table in _BY_NUMBER),
        "CREATE INDEX ON stage_person (id_index)",
        *(f"ANALYZE {table.table} ({', '.join(_JOINED_BY & table.columns.keys())})" for table in stage.STAGES),
        _units(),
        "ALTER TABLE stage_unit ADD PRIMARY KEY (number)",
        "ANALYZE stage_unit",
        "SELECT 1 FROM register_household h JOIN stage_unit u ON u.household_id = h.id AND u.known FOR UPDATE OF h",
        _persons_found(),
        "CREATE INDEX ON person_found (sheet_row)",
        "ANALYZE person_found",
    )
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        settling.settle()
        for statement in (
            _match_households(present.get("households", frozenset())),
            _match_household_years(present),
            _match_persons(present),
            _match_areas(VILLAGE_YEAR, present),
            _match_areas(COUNTY_YEAR, present),
        ):
            cursor.execute(statement)
        for table in ("match_household", "match_person", "match_household_year"):
            cursor.execute(f"CREATE INDEX ON {table} (sheet_row)")
            cursor.execute(f"ANALYZE {table}")


_BY_NUMBER = ("stage_household", "stage_person", "stage_household_year")
# What the planner is told of; a staging table has sixty more columns.
_JOINED_BY = frozenset(("sheet_row", "number", "village", "county", "data_year", "id_index", "change", "relation"))
# So that tables of a million rows are joined in memory, until the end of the transaction.
_WORK_MEMORY = "128MB"


def _units() -> str:
    """Every household that some sheet names, once: `known` to the register, or (only) in the file's households."""
    return f"""
        CREATE UNLOGGED TABLE stage_unit AS
        SELECT named.number, COALESCE(h.id, s.bound_to, {fresh_ids("named.number")}) AS household_id,
               h.id IS NOT NULL AS known, s.number IS NOT NULL AS in_file,
               COALESCE(h.village, s.village) AS village, s.sheet_row, false AS left_out
        FROM (SELECT number FROM stage_household UNION SELECT number FROM stage_person
              UNION SELECT number FROM stage_household_year) named
        LEFT JOIN register_household h ON h.number = named.number
        LEFT JOIN (SELECT DISTINCT ON (number) number, village, sheet_row, bound_to FROM stage_household
                   ORDER BY number, sheet_row) s ON s.number = named.number
        WHERE named.number IS NOT NULL
    """


def _persons_found() -> str:
    """The person of each row: by the blind index of the identity number, else by name and birth date in the household.

    The second way also finds the new-born whose number came later.
    """
    return f"""
        CREATE UNLOGGED TABLE person_found AS
        WITH by_name AS (
            SELECT DISTINCT ON (s.sheet_row) s.sheet_row, r.id
            FROM stage_person s
            JOIN stage_unit u ON u.number = s.number AND u.known
            JOIN register_membership m ON m.household_id = u.household_id
            JOIN register_person r ON r.id = m.person_id
            WHERE r.id_index IS NULL AND r.name = s.name AND r.birth_date IS NOT DISTINCT FROM s.birth_date
            ORDER BY s.sheet_row, r.id
        )
        SELECT s.sheet_row, COALESCE(r.id, by_name.id, s.bound_to, {fresh_ids("s.sheet_row")}) AS person_id,
               COALESCE(r.id, by_name.id) IS NOT NULL AS known
        FROM stage_person s
        LEFT JOIN register_person r ON r.id_index = s.id_index
        LEFT JOIN by_name ON by_name.sheet_row = s.sheet_row
    """


def differ(columns: Iterable[str], old: str, new: Mapping[str, str] | None = None) -> str:
    """The condition that some column differs."""
    parts = [f"{old}.{name} IS DISTINCT FROM {new[name] if new else f's.{name}'}" for name in columns]
    return " OR ".join(parts) or "false"


def _match_households(present: frozenset[str]) -> str:
    natural = "p.natural_village_id IS DISTINCT FROM d.code" if "natural_village" in present else "false"
    columns = brought(HOUSEHOLD_COLUMNS, present)
    return f"""
        CREATE UNLOGGED TABLE match_household AS
        WITH latest AS (
            SELECT e.household_id, max(e.effective_on) FILTER (WHERE e.axis = 'poverty') AS poverty_on,
                   max(e.effective_on) FILTER (WHERE e.axis = 'monitoring') AS monitoring_on
            FROM register_statusevent e JOIN stage_unit u ON u.household_id = e.household_id AND u.known
            GROUP BY e.household_id
        )
        SELECT s.sheet_row, u.household_id, u.known, h.village AS found_village, d.code AS natural_village_id,
               COALESCE(h.poverty_status, '00') AS found_poverty, latest.poverty_on AS found_poverty_on,
               COALESCE(h.monitoring_status, '0') AS found_monitoring, latest.monitoring_on AS found_monitoring_on,
               u.known AND {natural} AS natural_village_moved,
               CASE WHEN NOT u.known THEN 'new'
                    WHEN {differ(columns, "h", HOUSEHOLD_COLUMNS)} OR {natural}
                      OR COALESCE(s.poverty_status, h.poverty_status) <> h.poverty_status
                      OR COALESCE(s.monitoring_status, h.monitoring_status) <> h.monitoring_status THEN 'changed'
                    ELSE 'unchanged' END AS fate
        FROM stage_household s
        JOIN stage_unit u ON u.number = s.number
        LEFT JOIN register_household h ON h.id = u.household_id AND u.known
        LEFT JOIN latest ON latest.household_id = u.household_id
        LEFT JOIN register_placement p ON p.household_id = u.household_id AND p.ended_on IS NULL AND u.known
        LEFT JOIN divisions_division d ON d.level = 6 AND d.number = s.village AND d.valid_to IS NULL
              AND (d.name = s.natural_village OR d.code = s.natural_village)
    """


def _match_persons(present: Present) -> str:
    sheet = present.get("persons", frozenset())
    years = year_columns(PERSON_YEAR, present)
    return f"""
        CREATE UNLOGGED TABLE match_person AS
        WITH periods AS (
            SELECT DISTINCT ON (s.number, s.data_year) s.number, s.data_year, s.period_from, s.period_to
            FROM stage_household_year s ORDER BY s.number, s.data_year, s.sheet_row
        ), here AS (
            SELECT DISTINCT ON (m.person_id, m.household_id) m.*
            FROM register_membership m JOIN stage_unit u ON u.household_id = m.household_id AND u.known
            WHERE m.left_on IS NULL OR m.left_on IS DISTINCT FROM m.joined_on  -- what never held is nothing known
            ORDER BY m.person_id, m.household_id, m.left_on DESC NULLS FIRST
        ), dated AS (
            SELECT s.sheet_row, u.household_id, u.village,
                   COALESCE(s.period_from, y.period_from, p.period_from, hy.period_from) AS period_from,
                   COALESCE(s.period_to, y.period_to, p.period_to, hy.period_to) AS period_to,
                   y.id AS year_id
            FROM stage_person s
            JOIN person_found f ON f.sheet_row = s.sheet_row
            LEFT JOIN stage_unit u ON u.number = s.number
            LEFT JOIN register_personyear y ON y.person_id = f.person_id AND f.known AND y.data_year = s.data_year
            LEFT JOIN periods p ON p.number = s.number AND p.data_year = s.data_year
            LEFT JOIN register_householdyear hy ON hy.household_id = u.household_id AND hy.data_year = s.data_year
        )
        SELECT s.sheet_row, f.person_id, f.known, t.household_id, COALESCE(pl.village, t.village) AS village,
               e.household_id AS elsewhere, eh.village AS elsewhere_village,
               m.id AS membership_id, m.joined_on AS found_joined, m.left_on AS found_left,
               t.period_from, t.period_to, y.id AS year_id, y.state AS year_state, y.village AS year_village,
               CASE WHEN NOT f.known THEN 'new'
                    WHEN {differ(person_columns(sheet), "r", PERSON_COLUMNS)} THEN 'changed'
                    ELSE 'unchanged' END AS fate,
               CASE WHEN m.id IS NULL OR (m.left_on IS NOT NULL AND {JOINS} AND s.change_on >= m.left_on) THEN 'new'
                    WHEN m.relation <> s.relation
                      OR ({LEAVES} AND (m.left_on IS DISTINCT FROM s.change_on OR m.leave_reason <> s.change))
                      OR ({JOINS} AND (m.joined_on IS DISTINCT FROM s.change_on OR m.join_reason <> s.change))
                    THEN 'changed' ELSE 'unchanged' END AS membership_fate,
               CASE WHEN NOT s.has_year THEN NULL WHEN y.id IS NULL THEN 'new'
                    WHEN y.period_from <> t.period_from OR y.period_to <> t.period_to OR {differ(years, "y")}
                    THEN 'changed' ELSE 'unchanged' END AS year_fate
        FROM stage_person s
        JOIN dated t ON t.sheet_row = s.sheet_row
        JOIN person_found f ON f.sheet_row = s.sheet_row
        LEFT JOIN register_person r ON r.id = f.person_id AND f.known
        LEFT JOIN here m ON m.person_id = f.person_id AND m.household_id = t.household_id AND f.known
        LEFT JOIN register_membership e ON e.person_id = f.person_id AND f.known AND e.left_on IS NULL
              AND e.household_id IS DISTINCT FROM t.household_id
        LEFT JOIN register_household eh ON eh.id = e.household_id
        LEFT JOIN register_personyear y ON y.id = t.year_id
        LEFT JOIN register_placement pl ON pl.household_id = t.household_id
              AND (pl.started_on IS NULL OR pl.started_on <= t.period_to)
              AND (pl.ended_on IS NULL OR pl.ended_on > t.period_to)
    """


def _match_household_years(present: Present) -> str:
    columns = ("period_from", "period_to", *year_columns(HOUSEHOLD_YEAR, present))
    return f"""
        CREATE UNLOGGED TABLE match_household_year AS
        SELECT s.sheet_row, u.household_id, COALESCE(p.village, u.village) AS village,
               y.id AS year_id, y.state AS year_state, y.village AS year_village,
               CASE WHEN y.id IS NULL THEN 'new' WHEN {differ(columns, "y")} THEN 'changed'
                    ELSE 'unchanged' END AS fate
        FROM stage_household_year s
        JOIN stage_unit u ON u.number = s.number
        LEFT JOIN register_householdyear y
               ON y.household_id = u.household_id AND u.known AND y.data_year = s.data_year
        LEFT JOIN register_placement p ON p.household_id = u.household_id AND u.known
              AND (p.started_on IS NULL OR p.started_on <= s.period_to)
              AND (p.ended_on IS NULL OR p.ended_on > s.period_to)
    """


def _match_areas(year: YearTable, present: Present) -> str:
    """`status_moved`: the row of the latest data year says another poor-area status than the register."""
    columns = ("period_from", "period_to", *year_columns(year, present))
    return f"""
        CREATE UNLOGGED TABLE {year.match} AS
        SELECT s.sheet_row, s.{year.key}, y.id AS year_id, y.state AS year_state, false AS left_out,
               COALESCE(a.poor_area, '0') AS found_poor_area, latest.on AS found_poor_area_on,
               s.poor_area IS NOT NULL AND s.poor_area <> COALESCE(a.poor_area, '0')
               AND s.sheet_row = first_value(s.sheet_row) OVER (
                   PARTITION BY s.{year.key} ORDER BY s.poor_area IS NULL, s.data_year DESC NULLS LAST, s.sheet_row
               ) AS status_moved,
               CASE WHEN y.id IS NULL THEN 'new' WHEN {differ(columns, "y")} THEN 'changed'
                    ELSE 'unchanged' END AS fate
        FROM {year.stage} s
        LEFT JOIN {year.table} y ON y.{year.key} = s.{year.key} AND y.data_year = s.data_year
        LEFT JOIN register_areastatus a ON a.division = s.{year.key}
        LEFT JOIN (SELECT division, max(effective_on) AS on FROM register_statusevent
                   WHERE axis = 'poor_area' GROUP BY division) latest ON latest.division = s.{year.key}
    """
