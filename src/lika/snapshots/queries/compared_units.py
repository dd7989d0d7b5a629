"""The units that two screenings judge otherwise, one by one: which criteria turned, and which facts differ.

Facts are read from both snapshots for the units asked for alone. What is told of persons is shown where the actor sees
it (`register.personal`) in both places; of others it is said only which facts were read.

One of the few modules that touch rows of persons; it logs nothing.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lika.core.actors import Actor
from lika.core.language import Said
from lika.core.permissions import Permission
from lika.engine.criteria import Checked
from lika.engine.population import UnitRow
from lika.engine.schema import UNIT_NAMES, rank
from lika.engine.screening.rows import read_rows
from lika.engine.sessions import quick_session
from lika.engine.snapshots.layout import county_of
from lika.policy import resolve
from lika.policy.packs.resolved import ResolvedPack
from lika.register.queries import households_visible_to, seen_in_full
from lika.snapshots.choices import UnitKind
from lika.snapshots.fact_changes import Changed, ReadFact, between, facts_read
from lika.snapshots.files import manifest_of, snapshot_files
from lika.snapshots.models import ScreenedCriterion, Screening
from lika.snapshots.queries.compared import RESULTS, Compared, differ, joined, shared
from lika.snapshots.queries.compiled import criteria_checked
from lika.snapshots.queries.differences import Turn
from lika.snapshots.queries.screenings import same_pack
from lika.snapshots.queries.singling import may_single_out, refuse_singling
from lika.snapshots.queries.verdicts import PAGE_SIZE, UnitPage, no_such_criterion, unit_at

#: Units of these kinds are told fact by fact; of a division, which of its units differ is another list.
TOLD_BY_FACTS = frozenset({UnitKind.PERSON, UnitKind.HOUSEHOLD})


@dataclass(frozen=True)
class UnitTurned:
    """A unit judged otherwise: where it stood in each screening (None: not there), and what turned by which criterion.

    `id` is the UUID of a household or person; of a division, the UUID whose number is its code.
    """

    id: UUID
    was_in: int | None
    is_in: int | None
    turns: tuple[tuple[ScreenedCriterion, Turn], ...]

    @property
    def division(self) -> int:
        """Where it stands now, or stood."""
        found = self.was_in if self.is_in is None else self.is_in
        if found is None:
            raise ValueError("a unit of neither screening")
        return found


@dataclass(frozen=True)
class FactsTurned:
    """What differs among the facts that the turned criteria read on either side.

    `withheld` are the facts that are not shown to the actor, `missing` those that one of the snapshots does not hold.
    """

    changed: tuple[Changed, ...] = ()
    withheld: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleChange:
    """A parameter or criterion that says something else in the new screening; None where it says nothing."""

    label: str
    old: str | None
    new: str | None


def turned_units(by: Actor, found: Compared, kind: UnitKind, *, limit: int, offset: int = 0) -> list[UnitTurned]:
    """The units that came, went or turned, sorted by where they are and by id; as many as asked for.

    Turns by criteria that are `told_in_sum` do not count here.
    """
    criteria = shared(found.old, found.new, kind)
    told = _told_singly(by, found, criteria)
    with joined(by, found.old, found.new, kind, found.division) as session:
        rows = session.execute(
            f"SELECT * FROM compared WHERE {differ(told)} "  # noqa: S608 - our own names
            "ORDER BY coalesce(is_in, was_in), unit LIMIT ? OFFSET ?",
            [limit, offset],
        ).fetchall()
    return [_turned(row, criteria, told) for row in rows]


def told_in_sum(by: Actor, found: Compared, kind: UnitKind) -> tuple[ScreenedCriterion, ...]:
    """The criteria of which the actor may read how many turned, and not who (`singling`)."""
    criteria = shared(found.old, found.new, kind)
    told = _told_singly(by, found, criteria)
    return tuple(item for index, item in enumerate(criteria) if index not in told)


def turned_in_all(by: Actor, found: Compared, kind: UnitKind) -> int:
    """How many units `turned_units` lists in all."""
    told = _told_singly(by, found, shared(found.old, found.new, kind))
    with joined(by, found.old, found.new, kind, found.division) as session:
        total: Any = session.execute(f"SELECT count(*) FROM compared WHERE {differ(told)}").fetchone()  # noqa: S608
    return int(total[0])


def units_moved(
    by: Actor,
    old: Screening,
    new: Screening,
    item: ScreenedCriterion,
    division: int,
    *,
    enter: bool,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> UnitPage:
    """A page of the units of both screenings that enter (to met) or leave (from met), where they stand in the new one.

    Raises SCR-022 where only one of the two has the criterion, SCR-074 where the actor may not read who they are.
    """
    by.require(Permission.SCREENING_VIEW)
    if not all(may_single_out(by, each, item, division) for each in (old, new)):
        raise refuse_singling()
    names = [each.criterion for each in shared(old, new, item.unit_kind)]
    if item.criterion not in names:
        raise no_such_criterion(item.criterion)
    index = names.index(item.criterion)
    was, now = f"o{index} IS NOT DISTINCT FROM 1", f"n{index} IS NOT DISTINCT FROM 1"
    turned = f"{now} AND NOT {was}" if enter else f"{was} AND NOT {now}"
    where = f"FROM compared WHERE was_in IS NOT NULL AND is_in IS NOT NULL AND {turned}"
    with joined(by, old, new, item.unit_kind, division) as session:
        total: Any = session.execute(f"SELECT count(*) {where}").fetchone()
        rows = session.execute(
            f"SELECT unit, is_in {where} ORDER BY is_in, unit LIMIT ? OFFSET ?", [size, (page - 1) * size]
        ).fetchall()
    return UnitPage(total[0], page, size, tuple(unit_at(*row) for row in rows))


def facts_turned(by: Actor, found: Compared, kind: UnitKind, unit: UnitTurned) -> FactsTurned:
    """Which facts differ between the snapshots, of those that the turned criteria read on either side.

    Raises POL-051 and SCR-006 where a pack is not the one screened with, and the errors of `snapshot_files`.
    """
    if unit.was_in is None or unit.is_in is None or not unit.turns:
        return FactsTurned()
    names = [item.criterion for item, _turn in unit.turns]
    asked = [[criteria_checked(each).by_id[name] for name in names] for each in (found.old, found.new)]
    every = [*asked[0], *asked[1]]
    # A snapshot may be older than a fact: what one of the two does not hold cannot differ.
    held = [_held(each, own, every) for each, own in zip((found.old, found.new), asked, strict=True)]
    sides = [{(read.unit, read.column): read for read in facts_read(checked)} for checked in held]
    both = [sides[0][key] for key in sorted(sides[0].keys() & sides[1].keys())]
    missing = [read for read in facts_read(every) if (read.unit, read.column) not in sides[0].keys() & sides[1].keys()]
    in_full = all(_seen_whole(by, kind, unit.id, place) for place in (unit.was_in, unit.is_in))
    shown = [read for read in both if in_full or not read.guarded]
    withheld = _labels([read for read in both if read not in shown])
    if not shown:
        return FactsTurned((), withheld, _labels(missing))
    was = _row(found.old, kind, unit.id, unit.was_in, held[0])
    now = _row(found.new, kind, unit.id, unit.is_in, held[1])
    return FactsTurned(tuple(between(was, now, shown)), withheld, _labels(missing))


def rules_turned(found: Compared) -> list[RuleChange]:
    """The parameters and criteria behind the turned results that say something else in the new screening.

    Raises POL-051 and SCR-006 as `facts_turned` does.
    """
    names = [item.criterion for kind in found.kinds for item in kind.changed]
    sides = [(criteria_checked(each).by_id[name]) for each in (found.old, found.new) for name in names]
    packs = [(same_pack(each.pack, each.pack_sha256), each.snapshot.at) for each in (found.old, found.new)]
    parameters = frozenset[str]().union(*(checked.parameters for checked in sides))
    criteria = frozenset(names).union(*(checked.criteria for checked in sides))
    newest_first = [pack for pack, _at in reversed(packs)]
    ordered = dict.fromkeys(item.id for pack in newest_first for item in pack.parameters)
    changes = [_parameter_change(name, packs) for name in ordered if name in parameters]
    ordered = dict.fromkeys(item.id for pack in newest_first for item in pack.criteria)
    changes += [_criterion_change(name, packs) for name in ordered if name in criteria]
    return [change for change in changes if change.old != change.new]


def numbers_shown(by: Actor, found: Compared, kind: UnitKind, units: Sequence[UnitTurned]) -> dict[UUID, str]:
    """The numbers of the households, or of the persons' households, that the register shows to the actor."""
    if kind not in TOLD_BY_FACTS:
        return {}
    homes = {unit.id: unit.id for unit in units}
    if kind == UnitKind.PERSON:
        homes = _homes(found, units)
    numbers = dict(households_visible_to(by).filter(id__in=set(homes.values())).values_list("id", "number"))
    return {unit: numbers[home] for unit, home in homes.items() if home in numbers}


def _told_singly(by: Actor, found: Compared, criteria: Sequence[ScreenedCriterion]) -> list[int]:
    """The places of the criteria whose turns the actor may read unit by unit."""
    return [
        index
        for index, item in enumerate(criteria)
        if all(may_single_out(by, each, item, found.division) for each in (found.old, found.new))
    ]


def _turned(row: Sequence[object], criteria: Sequence[ScreenedCriterion], told: Collection[int]) -> UnitTurned:
    unit, was_in, is_in, *answers = row
    there = was_in is not None and is_in is not None
    pairs = [(criteria[index], answers[2 * index], answers[2 * index + 1]) for index in told]
    turns = tuple(
        (item, Turn(RESULTS[was], RESULTS[now]))  # type: ignore[index]
        for item, was, now in pairs
        if there and was != now
    )
    identifier = unit if isinstance(unit, UUID) else UUID(int=unit)  # type: ignore[arg-type]
    return UnitTurned(identifier, was_in, is_in, turns)  # type: ignore[arg-type]


def _homes(found: Compared, units: Sequence[UnitTurned]) -> dict[UUID, UUID]:
    """The household of each person, as the snapshot that holds the person tells."""
    homes: dict[UUID, UUID] = {}
    for screening, place in ((found.old, "was_in"), (found.new, "is_in")):
        counties = sorted({county_of(code) for unit in units if (code := getattr(unit, place)) is not None})
        paths = snapshot_files(screening.snapshot, UnitKind.PERSON, counties)
        if paths:
            with quick_session() as session:
                rows = session.execute(
                    "SELECT person_id, household_id FROM read_parquet(?) WHERE person_id IN (SELECT unnest(?::UUID[]))",
                    [[str(path) for path in paths], [str(unit.id) for unit in units]],
                ).fetchall()
            homes.update(rows)
    return homes


def _held(found: Screening, own: Sequence[Checked], every: Sequence[Checked]) -> list[Checked]:
    """The screening's own criteria, and of the others those whose facts its snapshot holds."""
    schema = manifest_of(found.snapshot).schema
    columns = {(unit, column.name) for unit, columns in schema.items() for column in columns}
    return [
        checked
        for checked in every
        if checked in own or all((read.unit, read.column) in columns for read in facts_read([checked]))
    ]


def _row(found: Screening, kind: str, unit: UUID, place: int, asked: Sequence[Checked]) -> UnitRow:
    below = UNIT_NAMES[: rank(kind) + 1]
    files = {name: paths for name in below if (paths := snapshot_files(found.snapshot, name, [county_of(place)]))}
    return read_rows(files, kind, asked, only=str(unit), division=(place, place))[0]


def _seen_whole(by: Actor, kind: UnitKind, unit: UUID, place: int) -> bool:
    """Whether the actor sees what is told of persons there: by area, or because the household was granted alone."""
    scope = seen_in_full(by)
    return scope.holds(village=place, household=unit) if kind == UnitKind.HOUSEHOLD else place in scope.area


def _labels(reads: Sequence[ReadFact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(read.label for read in reads))


def _parameter_change(name: str, packs: Sequence[tuple[ResolvedPack, dt.date]]) -> RuleChange:
    """A parameter in the words of explanations on the day of each snapshot."""
    label, said = name, []
    for pack, at in packs:
        item = next((each for each in pack.parameters if each.id == name), None)
        label = label if item is None else str(Said(item.zh, item.en))
        said.append(None if item is None else str(Said(*resolve.parameter_in_words(pack, item, at))))
    return RuleChange(label, said[0], said[1])


def _criterion_change(name: str, packs: Sequence[tuple[ResolvedPack, dt.date]]) -> RuleChange:
    """A criterion's expression in each pack; none where its basis is still missing."""
    label, said = name, []
    for pack, _at in packs:
        item = pack.criterion(name)
        label = label if item is None else str(Said(item.zh, item.en))
        said.append(None if item is None or item.expression is None else " ".join(item.expression.split()))
    return RuleChange(label, said[0], said[1])
