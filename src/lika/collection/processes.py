"""Long work in a process of its own: as the owner of the tables, and past the end of the page that asked for it."""

import contextlib
import subprocess
import sys
from uuid import UUID


def lock_key(work: UUID) -> int:
    """The advisory lock that whatever does some work holds while it lives."""
    return (work.int & (2**63 - 1)) | 1


def begin(*words: str, wait_seconds: float = 0) -> None:
    """Run `lika WORDS …` beside this process, and wait for its end for at most so long."""
    process = subprocess.Popen([sys.executable, "-m", "lika", *words], start_new_session=True)  # noqa: S603 - our own
    if wait_seconds:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(wait_seconds)
