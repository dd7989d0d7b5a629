"""What earlier screenings said of one household, read from their verdict files."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from lika.accounts.queries import sight_of
from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.engine.screening.verdict_files import relation
from lika.engine.sessions import quick_session
from lika.engine.snapshots.layout import county_of, division_column, key_column
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.files import verdict_files
from lika.snapshots.models import ScreenedCriterion, Screening, VerdictFile
from lika.snapshots.queries.screenings import summary_of

_UNIT = UnitKind.HOUSEHOLD
_RESULTS = {1: Result.MET, 0: Result.NOT_MET, None: Result.UNKNOWN}


@dataclass(frozen=True)
class PastResult:
    """What one screening said: the criterion that sums up the others, and its result."""

    screening: Screening
    criterion: ScreenedCriterion
    result: Result


def past_results(by: Actor, household: UUID, village: int, *, most: int) -> list[PastResult]:
    """The latest `most` screenings of the county (no trial runs) that hold the household, the newest first.

    `village` is where it stands, which names the county. Left out where it stood outside the actor's sight of
    screenings then. Raises SCR-030 and SCR-031 where a verdict file is missing or altered.
    """
    sight = sight_of(by, Permission.SCREENING_VIEW)
    if not sight:
        return []
    files = VerdictFile.objects.filter(unit_kind=_UNIT, county=county_of(village), screening__what_if=False)
    newest = list(files.select_related("screening__snapshot").order_by("-screening__finished_at")[:most])
    summaries = {each.pk: item for each in (file.screening for file in newest) if (item := summary_of(each, _UNIT))}
    kept = [file for file in newest if file.screening_id in summaries]
    found = _read(kept, [summaries[file.screening_id] for file in kept], household)
    return [
        PastResult(file.screening, summaries[file.screening_id], _RESULTS[found[place][0]])
        for place, file in enumerate(kept)
        if place in found and sight.holds(village=found[place][1], household=household)
    ]


def _read(
    files: Sequence[VerdictFile], criteria: Sequence[ScreenedCriterion], household: UUID
) -> dict[int, tuple[int | None, int]]:
    """Answer and village by the place in the list of files; one statement for all of them."""
    if not files:
        return {}
    parts = [
        f'SELECT {place} AS place, "{item.criterion}" AS answer, {division_column(_UNIT)} AS village '  # noqa: S608
        f"FROM {relation(_UNIT, verdict_files(file.screening, [file]))} WHERE {key_column(_UNIT)} = ?::UUID"
        for place, (file, item) in enumerate(zip(files, criteria, strict=True))
    ]
    with quick_session() as session:
        rows = session.execute(" UNION ALL ".join(parts), [str(household)] * len(parts)).fetchall()
    return {place: (answer, village) for place, answer, village in rows}
