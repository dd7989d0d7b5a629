"""An import that kills itself, as `kill -9` or a power cut does: `python -m tests.collection.killed STAGE CALL PATH`.

It dies at the CALL-th word of progress of a stage (the last one where CALL is 0: everything is written, nothing is
committed), or at none where there is no such stage.
"""

import os
import signal
import sys
from pathlib import Path


def main(stage: str, call: int, path: Path) -> None:
    """Import as the officer of the tests does."""
    import django

    django.setup()
    from lika.collection.actions import import_register
    from tests.factories import COUNTY, make_actor

    calls = 0

    def die(told: str, done: int, total: int) -> None:
        nonlocal calls
        calls += told == stage
        if told == stage and (calls == call or (call == 0 and done == total)):
            os.kill(os.getpid(), signal.SIGKILL)

    import_register(by=make_actor(COUNTY, name="county-officer"), path=path, progress=die)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
