"""Whether an identity number or a household number is in the register already, wherever that is."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection


@dataclass(frozen=True)
class Known:
    """A person in the register; `belongs` says whether they are in some household on that day or later."""

    id: UUID
    belongs: bool


def person_numbered(index: bytes, day: dt.date) -> Known | None:
    """The person of a blind index. Tells nothing but this: they may live out of the asker's sight."""
    with connection.cursor() as cursor:  # a door in the second wall
        cursor.execute("SELECT id, belongs FROM lika_person_numbered(%s, %s)", [index, day])
        found = cursor.fetchone()
    return None if found is None else Known(*found)


def number_in_use(number: str) -> bool:
    """Whether a household has this number."""
    with connection.cursor() as cursor:  # a door in the second wall
        cursor.execute("SELECT EXISTS (SELECT 1 FROM lika_household_numbered(%s))", [number])
        (found,) = cursor.fetchone()
    return bool(found)
