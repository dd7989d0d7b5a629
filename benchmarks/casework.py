"""How long it takes to open a campaign's batches in a county and to take its candidates in, against a bare bulk insert.

    DEMO_SERVE=0 make demo
    python benchmarks/casework.py [--pack demo/cn-gansu-dangchang/2016] [--cases 20000] [--keep]

All happens in a transaction that is taken back, or with `--keep` changes that folder for good: then
`benchmarks/casework_pages.py` asks for the pages. So many households of the county are made poor and made to meet what
the procedure asks for; then the batches of a reduction are opened and the candidates taken in as the page does it,
keys checked. The floor copies the same cases and steps into tables with the same indexes and nothing else. Prints JSON:
batches, cases, seconds (goal: 10), of which opening the batches, floor, ratio.
"""

import argparse
import json
import time

from setting import lika

GOAL_SECONDS = 10.0
TABLES = ("casework_case", "casework_step")


def main() -> None:
    """Open and take in once, then write the same rows bare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pack", default="demo/cn-gansu-dangchang/2016")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    with lika():
        from django.db import transaction

        with transaction.atomic():
            print(json.dumps(_measured(asked.pack, asked.cases), indent=2))
            transaction.set_rollback(not asked.keep)


def campaign(pack: str, division: str, year: int = 2099) -> object:
    """A reduction of an area, not begun, by the version of the pack by which the area is screened."""
    from lika.casework.actions import quotas
    from lika.casework.actions.quotas import Opening
    from lika.casework.choices import CampaignKind
    from lika.snapshots.models import CurrentScreening

    current = CurrentScreening.objects.select_related("screening__snapshot")
    found = current.filter(pack_id=pack, unit_kind="household").first()
    if found is None:
        raise SystemExit(f"no current screening by {pack}")
    opening = Opening(
        kind=CampaignKind.REDUCTION, year=year, size=0, document="benchmark", pack=found.screening.pack,
        time_point=found.screening.snapshot.at,
    )  # fmt: skip
    return quotas.open_campaign(by=officer(), division=division, opening=opening)


def officer() -> object:
    """Somebody who may do everything everywhere."""
    from lika.core.actors import SystemActor
    from lika.core.areas import EVERYWHERE
    from lika.core.permissions import Permission

    return SystemActor("benchmark", tuple(Permission), EVERYWHERE)


def bare(campaign: object) -> float:
    """Seconds that copying the cases and steps of a campaign takes, into tables with their indexes alone."""
    from django.db import connection

    where = {
        "casework_case": "campaign_id = %s",
        "casework_step": "case_id IN (SELECT id FROM casework_case WHERE campaign_id = %s)",
    }
    took = 0.0
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE TEMPORARY TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
            rows = f"COPY (SELECT * FROM {table} WHERE {where[table]}) TO STDOUT (FORMAT binary)"
            with cursor.cursor.copy(rows, [campaign.pk]) as out:
                held = [bytes(block) for block in out]
            began = time.perf_counter()
            with cursor.cursor.copy(f"COPY bare_{table} FROM STDIN (FORMAT binary)") as into:
                for block in held:
                    into.write(block)
            took += time.perf_counter() - began
    return took


def _measured(pack: str, cases: int) -> dict[str, object]:
    from django.db import connection

    from lika.casework.actions import candidates
    from lika.casework.actions import cases as actions
    from lika.casework.models import Case
    from lika.casework.queries import candidates as reads
    from lika.snapshots.models import CurrentScreening

    county = CurrentScreening.objects.filter(pack_id=pack, unit_kind="household").values_list("county", flat=True)[0]
    Case.objects.update(state="done")  # nobody has a case under way
    by, opened = officer(), campaign(pack, f"{county}000000")
    began = time.perf_counter()
    batches = actions.begin(by=by, campaign=opened.pk)
    opening = time.perf_counter() - began
    opened.refresh_from_db()
    _make_ready(pack, county, min(reads.statuses_fitting(reads.procedure_begun(opened))), cases)
    began = time.perf_counter()
    taken = candidates.take_in_screened(by=by, campaign=opened.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the keys are checked, as at the end of the page's transaction
    whole = opening + time.perf_counter() - began
    floor = bare(opened)
    return {
        "batches": len(batches),
        "cases": len(taken.cases),
        "seconds": round(whole, 2),
        "goal_seconds": GOAL_SECONDS,
        "opening_seconds": round(opening, 2),
        "bare_copy_seconds": round(floor, 2),
        "ratio": round(whole / floor, 1),
    }


def _make_ready(pack: str, county: int, status: str, cases: int) -> None:
    """So many households of the county have the status that the procedure is about, and meet everything."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE register_household SET poverty_status = CASE WHEN chosen THEN %(status)s ELSE '00' END "
            "FROM (SELECT id AS chosen_id, row_number() OVER (ORDER BY id) <= %(cases)s AS chosen "
            "FROM register_household WHERE village / 1000000 = %(county)s AND closed_on IS NULL) AS picked "
            "WHERE id = chosen_id",
            {"status": status, "cases": cases, "county": county},
        )
        cursor.execute(
            "UPDATE snapshots_currentverdict SET results = array_fill(1::smallint, ARRAY[cardinality(results)]) "
            "WHERE pack_id = %s AND unit_kind = 'household'",
            [pack],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what was deferred is not to be paid by what is measured
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("ANALYZE register_household, snapshots_currentverdict")


if __name__ == "__main__":
    main()
