"""The file against what stands in the register: persons elsewhere, locked years, moves of place."""

from collections.abc import Iterator

from lika.collection.checks.areas import inside
from lika.collection.checks.runner import Check
from lika.register.actions.bulk import JOINS, LEAVES

# ruff: noqa: S608 - statements are made of our own names; every value is a parameter or a staged column

_HOUSEHOLD = "stage_household s JOIN match_household m USING (sheet_row)"
_PERSON = "stage_person s JOIN match_person m USING (sheet_row)"


def _locked(sheet: str, table: str, match: str, fate: str = "fate", number: str = "s.number") -> Check:
    return Check(
        "COL-302", sheet, "data_year",
        f"""SELECT s.sheet_row, {number} FROM {table} s JOIN {match} m USING (sheet_row)
            WHERE m.year_state = 'locked' AND m.{fate} = 'changed' ORDER BY s.sheet_row""",
    )  # fmt: skip


# The membership as it will be, against the ended ones of the same person; one that is open elsewhere is COL-301.
_OVERLAP = f"""
    WITH written AS (
        SELECT s.sheet_row, s.number, m.person_id, m.membership_id, m.membership_fate,
               CASE WHEN {JOINS} THEN s.change_on WHEN m.membership_fate = 'changed' THEN m.found_joined END AS joined,
               CASE WHEN {LEAVES} THEN s.change_on WHEN m.membership_fate = 'changed' THEN m.found_left END AS "left"
        FROM {_PERSON} WHERE m.known AND m.membership_fate IN ('new', 'changed')
    )
    SELECT DISTINCT w.sheet_row, w.number FROM written w
    JOIN register_membership t ON t.person_id = w.person_id AND t.left_on IS NOT NULL
         AND (w.membership_fate = 'new' OR t.id <> w.membership_id)
    WHERE CASE WHEN w.joined >= w."left" THEN false
               ELSE daterange(w.joined, w."left") && daterange(t.joined_on, t.left_on) END
    ORDER BY w.sheet_row
"""


def _of_others() -> Iterator[Check]:
    """Rows that would write what belongs to another area: who lives there now, a year that was lived there."""
    there, lived = inside("import", "m.elsewhere_village"), inside("import", "m.year_village")
    # Whoever left before the end of the period spent its last day elsewhere.
    gone = "COALESCE(s.change_on, m.found_left) <= m.period_to"
    yield Check(
        "COL-312", "persons", "name",
        f"""SELECT s.sheet_row, s.number FROM {_PERSON}
            WHERE (m.elsewhere IS NULL OR {LEAVES}) AND NOT (m.membership_id IS NULL AND ({LEAVES}) IS TRUE)
              AND ((m.elsewhere IS NOT NULL AND NOT {there}
                    AND (m.fate = 'changed' OR (m.year_fate = 'new' AND {gone})))
                   OR (m.year_fate = 'changed' AND NOT {lived})) ORDER BY s.sheet_row""",
    )  # fmt: skip
    yield Check(
        "COL-312", "household_years", "data_year",
        f"""SELECT s.sheet_row, s.number FROM stage_household_year s JOIN match_household_year m USING (sheet_row)
            WHERE m.fate = 'changed' AND NOT {lived} ORDER BY s.sheet_row""",
    )  # fmt: skip


def _checks() -> Iterator[Check]:
    yield Check(
        "COL-301", "persons", "id_number",
        f"""SELECT s.sheet_row, s.number FROM {_PERSON}
            WHERE m.elsewhere IS NOT NULL AND ({LEAVES}) IS NOT TRUE ORDER BY s.sheet_row""",
    )  # fmt: skip
    yield Check(
        "COL-311", "persons", "change",
        f"""SELECT s.sheet_row, s.number FROM {_PERSON}
            WHERE m.known AND m.membership_id IS NULL AND {LEAVES} ORDER BY s.sheet_row""",
    )  # fmt: skip
    yield from _of_others()
    yield _locked("household_years", "stage_household_year", "match_household_year")
    yield _locked("persons", "stage_person", "match_person", "year_fate")
    yield _locked("village_years", "stage_village_year", "match_village_year", number="NULL")
    yield _locked("county_years", "stage_county_year", "match_county_year", number="NULL")
    yield Check(
        "COL-304", "households", "village",
        f"SELECT s.sheet_row, s.number FROM {_HOUSEHOLD} WHERE s.village <> m.found_village ORDER BY s.sheet_row",
    )  # fmt: skip
    yield Check(
        "COL-305", "persons", "name",
        f"""SELECT s.sheet_row, s.number FROM {_PERSON}
            WHERE m.found_left IS NOT NULL AND m.membership_fate <> 'new' AND ({LEAVES}) IS NOT TRUE
              AND NOT (({JOINS}) IS TRUE AND s.change_on = m.found_joined)
            ORDER BY s.sheet_row""",
    )  # fmt: skip
    yield Check(
        "COL-307", "persons", "change_on",
        f"""SELECT s.sheet_row, s.number FROM {_PERSON}
            WHERE {LEAVES} AND m.found_joined IS NOT NULL AND s.change_on <= m.found_joined
              AND m.membership_fate = 'changed' ORDER BY s.sheet_row""",
    )  # fmt: skip
    yield Check(
        "COL-308", "persons", "name",
        """SELECT s.sheet_row, s.number FROM stage_person s
           JOIN stage_unit u ON u.number = s.number AND u.known
           JOIN register_membership t ON t.household_id = u.household_id
           JOIN register_person r ON r.id = t.person_id AND r.name = s.name
                AND r.birth_date IS NOT DISTINCT FROM s.birth_date
           WHERE s.id_index IS NULL
           GROUP BY s.sheet_row, s.number
           HAVING count(DISTINCT r.id) > 1 OR bool_or(r.id_index IS NOT NULL) ORDER BY s.sheet_row""",
    )  # fmt: skip
    yield Check("COL-309", "persons", "change_on", _OVERLAP)
    # Of whoever lives outside the actor's area, not even the masked name is told.
    yield Check(
        "COL-426", "persons", "name",
        f"""SELECT s.sheet_row, s.number, r.name, s.name FROM {_PERSON} JOIN register_person r ON r.id = m.person_id
            WHERE m.known AND r.id_index = s.id_index AND r.name <> s.name
              AND (m.elsewhere IS NULL OR {inside("import", "m.elsewhere_village")}) ORDER BY s.sheet_row""",
        masked=("held", "given"),
    )  # fmt: skip
    # Only where the file names members of the household at all.
    yield Check(
        "COL-420", "persons", "number",
        """SELECT min(s.sheet_row), s.number, gone.count FROM stage_person s
           JOIN (SELECT u.number, count(*) FROM register_membership t
                 JOIN stage_unit u ON u.household_id = t.household_id AND u.known
                 WHERE t.left_on IS NULL
                   AND NOT EXISTS (SELECT 1 FROM match_person m WHERE m.membership_id = t.id)
                 GROUP BY u.number) gone ON gone.number = s.number
           GROUP BY s.number, gone.count ORDER BY 1""",
        param="count",
    )  # fmt: skip


CHECKS = tuple(_checks())
