"""UUIDv7: time-ordered identifiers, made here because PostgreSQL 15 has no `uuidv7()`."""

import secrets
import time
from uuid import UUID

_VERSION = 7 << 76
_VARIANT = 2 << 62


def uuid7() -> UUID:
    """A new identifier: 48 bits of milliseconds, then 74 random bits (RFC 9562 §5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    rand_a = secrets.randbits(12) << 64
    rand_b = secrets.randbits(62)
    return UUID(int=(milliseconds & (2**48 - 1)) << 80 | _VERSION | rand_a | _VARIANT | rand_b)


def uuid7_batch(count: int) -> list[UUID]:
    """Many identifiers at once, strictly ascending: rows loaded in this order keep their index compact."""
    milliseconds = (time.time_ns() // 1_000_000) & (2**48 - 1)
    base = milliseconds << 80 | _VERSION | _VARIANT
    seed = secrets.randbits(42) << 20
    if count > 2**20:
        return [identifier for start in range(0, count, 2**20) for identifier in uuid7_batch(min(2**20, count - start))]
    rand_a = secrets.randbits(12) << 64
    return [UUID(int=base | rand_a | (seed + step)) for step in range(count)]
