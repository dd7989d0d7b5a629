"""A job that kills itself: `python -m tests.casework.killed RUN PART`, or `… BUNDLE PART notices`.

It dies in the middle of its PART-th county or township: cases are written, papers are set, nothing of it is committed.
"""

import multiprocessing
import os
import signal
import sys
from typing import Any
from uuid import UUID


def main(job: UUID, part: int, kind: str) -> None:
    """Do the job as the county of the tests does; of papers, say first which processes set them."""
    import django

    django.setup()
    from lika.casework.actions import bundles, runs
    from tests.casework.going import COUNTY
    from tests.factories import make_actor

    county = make_actor(COUNTY, name="county")
    if kind == "notices":
        bundles.bundle_files.write = _dying(bundles.bundle_files.write, part)
        bundles.do_bundle(by=county, bundle=job)
    else:
        runs.take_in_screened = _dying(runs.take_in_screened, part)
        runs.do_run(by=county, run=job)


def _dying(act: Any, part: int) -> Any:
    parts = 0

    def done(*given: Any, **named: Any) -> Any:
        nonlocal parts
        parts += 1
        result = act(*given, **named)
        if parts == part:
            print(*(each.pid for each in multiprocessing.active_children()), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return done


if __name__ == "__main__":
    main(UUID(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "run")
