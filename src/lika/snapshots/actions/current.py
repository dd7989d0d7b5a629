"""Making the verdicts of a screening current: the rows that differ are written, the others stay as they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.backends.utils import CursorWrapper

from lika.divisions.choices import Level
from lika.engine.screening import verdict_files
from lika.engine.screening.rollups import level_of
from lika.engine.screening.run import VerdictPart
from lika.engine.screening.verdicts import UNKNOWN, Verdicts
from lika.engine.snapshots.layout import IDENTIFIED_UNITS, file_path
from lika.snapshots import storage
from lika.snapshots.models import CurrentScreening, CurrentVerdict, Screening, VerdictFile
from lika.snapshots.queries.screenings import counties_of, newer_current, summary_position

_TABLE = CurrentVerdict._meta.db_table
# One screening of a pack becomes current at a time: the lock's first key, ours alone.
_LOCK = 621223

_STAGE = "CREATE TEMP TABLE snapshots_incoming (unit_id uuid, village bigint, results smallint[]) ON COMMIT DROP"
_REMOVE = f"""
DELETE FROM {_TABLE} held
WHERE held.county = %(county)s AND held.pack_id = %(pack)s AND held.unit_kind = %(unit)s
  AND NOT EXISTS (SELECT 1 FROM snapshots_incoming i WHERE i.unit_id = held.unit_id)
"""  # noqa: S608 - our own names
_CHANGE = f"""
UPDATE {_TABLE} held
SET village = i.village, results = i.results, summary_at = %(summary_at)s, changed_in = %(screening)s
FROM snapshots_incoming i
WHERE held.county = %(county)s AND held.pack_id = %(pack)s AND held.unit_kind = %(unit)s AND held.unit_id = i.unit_id
  AND (held.village, held.results, held.summary_at)
      IS DISTINCT FROM (i.village, i.results, %(summary_at)s::smallint)
"""  # noqa: S608 - our own names
_ADD = f"""
INSERT INTO {_TABLE} (county, pack_id, unit_kind, unit_id, village, results, summary_at, changed_in)
SELECT %(county)s, %(pack)s, %(unit)s, i.unit_id, i.village, i.results, %(summary_at)s, %(screening)s
FROM snapshots_incoming i
WHERE NOT EXISTS (
    SELECT 1 FROM {_TABLE} held
    WHERE held.county = %(county)s AND held.pack_id = %(pack)s AND held.unit_kind = %(unit)s
      AND held.unit_id = i.unit_id
)
"""  # noqa: S608 - our own names


@dataclass(frozen=True)
class Difference:
    """How many rows of current verdicts were written."""

    removed: int
    changed: int
    added: int


def make_current(
    screening: Screening, parts: Iterable[VerdictPart], *, over_newer: bool = False
) -> tuple[Screening | None, Difference | None]:
    """Replace the current verdicts of the screening's pack and counties. Runs inside the screening's transaction.

    A screening of less than a county stays out: the rest of the county would be lost or be of another time. So does
    one of an older snapshot than that of a current screening in its area, unless it is to go `over_newer`.

    Returns that newer screening, where there is one, and what was written: None where it stayed out.
    """
    if level_of(screening.snapshot.division) > Level.COUNTY:
        return None, None
    chosen = list(parts)
    total = np.zeros(3, dtype=np.int64)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, screening.pack_id])
        newer = newer_current(screening)
        if newer is not None and not over_newer:
            return newer, None
        cursor.execute(_STAGE)
        for part in chosen:
            _make_partition(cursor, part.county)
            total += _replace(cursor, screening, part)
        total[0] += _remove_units(cursor, screening, chosen)
    _point(screening, chosen)
    return newer, Difference(*total.tolist())


def _replace(cursor: CursorWrapper, screening: Screening, part: VerdictPart) -> tuple[int, int, int]:
    """Write the differences of one unit and county; nothing is read where the digest says that there is none."""
    position = summary_position(screening.pk, part.unit)
    values: dict[str, int | str | UUID | None] = {
        "county": part.county,
        "pack": screening.pack_id,
        "unit": part.unit,
        "screening": screening.pk,
        "summary_at": None if position is None else position + 1,
    }
    held = VerdictFile.objects.filter(
        screening__current_in__pack_id=screening.pack_id,
        screening__current_in__unit_kind=part.unit,
        screening__current_in__county=part.county,
        unit_kind=part.unit,
        county=part.county,
    ).first()
    if held is not None and held.digest == part.digest:
        return 0, 0, 0
    path = storage.verdicts_of(screening) / file_path(part.unit, part.county)
    verdicts = verdict_files.read(path, part.unit, part.county)
    if held is None:
        summary_at = "\\N" if position is None else str(position + 1)
        constant = f"{part.county}\t{screening.pack_id}\t{part.unit}\t{screening.pk}\t{summary_at}\t"
        columns = "county, pack_id, unit_kind, changed_in, summary_at, unit_id, village, results"
        _copy(cursor, f"{_TABLE} ({columns})", (constant + line for line in _lines(verdicts)))
        return 0, 0, len(verdicts)
    cursor.execute("TRUNCATE snapshots_incoming")
    _copy(cursor, "snapshots_incoming (unit_id, village, results)", _lines(verdicts))
    cursor.execute("ANALYZE snapshots_incoming")
    counts = []
    for statement in (_REMOVE, _CHANGE, _ADD):
        cursor.execute(statement, values)
        counts.append(cursor.rowcount)
    return counts[0], counts[1], counts[2]


def _copy(cursor: CursorWrapper, target: str, lines: Iterable[str]) -> None:
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        copy.write("".join(lines))


def _lines(verdicts: Verdicts) -> Iterator[str]:
    """The rows as COPY wants them. There are few different results: each is written out once."""
    texts: dict[bytes, str] = {}
    width = len(verdicts.criteria)
    results = verdicts.results.tobytes()
    villages = verdicts.divisions.tolist()
    if verdicts.unit in IDENTIFIED_UNITS:
        raw = verdicts.ids.tobytes().hex()
        ids = (raw[at : at + 32] for at in range(0, len(raw), 32))
    else:
        ids = (f"{code:032x}" for code in villages)
    for row, (identifier, village) in enumerate(zip(ids, villages, strict=True)):
        found = results[row * width : (row + 1) * width]
        if found not in texts:
            texts[found] = _array(found)
        yield f"{identifier}\t{village}\t{texts[found]}\n"


def _array(results: bytes) -> str:
    """Signed bytes as a PostgreSQL array."""
    return "{" + ",".join("NULL" if byte == UNKNOWN % 256 else str(byte) for byte in results) + "}"


def _make_partition(cursor: CursorWrapper, county: int) -> None:
    """The partition of a county, made with its first current screening."""
    name = f"{_TABLE}_c{county:06d}"
    cursor.execute("SELECT to_regclass(%s)", [name])
    if cursor.fetchone()[0] is None:  # IF NOT EXISTS alone would lock the whole table each time
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {_TABLE} FOR VALUES IN ({county:d})")


def _remove_units(cursor: CursorWrapper, screening: Screening, parts: Iterable[VerdictPart]) -> int:
    """Drop what the pack said before in this area of kinds of unit, or counties, that it says nothing of now."""
    low, high = counties_of(screening.snapshot)
    kept = [f"{part.county} {part.unit}" for part in parts]
    cursor.execute(
        f"DELETE FROM {_TABLE} WHERE pack_id = %s AND county BETWEEN %s AND %s "  # noqa: S608 - our own names
        "AND NOT county || ' ' || unit_kind = ANY(%s)",
        [screening.pack_id, low, high, kept],
    )
    removed: int = cursor.rowcount
    return removed


def _point(screening: Screening, parts: Iterable[VerdictPart]) -> None:
    """Say for each kind of unit and county that this screening is current."""
    low, high = counties_of(screening.snapshot)
    CurrentScreening.objects.filter(pack_id=screening.pack_id, county__range=(low, high)).delete()
    CurrentScreening.objects.bulk_create(
        CurrentScreening(pack_id=screening.pack_id, unit_kind=part.unit, county=part.county, screening=screening)
        for part in parts
    )
