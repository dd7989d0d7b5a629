"""How long it takes to open a campaign of a whole province in the background: all its villages, a million cases.

    LIKA_DATA_DIR=<folder of its own> DEMO_SERVE=0 make demo
    LIKA_DATA_DIR=<the same> python benchmarks/casework_province.py [--households 60]

Changes that folder for good. One household of the demonstration is written so many times into each village of the
province, with the members and the status that the procedure is about and a current verdict by which it meets everything
(keys are not checked for these; there are no persons behind the members). Then the campaign is opened as
`lika case open` does it, county by county, and the same cases and steps are copied into tables with the same indexes.
Prints JSON: rows and seconds of each step; of the run villages, cases, seconds (goal: 600), the slowest county, the
peak of memory, floor, ratio.
"""

import argparse
import json
import resource
import time

from casework import bare, campaign, officer
from grow import _step
from setting import lika

GOAL_SECONDS = 600
PROVINCE, COUNTY = 62, 621223
PACK = "demo/cn-gansu-dangchang/2016"

_WANTED = """
CREATE TEMPORARY TABLE wanted AS
SELECT number AS village, number / 1000000 AS county, row_number() OVER (ORDER BY number, n) AS serial
FROM divisions_division CROSS JOIN generate_series(1, %(households)s) n
WHERE level = 5 AND valid_to IS NULL AND number / 10000000000 = %(province)s AND number / 1000000 <> %(county)s
"""
_ID = "(lpad(to_hex({0}), 12, '0') || '{1}0008000000000000000')::uuid"
_HOUSEHOLD, _OTHER = _ID.format("w.serial", 7), _ID.format("w.serial * 64 + m.row", 6)


def write_households(households: int, status: str) -> None:
    """So many households in each village of the province but the county, with members and verdicts."""
    from django.db import connection, transaction

    from lika.core.fields import EncryptedTextField
    from lika.register.models import Household, Membership
    from lika.snapshots.actions.current import _make_partition

    def columns(model: type, new: dict[str, str]) -> tuple[str, str]:
        kept = [each for each in model._meta.concrete_fields if not each.generated]
        values = ["''" if isinstance(each, EncryptedTextField) else f"m.{each.column}" for each in kept]
        given = [new.get(each.column, value) for each, value in zip(kept, values, strict=True)]
        return ", ".join(each.column for each in kept), ", ".join(given)

    like = Membership.objects.filter(
        left_on=None, household__closed_on=None, village__range=(COUNTY * 10**6, COUNTY * 10**6 + 999_999)
    )
    sample = like.filter(household__members=4).values_list("household_id", flat=True).first() or like[0].household_id
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_WANTED, {"households": households, "province": PROVINCE, "county": COUNTY})
        with _step("households") as line:
            into, values = columns(
                Household,
                {"id": _HOUSEHOLD, "village": "w.village", "number": "'B' || w.serial", "poverty_status": "%(status)s"},
            )
            cursor.execute(
                f"INSERT INTO register_household ({into}) SELECT {values} FROM wanted w, register_household m "
                "WHERE m.id = %(sample)s",
                {"status": status, "sample": sample},
            )
            line["rows"] = cursor.rowcount
        with _step("members") as line:
            new = {"id": _OTHER, "household_id": _HOUSEHOLD, "person_id": _OTHER, "village": "w.village"}
            into, values = columns(Membership, new)
            cursor.execute(
                f"INSERT INTO register_membership ({into}) SELECT {values} FROM wanted w, (SELECT *, row_number() "
                "OVER () AS row FROM register_membership WHERE household_id = %s AND left_on IS NULL) m",
                [sample],
            )
            line["rows"] = cursor.rowcount
        with _step("verdicts") as line:
            cursor.execute("SELECT DISTINCT county FROM wanted ORDER BY county")
            for (county,) in cursor.fetchall():
                _make_partition(cursor, county)
            cursor.execute(
                "INSERT INTO snapshots_currentscreening (county, pack_id, unit_kind, screening_id) "
                "SELECT DISTINCT w.county, s.pack_id, s.unit_kind, s.screening_id FROM wanted w, "
                "snapshots_currentscreening s WHERE s.county = %s AND s.pack_id = %s AND s.unit_kind = 'household'",
                [COUNTY, PACK],
            )
            cursor.execute(
                "INSERT INTO snapshots_currentverdict (county, pack_id, unit_kind, unit_id, village, results, "
                f"summary_at, changed_in) SELECT w.county, m.pack_id, m.unit_kind, {_HOUSEHOLD}, w.village, "
                "array_fill(1::smallint, ARRAY[cardinality(m.results)]), m.summary_at, m.changed_in FROM wanted w, "
                "(SELECT * FROM snapshots_currentverdict WHERE county = %s AND pack_id = %s AND unit_kind = "
                "'household' LIMIT 1) m",
                [COUNTY, PACK],
            )
            line["rows"] = cursor.rowcount
    with _step("recount, VACUUM ANALYZE"), connection.cursor() as cursor:
        cursor.execute("SELECT register_recount()")
        cursor.execute("VACUUM (ANALYZE) register_household, register_membership, snapshots_currentverdict")


def run_province() -> dict[str, object]:
    """Open the campaign, part by part."""
    from lika.casework.actions import runs
    from lika.casework.models import Batch
    from lika.casework.queries.runs import progress_of

    by, opened = officer(), campaign(PACK, f"{PROVINCE}0000000000", year=2098)
    began = last = time.perf_counter()
    slowest = 0.0

    def tell(_part: object) -> None:
        nonlocal last, slowest
        now = time.perf_counter()
        slowest, last = max(slowest, now - last), now

    done = runs.do_run(by=by, run=runs.ask_for_run(by=by, campaign=opened.pk).pk, tell=tell)
    took = time.perf_counter() - began
    told = progress_of(done)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    floor = bare(opened)
    return {
        "state": done.state,
        "villages": Batch.objects.filter(campaign=opened).count(),
        "cases": told.cases,
        "counties": len(told.parts),
        "refused": len(told.refused),
        "under_way": told.under_way,
        "seconds": round(took),
        "goal_seconds": GOAL_SECONDS,
        "slowest_county_seconds": round(slowest, 1),
        "peak_megabytes": round(peak / 1024),
        "bare_copy_seconds": round(floor, 1),
        "ratio": round(took / floor, 1),
    }


def main() -> None:
    """Write the households, then open."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=60)
    asked = parser.parse_args()
    with lika():
        from lika.casework.queries.candidates import statuses_fitting
        from lika.policy import queries as policy
        from lika.policy.choices import ProcedureUnit, Purpose
        from lika.snapshots.models import CurrentScreening

        found = CurrentScreening.objects.filter(pack_id=PACK, unit_kind="household").first()
        pack = policy.get(found.screening.pack).pack()
        (procedure,) = [
            each
            for each in policy.procedures_of(pack, at=found.screening.snapshot.at)
            if each.unit is ProcedureUnit.HOUSEHOLD and each.purpose is Purpose.EXIT
        ]
        write_households(asked.households, min(statuses_fitting(procedure)))
        print(json.dumps(run_province(), indent=2))


if __name__ == "__main__":
    main()
