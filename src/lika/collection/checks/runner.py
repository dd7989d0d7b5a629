"""A check is one SELECT over the staging and match tables; each row it yields is a finding.

The SELECT yields the sheet row, the household number (or NULL) and, if the rule's message has a
parameter, its value as text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from lika.collection.findings import Finding, FindingLog
from lika.collection.reading.onward import Loaded
from lika.core.privacy import mask_name


@dataclass(frozen=True)
class Check:
    """One rule in one column of one sheet. `param` names the parameter that the third column fills.

    `params` are fixed parameters; `needs` are columns without which the check says nothing. `masked` names parameters
    that the columns from the third on fill with names of people, which are masked here.
    """

    code: str
    sheet: str
    column: str
    sql: str
    param: str = ""
    params: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()


def run(checks: Iterable[Check], loaded: Loaded, log: FindingLog, arguments: Mapping[str, Any]) -> None:
    """Run checks on the sheets that were loaded; `arguments` fill the named placeholders of their SQL."""
    with connection.cursor() as cursor:
        for check in checks:
            present = loaded.present.get(check.sheet)
            if present is None or not present.issuperset(check.needs):
                continue
            cursor.execute(check.sql, arguments)
            letter = loaded.letters[check.sheet].get(check.column, "")
            for row, number, *more in cursor.fetchall():
                params = _params(check, more)
                log.add(Finding(check.sheet, row, letter, check.code, check.column, number or "", params))


def _params(check: Check, more: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    if check.masked:
        return tuple(zip(check.masked, map(mask_name, more), strict=True))
    return ((check.param, str(more[0])),) if check.param else check.params
