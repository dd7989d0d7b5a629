"""A register of a million persons: a demonstration's county written over and over, as other counties of its province.

    LIKA_DATA_DIR=<folder of its own> DEMO_SERVE=0 make demo
    LIKA_DATA_DIR=<the same> python benchmarks/grow.py [copies]

Changes that folder for good. Set-based: each table is copied into itself with new ids and the codes of real villages,
one for one. Keys are not checked again and the rules against overlapping periods are dropped; texts that are encrypted
are bound to their row, so that copies have none. Then the province is frozen and screened by its pack. Prints JSON:
rows and seconds of each step.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from setting import lika

COUNTY, PROVINCE = 621223, 62
COPIES = 10

# Which counties of the province have a village for each of the county's, most villages first, with the villages paired.
_PAIRS = """
CREATE TEMP TABLE paired AS
WITH listed AS (
    SELECT code, number, number / 1000000 AS county, row_number() OVER (PARTITION BY number / 1000000 ORDER BY number)
    FROM divisions_division WHERE level = 5 AND valid_to IS NULL AND number / 10000000000 = %(province)s
), counties AS (
    SELECT county, count(*) AS villages FROM listed WHERE county <> %(county)s GROUP BY county
), chosen AS (
    SELECT county, row_number() OVER (ORDER BY villages DESC, county) AS copy FROM counties
    WHERE villages >= (SELECT count(*) FROM listed WHERE county = %(county)s)
)
SELECT chosen.copy::int AS copy, source.number AS source, target.number AS village, target.code AS code
FROM chosen JOIN listed target USING (county)
JOIN listed source ON source.county = %(county)s AND source.row_number = target.row_number
WHERE chosen.copy <= %(copies)s
"""


def _id(column: str) -> str:
    """The first four hexadecimal digits say which copy it is."""
    return f"(lpad(to_hex(p.copy), 4, '0') || substr(t.{column}::text, 5))::uuid"


# Table -> what is new in a copy; of all other columns the copy has the county's values.
_IN_VILLAGE = "JOIN paired p ON p.source = t.village"
_OF_PERSON = (
    "JOIN register_membership m ON m.person_id = t.id AND m.left_on IS NULL JOIN paired p ON p.source = m.village"
)
_IN_COUNTY = (
    "JOIN (SELECT DISTINCT copy, village / 1000000 * 1000000 AS county, source / 1000000 * 1000000 AS source "
    "FROM paired) p ON p.source = t.county"
)
_NUMBER = "p.village || substr(t.number, 13) || '-' || p.copy"
TABLES = {
    "register_household": (_IN_VILLAGE, {"id": _id("id"), "village": "p.village", "number": _NUMBER}),
    "register_placement": (
        _IN_VILLAGE,
        {
            "id": _id("id"), "household_id": _id("household_id"), "village": "p.village", "division_id": "p.code",
            "natural_village_id": "NULL",
        },
    ),
    "register_person": (
        _OF_PERSON, {"id": _id("id"), "id_index": "sha256(t.id_index || int4send(p.copy))"},
    ),
    "register_membership": (
        f"{_IN_VILLAGE} WHERE t.left_on IS NULL",
        {
            "id": _id("id"), "household_id": _id("household_id"), "person_id": _id("person_id"),
            "village": "p.village",
        },
    ),
    "register_householdyear": (
        _IN_VILLAGE, {"id": _id("id"), "household_id": _id("household_id"), "village": "p.village"},
    ),
    "register_personyear": (
        _IN_VILLAGE, {"id": _id("id"), "person_id": _id("person_id"), "village": "p.village"},
    ),
    "register_villageyear": (_IN_VILLAGE, {"id": _id("id"), "village": "p.village"}),
    "register_countyyear": (
        _IN_COUNTY,
        {"id": _id("id"), "county": "p.county"},
    ),
    "register_statusevent": (
        "JOIN register_household h ON h.id = t.household_id JOIN paired p ON p.source = h.village",
        {"id": _id("id"), "household_id": _id("household_id")},
    ),
}  # fmt: skip


@contextmanager
def _step(name: str) -> Iterator[dict[str, object]]:
    began, line = time.perf_counter(), {"step": name}
    yield line
    print(json.dumps({**line, "seconds": round(time.perf_counter() - began, 1)}, ensure_ascii=False), flush=True)


def copy_county(copies: int) -> None:
    """Write the county's rows as so many other counties, in one transaction."""
    from django.apps import apps
    from django.contrib.postgres.constraints import ExclusionConstraint
    from django.db import connection, transaction

    from lika.core.fields import EncryptedTextField

    models = {model._meta.db_table: model for model in apps.get_app_config("register").get_models()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"province": PROVINCE, "county": COUNTY, "copies": copies})
        cursor.execute("SELECT count(DISTINCT copy) FROM paired")
        (paired,) = cursor.fetchone()
        if paired < copies:
            raise SystemExit(f"only {paired} counties have enough villages")
        # What holds of the county holds of a copy: checking each key and period again would take most of the time.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, (joined, new) in TABLES.items():
            for rule in models[table]._meta.constraints:
                if isinstance(rule, ExclusionConstraint):
                    cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {rule.name}")
            stored = [each for each in models[table]._meta.concrete_fields if not each.generated]
            names = [each.column for each in stored]
            held = {
                each.column: "''" if isinstance(each, EncryptedTextField) else f"t.{each.column}" for each in stored
            }
            values = [new.get(name, held[name]) for name in names]
            with _step(table) as line:
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} t {joined}"
                )
                line["rows"] = cursor.rowcount
    with _step("recount"), connection.cursor() as cursor:  # the triggers that keep the numbers of villages were asleep
        cursor.execute("SELECT register_recount()")
    with _step("VACUUM ANALYZE"), connection.cursor() as cursor:
        kept = ("register_statuscount", "register_turncount")
        cursor.execute(f"VACUUM (ANALYZE) {', '.join([*TABLES, *kept])}")


def screen_province() -> None:
    """Freeze the whole province and screen it by its own pack, as its office would."""
    from django.db import connection

    from lika.demo.loop import PACKS, actor
    from lika.demo.places import DANGCHANG
    from lika.policy import queries as policy
    from lika.snapshots.actions import screen, take

    with _step("snapshot") as line:
        taken = take(by=actor(), at=DANGCHANG.time_point, division=f"{PROVINCE:02d}0000000000")
        line |= {"households": taken.households, "persons": taken.persons}
    with _step("screening") as line:
        screening = screen(by=actor(), snapshot=taken.pk, pack=policy.get(PACKS[0]).pack(), over_newer=True)
        line |= {"screening": str(screening.pk), "digest": screening.digest}
    with _step("VACUUM ANALYZE"), connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) snapshots_currentverdict, snapshots_rollup")


def main() -> None:
    """Grow the register, then screen it."""
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else COPIES
    with lika():
        copy_county(copies)
        screen_province()


if __name__ == "__main__":
    main()
