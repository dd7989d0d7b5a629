"""Leads over a million persons: against a bare join-and-group of members by name, birth date and sex, in one run.

    LIKA_DATA_DIR=<folder of its own> python benchmarks/duplicates.py [--persons 1000000]

Invented households are written straight into the tables, searched by every pattern with the numbers of the
demonstration, and rolled back: nothing is left. One household in a thousand is a double of another. Prints JSON:
rows, seconds of the searches (goal: 10), of the floor, the ratio, leads by pattern.
"""

import argparse
import datetime as dt
import json
import time
from typing import Any

from setting import lika

GOAL_SECONDS = 10.0
AT = dt.date(2016, 12, 31)
A_HOUSEHOLD = 3.3  # members on average, as in the demonstration
FIRST, VILLAGES = 810000100001, 5_000  # codes of no division: nothing else stands there

_HOUSEHOLDS = """
    INSERT INTO register_household (id, number, village, kind, poverty_status, monitoring_status, standard, attribute,
        members, address, phone, phone_index, bank_name, bank_account, bank_account_index, position, coordinate_system,
        recorded_at)
    SELECT a.id, 'B' || a.n, %(first)s + a.n %% %(villages)s, 'registered', '20', '0', '1', '01', 0, a.address, '',
           sha256(int8send(a.n)), '', '', sha256(int8send(a.n + CASE WHEN a.n %% 1000 = 0 THEN 1 ELSE 0 END)), '', '',
           now()
    FROM made a
"""
_PERSONS = """
    CREATE TEMPORARY TABLE made_person ON COMMIT DROP AS
    SELECT gen_random_uuid() AS id, h.id AS household, h.village, k.place, random() AS chance,
           (random() * 4000)::int AS called
    FROM made JOIN register_household h USING (id) CROSS JOIN generate_series(1, 6) AS k (place)
    WHERE k.place <= 2 + (made.n & 3) - (made.n & 7) / 7
"""
_WRITTEN = (
    """
    INSERT INTO register_person (id, number, name, pinyin, initials, sex, birth_date, ethnicity, id_type, id_number,
        id_original, id_index, no_id_reason, recorded_at)
    SELECT id, '', chr(20013 + called % 100) || called, 'pinyin' || called, '',
           CASE WHEN chance < 0.5 THEN '1' ELSE '2' END,
           date '1930-01-01' + (chance * 31000)::int, '01', CASE WHEN chance < 0.999 THEN '01' ELSE '' END, '', '',
           CASE WHEN chance < 0.999 THEN sha256(convert_to(id::text, 'UTF8')) END,
           CASE WHEN chance < 0.999 THEN '' ELSE '9' END, now()
    FROM made_person
    """,
    """
    INSERT INTO register_membership (id, person_id, household_id, village, relation, join_reason, leave_reason)
    SELECT gen_random_uuid(), id, household, village, CASE WHEN place = 1 THEN '01' ELSE '03' END, '', ''
    FROM made_person
    """,
    """
    INSERT INTO register_personyear (id, person_id, village, data_year, period_from, period_to, state, recorded_at,
        recorded_by, resident_months, medical_resident)
    SELECT gen_random_uuid(), id, village, 2016, date '2016-01-01', date '2016-12-31', 'draft', now(), '', 12, true
    FROM made_person
    """,
    """
    INSERT INTO register_householdyear (id, household_id, village, data_year, period_from, period_to, state,
        recorded_at, recorded_by, members, wage, operating, property_dividend, property_other,
        transfer_family_planning, transfer_dibao, transfer_extreme, transfer_pension, transfer_eco, transfer_other,
        expense_operating, power_life)
    SELECT gen_random_uuid(), id, village, 2016, date '2016-01-01', date '2016-12-31', 'draft', now(), '', 0,
           (random() * 20000)::int, 0, 0, 0, 0, 0, 0, 0, 0, (random() * 900)::int, 0, true
    FROM register_household JOIN made USING (id)
    """,
)
_FLOOR = """
    SELECT count(*) FROM (
        SELECT p.pinyin, p.birth_date, p.sex, count(*) FROM register_membership m
        JOIN register_person p ON p.id = m.person_id
        WHERE m.left_on IS NULL AND m.village >= 810000000000 GROUP BY 1, 2, 3) AS grouped
"""


def _addresses(households: int) -> list[tuple[Any, ...]]:
    """Ids, numbers and sealed addresses; made before they are copied, for keys are read over the same connection."""
    from lika.core import crypto
    from lika.core.ids import uuid7_batch

    ids = uuid7_batch(households)
    places = [crypto.place("register_household", "address", each) for each in ids]
    texts = [f"演示村{n % 9}组{n}号" for n in range(households)]
    return list(zip(ids, range(households), crypto.encrypt_many(texts, places), strict=True))


def _write(cursor: Any, persons: int) -> None:
    """The invented households, their members and a year of each."""
    rows = _addresses(int(persons / A_HOUSEHOLD))
    cursor.execute("SET LOCAL session_replication_role = replica")  # no division, no trigger: rows alone
    cursor.execute("CREATE TEMPORARY TABLE made (id uuid, n int, address bytea) ON COMMIT DROP")
    with cursor.cursor.copy("COPY made FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(_HOUSEHOLDS, {"first": FIRST, "villages": VILLAGES})
    cursor.execute(_PERSONS)
    for statement in _WRITTEN:
        cursor.execute(statement)
    cursor.execute("ANALYZE")


def _wanted() -> list[Any]:
    """Every pattern of the library that can be looked for, with the numbers of the demonstration."""
    from django.conf import settings

    from lika.policy.packs.checking import read_pack
    from lika.policy.patterns import Answer, Sought

    pack = read_pack(settings.LIKA.packs_dir / "demo/cn-leads")
    values = {item.id: Answer(item, item.value_at(AT)) for item in pack.parameters}
    sought = (Sought(item, {name: values[of] for name, of in item.parameters.items()}) for item in pack.patterns)
    return [each for each in sought if each.runs]


def main() -> None:
    """Write, take the floor three times, search, print, roll back."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=1_000_000)
    asked = parser.parse_args()
    with lika():
        from django.db import connection, transaction

        from lika.register.queries.leads import search

        with transaction.atomic(), connection.cursor() as cursor:
            _write(cursor, asked.persons)
            bare = []
            for _run in range(3):
                began = time.perf_counter()
                cursor.execute(_FLOOR)
                bare.append(time.perf_counter() - began)
            told: list[float] = []
            began = time.perf_counter()
            search(FIRST, FIRST + VILLAGES, AT, _wanted(), lambda _done: told.append(time.perf_counter() - began))
            seconds = time.perf_counter() - began
            cursor.execute("SELECT pattern, count(*) FROM found_lead GROUP BY 1 ORDER BY 1")
            leads = dict(cursor.fetchall())
            cursor.execute("SELECT (SELECT count(*) FROM made), (SELECT count(*) FROM made_person)")
            households, persons = cursor.fetchone()
            transaction.set_rollback(True)
        print(json.dumps({
            "households": households, "persons": persons, "leads": leads, "seconds": round(seconds, 2),
            "goal_seconds": GOAL_SECONDS, "after_each": [round(each, 2) for each in told],
            "floor_seconds": round(min(bare), 2), "ratio": round(seconds / min(bare), 2),
        }, indent=2))  # fmt: skip


if __name__ == "__main__":
    main()
