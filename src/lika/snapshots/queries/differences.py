"""Which households a screening judges otherwise than the one before it, read from the files of both."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import duckdb

from lika.engine.screening.verdict_files import relation
from lika.engine.snapshots.layout import key_column
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.files import verdict_files
from lika.snapshots.models import ScreenedCriterion, Screening, VerdictFile

_UNIT = UnitKind.HOUSEHOLD
_RESULTS = {1: Result.MET, 0: Result.NOT_MET, None: Result.UNKNOWN}


@dataclass(frozen=True, order=True)
class Turn:
    """From one result to another."""

    before: Result
    after: Result


def turned(found: Screening, criterion: str) -> Mapping[Turn, tuple[UUID, ...]]:
    """The households whose result by a criterion differs from that of the screening before, by what it was and is.

    The one before is the last that the same pack gave the county earlier (no trial run); counties without one and
    households that only one of the two holds are left out. It names households in no one's sight: narrow it to
    households in sight. At most three queries. Raises SCR-030 and SCR-031 where a file is missing or altered.
    """
    files = list(found.files.filter(unit_kind=_UNIT))
    before = _before(found, {file.county for file in files}, criterion)
    pairs = [(file, before[file.county]) for file in files if file.county in before]
    if not pairs:
        return {}
    now = relation(_UNIT, [verdict_files(found, [file])[0] for file, _old in pairs])
    then = relation(_UNIT, [verdict_files(old.screening, [old])[0] for _file, old in pairs])
    key, answer = key_column(_UNIT), f'"{criterion}"'
    statement = (
        f"SELECT old.answer, new.answer, list(new.unit ORDER BY new.unit) "  # noqa: S608 - a name of a stored criterion
        f"FROM (SELECT {key} AS unit, {answer} AS answer FROM {now}) new "
        f"JOIN (SELECT {key} AS unit, {answer} AS answer FROM {then}) old USING (unit) "
        "WHERE old.answer IS DISTINCT FROM new.answer GROUP BY 1, 2"
    )
    with duckdb.connect(config={"threads": 1}) as session:
        rows = session.execute(statement).fetchall()
    return {Turn(_RESULTS[was], _RESULTS[now_is]): tuple(units) for was, now_is, units in rows}


def _before(found: Screening, counties: set[int], criterion: str) -> dict[int, VerdictFile]:
    """The last earlier file of each county by the same pack, where that screening had the criterion."""
    earlier = VerdictFile.objects.filter(
        unit_kind=_UNIT,
        county__in=counties,
        screening__pack_id=found.pack_id,
        screening__what_if=False,
        screening__finished_at__lt=found.finished_at,
    )
    last = list(
        earlier.select_related("screening__snapshot").order_by("county", "-screening__finished_at").distinct("county")
    )
    having = set(
        ScreenedCriterion.objects.filter(
            screening__in=[file.screening_id for file in last], unit_kind=_UNIT, criterion=criterion
        ).values_list("screening_id", flat=True)
    )
    return {file.county: file for file in last if file.screening_id in having}
