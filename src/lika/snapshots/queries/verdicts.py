"""Verdicts of single units: conditions and pages for lists, and all verdicts of one unit.

Every list counts a unit where it stood at the snapshot's time point, so that its total equals the number that was
clicked, whoever has moved since. Current screenings are read from the database, others from their files.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from lika.accounts.queries import sight_of
from lika.core.actors import Actor
from lika.core.areas import EVERYWHERE, Area
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.engine.screening.verdict_files import relation
from lika.engine.sessions import quick_session
from lika.engine.snapshots.layout import IDENTIFIED_UNITS, county_of, division_column, key_column
from lika.snapshots.choices import Result
from lika.snapshots.files import verdict_files
from lika.snapshots.models import CurrentScreening, CurrentVerdict, ScreenedCriterion, Screening
from lika.snapshots.queries.screenings import criteria_of, summary_position
from lika.snapshots.queries.singling import may_single_out, refuse_singling

PAGE_SIZE = 50

_STORED = {Result.MET: 1, Result.NOT_MET: 0}


@dataclass(frozen=True)
class UnitAt:
    """A unit and where it stood: the UUID of a household or person, or of a division (its code as a number)."""

    id: UUID
    village: int


def unit_at(key: UUID | int, place: int) -> UnitAt:
    """A unit by its key in files: a division's code is the number of its UUID."""
    return UnitAt(key if isinstance(key, UUID) else UUID(int=key), place)


@dataclass(frozen=True)
class UnitPage:
    """One page of units, sorted by village and id, of `total` in all."""

    total: int
    page: int
    size: int
    units: tuple[UnitAt, ...]

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True)
class UnitVerdicts:
    """What a current screening says of one unit, criterion by criterion, in the pack's order."""

    screening: Screening
    results: tuple[tuple[ScreenedCriterion, Result], ...]


def criterion_of(found: Screening, criterion: str | ScreenedCriterion) -> ScreenedCriterion:
    """A criterion of a screening; one that is known already is not read again. Raises SCR-022 where there is none."""
    if isinstance(criterion, ScreenedCriterion):
        return criterion
    item = found.criteria.filter(criterion=criterion).first()
    if item is None:
        raise no_such_criterion(criterion)
    return item


def no_such_criterion(criterion: str) -> NotFound:
    """SCR-022: a screening has no criterion of this id, or none about the kind of unit that is asked for."""
    return NotFound(
        "SCR-022",
        _("This screening has no criterion %(criterion)s.") % {"criterion": criterion[:80]},
        remedy=_("Choose a criterion from the screening's page."),
    )


def no_such_list() -> NotFound:
    """SCR-024: nothing is listed under what an address or a form asks for."""
    return NotFound("SCR-024", _("This list does not exist."), remedy=_("Click a number on the screening's page."))


def counties_if_current(found: Screening, unit: str) -> Collection[int]:
    """The counties that the screening has verdicts of a unit for, where it is current in each; else none. One query."""
    files, current_in = (
        each.filter(unit_kind=unit).order_by().values_list("county", Value(is_current, BooleanField()))
        for each, is_current in ((found.files, False), (found.current_in, True))
    )
    places = set(files.union(current_in))
    counties = {county for county, is_current in places if not is_current}
    return sorted(counties) if counties == {county for county, is_current in places if is_current} else ()


def is_current_everywhere(found: Screening, unit: str) -> bool:
    """Whether the screening is current in every county that it has verdicts of a unit for."""
    return bool(counties_if_current(found, unit))


def verdict_condition(
    by: Actor, found: Screening, criterion: str | ScreenedCriterion, result: Result, division: str | None = None
) -> Q:
    """The condition that a household is one of those counted under a number, for any queryset of households.

    It holds the actor's scope, by where the household stood then: use it in place of a condition on where it stands
    now. Raises SCR-022, SCR-074 (of a trial: they would tell what is personal).
    """
    item = criterion_of(found, criterion)
    _refuse_unseen(by, found, item, division)
    if counties := counties_if_current(found, item.unit_kind):
        chosen = Q(id__in=_current(by, found, counties, item, result, division).values("unit_id"))
        # As a value, not as a join: the database takes a result for rare and would look a county through for each row.
        return Q(Case(When(chosen, then=Value(True)), default=Value(False), output_field=BooleanField()))
    return Q(id__in=[unit.id for unit in _from_files(by, found, item, result, division, limit=None)[1]])


def units_by_verdict(
    by: Actor,
    found: Screening,
    criterion: str,
    result: Result,
    *,
    division: str | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> UnitPage:
    """A page (from 1) of the units counted under a number, within the actor's scope. Raises SCR-022, SCR-074."""
    item = criterion_of(found, criterion)
    _refuse_unseen(by, found, item, division)
    offset = (page - 1) * size
    if counties := counties_if_current(found, item.unit_kind):
        rows = _current(by, found, counties, item, result, division)
        chosen = rows.order_by("village", "unit_id").values_list("unit_id", "village")[offset : offset + size]
        return UnitPage(rows.count(), page, size, tuple(UnitAt(*row) for row in chosen))
    total, units = _from_files(by, found, item, result, division, limit=(size, offset))
    return UnitPage(total, page, size, tuple(units))


def results_of(
    by: Actor, found: Screening, criterion: str | ScreenedCriterion, units: Iterable[UUID]
) -> dict[UUID, Result]:
    """The results of a current screening for some units; those it lacks or the actor sees no result of are left out."""
    item = criterion_of(found, criterion)
    rows = CurrentVerdict.objects.filter(_seen(by), _held(found, item.unit_kind), unit_id__in=list(units))
    return {row.unit_id: _result(row.results[item.position]) for row in rows}


def results_within(
    by: Actor, found: Screening, unit: str, criteria: Sequence[str], area: Area
) -> Iterator[tuple[UUID, int, dict[str, int | None]]]:
    """Of each unit of an area its results by some criteria of a current screening: 1 met, 0 not met, None unknown.

    Gives the unit, the village where it stood, and the results. Raises SCR-022 where the screening lacks a criterion.
    """
    places = {item.criterion: item.position for item in criteria_of(found, unit)}
    wanted = [(name, places[name] if name in places else criterion_of(found, name).position) for name in criteria]
    rows = CurrentVerdict.objects.filter(_seen(by), _held(found, unit), area.where("village"))
    for identifier, village, results in rows.values_list("unit_id", "village", "results").iterator(chunk_size=5000):
        yield identifier, village, {name: results[position] for name, position in wanted}


def verdicts_of(by: Actor, unit: str, identifier: UUID, village: int) -> list[UnitVerdicts]:
    """What every current screening says of one unit, the newest screening first; empty outside the actor's scope.

    `village` is where it stands, which names the county whose verdicts are asked.
    """
    pointers = CurrentScreening.objects.filter(unit_kind=unit, county=county_of(village))
    chosen = [pointer.screening for pointer in pointers.select_related("screening__snapshot")]
    rows = {
        row.pack_id: row
        for row in CurrentVerdict.objects.filter(
            _seen(by),
            county=county_of(village),
            pack_id__in=[found.pack_id for found in chosen],
            unit_kind=unit,
            unit_id=identifier,
        )
    }
    return [
        UnitVerdicts(
            found,
            tuple((item, _result(rows[found.pack_id].results[item.position])) for item in criteria_of(found, unit)),
        )
        for found in sorted(chosen, key=lambda found: found.finished_at, reverse=True)
        if found.pack_id in rows
    ]


def _refuse_unseen(by: Actor, found: Screening, item: ScreenedCriterion, division: str | None) -> None:
    if not may_single_out(by, found, item, int(division) if division else None):
        raise refuse_singling()


def _result(stored: int | None) -> Result:
    return Result.UNKNOWN if stored is None else Result.MET if stored else Result.NOT_MET


def _seen(by: Actor) -> Q:
    """Where the actor sees screenings, as a condition on current verdicts."""
    return sight_of(by, Permission.SCREENING_VIEW).where(village="village", household="unit_id")


def _held(found: Screening, unit: str) -> Q:
    """The current verdicts of a screening about a kind of unit."""
    counties = CurrentScreening.objects.filter(screening=found, unit_kind=unit).values("county")
    return Q(pack_id=found.pack_id, unit_kind=unit, county__in=counties)


def _current(
    by: Actor,
    found: Screening,
    counties: Collection[int],
    item: ScreenedCriterion,
    result: Result,
    division: str | None,
) -> QuerySet[CurrentVerdict]:
    """The verdicts, of which only those of the counties named need be looked at: each has a table of its own."""
    sums_up = item.summary and summary_position(found.pk, item.unit_kind) == item.position
    field = "summary" if sums_up else f"results__{item.position}"
    answer = Q(**{f"{field}__isnull": True}) if result == Result.UNKNOWN else Q(**{field: _STORED[result]})
    inside = Area.of([division]) if division else EVERYWHERE
    held = Q(pack_id=found.pack_id, unit_kind=item.unit_kind, county__in=counties)
    return CurrentVerdict.objects.filter(_seen(by), held, inside.where("village"), answer)


def _from_files(
    by: Actor,
    found: Screening,
    item: ScreenedCriterion,
    result: Result,
    division: str | None,
    *,
    limit: tuple[int, int] | None,
) -> tuple[int, list[UnitAt]]:
    """Total and page of units from verdict files; only the files of counties that can matter are opened."""
    unit = item.unit_kind
    inside = Area.of([division]) if division else EVERYWHERE
    files = found.files.filter(unit_kind=unit).order_by("county")
    near = [file for file in files if inside.meet(Area(((file.county * 10**6, (file.county + 1) * 10**6 - 1),)))]
    if not near:
        return 0, []
    files_read = relation(unit, verdict_files(found, near))
    place, key = division_column(unit), key_column(unit)
    answer = f'"{item.criterion}" IS NULL' if result == Result.UNKNOWN else f'"{item.criterion}" = {_STORED[result]}'
    condition, values = sql_scope(by, place, key if unit in IDENTIFIED_UNITS else None)
    within, more = sql_ranges(inside, place)
    where = f"FROM {files_read} WHERE {answer} AND ({condition}) AND ({within})"
    arguments: list[Any] = [*values, *more]
    with quick_session() as session:
        total: Any = session.execute(f"SELECT count(*) {where}", arguments).fetchone()
        page = "" if limit is None else f" LIMIT {limit[0]} OFFSET {limit[1]}"
        rows = session.execute(
            f"SELECT {key}, {place} {where} ORDER BY {place}, {key}{page}",
            arguments,
        ).fetchall()
    return total[0], [unit_at(*row) for row in rows]


def sql_scope(by: Actor, place: str, key: str | None) -> tuple[str, list[Any]]:
    """Where the actor sees screenings, granted households among it, as a DuckDB condition."""
    scope = sight_of(by, Permission.SCREENING_VIEW)
    condition, values = sql_ranges(scope.area, place)
    if key != "household_id" or not scope.households:
        return condition, values
    granted = [str(each) for each in sorted(scope.households)]
    return f"{condition} OR {key} IN (SELECT unnest(?::UUID[]))", [*values, granted]


def sql_ranges(area: Area, place: str) -> tuple[str, list[int]]:
    """That a column of 12-digit codes lies in an area, as a DuckDB condition with the values it binds."""
    if not area:
        return "false", []
    condition = " OR ".join(f"{place} BETWEEN ? AND ?" for _range in area.ranges)
    return condition, [bound for pair in area.ranges for bound in pair]
