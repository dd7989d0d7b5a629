"""UUIDv7: time-ordered identifiers, made here because PostgreSQL 15 has no `uuidv7()`."""

import datetime as dt
import secrets
import threading
import time
from uuid import UUID

_VERSION = 7 << 76
_VARIANT = 2 << 62
_clock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A new identifier: 48 bits of milliseconds, then 73 random bits (RFC 9562 §5.7).

    Those made by one process ascend, also within a millisecond: rows written one after the other stay in order.
    """
    return UUID(int=_reserve(1))


def uuid7_batch(count: int) -> list[UUID]:
    """Many identifiers at once, each one more than the last: rows loaded in this order keep their index compact."""
    first = _reserve(count) if count else 0
    return [UUID(int=first + step) for step in range(count)]


def first_uuid7(moment: dt.datetime) -> UUID:
    """Below every identifier made from a moment on, above every one made a millisecond earlier."""
    milliseconds = int(moment.timestamp() * 1000) & (2**48 - 1)
    return UUID(int=milliseconds << 80 | _VERSION | _VARIANT)


def _reserve(count: int) -> int:
    """The first of some consecutive numbers, above all that were given out before."""
    global _last  # noqa: PLW0603 - one clock for the process
    milliseconds = time.time_ns() // 1_000_000 & (2**48 - 1)
    rand_a = secrets.randbits(12) << 64
    rand_b = secrets.randbits(61)  # one bit stays free: counting up never runs into the variant
    made = milliseconds << 80 | _VERSION | rand_a | _VARIANT | rand_b
    with _clock:
        first = max(made, _last + 1)
        _last = first + count - 1
        return first
