"""Facts of units as the register stands now, as a snapshot of this moment would hold them.

Facts of earlier years are left out: they are unknown to whoever asks.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import connection

from lika.core import facts as registry
from lika.core.areas import range_of
from lika.core.facts import Provider
from lika.engine.population import UnitRow, Value
from lika.engine.screening.rows import Record, needed, nested
from lika.engine.snapshots.layout import division_column, key_column

Scope = dict[str, Any]  # the parameters of a provider: day, data year, range of village codes


def unit_of(household: UUID, village: int, year: int, at: dt.date) -> UnitRow | None:
    """A household with its members as facts; None where it was not there."""
    return units_of([household], village, year, at).get(household)


def units_of(households: Sequence[UUID], village: int, year: int, at: dt.date) -> dict[UUID, UnitRow]:
    """As `unit_of`, of several households of a village, in as many queries as of one; those not there are left out."""
    scope: Scope = {"at": at, "year": year, "low": village, "high": village}
    homes = _facts("household", scope, list(households))
    spine = next(provider for provider in registry.providers("person") if provider.spine)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT given.household_id, given.person_id FROM ({spine.sql}) AS given "  # noqa: S608 - our own SELECT
            "WHERE given.household_id = ANY(%(households)s)",
            scope | {"households": list(homes)},
        )
        members = cursor.fetchall()
    persons = _facts("person", scope, [person for _household, person in members])
    below: dict[UUID, list[UnitRow]] = defaultdict(list)
    for household, person in members:
        below[household].append(UnitRow("person", persons[person], {}, str(person)))
    return {
        household: UnitRow("household", facts, {"person": tuple(below[household])}, str(household))
        for household, facts in homes.items()
    }


def area_of(unit: str, code: str, below: Iterable[str], year: int, at: dt.date) -> UnitRow | None:
    """A village or county (12-digit `code`) as facts, with the lower units asked; None where it is no such unit.

    The facts of a county's households are as many as it has: ask for them where that is worth seconds.
    """
    low, high = range_of(code)
    scope: Scope = {"at": at, "year": year, "low": low, "high": high}
    found = {name: _records(name, scope) for name in needed({unit, *below})}
    return next((row for row in nested(found, unit) if row.id == str(int(code))), None)


def _records(unit: str, scope: Scope) -> list[Record]:
    """Everything of a kind in an area, with where it hangs."""
    key, place = key_column(unit), division_column(unit)
    above = "given.household_id" if unit == "person" else "NULL"
    spine = next(provider for provider in registry.providers(unit) if provider.spine)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT given.{key}, {above}, given.{place} FROM ({spine.sql}) AS given "  # noqa: S608 - our own SELECT
            f"ORDER BY given.{place}, given.{key}",
            scope,
        )
        rows = cursor.fetchall()
    facts = _facts(unit, scope)
    return [
        Record(unit, str(one), None if household is None else str(household), division, facts[one])
        for one, household, division in rows
    ]


def _facts(unit: str, scope: Scope, wanted: Sequence[UUID] | None = None) -> dict[Any, dict[str, Value]]:
    """The facts of some units, or of all in scope: of those whom the spine gives what any provider knows."""
    found: dict[Any, dict[str, Value]] = {}
    for provider in registry.providers(unit):
        for identifier, facts in _asked(provider, scope, wanted):
            if provider.spine or identifier in found:
                found.setdefault(identifier, {}).update(facts)
    return found


def _asked(provider: Provider, scope: Scope, wanted: Sequence[UUID] | None) -> list[tuple[Any, dict[str, Value]]]:
    key = f"given.{key_column(provider.unit)}"
    names = ", ".join(f'given."{fact.name}"' for fact in provider.facts)
    only = "" if wanted is None else f" WHERE {key} = ANY(%(wanted)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {names} FROM ({provider.sql}) AS given{only}",  # noqa: S608 - our own SELECT
            scope if wanted is None else scope | {"wanted": wanted},
        )
        rows = cursor.fetchall()
    return [
        (first, {fact.name: _value(value) for fact, value in zip(provider.facts, values, strict=True)})
        for first, *values in rows
    ]


def _value(value: Any) -> Value:
    """What the database gave as the reference engine wants it; empty text is unknown."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | Decimal):
        return Fraction(value)
    return None if value == "" else value
