"""Two screenings of the same area held against each other: which results changed, by criterion and division.

Whole verdict files are joined in DuckDB; no unit is looked at by itself (`compared_units` does that, for a page).
A unit that only one of the two holds within the actor's sight is counted as come or gone, never as changed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import duckdb
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import EVERYWHERE, Area
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.engine.schema import UNIT_NAMES
from lika.engine.screening.rollups import LEVEL_OF_UNIT, SPAN_OF_LEVEL, level_of
from lika.engine.screening.verdict_files import relation
from lika.engine.snapshots.layout import IDENTIFIED_UNITS, division_column, key_column
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.files import verdict_files
from lika.snapshots.models import ScreenedCriterion, Screening
from lika.snapshots.queries.differences import Turn
from lika.snapshots.queries.screenings import criteria_of, units_of
from lika.snapshots.queries.singling import may_count_in
from lika.snapshots.queries.verdicts import sql_ranges, sql_scope

RESULTS = {1: Result.MET, 0: Result.NOT_MET, None: Result.UNKNOWN}


@dataclass(frozen=True)
class Presence:
    """Units that both screenings hold, those that only the new one holds, and those that only the old one held."""

    both: int = 0
    come: int = 0
    gone: int = 0


@dataclass(frozen=True)
class DivisionMoves:
    """A division: its units, and how many turned from which result to which by each criterion (by its id)."""

    division: int
    name: str
    presence: Presence
    turns: Mapping[str, Mapping[Turn, int]] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The 12-digit code."""
        return f"{self.division:012d}"


@dataclass(frozen=True)
class KindCompared:
    """One kind of unit: the whole (`own`), the divisions below that differ, and the criteria that both have.

    `dropped` and `added` are criteria of the old or the new screening alone: there is nothing to compare them with.
    `units_differing` came, went or turned by some criterion. `only_above` are criteria whose turns are not told of the
    divisions below, for those are villages: of the whole alone, or of a village not at all.
    """

    kind: UnitKind
    criteria: tuple[ScreenedCriterion, ...]
    own: DivisionMoves
    divisions: tuple[DivisionMoves, ...]
    dropped: tuple[ScreenedCriterion, ...]
    added: tuple[ScreenedCriterion, ...]
    units_differing: int
    only_above: tuple[ScreenedCriterion, ...] = ()

    @cached_property
    def changed(self) -> tuple[ScreenedCriterion, ...]:
        """The criteria by which some result differs, in the pack's order."""
        return tuple(item for item in self.criteria if self.own.turns.get(item.criterion))


@dataclass(frozen=True)
class Compared:
    """Two screenings, and what differs between them in a division, within the actor's sight.

    `apart` are kinds of unit without a criterion in both: they are not compared. `in_part` where the actor does not see
    all of the division: what differs elsewhere is not known here.
    """

    old: Screening
    new: Screening
    division: int
    kinds: tuple[KindCompared, ...]
    apart: tuple[UnitKind, ...] = ()
    in_part: bool = False

    @property
    def alike(self) -> bool:
        """Whether no unit came, went or is judged otherwise."""
        return not any(kind.units_differing for kind in self.kinds)


def compare_screenings(by: Actor, old: Screening, new: Screening, *, division: int | None = None) -> Compared:
    """What differs between two screenings in their area, or in a `division` of it.

    Raises ACC-001, SCR-050 (they are of different areas), SCR-051 (no kind of unit has a criterion in both), SCR-052
    (the division is not of their area), SCR-030 and SCR-031 (a verdict file is missing or altered).
    """
    by.require(Permission.SCREENING_VIEW)
    place = division_compared(old, new, division)
    held = units_of(old)
    kinds = [UnitKind(unit) for unit in units_of(new) if unit in held and shared(old, new, unit)]
    if not kinds:
        raise UserError(
            "SCR-051",
            _("The two screenings have no criterion in common."),
            remedy=_("Compare screenings by versions of one pack."),
        )
    counted = [_kind(by, old, new, kind, place) for kind in sorted(kinds, key=UNIT_NAMES.index)]
    apart = {*held, *units_of(new)}.difference(kinds)
    seen = by.sees(Permission.SCREENING_VIEW).covers(f"{place:012d}")
    return Compared(
        old,
        new,
        place,
        tuple(counted),
        tuple(UnitKind(unit) for unit in sorted(apart, key=UNIT_NAMES.index)),
        in_part=not seen,
    )


def shared(old: Screening, new: Screening, unit: str) -> tuple[ScreenedCriterion, ...]:
    """The criteria about a kind of unit that both screenings have, in the order and words of the new one."""
    before = {item.criterion for item in criteria_of(old, unit)}
    return tuple(item for item in criteria_of(new, unit) if item.criterion in before)


def division_compared(old: Screening, new: Screening, division: int | None) -> int:
    """The division in which two screenings are compared: their whole area where none is named.

    Raises SCR-050 (they are of different areas) and SCR-052 (the division is not of their area).
    """
    require_one_area(old, new)
    area = old.snapshot.division
    if division is None or division == area:
        return area
    if not Area.of([f"{area:012d}"]).covers(f"{division:012d}"):
        raise NotFound(
            "SCR-052",
            _("The division %(code)s does not lie in the area of the two screenings.") % {"code": f"{division:012d}"},
            remedy=_("Name a division of that area."),
        )
    return division


def require_one_area(old: Screening, new: Screening) -> None:
    """Raise SCR-050 where two screenings are of different areas."""
    if old.snapshot.division != new.snapshot.division:
        first, second = (divisions.place(f"{each.snapshot.division:012d}").name for each in (old, new))
        raise UserError(
            "SCR-050",
            _("The two screenings are of different areas: %(old)s and %(new)s.") % {"old": first, "new": second},
            remedy=_("Choose two screenings of one area."),
        )


def _kind(by: Actor, old: Screening, new: Screening, kind: UnitKind, place: int) -> KindCompared:
    both = shared(old, new, kind)
    names = {item.criterion for item in both}
    level = min(level_of(place) + 1, LEVEL_OF_UNIT[kind])
    with joined(by, old, new, kind, place) as session:
        found = _divisions(session, both, SPAN_OF_LEVEL[level])
        closed = _closed(by, old, new, both, place)
        told = [index for index, item in enumerate(both) if item.criterion not in closed]
        differing: Any = session.execute(f"SELECT count(*) FROM compared WHERE {differ(told)}").fetchone()  # noqa: S608
    known = divisions.by_codes(f"{each.division:012d}" for each in found)
    unsaid = _closed(by, old, new, both, place, below=True)
    lines = tuple(
        replace(_without(each, unsaid), name=known[each.code].name if each.code in known else each.code)
        for each in found
    )
    return KindCompared(
        kind,
        both,
        _without(_summed(place, found), closed),
        tuple(line for line in lines if line.turns or line.presence.come or line.presence.gone),
        tuple(item for item in criteria_of(old, kind) if item.criterion not in names),
        tuple(item for item in criteria_of(new, kind) if item.criterion not in names),
        differing[0],
        tuple(item for item in both if item.criterion in unsaid),
    )


def _closed(
    by: Actor, old: Screening, new: Screening, both: Sequence[ScreenedCriterion], place: int, *, below: bool = False
) -> frozenset[str]:
    """The criteria whose turns would tell the actor what is personal: in a village, or in the villages below."""
    return frozenset(
        item.criterion
        for item in both
        if not all(may_count_in(by, each, item, place, below=below) for each in (old, new))
    )


def _without(moves: DivisionMoves, closed: Collection[str]) -> DivisionMoves:
    turns = {criterion: turned for criterion, turned in moves.turns.items() if criterion not in closed}
    return replace(moves, turns=turns)


def differ(told: Iterable[int]) -> str:
    """The condition that a row of `joined` came, went or turned by one of the criteria at some places."""
    turned = (f"o{index} IS DISTINCT FROM n{index}" for index in told)
    return " OR ".join(("was_in IS NULL", "is_in IS NULL", *turned))


@contextmanager
def joined(by: Actor, old: Screening, new: Screening, kind: str, place: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A session with the table `compared`: unit, its division in each screening (null: not there), o0, n0, o1, n1 …

    The results stand in the order of `shared`. Only units in the actor's sight and in the division are in it.
    """
    criteria = shared(old, new, kind)
    first, first_values = _side(by, old, kind, place)
    second, second_values = _side(by, new, kind, place)
    answers = ", ".join(
        f'old."{item.criterion}" AS o{index}, new."{item.criterion}" AS n{index}' for index, item in enumerate(criteria)
    )
    key, lies = key_column(kind), division_column(kind)
    with duckdb.connect() as session:
        session.execute(
            f"CREATE TEMP TABLE compared AS SELECT coalesce(new.{key}, old.{key}) AS unit, "  # noqa: S608 - our own names
            f"old.{lies} AS was_in, new.{lies} AS is_in, {answers} "
            f"FROM ({first}) old FULL JOIN ({second}) new ON old.{key} = new.{key}",
            [*first_values, *second_values],
        )
        yield session


def _side(by: Actor, found: Screening, kind: str, place: int) -> tuple[str, list[Any]]:
    """The verdicts of one screening within sight, as SQL with the values it binds."""
    inside = Area.of([f"{place:012d}"]) if place else EVERYWHERE
    files = list(found.files.filter(unit_kind=kind).order_by("county"))
    near = [file for file in files if inside.meet(Area(((file.county * 10**6, (file.county + 1) * 10**6 - 1),)))]
    key, lies = key_column(kind), division_column(kind)
    condition, values = sql_scope(by, lies, key if kind in IDENTIFIED_UNITS else None)
    within, more = sql_ranges(inside, lies)
    # Of a division without files there are none of the other either, or its own were not screened: no rows.
    chosen = near or files[:1]
    wanted = "true" if near else "false"
    source = relation(kind, verdict_files(found, chosen))
    return f"SELECT * FROM {source} WHERE {wanted} AND ({condition}) AND ({within})", [*values, *more]  # noqa: S608


def _divisions(
    session: duckdb.DuckDBPyConnection, criteria: Sequence[ScreenedCriterion], span: int
) -> list[DivisionMoves]:
    """Every division with its units and turns, in the order of their codes; a unit counts where it stands now."""
    lies = f"coalesce(is_in, was_in) // {span} * {span}"
    rows = session.execute(
        f"SELECT {lies}, count_if(was_in IS NOT NULL AND is_in IS NOT NULL), "  # noqa: S608 - our own numbers
        "count_if(was_in IS NULL), count_if(is_in IS NULL) FROM compared GROUP BY 1 ORDER BY 1"
    ).fetchall()
    both = "was_in IS NOT NULL AND is_in IS NOT NULL"
    counted = " UNION ALL ".join(
        f"SELECT {lies}, {index}, o{index}, n{index}, count(*) FROM compared "  # noqa: S608 - as above
        f"WHERE {both} AND o{index} IS DISTINCT FROM n{index} GROUP BY ALL"
        for index in range(len(criteria))
    )
    turns: dict[int, dict[str, dict[Turn, int]]] = {}
    for division, index, was, now, number in session.execute(counted).fetchall():
        by_criterion = turns.setdefault(division, {}).setdefault(criteria[index].criterion, {})
        by_criterion[Turn(RESULTS[was], RESULTS[now])] = number
    return [DivisionMoves(row[0], "", Presence(*row[1:]), turns.get(row[0], {})) for row in rows]


def _summed(place: int, lines: Sequence[DivisionMoves]) -> DivisionMoves:
    presence = Presence(
        sum(line.presence.both for line in lines),
        sum(line.presence.come for line in lines),
        sum(line.presence.gone for line in lines),
    )
    turns: dict[str, dict[Turn, int]] = {}
    for line in lines:
        for criterion, moves in line.turns.items():
            whole = turns.setdefault(criterion, {})
            for turn, number in moves.items():
                whole[turn] = whole.get(turn, 0) + number
    name = divisions.place(f"{place:012d}").name
    return DivisionMoves(place, name, presence, turns)
