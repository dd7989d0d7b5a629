# The parts put together into SQL here are our own column names; values travel as parameters.
# ruff: noqa: S608
"""Loading a batch of divisions through a temporary table: what needs the other rows is checked there, set by set.

Everything runs in the caller's transaction; the staging table goes with it.
"""

from django.db import connection
from django.db.backends.utils import CursorWrapper

from lika.core.errors import UserError
from lika.divisions.checks import CHECKS, STEPS
from lika.divisions.sources import COLUMNS, Batch

# Enough to see the pattern of a file that is wrong throughout.
FAULTS_SHOWN = 200

_STAGE = """
CREATE TEMPORARY TABLE division_stage (
    row integer, code varchar(16) COLLATE "C", name varchar(80), level smallint, parent varchar(16) COLLATE "C",
    valid_from date, valid_to date, successor text, source varchar(300),
    longitude numeric(9, 6), latitude numeric(9, 6)
) ON COMMIT DROP
"""

# Columns of the table that a batch may set, with the value staged for them.
_SETTABLE = {
    "name": "s.name",
    "valid_from": "s.valid_from",
    "valid_to": "s.valid_to",
    "successor_code": "CASE WHEN strpos(s.successor, ' ') > 0 THEN '' ELSE coalesce(s.successor, '') END",
    "longitude": "s.longitude",
    "latitude": "s.latitude",
}
_COLUMN_OF = {"successor_code": "successor"}

# What the checks judge together: where a file lacks one of these, the table's value counts.
_JUDGED = {"valid_from": "d.valid_from", "valid_to": "d.valid_to", "successor": "nullif(d.successor_code, '')"}


def stage(batch: Batch) -> None:
    """Copy a batch into the staging table. Nobody else loads divisions until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE divisions_division IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(_STAGE)
        with cursor.copy(f"COPY division_stage ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv)") as copy:
            for block in batch.text:
                copy.write(block)
        cursor.execute("CREATE INDEX ON division_stage (code)")
        for column, value in _JUDGED.items():
            if column not in batch.present:
                cursor.execute(
                    f"UPDATE division_stage s SET {column} = {value} FROM divisions_division d WHERE d.code = s.code"
                )
        cursor.execute("ANALYZE division_stage")


def faults(batch: Batch) -> list[UserError]:
    """All faults of the batch: those of single rows, then those that need the other rows; at most 200 of a kind."""
    found = list(batch.faults[:FAULTS_SHOWN])
    parameters: dict[str, list[str] | int] = {"faulty": sorted(batch.faulty), "limit": FAULTS_SHOWN}
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(check.sql, parameters)
            for row, code, other in cursor.fetchall():
                message = check.message % {"other": other}
                found.append(UserError(check.code, message, remedy=check.remedy, row=row, division=code))
    return sorted(found, key=lambda fault: (fault.where["row"] or 0, fault.code))


def staged_outside(ranges: tuple[tuple[int, int], ...]) -> int:
    """How many staged divisions do not lie in the given ranges of village numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM division_stage s WHERE NOT EXISTS (SELECT FROM unnest(%s::bigint[], %s::bigint[]) "
            "AS area(low, high) WHERE left(s.code, 12)::bigint BETWEEN area.low AND area.high)",
            [[low for low, _high in ranges], [high for _low, high in ranges]],
        )
        (outside,) = cursor.fetchone()
    return int(outside)


def insert_missing() -> int:
    """Add the staged divisions that the table does not have; returns how many."""
    with connection.cursor() as cursor:
        return _run(
            cursor,
            f"""
            INSERT INTO divisions_division (code, number, level, parent_id, position_invented, {", ".join(_SETTABLE)})
            SELECT s.code, left(s.code, 12)::bigint, s.level, s.parent, false, {", ".join(_SETTABLE.values())}
              FROM division_stage s
             WHERE NOT EXISTS (SELECT FROM divisions_division d WHERE d.code = s.code)
             ORDER BY s.code
            """,
        )


def count_different(batch: Batch) -> int:
    """How many staged divisions stand differently in the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM division_stage s JOIN divisions_division d USING (code) WHERE {_differs(batch)}"
        )
        (different,) = cursor.fetchone()
    return int(different)


def update_different(batch: Batch) -> int:
    """Bring what differs to what is staged, in the columns that the source has; returns how many divisions changed."""
    columns = _columns(batch)
    settings = ", ".join(f"{column} = {_SETTABLE[column]}" for column in columns)
    if "longitude" in columns:
        settings += ", position_invented = false"
    with connection.cursor() as cursor:
        return _run(
            cursor,
            f"""
            UPDATE divisions_division d SET {settings} FROM division_stage s
             WHERE d.code = s.code AND {_differs(batch)}
            """,
        )


def insert_changes() -> int:
    """Record which code followed which, with its source; returns how many steps were new."""
    with connection.cursor() as cursor:
        return _run(
            cursor,
            f"""
            {STEPS}
            INSERT INTO divisions_divisionchange (predecessor_id, successor_id, "on", source)
            SELECT code, successor, begins, source FROM step WHERE source IS NOT NULL ORDER BY code, successor
                ON CONFLICT (predecessor_id, successor_id) DO NOTHING
            """,
        )


def drop() -> None:
    """Remove the staging table now, so that one transaction may load twice."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE division_stage")


def analyze() -> None:
    """Tell the planner of the new size: right after a bulk load it would still think the table empty."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE divisions_division")


def _columns(batch: Batch) -> list[str]:
    return [column for column in _SETTABLE if _COLUMN_OF.get(column, column) in batch.present]


def _differs(batch: Batch) -> str:
    columns = _columns(batch)
    old = ", ".join(f"d.{column}" for column in columns)
    new = ", ".join(_SETTABLE[column] for column in columns)
    return f"({old}) IS DISTINCT FROM ({new})"


def _run(cursor: CursorWrapper, sql: str) -> int:
    cursor.execute(sql)
    return cursor.rowcount
