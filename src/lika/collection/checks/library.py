"""The rules of quality of the packs, held against a staged workbook by DuckDB.

A household of the workbook is judged once for each data year, with the members that the sheet of members gives for
that year. Nothing is added from the register: what the workbook does not bring is unknown and is not judged.

One of the few modules that touch rows of persons; it logs nothing.
"""

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
import ibis
from django.db import connection

from lika.collection.findings import Finding, FindingLog
from lika.collection.reading.onward import Loaded
from lika.core import facts as registry
from lika.core.areas import COUNTRY
from lika.engine import duck
from lika.engine.criteria import CheckedSet
from lika.engine.snapshots.layout import sql_type
from lika.policy.choices import Dimension
from lika.policy.quality import Rule, RuleBook, rules_for
from lika.register.actions.bulk import LEAVES
from lika.register.choices import HEAD
from lika.register.facts import households, persons

# ruff: noqa: S608 - statements are made of our own names; every value is a staged column or a date

# The register itself refuses what breaks these, also where a workbook names a part of the household: COL-203, COL-204.
_ASKED_ALREADY = frozenset({"one_head"})
_OF_THE_REGISTER = (Dimension.COMPLETENESS, Dimension.TIMELINESS)
_HEALTH = ("chronic_illness", "serious_illness", "disabled")  # one column of the sheet
_PERSON_FACTS = tuple(fact.name for fact in (*persons.BASE, *persons.YEARLY))
_YEAR_FACTS = tuple(fact.name for fact in (*households.INCOME, *households.CONDITIONS))
_BASE_FACTS = tuple(fact.name for fact in households.BASE)
_HOUSEHOLD_FACTS = (*_BASE_FACTS, *_YEAR_FACTS, "members")
# What is known of the members as a whole only where the workbook names them all.
_OF_ALL_MEMBERS = "members"

_UNITS = f"""
    CREATE UNLOGGED TABLE judged AS
    WITH named AS (
        SELECT s.number, s.data_year, NULL::integer AS year_row, s.sheet_row AS person_row, s.relation
        FROM stage_person s WHERE ({LEAVES}) IS NOT TRUE AND s.number IS NOT NULL
        UNION ALL
        SELECT number, data_year, sheet_row, NULL, NULL FROM stage_household_year WHERE number IS NOT NULL
    )
    SELECT (row_number() OVER ())::integer AS id, n.number, n.data_year, min(n.year_row) AS year_row,
           COALESCE(min(n.person_row) FILTER (WHERE n.relation = '{HEAD}'), min(n.person_row)) AS person_row,
           min(h.sheet_row) AS household_row,
           count(n.person_row) > 0 AND NOT EXISTS (
               SELECT 1 FROM stage_unit u JOIN register_membership t ON t.household_id = u.household_id
               WHERE u.number = n.number AND u.known AND t.left_on IS NULL
                 AND NOT EXISTS (SELECT 1 FROM match_person m WHERE m.membership_id = t.id)) AS whole
    FROM named n LEFT JOIN stage_household h ON h.number = n.number
    GROUP BY n.number, n.data_year
"""


@dataclass(frozen=True)
class _Place:
    """Where a judged unit stands: its household, its row by sheet, and whether all its members are given."""

    number: str
    rows: Mapping[str, int | None]
    whole: bool = True


def run(loaded: Loaded, log: FindingLog, *, today: dt.date) -> None:
    """Note every unit of the staged workbook that breaks a rule holding in the whole country; `bulk.match` has run.

    Rules about completeness and being in time say nothing here: a workbook brings what it brings. Nor do those that ask
    for a status: it is that of a day, and a sheet names one of many. What the register then lacks is found there.
    """
    book = rules_for(_scope(), today)
    rules = [rule for rule in book.rules.values() if _can_be_asked(rule, _columns(loaded))]
    if not rules:
        return
    with connection.cursor() as cursor, tempfile.TemporaryDirectory() as folder, duckdb.connect() as session:
        cursor.execute("DROP TABLE IF EXISTS judged")
        cursor.execute(_UNITS)
        for unit, sql in (("person", _persons_sql(today)), ("household", _households_sql())):
            _fetch(session, unit, sql, Path(folder) / f"{unit}.csv")
        for finding in _findings(session, book, [rule.id for rule in rules], loaded, today):
            if not log.is_faulty(finding.sheet, finding.row, finding.field):
                log.add(finding)
        cursor.execute("DROP TABLE judged")


def _scope() -> str:
    """The smallest area that holds every village of the workbook: its rules hold for all of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(village)::text, max(village)::text FROM stage_unit WHERE village IS NOT NULL")
        low, high = cursor.fetchone()
    if low is None:
        return COUNTRY
    return next((low[:digits] for digits in (12, 9, 6, 4, 2) if low[:digits] == high[:digits]), COUNTRY)


def _columns(loaded: Loaded) -> Mapping[str, frozenset[str]]:
    """The facts of each unit that the workbook has columns for."""
    found = {sheet: set(columns) for sheet, columns in loaded.present.items()}
    persons_given = found.get("persons", set())
    if persons_given:
        persons_given |= {"age"} | (set(_HEALTH) if "health" in persons_given else set())
    homes = found.get("households", set())
    years = found.get("household_years", set()) & set(_YEAR_FACTS)
    given = years | (homes & set(_BASE_FACTS))
    return {
        "person": frozenset(persons_given & set(_PERSON_FACTS)),
        "household": frozenset(given | ({_OF_ALL_MEMBERS} if persons_given else set())),
    }


def _can_be_asked(rule: Rule, columns: Mapping[str, frozenset[str]]) -> bool:
    if rule.id in _ASKED_ALREADY or rule.dimension in _OF_THE_REGISTER or rule.unit not in columns:
        return False
    return all(use.lag == 0 and use.name in columns.get(use.unit, ()) for use in rule.checked.facts)


def _persons_sql(today: dt.date) -> str:
    age = f"EXTRACT(YEAR FROM age(COALESCE(m.period_to, '{today}'::date), s.birth_date))::integer"
    born = f"s.birth_date <= COALESCE(m.period_to, '{today}'::date)"
    facts = ", ".join(
        f"CASE WHEN {born} THEN {age} END AS age" if name == "age" else f"s.{name}" for name in _PERSON_FACTS
    )
    return f"""
        SELECT s.sheet_row, j.id, 0, {facts}
        FROM stage_person s JOIN match_person m USING (sheet_row)
        JOIN judged j ON j.number = s.number AND j.data_year IS NOT DISTINCT FROM s.data_year
        WHERE ({LEAVES}) IS NOT TRUE
    """


def _households_sql() -> str:
    members = (
        "CASE WHEN j.whole THEN (SELECT count(*) FROM stage_person s WHERE s.number = j.number "
        f"AND s.data_year IS NOT DISTINCT FROM j.data_year AND ({LEAVES}) IS NOT TRUE) END"
    )
    facts = ", ".join([*(f"h.{name}" for name in _BASE_FACTS), *(f"y.{name}" for name in _YEAR_FACTS), members])
    return f"""
        SELECT j.id, 0, {facts}
        FROM judged j
        LEFT JOIN stage_household_year y ON y.sheet_row = j.year_row
        LEFT JOIN stage_household h ON h.sheet_row = j.household_row
    """


def _fetch(session: duckdb.DuckDBPyConnection, unit: str, sql: str, path: Path) -> None:
    """The staged rows of a unit as a table of DuckDB: as text, for that costs a tenth of rows in Python."""
    with path.open("wb") as file, connection.cursor() as cursor:
        driver = cursor.cursor  # psycopg's own cursor: Django's wrapper has no COPY
        with driver.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)") as copy:
            for block in copy:
                file.write(block)
    text = f"read_csv('{path}', header = false, auto_detect = false, columns = {{{_typed(unit)}}})"
    session.execute(f"CREATE TABLE {unit} AS SELECT * FROM {text}")


def _typed(unit: str) -> str:
    """The columns of a unit's table with their types, as DuckDB's `columns` wants them."""
    facts = registry.schema().units[unit]
    keys = {"person": ("person_id", "household_id", "village"), "household": ("household_id", "village")}[unit]
    names = {"person": _PERSON_FACTS, "household": _HOUSEHOLD_FACTS}[unit]
    types = dict.fromkeys(keys, "BIGINT") | {name: sql_type(facts[name].type) for name in names}
    return ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())


@lru_cache(maxsize=16)
def _query(book: RuleBook, rules: tuple[str, ...], unit: str, today: dt.date) -> str:
    """The verdicts of a unit's rules as SQL over the tables of the workbook. Making it takes longer than running it."""
    backend = ibis.duckdb.connect()
    try:
        for name in ("person", "household"):
            columns = _typed(name).replace("': '", '" ').replace("', '", ', "').strip("'")
            backend.raw_sql(f'CREATE TABLE {name} ("{columns})')
        tables = {name: backend.table(name) for name in ("person", "household")}
        chosen = CheckedSet(registry.schema(), {}, tuple(book.rules[rule].checked for rule in rules))
        return duck.query_of(backend, duck.run(chosen, unit, tables, connection=backend, reference_date=today))
    finally:
        backend.disconnect()


def _findings(
    session: duckdb.DuckDBPyConnection, book: RuleBook, rules: Sequence[str], loaded: Loaded, today: dt.date
) -> Iterator[Finding]:
    for unit, key in (("person", "person_id"), ("household", "household_id")):
        own = tuple(rule for rule in rules if book.rules[rule].unit == unit)
        if not own:
            continue
        session.execute(f"CREATE TABLE answers_{unit} AS {_query(book, own, unit, today)}")
        broken = {
            rule: session.execute(f"SELECT {key} FROM answers_{unit} WHERE {rule} = 0 ORDER BY 1").fetchall()
            for rule in own
        }
        places = _places(unit, {found for rows in broken.values() for (found,) in rows})
        for rule in own:
            for (found,) in broken[rule]:
                if (finding := _finding(book.rules[rule], places[found], loaded)) is not None:
                    yield finding


def _finding(rule: Rule, place: _Place, loaded: Loaded) -> Finding | None:
    """The finding in the row that the rule points at; None where the workbook has not all that the rule asks about."""
    if not place.whole and (_reads_members(rule) or rule.item.field_unit == "person"):
        return None
    sheet = "persons" if rule.item.field_unit == "person" else "household_years"
    if rule.item.field_name in _BASE_FACTS and sheet == "household_years":
        sheet = "households"
    row = place.rows[sheet]
    if row is None:
        return None
    column = "health" if rule.item.field_name in _HEALTH else rule.item.field_name
    letter = loaded.letters[sheet].get(column, "")
    return Finding(sheet, row, letter, rule.id, column, place.number, severity=rule.severity.value)


def _reads_members(rule: Rule) -> bool:
    counted = any((use.unit, use.name) == ("household", _OF_ALL_MEMBERS) for use in rule.checked.facts)
    return counted or (rule.unit == "household" and "person" in rule.checked.units)


def _places(unit: str, judged: AbstractSet[int]) -> dict[int, _Place]:
    """Where those stand that break some rule."""
    with connection.cursor() as cursor:
        if unit == "person":
            cursor.execute(
                "SELECT sheet_row, COALESCE(number, '') FROM stage_person WHERE sheet_row = ANY(%s)", [sorted(judged)]
            )
            return {row: _Place(number, {"persons": row}) for row, number in cursor.fetchall()}
        cursor.execute(
            "SELECT id, number, person_row, year_row, household_row, whole FROM judged WHERE id = ANY(%s)",
            [sorted(judged)],
        )
        return {
            key: _Place(number, {"persons": person, "household_years": year, "households": household}, whole)
            for key, number, person, year, household, whole in cursor.fetchall()
        }
