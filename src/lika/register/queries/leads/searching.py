"""The searches in their order, each with what it asks of its pack."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from lika.core.errors import UserError
from lika.policy.choices import Pattern
from lika.policy.patterns import Sought
from lika.register.models import HouseholdYear
from lika.register.queries.leads import homes, kin, persons, standing
from lika.register.queries.leads.tables import clear, gather, open_addresses

FOUND = "found_lead"
_FOUND = f"""
    CREATE TEMPORARY TABLE {FOUND} (
        pattern text, key text PRIMARY KEY, facts text, village bigint, other_village bigint, household_id uuid,
        other_household_id uuid, person_id uuid, other_person_id uuid, evidence jsonb) ON COMMIT DROP
"""
_COLUMNS = frozenset(field.column for field in HouseholdYear._meta.concrete_fields)


@dataclass(frozen=True)
class Asked:
    """Where and when is looked: the villages from `low` to `high`, at a day, by the yearly rows of `year`.

    `year` None: nothing was collected there yet.
    """

    low: int
    high: int
    at: dt.date
    year: int | None


def search(low: int, high: int, at: dt.date, wanted: Sequence[Sought], tell: Callable[[int], None]) -> Asked:
    """Fill `found_lead` with what the wanted patterns find in an area; `tell` is called with how many are done.

    For the owner of the tables and inside a transaction; the permission is asked by whoever keeps what is found. Raises
    UserError REG-084 where a pack compares what is not collected as an amount.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("what is found lasts as long as the transaction")
    with connection.cursor() as cursor:
        asked = Asked(low, high, at, _year(cursor, low, high, at))
        base: dict[str, Any] = {"low": low, "high": high, "at": at, "year": asked.year}
        clear(cursor)
        cursor.execute(_FOUND)
        gather(cursor, base)
        _pairs(cursor, any(sought.looks_for is Pattern.SAME_HOUSEHOLD for sought in wanted))
        for done, sought in enumerate(wanted):
            tell(done)
            if sought.looks_for is not None:
                SEARCHES[sought.looks_for](cursor, sought, base | {"pattern": sought.id} | sought.values())
        tell(len(wanted))
    return asked


def _year(cursor: CursorWrapper, low: int, high: int, at: dt.date) -> int | None:
    cursor.execute(
        "SELECT max(data_year) FROM register_householdyear WHERE village BETWEEN %s AND %s AND period_to <= %s",
        [low, high, at],
    )
    (year,) = cursor.fetchone()
    return year


def _pairs(cursor: CursorWrapper, households: bool) -> None:
    """The pairs of persons and of households that three of the searches tell of."""
    cursor.execute(persons.TWINS)
    cursor.execute(persons.NUMBERS)
    if not households:
        cursor.execute(homes.NONE)
        return
    open_addresses(cursor, homes.SHARED_PHONES)
    cursor.execute(homes.PAIRS)
    open_addresses(cursor, homes.PAIRED)


def _run(*statements: str) -> Callable[[CursorWrapper, Sought, dict[str, Any]], None]:
    def run(cursor: CursorWrapper, sought: Sought, values: dict[str, Any]) -> None:
        for statement in statements:
            cursor.execute(statement, values)

    return run


def _split(cursor: CursorWrapper, sought: Sought, values: dict[str, Any]) -> None:
    cursor.execute(kin.PARTED, values)
    open_addresses(cursor, kin.PARTED_HOMES)
    cursor.execute(kin.SPLIT, values)


def _separated(cursor: CursorWrapper, sought: Sought, values: dict[str, Any]) -> None:
    cursor.execute(kin.ELDERS, values)
    cursor.execute("ANALYZE lead_elder")
    cursor.execute(kin.NAMESAKES, values)
    open_addresses(cursor, kin.NAMESAKE_HOMES)
    cursor.execute(kin.SEPARATED, values)


def _empty(cursor: CursorWrapper, sought: Sought, values: dict[str, Any]) -> None:
    if values["year"] is not None:
        cursor.execute(standing.EMPTY, values)


def _equal(cursor: CursorWrapper, sought: Sought, values: dict[str, Any]) -> None:
    for amount in sought.item.amounts:
        if amount not in _COLUMNS:
            raise UserError(
                "REG-084",
                _("The pack compares %(name)s, which is worked out and not collected.") % {"name": amount},
                remedy=_("Name the amounts it is made of in patterns.yaml."),
            )
        if values["year"] is not None:
            cursor.execute(standing.EQUAL.format(amount=amount), values)


SEARCHES: dict[Pattern, Callable[[CursorWrapper, Sought, dict[str, Any]], None]] = {
    Pattern.SAME_PERSON: _run(persons.ONE_PERSON),
    Pattern.SAME_NUMBER: _run(persons.ONE_NUMBER),
    Pattern.SAME_HOUSEHOLD: _run(homes.ONE_HOUSEHOLD),
    Pattern.SPLIT: _split,
    Pattern.SEPARATED_ELDER: _separated,
    Pattern.EMPTY: _empty,
    Pattern.EQUAL_SHARES: _equal,
}
