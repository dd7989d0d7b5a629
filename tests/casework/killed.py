"""A run that kills itself: `python -m tests.casework.killed RUN PART`.

It dies in the middle of its PART-th county or township: the cases are written, nothing of it is committed.
"""

import os
import signal
import sys
from typing import Any
from uuid import UUID


def main(run: UUID, part: int) -> None:
    """Do the run as the county of the tests does."""
    import django

    django.setup()
    from lika.casework.actions import runs
    from tests.casework.going import COUNTY
    from tests.factories import make_actor

    take_in, parts = runs.take_in_screened, 0

    def dying(**given: Any) -> Any:
        nonlocal parts
        parts += 1
        taken = take_in(**given)
        if parts == part:
            os.kill(os.getpid(), signal.SIGKILL)
        return taken

    runs.take_in_screened = dying
    runs.do_run(by=make_actor(COUNTY, name="county"), run=run)


if __name__ == "__main__":
    main(UUID(sys.argv[1]), int(sys.argv[2]))
