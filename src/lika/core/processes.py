"""Long work in a process of its own: as the owner of the tables, and past the end of the page that asked for it.

While it lives it holds an advisory lock; the server lets go of it when the process dies, however it dies.
"""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from uuid import UUID

from django.db import connection


def lock_key(work: UUID) -> int:
    """The advisory lock that whatever does some work holds while it lives."""
    return (work.int & (2**63 - 1)) | 1


def begin(*words: str, wait_seconds: float = 0) -> None:
    """Run `lika WORDS …` beside this process, and wait for its end for at most so long."""
    process = subprocess.Popen([sys.executable, "-m", "lika", *words], start_new_session=True)  # noqa: S603 - our own
    if wait_seconds:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(wait_seconds)


def _advisory(function: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])
        (answer,) = cursor.fetchone()
    return answer is not False


def one_after_the_other(key: int) -> None:
    """Wait until no other transaction holds this lock, and hold it until this one ends."""
    _advisory("pg_advisory_xact_lock", key)


@contextlib.contextmanager
def lock(key: int) -> Iterator[bool]:
    """Hold the lock by which others see that this process lives; False where another process holds it."""
    mine = _advisory("pg_try_advisory_lock", key)
    try:
        yield mine
    finally:
        if mine:
            _advisory("pg_advisory_unlock", key)


def is_held(key: int) -> bool:
    """Whether some process holds a lock."""
    if not _advisory("pg_try_advisory_lock", key):
        return True
    _advisory("pg_advisory_unlock", key)
    return False
