"""The audit of a bulk load: one row per household (village, county) that it touches, with old and new values.

A new household is told by its number, place, status and size: its values stand in the register, and every
later change records the old ones, so the way back is complete. Encrypted columns appear as their
ciphertext. Runs before anything is written: afterwards the old values are gone.
"""

# ruff: noqa: S608 - statements are made of our own names; every value is a parameter or a staged column

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import connection

from lika.core.audit import Change
from lika.engine.snapshots.layout import county_of
from lika.register.actions.bulk import items, matching
from lika.register.actions.bulk.matching import (
    COUNTY_YEAR,
    HOUSEHOLD_COLUMNS,
    HOUSEHOLD_YEAR,
    PERSON_COLUMNS,
    PERSON_YEAR,
    VILLAGE_YEAR,
    Present,
    YearTable,
)

Json = dict[str, Any]


def changes(present: Present) -> list[Change]:
    """What will be written, by household, village and county."""
    return [
        *_new_households(),
        *_changed_households(present),
        *_areas(VILLAGE_YEAR, present),
        *_areas(COUNTY_YEAR, present),
    ]


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _new_households() -> Iterable[Change]:
    found = _rows("""
        SELECT u.household_id, u.number, u.village, s.kind, s.poverty_status, s.poverty_on::text, p.members, y.years
        FROM stage_unit u
        JOIN stage_household s ON s.number = u.number
        LEFT JOIN (SELECT number, count(*) AS members FROM stage_person GROUP BY number) p ON p.number = u.number
        LEFT JOIN (SELECT number, array_agg(DISTINCT data_year ORDER BY data_year) AS years
                   FROM stage_household_year GROUP BY number) y ON y.number = u.number
        WHERE NOT u.known AND NOT u.left_out ORDER BY u.household_id
    """)
    names = ("number", "village", "kind", "poverty_status", "poverty_on", "members", "years")
    for household, *values in found:
        new = dict(zip(names, values, strict=True))
        yield Change("household", household, county_of(new["village"]), label=new["number"], new=new)


def _changed_households(present: Present) -> Iterable[Change]:
    """All differences of a known household in one row: `{"household": {…}, "person <id>": {…}, "year 2016": {…}}`."""
    old: dict[Any, Json] = {}
    new: dict[Any, Json] = {}
    about: dict[Any, tuple[str, int]] = {}
    for sql in _differences(present):
        for household, number, village, part, before, after in _rows(sql):
            about[household] = (number, county_of(village))
            for side, values in ((old, _parsed(before)), (new, _parsed(after))):
                if values:
                    side.setdefault(household, {}).setdefault(part, {}).update(values)
    for household, (number, county) in about.items():
        yield Change("household", household, county, number, old.get(household), new.get(household))


def _differences(present: Present) -> Iterable[str]:
    household = dict.fromkeys(matching.brought(HOUSEHOLD_COLUMNS, present.get("households", frozenset())))
    yield _difference(
        "'household'",
        _pairs("h", {
            **{name: HOUSEHOLD_COLUMNS[name] for name in household},
            "poverty_status": "COALESCE(s.poverty_status, h.poverty_status)",
            "monitoring_status": "COALESCE(s.monitoring_status, h.monitoring_status)",
        }) + ", ('natural_village', to_jsonb(p.natural_village_id),"
             " to_jsonb(CASE WHEN m.natural_village_moved THEN m.natural_village_id ELSE p.natural_village_id END))",
        """stage_household s JOIN match_household m USING (sheet_row) JOIN register_household h ON h.id = m.household_id
           JOIN register_placement p ON p.household_id = h.id AND p.ended_on IS NULL""",
        "m.fate = 'changed'",
    )  # fmt: skip
    persons = "stage_person s JOIN match_person m USING (sheet_row)"
    person = {name: PERSON_COLUMNS[name] for name in matching.person_columns(present.get("persons", frozenset()))}
    if person:
        yield _difference(
            "'person ' || m.person_id", _pairs("r", person), f"{persons} JOIN register_person r ON r.id = m.person_id",
            "m.fate = 'changed'",
        )  # fmt: skip
    yield _difference(
        "'member ' || m.person_id",
        """('relation', to_jsonb(t.relation), to_jsonb(s.relation)),
           ('change', NULL, to_jsonb(s.change)), ('change_on', NULL, to_jsonb(s.change_on)),
           ('joined_on', to_jsonb(t.joined_on), NULL), ('left_on', to_jsonb(t.left_on), NULL)""",
        f"{persons} LEFT JOIN register_membership t ON t.id = m.membership_id",
        "m.membership_fate IN ('new', 'changed')",
    )
    for year, source in ((PERSON_YEAR, "'person-year ' || m.person_id || ' '"), (HOUSEHOLD_YEAR, "'year '")):
        period = "m" if year is PERSON_YEAR else "s"
        yield _difference(
            f"{source} || s.data_year", _pairs("y", _year_values(year, present, period)),
            f"{year.stage} s JOIN {year.match} m USING (sheet_row) LEFT JOIN {year.table} y ON y.id = m.year_id",
            f"m.{year.fate} IN ('new', 'changed')", items.differences(year),
        )  # fmt: skip


def _year_values(year: YearTable, present: Present, period: str) -> dict[str, str]:
    return {
        "period_from": f"{period}.period_from",
        "period_to": f"{period}.period_to",
        **{name: f"s.{name}" for name in matching.year_columns(year, present)},
    }


def _pairs(old: str, new: Mapping[str, str]) -> str:
    return ", ".join(f"('{name}', to_jsonb({old}.{name}), to_jsonb({value}))" for name, value in new.items())


def _difference(part: str, pairs: str, source: str, condition: str, also: str = "") -> str:
    return f"""
        SELECT u.household_id, u.number, u.village, {part},
               jsonb_object_agg(d.name, d.before) FILTER (WHERE d.before IS NOT NULL),
               jsonb_object_agg(d.name, d.after) FILTER (WHERE d.after IS NOT NULL)
        FROM {source} JOIN stage_unit u ON u.household_id = m.household_id AND u.number = s.number,
             LATERAL (VALUES {pairs} {also}) AS d (name, before, after)
        WHERE {condition} AND u.known AND NOT u.left_out AND d.before IS DISTINCT FROM d.after
        GROUP BY 1, 2, 3, 4
    """


def _areas(year: YearTable, present: Present) -> Iterable[Change]:
    status = "to_jsonb(CASE WHEN m.status_moved THEN s.poor_area ELSE m.found_poor_area END)"
    pairs = f"{_pairs('y', _year_values(year, present, 's'))}, ('poor_area', to_jsonb(m.found_poor_area), {status})"
    found = _rows(f"""
        SELECT m.{year.key}, s.data_year, jsonb_object_agg(d.name, d.before) FILTER (WHERE d.before IS NOT NULL),
               jsonb_object_agg(d.name, d.after) FILTER (WHERE d.after IS NOT NULL)
        FROM {year.stage} s JOIN {year.match} m USING (sheet_row) LEFT JOIN {year.table} y ON y.id = m.year_id,
             LATERAL (VALUES {pairs} {items.differences(year)}) AS d (name, before, after)
        WHERE NOT m.left_out AND d.before IS DISTINCT FROM d.after
        GROUP BY 1, 2 ORDER BY 1, 2
    """)
    kind = "village" if year is VILLAGE_YEAR else "county"
    for division, data_year, old, new in found:
        yield Change(kind, str(division), county_of(division), f"{division} {data_year}", _parsed(old), _parsed(new))


def _parsed(text: str | None) -> Json | None:
    """JSON as the database gives it; money stays exact."""
    return None if text is None else json.loads(text, parse_float=Decimal)
