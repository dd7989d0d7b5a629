"""Carry staged rows into the register: inserts and updates over whole sets, events and audit with them.

Everything runs in the caller's transaction. Rows of households that were left out, and rows that would
change nothing, are not touched.
"""

# ruff: noqa: S608 - statements are made of our own names; every value is a parameter or a staged column

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from lika.core import audit, crypto
from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.register.actions.bulk import items, matching, tracing
from lika.register.actions.bulk.matching import (
    COUNTY_YEAR,
    HOUSEHOLD_COLUMNS,
    HOUSEHOLD_YEAR,
    JOINS,
    LEAVES,
    PERSON_COLUMNS,
    PERSON_YEAR,
    VILLAGE_YEAR,
    Present,
    YearTable,
    fresh_ids,
)
from lika.register.actions.common import year_locked
from lika.register.choices import HEAD, YearState
from lika.register.models import (
    Household,
    HouseholdYear,
    Membership,
    Person,
    PersonYear,
    Placement,
    StatusEvent,
    VillageYear,
)

Counts = Mapping[str, Mapping[str, int]]
Progress = Callable[[int, int], None]

_YEARS = (HOUSEHOLD_YEAR, PERSON_YEAR, VILLAGE_YEAR, COUNTY_YEAR)
# From so many new memberships on the planner is told of the new rows at once.
_LARGE = 5_000
# Persons, memberships, households, each kind of year, the audit.
_STEPS = 3 + len(_YEARS) + 1


def _silent(_done: int, _total: int) -> None:
    """Nobody is watching."""


@dataclass(frozen=True)
class Origin:
    """What a bulk load comes from: stands behind its status events and in its audit rows."""

    kind: str
    id: UUID
    label: str


def leave_out(households: set[str], area_rows: set[tuple[str, int]]) -> None:
    """Keep some households (by number) and some village and county rows (by sheet key and row) out of the load."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stage_unit SET left_out = true WHERE number = ANY(%s)", [sorted(households)])
        for year in (VILLAGE_YEAR, COUNTY_YEAR):
            rows = sorted(row for sheet, row in area_rows if sheet == year.sheet)
            cursor.execute(f"UPDATE {year.match} SET left_out = true WHERE sheet_row = ANY(%s)", [rows])


def counts() -> Counts:
    """How many rows of each sheet are new, changed, unchanged or left out."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        found: dict[str, dict[str, int]] = {}
        for sheet, fate, count in cursor.fetchall():
            found.setdefault(sheet, {})[fate] = count
    return found


_FATE = "CASE WHEN COALESCE(u.left_out, true) THEN 'left_out' ELSE {fate} END"
_AREA_FATE = """CASE WHEN left_out THEN 'left_out' WHEN fate = 'unchanged' AND status_moved THEN 'changed'
                ELSE fate END"""
_COUNTS = f"""
    SELECT 'households', {_FATE.format(fate="m.fate")}, count(*) FROM stage_household s
    LEFT JOIN match_household m USING (sheet_row) LEFT JOIN stage_unit u ON u.number = s.number GROUP BY 1, 2
    UNION ALL
    SELECT 'persons', {
    _FATE.format(
        fate='''CASE
        WHEN m.fate = 'new' THEN 'new'
        WHEN 'changed' IN (m.fate, m.membership_fate, m.year_fate) OR 'new' IN (m.membership_fate, m.year_fate)
        THEN 'changed' ELSE 'unchanged' END'''
    )
}, count(*) FROM stage_person s
    LEFT JOIN match_person m USING (sheet_row) LEFT JOIN stage_unit u ON u.number = s.number GROUP BY 1, 2
    UNION ALL
    SELECT 'household_years', {_FATE.format(fate="m.fate")}, count(*) FROM stage_household_year s
    LEFT JOIN match_household_year m USING (sheet_row) LEFT JOIN stage_unit u ON u.number = s.number GROUP BY 1, 2
    UNION ALL
    SELECT 'village_years', {_AREA_FATE}, count(*) FROM match_village_year GROUP BY 1, 2
    UNION ALL
    SELECT 'county_years', {_AREA_FATE}, count(*) FROM match_county_year GROUP BY 1, 2
"""


def publish(*, by: Actor, origin: Origin, present: Present, progress: Progress = _silent) -> int:
    """Write the staged rows that are not left out; returns how many audit rows tell of it.

    Expects `matching.match`, and that the door has refused or left out every row outside the actor's area.
    Raises ACC-001 without the permission, ACC-002 where a row outside the area is still in; the same two where the
    status of a known household or of an area moves and the actor may not enter a status there. Raises REG-030 where a
    year was locked after the match; the caller's transaction rolls back. `progress` hears how many steps are done.
    """
    progress(0, _STEPS)
    by.require(Permission.REGISTER_IMPORT)
    _require_area(by)
    _require_others(by)
    _require_status(by)
    changes = tracing.changes(present)
    if _is_large():
        transaction.on_commit(_analyze)
    crypto.ready()
    # While the database writes the rows, this process makes and seals those of the audit.
    with ThreadPoolExecutor(max_workers=1) as beside:
        entries = beside.submit(audit.entries_of, by=by, action="register.import", changes=changes, reason=origin.label)
        _write(by, origin, present, progress)
        audit.keep(entries.result())
    progress(_STEPS, _STEPS)
    return len(changes)


def _write(by: Actor, origin: Origin, present: Present, progress: Progress) -> None:
    steps = iter(range(1, _STEPS))
    # New households after their members: the database counts these once, as each household comes.
    _run("SET CONSTRAINTS membership_stands_with_household DEFERRED")
    _write_persons(present)
    progress(next(steps), _STEPS)
    _write_memberships()
    progress(next(steps), _STEPS)
    _write_households(origin, present)
    progress(next(steps), _STEPS)
    for year in _YEARS:
        _write_years(year, present, by.name)
        items.write(year)
        progress(next(steps), _STEPS)
    for year in (VILLAGE_YEAR, COUNTY_YEAR):
        _write_area_status(year, origin)


def _require_area(by: Actor) -> None:
    """The second check after the door's own: an action does not trust its caller."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT village FROM stage_unit WHERE NOT left_out AND village IS NOT NULL "
            "UNION SELECT village FROM match_village_year WHERE NOT left_out"
        )
        for (village,) in cursor.fetchall():
            by.require(Permission.REGISTER_IMPORT, village=village)
        cursor.execute("SELECT DISTINCT county FROM match_county_year WHERE NOT left_out")
        for (county,) in cursor.fetchall():
            by.require(Permission.REGISTER_IMPORT, division=str(county))


def _require_others(by: Actor) -> None:
    """A row may also reach what belongs elsewhere: a member of another household, a year lived elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute(f"""
            SELECT m.elsewhere_village {_PERSONS_IN} AND m.fate = 'changed' AND m.elsewhere IS NOT NULL
            UNION SELECT m.year_village {_PERSONS_IN} AND m.year_fate = 'changed'
            UNION SELECT m.year_village FROM stage_household_year s JOIN match_household_year m USING (sheet_row)
                  JOIN stage_unit u ON u.number = s.number WHERE NOT u.left_out AND m.fate = 'changed'
        """)
        for (village,) in cursor.fetchall():
            by.require(Permission.REGISTER_IMPORT, village=village)


def _require_status(by: Actor) -> None:
    """A status that moves is a decision entered, by whatever door; only a new household brings its own."""
    with connection.cursor() as cursor:
        cursor.execute(f"""
            SELECT DISTINCT m.found_village {_HOUSEHOLDS_IN} AND m.known
               AND (s.poverty_status <> m.found_poverty OR s.monitoring_status <> m.found_monitoring)
            UNION SELECT village FROM match_village_year WHERE status_moved AND NOT left_out
        """)
        for (village,) in cursor.fetchall():
            by.require(Permission.REGISTER_STATUS, village=village)
        cursor.execute("SELECT county FROM match_county_year WHERE status_moved AND NOT left_out")
        for (county,) in cursor.fetchall():
            by.require(Permission.REGISTER_STATUS, division=str(county))


def _is_large() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM match_person m JOIN stage_unit u ON u.household_id = m.household_id "
            "WHERE m.membership_fate = 'new' AND NOT u.left_out"
        )
        (new,) = cursor.fetchone()
    return bool(new >= _LARGE)


def _analyze() -> None:
    """Tell the planner of the new rows now: until the server gets to it by itself, pages take six times as long."""
    tables = (Household, Person, Membership, Placement, StatusEvent, HouseholdYear, PersonYear, VillageYear)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(table._meta.db_table for table in tables))


_HOUSEHOLDS_IN = """
    FROM stage_household s JOIN match_household m USING (sheet_row) JOIN stage_unit u ON u.number = s.number
    WHERE NOT u.left_out
"""
_PERSONS_IN = """
    FROM stage_person s JOIN match_person m USING (sheet_row) JOIN stage_unit u ON u.number = s.number
    WHERE NOT u.left_out
"""


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _write_households(origin: Origin, present: Present) -> None:
    columns = ", ".join(HOUSEHOLD_COLUMNS)
    values = ", ".join(HOUSEHOLD_COLUMNS.values())
    _run(
        f"""
        INSERT INTO register_household (id, number, village, poverty_status, monitoring_status, recorded_at, {columns})
        SELECT m.household_id, s.number, s.village, COALESCE(s.poverty_status, '00'),
               COALESCE(s.monitoring_status, '0'), now(), {values}
        {_HOUSEHOLDS_IN} AND m.fate = 'new' ORDER BY m.household_id
        """,
        f"""
        INSERT INTO register_placement (id, household_id, division_id, natural_village_id, village)
        SELECT {fresh_ids("m.household_id")}, m.household_id, lpad(s.village::text, 12, '0'), m.natural_village_id,
               s.village
        {_HOUSEHOLDS_IN} AND m.fate = 'new'
        """,
    )
    for axis, status, on, none in (
        ("poverty", "poverty_status", "poverty_on", "00"),
        ("monitoring", "monitoring_status", "monitoring_on", "0"),
    ):
        _write_status(origin, axis, status, on, none)
    settable = (*matching.brought(HOUSEHOLD_COLUMNS, present.get("households", frozenset())),)
    sets = [f"{name} = {HOUSEHOLD_COLUMNS[name]}" for name in settable] + [
        "poverty_status = COALESCE(s.poverty_status, h.poverty_status)",
        "monitoring_status = COALESCE(s.monitoring_status, h.monitoring_status)",
    ]
    _run(
        f"""
        UPDATE register_household h SET {", ".join(sets)}
        {_HOUSEHOLDS_IN} AND m.fate = 'changed' AND h.id = m.household_id
        """,
        f"""
        UPDATE register_placement p SET natural_village_id = m.natural_village_id
        {_HOUSEHOLDS_IN} AND m.natural_village_moved AND p.household_id = m.household_id AND p.ended_on IS NULL
        """,
    )


def _write_status(origin: Origin, axis: str, status: str, on: str, none: str) -> None:
    """The first status of a new household, and the moves of known ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO register_statusevent (id, unit_kind, household_id, axis, from_status, to_status, effective_on,
                                              decision_kind, decision_id, decision_label, pack_version, recorded_at)
            SELECT {fresh_ids("m.household_id")}, 'household', m.household_id, %s, m.found_{axis}, s.{status}, s.{on},
                   CASE WHEN m.known THEN %s ELSE 'initial' END, %s, %s, '', now()
            {_HOUSEHOLDS_IN} AND s.{status} IS NOT NULL AND s.{status} <> m.found_{axis}
              AND (m.known OR s.{status} <> %s)
            """,
            [axis, origin.kind, origin.id, origin.label[:120], none],
        )


def _write_persons(present: Present) -> None:
    columns, values = ", ".join(PERSON_COLUMNS), ", ".join(PERSON_COLUMNS.values())
    settable = matching.person_columns(present.get("persons", frozenset()))
    _run(
        f"""
        INSERT INTO register_person (id, recorded_at, {columns})
        SELECT m.person_id, now(), {values} {_PERSONS_IN} AND m.fate = 'new' ORDER BY m.person_id
        """
    )
    if settable:
        sets = ", ".join(f"{name} = {PERSON_COLUMNS[name]}" for name in settable)
        _run(f"UPDATE register_person r SET {sets} {_PERSONS_IN} AND m.fate = 'changed' AND r.id = m.person_id")


def _write_memberships() -> None:
    """Those who stop being head first: a household never has two, not even for one statement."""
    update = f"""
        UPDATE register_membership t SET relation = s.relation,
               left_on = CASE WHEN {LEAVES} THEN s.change_on ELSE t.left_on END,
               leave_reason = CASE WHEN {LEAVES} THEN s.change ELSE t.leave_reason END,
               joined_on = CASE WHEN {JOINS} THEN s.change_on ELSE t.joined_on END,
               join_reason = CASE WHEN {JOINS} THEN s.change ELSE t.join_reason END
        {_PERSONS_IN} AND m.membership_fate = 'changed' AND t.id = m.membership_id
    """
    _run(
        f"{update} AND (s.relation <> '{HEAD}' OR {LEAVES})",
        f"{update} AND s.relation = '{HEAD}' AND ({LEAVES}) IS NOT TRUE",
        f"""
        INSERT INTO register_membership (id, person_id, household_id, village, relation, joined_on, left_on,
                                         join_reason, leave_reason)
        SELECT {fresh_ids("s.sheet_row")}, m.person_id, m.household_id, u.village, s.relation,
               CASE WHEN {JOINS} THEN s.change_on END, CASE WHEN {LEAVES} THEN s.change_on END,
               CASE WHEN {JOINS} THEN s.change ELSE '' END, CASE WHEN {LEAVES} THEN s.change ELSE '' END
        {_PERSONS_IN} AND m.membership_fate = 'new'
        """,
    )


def _write_years(year: YearTable, present: Present, by_name: str) -> None:
    household = year in (HOUSEHOLD_YEAR, PERSON_YEAR)
    key = f"m.{year.key}" + (", m.village" if household else "")
    into = year.key + (", village" if household else "")
    join = "JOIN stage_unit u ON u.number = s.number" if household else ""
    keep = "NOT u.left_out" if household else "NOT m.left_out"
    period = "m" if year is PERSON_YEAR else "s"
    source = f"FROM {year.stage} s JOIN {year.match} m USING (sheet_row) {join} WHERE {keep}"
    columns = matching.year_columns(year, present)
    names = "".join(f", {name}" for name in columns)
    values = "".join(f", s.{name}" for name in columns)
    sets = "".join(f", {name} = s.{name}" for name in columns)
    changed = f"{source} AND m.{year.fate} = 'changed'"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {year.table} (id, {into}, data_year, period_from, period_to, state, recorded_at, recorded_by
                                      {names})
            SELECT {fresh_ids("s.sheet_row")}, {key}, s.data_year, {period}.period_from, {period}.period_to,
                   '{YearState.DRAFT.value}', now(), %s{values}
            {source} AND m.{year.fate} = 'new'
            """,
            [by_name],
        )
        cursor.execute(f"SELECT count(DISTINCT m.year_id) {changed}")
        (expected,) = cursor.fetchone()
        # What was confirmed is no longer what stands there.
        cursor.execute(
            f"""
            UPDATE {year.table} y SET period_from = {period}.period_from, period_to = {period}.period_to,
                   state = '{YearState.DRAFT.value}', recorded_by = %s{sets}
            {changed} AND y.id = m.year_id AND y.state <> '{YearState.LOCKED.value}'
            """,
            [by_name],
        )
        if cursor.rowcount != expected:
            raise year_locked()


def _write_area_status(year: YearTable, origin: Origin) -> None:
    """The poor-area status of villages and counties, where it moved."""
    moved = f"FROM {year.stage} s JOIN {year.match} m USING (sheet_row) WHERE m.status_moved AND NOT m.left_out"
    kind = "village" if year is VILLAGE_YEAR else "county"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO register_statusevent (id, unit_kind, division, axis, from_status, to_status, effective_on,
                                              decision_kind, decision_id, decision_label, pack_version, recorded_at)
            SELECT {fresh_ids("s.sheet_row")}, %s, m.{year.key}, 'poor_area', m.found_poor_area, s.poor_area,
                   s.poor_area_on, %s, %s, %s, '', now()
            {moved}
            """,
            [kind, origin.kind, origin.id, origin.label[:120]],
        )
        cursor.execute(
            f"INSERT INTO register_areastatus (division, poor_area) SELECT m.{year.key}, s.poor_area {moved} "
            "ON CONFLICT (division) DO UPDATE SET poor_area = EXCLUDED.poor_area"
        )
