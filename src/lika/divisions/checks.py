# The parts put together into SQL here are our own; values travel as parameters.
# ruff: noqa: S608
"""Faults of a batch of divisions that show only beside the other rows: each one query over the staging table."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lika.core.errors import Text


@dataclass(frozen=True)
class Check:
    """A fault with its code; `sql` yields row, division and the text for `%(other)s` of the message.

    The query may use `%(faulty)s`, the codes of rows already found wrong, and must stop at `%(limit)s` rows.
    """

    code: str
    message: Text
    remedy: Text
    sql: str


# Every staged successor, with its beginning as it will stand after the load: staged where staged, else the table's.
STEPS = """
WITH step AS (
    SELECT s.row, s.code, s.valid_to, s.source, next.code AS successor,
           staged.code IS NOT NULL OR loaded.code IS NOT NULL AS exists,
           CASE WHEN staged.code IS NULL THEN loaded.valid_from ELSE staged.valid_from END AS begins
      FROM division_stage s
     CROSS JOIN LATERAL unnest(string_to_array(s.successor, ' ')) AS next(code)
      LEFT JOIN division_stage staged ON staged.code = next.code
      LEFT JOIN divisions_division loaded ON loaded.code = next.code
     WHERE s.successor IS NOT NULL
)
"""

PARENT_MISSING = Check(
    "DIV-003",
    _("Its parent %(other)s exists neither in the file nor among the loaded divisions."),
    _("Add the parent to the file, or load it first."),
    """
    SELECT s.row, s.code, s.parent FROM division_stage s
     WHERE s.parent IS NOT NULL AND NOT s.parent = ANY (%(faulty)s)
       AND NOT EXISTS (SELECT FROM division_stage p WHERE p.code = s.parent)
       AND NOT EXISTS (SELECT FROM divisions_division p WHERE p.code = s.parent)
     ORDER BY s.row, s.code LIMIT %(limit)s
    """,
)

CODE_TWICE = Check(
    "DIV-005",
    _("The code stands in the file %(other)s times."),
    _("Keep one row a code: a division that changes only its name keeps its code and its row."),
    """
    SELECT max(row), code, count(*) FROM division_stage
     GROUP BY code HAVING count(*) > 1 ORDER BY 1, 2 LIMIT %(limit)s
    """,
)

# Within one row this is found when the file is read; here, with the other date already in the table.
ENDS_BEFORE_IT_BEGINS = Check(
    "DIV-006",
    _("The validity ends before it begins."),
    _("Give both valid_from and valid_to."),
    """
    SELECT row, code, '' FROM division_stage WHERE valid_from >= valid_to ORDER BY row, code LIMIT %(limit)s
    """,
)

SUCCESSOR_WITHOUT_END = Check(
    "DIV-008",
    _("A successor needs the day of the change in valid_to, and a source."),
    _("Give the day on which it ended, or take the successor away."),
    """
    SELECT row, code, '' FROM division_stage
     WHERE successor IS NOT NULL AND valid_to IS NULL ORDER BY row, code LIMIT %(limit)s
    """,
)

SUCCESSOR_MISSING = Check(
    "DIV-008",
    _("Its successor %(other)s exists neither in the file nor among the loaded divisions."),
    _("Add the successor to the file, or load it first."),
    f"""
    {STEPS} SELECT row, code, successor FROM step
     WHERE NOT exists AND NOT successor = ANY (%(faulty)s) ORDER BY row, code LIMIT %(limit)s
    """,
)

OVERLAPS_SUCCESSOR = Check(
    "DIV-007",
    _("Its validity overlaps that of its successor %(other)s."),
    _("The successor begins (valid_from) on the day on which this one ends (valid_to), or later."),
    f"""
    {STEPS} SELECT row, code, successor FROM step
     WHERE exists AND (begins IS NULL OR begins < valid_to) ORDER BY row, code LIMIT %(limit)s
    """,
)

OVERLAPS_PREDECESSOR = Check(
    "DIV-007",
    _("Its validity overlaps that of its predecessor %(other)s."),
    _("It begins (valid_from) on the day on which its predecessor ended (valid_to), or later."),
    """
    SELECT s.row, s.code, change.predecessor_id
      FROM division_stage s
      JOIN divisions_divisionchange change ON change.successor_id = s.code
      JOIN divisions_division before ON before.code = change.predecessor_id
     WHERE NOT EXISTS (SELECT FROM division_stage p WHERE p.code = change.predecessor_id)
       AND (s.valid_from IS NULL OR s.valid_from < before.valid_to)
     ORDER BY s.row, s.code LIMIT %(limit)s
    """,
)

CHECKS = (
    PARENT_MISSING,
    CODE_TWICE,
    ENDS_BEFORE_IT_BEGINS,
    SUCCESSOR_WITHOUT_END,
    SUCCESSOR_MISSING,
    OVERLAPS_SUCCESSOR,
    OVERLAPS_PREDECESSOR,
)
