"""The sums stored of a screening, checked: numbers of units, roll-ups and combinations against the verdict files."""

from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lika.core.errors import UserError
from lika.engine.screening.rollups import LevelCounts
from lika.engine.screening.run import Outcome
from lika.snapshots.choices import UnitKind
from lika.snapshots.models import MeasureCombination, RollUp, Screening
from lika.snapshots.reading import Reader, one_moment
from lika.snapshots.status_sums import COLUMNS, status_sums

_COUNTS = ("met", "not_met", "unknown")
# A row that one side lacks has no count there; a count itself is never null.
_COMPARE = """
SELECT criterion, min(division) AS division,
       count(*) FILTER (stored.met IS NULL) AS missing,
       count(*) FILTER (counted.met IS NULL) AS added,
       count(*) FILTER (stored.met IS NOT NULL AND counted.met IS NOT NULL) AS changed
FROM stored FULL JOIN counted USING (level, division, criterion)
WHERE (stored.met, stored.not_met, stored.unknown)
      IS DISTINCT FROM (counted.met, counted.not_met, counted.unknown)
GROUP BY criterion ORDER BY criterion
"""


def sum_faults(found: Screening, counted: Outcome) -> Iterator[UserError]:
    """Every stored sum of a screening that is not that of its verdicts: `counted`, as the files give it again.

    SCR-035 (roll-ups of a kind of unit: how many rows are missing or added, and how many differ under each criterion;
    the place is the first division), SCR-036 (combinations of a county), SCR-037 (the number of units of a kind),
    SCR-038 (households by poverty status).
    """
    yield from _total_faults(found, counted)
    yield from _rollup_faults(found, counted)
    yield from _combination_faults(found, counted)
    yield from _status_faults(found)


def _total_faults(found: Screening, counted: Outcome) -> Iterator[UserError]:
    held = dict(found.units.values_list("unit_kind", "total"))
    for kind in UnitKind:
        stored, actual = held.get(kind.value, 0), counted.total(kind.value)
        if stored != actual:
            message = _("The stored number of units (%(unit)s) is %(stored)d, that of the verdicts %(counted)d.")
            said = message % {"unit": kind.label, "stored": stored, "counted": actual}
            yield UserError("SCR-037", said, remedy=_remedy())


def _rollup_faults(found: Screening, counted: Outcome) -> Iterator[UserError]:
    with one_moment() as reader, duckdb.connect() as session:
        for kind in UnitKind:
            session.register("stored", _stored(reader, found, kind))
            session.register("counted", _table([part for part in counted.counts if part.unit == kind.value]))
            rows = session.execute(_COMPARE).fetchall()
            if rows:
                message = _("The stored counts (%(unit)s) are not those of the verdicts: %(what)s.")
                missing, added = sum(row[2] for row in rows), sum(row[3] for row in rows)
                differing = [f"{criterion} {changed}" for criterion, _first, _less, _more, changed in rows if changed]
                what = _(", ").join([*_rows_apart(missing, added), *differing])
                place = f"{min(row[1] for row in rows):012d}"
                said = message % {"unit": kind.label, "what": what}
                yield UserError("SCR-035", said, remedy=_remedy(), division=place)


def _stored(reader: Reader, found: Screening, kind: UnitKind) -> pa.Table:
    return reader.fetch(
        f"SELECT level::bigint AS level, division, criterion, {', '.join(_COUNTS)} "  # noqa: S608 - our own names
        f"FROM {RollUp._meta.db_table} WHERE screening_id = %(screening)s AND unit_kind = %(unit)s",
        {"screening": found.pk, "unit": kind.value},
    )


def _table(counts: Sequence[LevelCounts]) -> pa.Table:
    """Counts of some levels, one row per level, division and criterion."""
    schema = pa.schema([("level", pa.int64()), ("division", pa.int64()), ("criterion", pa.string())])
    for name in _COUNTS:
        schema = schema.append(pa.field(name, pa.int64()))
    parts = [
        pa.table(
            {
                "level": pa.repeat(part.level, len(part.divisions)).cast(pa.int64()),
                "division": part.divisions,
                "criterion": pa.repeat(criterion, len(part.divisions)),
                **{name: getattr(part, name)[:, position] for name in _COUNTS},
            },
            schema=schema,
        )
        for part in counts
        for position, criterion in enumerate(part.criteria)
    ]
    return pa.concat_tables(parts) if parts else schema.empty_table()


def _combination_faults(found: Screening, counted: Outcome) -> Iterator[UserError]:
    stored: dict[int, dict[tuple[str, ...], tuple[int, int]]] = {}
    for held in MeasureCombination.objects.filter(screening=found):
        stored.setdefault(held.county, {})[tuple(held.measures)] = (held.households, held.persons)
    actual: dict[int, dict[tuple[str, ...], tuple[int, int]]] = {}
    for row in counted.combinations:
        actual.setdefault(row.county, {})[row.measures] = (row.households, row.persons)
    for county in sorted(stored.keys() | actual.keys()):
        before, after = actual.get(county, {}), stored.get(county, {})
        if before == after:
            continue
        what = list(_rows_apart(len(before.keys() - after.keys()), len(after.keys() - before.keys())))
        changed = sum(before[measures] != after[measures] for measures in before.keys() & after.keys())
        if changed:
            what.append(ngettext("%(count)d row changed", "%(count)d rows changed", changed) % {"count": changed})
        message = _("The stored combinations of measures are not those of the verdicts: %(what)s.")
        said = message % {"what": _(", ").join(what)}
        yield UserError("SCR-036", said, remedy=_remedy(), division=f"{county:06d}")


def _status_faults(found: Screening) -> Iterator[UserError]:
    """Screenings from before these sums were kept have none; of all others each row is compared."""
    stored = {row[:3]: row[3:] for row in found.status_rollups.values_list(*COLUMNS)}
    counted = {row[:3]: row[3:] for row in status_sums(found)} if stored else {}
    apart = sorted(key for key in stored.keys() | counted.keys() if stored.get(key) != counted.get(key))
    if apart:
        message = _("The stored numbers of households by poverty status are not those of the verdicts: %(what)s.")
        what = ngettext("%(count)d row changed", "%(count)d rows changed", len(apart)) % {"count": len(apart)}
        yield UserError("SCR-038", message % {"what": what}, remedy=_remedy(), division=f"{apart[0][0]:012d}")


def _rows_apart(missing: int, added: int) -> Iterator[str]:
    if missing:
        yield ngettext("%(count)d row missing", "%(count)d rows missing", missing) % {"count": missing}
    if added:
        yield ngettext("%(count)d row added", "%(count)d rows added", added) % {"count": added}


def _remedy() -> str:
    return _("Screen the snapshot again. Ask who changed the database.")
