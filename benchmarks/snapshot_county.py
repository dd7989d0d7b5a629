"""How long a snapshot of one county takes: invented rows for every village of 宕昌县 in the configured database.

    LIKA_DATA_DIR=<an empty folder> lika migrate && lika divisions load
    LIKA_DATA_DIR=<the same> python benchmarks/snapshot_county.py [households]

Prints JSON: rows, seconds (best of three), bytes on disk. It fills the register, so never point it at a real one.
"""

import datetime as dt
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

COUNTY = "621223"
AT = dt.date(2016, 12, 31)
HOUSEHOLDS = 25_000

_HOUSEHOLDS = """
INSERT INTO register_household (id, number, village, kind, poverty_status, monitoring_status, standard, attribute,
    address, phone, bank_name, bank_account, position, coordinate_system, recorded_at)
SELECT gen_random_uuid(), '6212230000000' || lpad(i::text, 6, '0'), v.codes[1 + i %% cardinality(v.codes)],
    (SELECT %(kind)s), '20', '0', '', '', '', '', '', '', '', '', now()
FROM generate_series(1, %(count)s) AS i, (SELECT array_agg(number ORDER BY number) AS codes FROM divisions_division
    WHERE level = 5 AND number BETWEEN %(low)s AND %(high)s) AS v;
INSERT INTO register_placement (id, household_id, division_id, village)
SELECT gen_random_uuid(), id, village::text, village FROM register_household;
INSERT INTO register_statusevent (id, unit_kind, household_id, axis, from_status, to_status, effective_on,
    decision_kind, decision_label, pack_version, recorded_at)
SELECT gen_random_uuid(), 'household', id, 'poverty', '00', '20', '2014-01-01', '', '', '', now()
FROM register_household;
"""

_YEARS = """
INSERT INTO register_householdyear (id, data_year, period_from, period_to, state, recorded_at, household_id, village,
    wage, operating, property_dividend, property_other, transfer_family_planning, transfer_dibao, transfer_extreme,
    transfer_pension, transfer_eco, transfer_other, expense_operating, housing_grade, safe_water, food_secure,
    clothing_secure, income_channels, debt_illness, debt_schooling, debt_housing, main_cause,
    batch_industry, batch_ecology, batch_education, relocation_planned, dibao_listed)
SELECT gen_random_uuid(), y, make_date(y, 1, 1), make_date(y, 12, 31), 'confirmed', now(), id, village,
    round((random() * 20000)::numeric, 2), round((random() * 8000)::numeric, 2), 100, 0, 0, 1200.50, 0, 900, 80.25, 0,
    round((random() * 3000)::numeric, 2), (ARRAY['A','B','C','D'])[1 + floor(random() * 4)::int], random() < 0.9,
    random() < 0.97, random() < 0.97, floor(random() * 3)::int, 0, 0, 0, (SELECT %(cause)s),
    random() < 0.6, random() < 0.2, random() < 0.2, random() < 0.1, random() < 0.1
FROM register_household, generate_series(2014, 2016) AS y;
INSERT INTO register_personyear (id, data_year, period_from, period_to, state, recorded_at, person_id, village,
    student_status, out_of_school, chronic_illness, serious_illness, disabled, illness_collected, medical_resident,
    medical_employee, pension_resident, pension_employee, work_months, resident_months)
SELECT gen_random_uuid(), 2016, '2016-01-01', '2016-12-31', 'confirmed', now(), m.person_id, h.village,
    '01', NULL, random() < 0.1, random() < 0.02, random() < 0.05, true, random() < 0.97, false, random() < 0.9, false,
    floor(random() * 12)::int, 12
FROM register_membership m JOIN register_household h ON h.id = m.household_id;
"""


def fill(households: int) -> None:
    """Invented households with three or four members each, three household years and one person year."""
    from django.db import connection, transaction

    from lika.core import crypto
    from lika.core.areas import range_of
    from lika.register.choices import lists

    low, high = range_of(COUNTY)
    values = {
        "count": households,
        "low": low,
        "high": high,
        "kind": lists.REGISTER_KIND.items[0].code,
        "cause": lists.CAUSE.items[0].code,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _HOUSEHOLDS.split(";\n"):
            cursor.execute(statement, values) if statement.strip() else None
        cursor.execute("SELECT id FROM register_household ORDER BY id")
        ids = [row[0] for row in cursor.fetchall()]
        members = [(ids[n % households], n) for n in range(households * 38 // 10)]
        numbers = crypto.encrypt_many(f"DEMO{n:014d}" for _household, n in members)
        cursor.execute("CREATE TEMP TABLE filling (household uuid, n integer, number bytea)")
        with cursor.copy("COPY filling FROM STDIN") as copy:
            for (household, n), number in zip(members, numbers, strict=True):
                copy.write_row((household, n, number))
        cursor.execute(
            "ALTER TABLE filling ADD person uuid DEFAULT gen_random_uuid();"
            "INSERT INTO register_person (id, number, name, pinyin, initials, sex, birth_date, ethnicity, id_type,"
            " id_number, id_original, id_index, no_id_reason, recorded_at)"
            " SELECT person, '', '演示' || n, '', '', (1 + n % 2)::text, date '1930-01-01' + (n * 7919) % 31000, '01',"
            " '', number, '', sha256(number), '', now() FROM filling;"
            "INSERT INTO register_membership (id, person_id, household_id, relation, join_reason, leave_reason)"
            f" SELECT gen_random_uuid(), person, household, CASE WHEN n < {households} THEN '01' ELSE '02' END, '', ''"
            " FROM filling"
        )
        for statement in _YEARS.split(";\n"):
            cursor.execute(statement, values) if statement.strip() else None
        cursor.execute("ANALYZE")


@contextmanager
def lika() -> Iterator[None]:
    """Django set up, on the configured or the embedded database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lika.config.settings")
    import django
    from django.conf import settings
    from django.db import connections

    from lika.runtime.postgres import EmbeddedServer

    django.setup()
    server = None if settings.LIKA.database else EmbeddedServer(settings.LIKA.data_dir)
    if server is not None:
        server.start()
    try:
        yield
    finally:
        connections.close_all()
        if server is not None:
            server.release()


def main() -> None:
    """Fill the register if it is empty, take three snapshots, print the best."""
    with lika():
        from lika.core.actors import SystemActor
        from lika.core.areas import EVERYWHERE
        from lika.core.permissions import Permission
        from lika.register.models import HouseholdYear
        from lika.snapshots import actions, storage

        if not HouseholdYear.objects.exists():
            fill(int(sys.argv[1]) if len(sys.argv) > 1 else HOUSEHOLDS)
        actor = SystemActor("benchmark", {Permission.SNAPSHOT_TAKE}, EVERYWHERE)
        seconds = []
        for _run in range(3):
            started = time.perf_counter()
            snapshot = actions.take(by=actor, at=AT, division=COUNTY)
            seconds.append(round(time.perf_counter() - started, 2))
        size = sum(path.stat().st_size for path in storage.folder_of(snapshot).rglob("*.parquet"))
        found = {"snapshot": snapshot.id, "households": snapshot.households, "persons": snapshot.persons}
        print(json.dumps({**found, "seconds": min(seconds), "runs": seconds, "bytes": size}))


if __name__ == "__main__":
    main()
