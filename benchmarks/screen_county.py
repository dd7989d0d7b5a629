"""How long the screening of the demonstration county takes, current verdicts written, against a floor in the same run.

    DEMO_SERVE=0 make demo
    python benchmarks/screen_county.py

Every run begins without current verdicts, so that all of them are written, and is taken back at its end: the record
stays as it was. The floor is a bare COPY of the current verdicts out of the database. Prints JSON: rows, seconds of
wall and processor (best of three), the ratio, peak memory.
"""

import json
import resource
import shutil
import time
from typing import Any

from setting import lika

PACK = "demo/cn-gansu-dangchang/2016"
GOAL_SECONDS = 3.0


def copy_verdicts() -> float:
    """Seconds of reading all current verdicts, as the server gives them."""
    from django.db import connection

    began = time.perf_counter()
    rows = "COPY (SELECT * FROM snapshots_currentverdict) TO STDOUT (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(rows) as copy:
        for _block in copy:
            pass
    return time.perf_counter() - began


def screened(actor: Any, snapshot: str, pack: Any) -> tuple[float, float, dict[str, Any]]:
    """Seconds (wall, processor) of one screening, and what it came to; nothing of it stays."""
    from django.db import transaction

    from lika.snapshots import actions, storage
    from lika.snapshots.models import CurrentScreening, CurrentVerdict

    with transaction.atomic():
        CurrentVerdict.objects.filter(pack_id=pack.id).delete()
        CurrentScreening.objects.filter(pack_id=pack.id).delete()
        wall, processor = time.perf_counter(), time.process_time()
        screening = actions.screen(by=actor, snapshot=snapshot, pack=pack)
        seconds = time.perf_counter() - wall, time.process_time() - processor
        found = {
            "digest": screening.digest,
            "criteria": screening.criteria.count(),
            "verdicts": CurrentVerdict.objects.filter(pack_id=pack.id).count(),
        }
        shutil.rmtree(storage.verdicts_of(screening))
        transaction.set_rollback(True)
    return *seconds, found


def main() -> None:
    """Screen three times, print the best."""
    with lika():
        from lika.core.actors import SystemActor
        from lika.core.areas import EVERYWHERE
        from lika.core.permissions import Permission
        from lika.policy import queries as policy
        from lika.snapshots.models import Snapshot

        actor = SystemActor("benchmark", {Permission.SCREENING_RUN}, EVERYWHERE)
        snapshot = Snapshot.objects.filter(division=621223000000).order_by("-taken_at")[0]
        pack = policy.get(PACK).pack()
        floor = min(copy_verdicts() for _run in range(3))
        runs = [screened(actor, snapshot.pk, pack) for _run in range(3)]
        wall, processor = min(run[0] for run in runs), min(run[1] for run in runs)
        print(
            json.dumps(
                {
                    "households": snapshot.households,
                    "persons": snapshot.persons,
                    **runs[0][2],
                    "seconds": round(wall, 2),
                    "processor_seconds": round(processor, 2),
                    "floor_seconds": round(floor, 2),
                    "ratio": round(wall / floor, 1),
                    "goal_seconds": GOAL_SECONDS,
                    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                },
                indent=2,
            )
        )


if __name__ == "__main__":
    main()
