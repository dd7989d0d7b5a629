"""Households of every division by poverty status, summed from the files of a screening and of its snapshot."""

from collections.abc import Sequence

from lika.engine.screening.rollups import LEVEL_OF_UNIT, SPAN_OF_LEVEL, level_of
from lika.engine.screening.verdict_files import relation
from lika.engine.sessions import quick_session
from lika.engine.snapshots.layout import PERSONS, division_column, file_path, key_column
from lika.snapshots import storage
from lika.snapshots.choices import UnitKind
from lika.snapshots.models import Screening
from lika.snapshots.queries.screenings import summary_of

#: The columns of `StatusRollUp` that a row of `status_sums` gives, in their order.
COLUMNS = ("division", "level", "status", "persons", "met", "not_met", "unknown")
_UNIT = UnitKind.HOUSEHOLD
_FACT = "poverty_status"

StatusSum = tuple[int, int, str, int, int, int, int]


def status_sums(found: Screening) -> Sequence[StatusSum]:
    """The rows of `StatusRollUp` of a screening, by level, division and status; none where no household was screened.

    The caller has made sure that the files are those that were written.
    """
    summary = summary_of(found, _UNIT)
    counties = list(found.files.filter(unit_kind=_UNIT).order_by("county").values_list("county", flat=True))
    if summary is None or not counties:
        return []
    paths = [file_path(_UNIT, county) for county in counties]
    verdicts = relation(_UNIT, [storage.verdicts_of(found) / path for path in paths])
    key, place = key_column(_UNIT), division_column(_UNIT)
    # Summed by village first: what is above is added up from a few rows.
    by_village = f"""
        SELECT unit.{place} AS place, unit.{_FACT} AS status, sum(unit."{PERSONS}") AS persons,
               count(*) FILTER (answer = 1) AS met, count(*) FILTER (answer = 0) AS not_met,
               count(*) FILTER (answer IS NULL) AS unknown
        FROM read_parquet(?) unit JOIN (SELECT {key}, "{summary.criterion}" AS answer FROM {verdicts}) USING ({key})
        GROUP BY 1, 2"""  # noqa: S608 - our own names, and that of a stored criterion
    levels = range(level_of(found.snapshot.division), LEVEL_OF_UNIT[_UNIT] + 1)
    spans = ", ".join(f"({level}, {SPAN_OF_LEVEL[level]})" for level in levels)
    statement = f"""
        WITH villages AS ({by_village})
        SELECT place // span * span AS division, level, status, sum(persons)::BIGINT, sum(met)::BIGINT,
               sum(not_met)::BIGINT, sum(unknown)::BIGINT
        FROM villages, (VALUES {spans}) AS upward(level, span) GROUP BY 1, 2, 3 ORDER BY 2, 1, 3"""  # noqa: S608 - as above
    with quick_session() as session:
        files = [str(storage.folder_of(found.snapshot) / path) for path in paths]
        rows: Sequence[StatusSum] = session.execute(statement, [files]).fetchall()
    return rows
