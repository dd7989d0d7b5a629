"""How long it takes to open a campaign's batches in a county and to take its candidates in, against a bare bulk insert.

    DEMO_SERVE=0 make demo
    python benchmarks/casework.py [--pack demo/cn-gansu-dangchang/2016]

All happens in a transaction that is taken back. Every household that is poor in the register is made to meet what its
procedure asks for; then the batches of a reduction are opened and the candidates taken in as the page does it. The
floor writes the same cases and steps by `bulk_create` and nothing else. Prints JSON: batches, cases, seconds (goal:
10), floor, ratio.
"""

import argparse
import json
import time

from setting import lika

GOAL_SECONDS = 10.0
BATCH = 2000


def main() -> None:
    """Open and take in once, then write the same rows bare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pack", default="demo/cn-gansu-dangchang/2016")
    asked = parser.parse_args()
    with lika():
        from django.db import transaction

        with transaction.atomic():
            print(json.dumps(_measured(asked.pack), indent=2))
            transaction.set_rollback(True)


def _measured(pack: str) -> dict[str, object]:
    from django.db import connection, transaction

    from lika.casework.actions import candidates, cases, quotas
    from lika.casework.actions.quotas import Opening
    from lika.casework.choices import CampaignKind
    from lika.casework.models import Case, Step
    from lika.core.actors import SystemActor
    from lika.core.areas import EVERYWHERE
    from lika.core.permissions import Permission
    from lika.snapshots.models import CurrentScreening

    by = SystemActor("benchmark", tuple(Permission), EVERYWHERE)
    current = CurrentScreening.objects.select_related("screening__snapshot").get(pack_id=pack, unit_kind="household")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE snapshots_currentverdict SET results = array_fill(1::smallint, ARRAY[cardinality(results)]) "
            "WHERE pack_id = %s AND unit_kind = 'household'",
            [pack],
        )
    Case.objects.update(state="done")  # nobody has a case under way
    opening = Opening(
        kind=CampaignKind.REDUCTION, year=2099, size=0, document="benchmark", pack=current.screening.pack,
        time_point=current.screening.snapshot.at,
    )  # fmt: skip
    opened = quotas.open_campaign(by=by, division=f"{current.county}000000", opening=opening)
    began = time.perf_counter()
    batches = cases.begin(by=by, campaign=opened.pk)
    point = transaction.savepoint()
    taken = candidates.take_in_screened(by=by, campaign=opened.pk).cases
    whole = time.perf_counter() - began
    steps = list(Step.objects.filter(case__campaign=opened))
    transaction.savepoint_rollback(point)
    began = time.perf_counter()
    Case.objects.bulk_create(taken, batch_size=BATCH)
    Step.objects.bulk_create(steps, batch_size=BATCH)
    floor = time.perf_counter() - began
    return {
        "batches": len(batches),
        "cases": len(taken),
        "persons": sum(case.persons or 0 for case in taken),
        "seconds": round(whole, 2),
        "goal_seconds": GOAL_SECONDS,
        "bare_insert_seconds": round(floor, 2),
        "ratio": round(whole / floor, 2),
    }


if __name__ == "__main__":
    main()
