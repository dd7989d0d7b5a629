"""Why a unit meets a criterion or not: the unit is worked again from its snapshot, so nothing need be stored.

Facts of a person are shown only where their reader may see them (`register.personal` at the place where the unit
stood); others see the expression, the answer
and which facts it reads, without values.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lika.accounts.queries import Scope, sight_of
from lika.core.actors import Actor
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.engine.criteria import Checked
from lika.engine.explain import Explanation, explain
from lika.engine.messages import Words
from lika.engine.needs import Need, Needs, needs_of
from lika.engine.population import UnitRow
from lika.engine.schema import LAG_MARK, UNIT_NAMES, Schema, rank
from lika.engine.screening.rows import read_rows
from lika.engine.sessions import quick_session
from lika.engine.shown import FactShown
from lika.engine.snapshots.layout import IDENTIFIED_UNITS, county_of, division_column, key_column
from lika.policy import queries as policy
from lika.policy.choices import CriterionKind
from lika.policy.resolve import CompiledPack
from lika.register.queries import seen_in_full
from lika.snapshots.explanations import Clause, Explained, Origins, Pinned, UnitExplained, with_origins
from lika.snapshots.files import snapshot_files
from lika.snapshots.guarding import amounts_told, is_guarded_fact
from lika.snapshots.models import ScreenedCriterion, Screening
from lika.snapshots.queries.compiled import compiled_of
from lika.snapshots.queries.naming import Naming
from lika.snapshots.queries.screenings import criteria_of
from lika.snapshots.queries.singling import refuse_singling, tells_by_choice
from lika.snapshots.queries.verdicts import criterion_of

WITHHELD = Words("（无权查看）", "(not shown to you)")
_BELOW = Words("须改变下级单位的记录，此处不列出", "records of units below would have to change, not named here")


@dataclass(frozen=True)
class _Place:
    """Where a unit stood in the snapshot: a village and the household, or a whole division and none."""

    code: int
    household: UUID | None

    def lies_in(self, scope: Scope) -> bool:
        if self.household is None:
            return scope.area.covers(f"{self.code:012d}")
        return scope.holds(village=self.code, household=self.household)


def explain_criterion(by: Actor, found: Screening, unit_id: UUID | int, criterion: str, *, near: int = 0) -> Explained:
    """Why one criterion answers as it does. Arguments and errors as in `explain_unit`; SCR-022 for the criterion."""
    item = criterion_of(found, criterion)
    return _explain(by, found, item.unit_kind, unit_id, [item], near).criteria[0]


def explain_unit(
    by: Actor, found: Screening, unit: str, unit_id: UUID | int, *, near: int = 0, origins: Origins | None = None
) -> UnitExplained:
    """Why each criterion about a unit answers as it does, in the pack's order; the snapshot is read once.

    `unit_id` is the UUID of a household or person, or the 12-digit code of a division. `near` may name a village of the
    county to look in first; `origins` tells where facts were recorded. What answers by a rule chosen for a trial is
    left out where the actor does not see the unit in full. Raises SCR-023 where the screening has no such unit in the
    actor's scope, SCR-074 where nothing is left.
    """
    return _explain(by, found, unit, unit_id, criteria_of(found, unit), near, origins)


def _explain(
    by: Actor,
    found: Screening,
    unit: str,
    unit_id: UUID | int,
    criteria: Sequence[ScreenedCriterion],
    near: int,
    origins: Origins | None = None,
) -> UnitExplained:
    place = _place(by, found, unit, unit_id, near)
    in_full = place.lies_in(seen_in_full(by))
    criteria = [item for item in criteria if in_full or not tells_by_choice(found, item)]
    if not criteria:
        raise refuse_singling()
    row, compiled = _row(found, unit, unit_id, place.code, [item.criterion for item in criteria])
    of_one = unit in IDENTIFIED_UNITS
    told = []
    for item in criteria:
        checked = compiled.checked.by_id[item.criterion]
        explanation = explain(checked, row, reference_date=found.snapshot.at)
        asked = (in_full or not of_one) and _may_be_met(compiled, item)
        needs = needs_of(checked, row, reference_date=found.snapshot.at) if asked else None
        if origins is not None:
            explanation = with_origins(explanation, origins)
        if of_one and not in_full:
            explanation = withheld(explanation, compiled.checked.schema)
        elif not in_full:
            amounts = amounts_told(checked)
            explanation = unnamed(explanation, compiled.checked.schema, amounts)
            needs = None if amounts or needs is None else without_rows(needs)
        told.append((explanation, needs))
    naming = Naming.of(by, row, told)
    explained = tuple(
        Explained(item, naming.explanation(said), _clause(compiled, item.criterion), needs and naming.needs(needs))
        for item, (said, needs) in zip(criteria, told, strict=True)
    )
    identifier = str(unit_id) if of_one else f"{unit_id:012d}"
    return UnitExplained(unit, identifier, in_full, _pinned(found), explained, naming.names)


def _may_be_met(compiled: CompiledPack, item: ScreenedCriterion) -> bool:
    """Who is outside a measure has failed nothing, and what has no basis cannot be met by any change."""
    own = compiled.pack.criterion(item.criterion)
    return own is not None and own.kind != CriterionKind.MEASURE and own.expression is not None


def _clause(compiled: CompiledPack, criterion: str) -> Clause:
    item = compiled.pack.criterion(criterion)
    if item is None:
        raise KeyError(criterion)
    return Clause(_document(item.origin), item.clause.ref, item.clause.text)


@lru_cache(maxsize=32)
def _document(origin: str) -> Words:
    """The document of the pack that an item comes from: an inherited item rests on the document of its own pack."""
    document = policy.get(origin).pack().document
    return Words(document.zh, document.en)


def _pinned(found: Screening) -> Pinned:
    title = Words(found.pack_zh, found.pack_en)
    return Pinned(
        found.pack, found.pack_sha256, title, found.pk, found.digest,
        found.snapshot.pk, found.snapshot.at, found.snapshot.data_year,
    )  # fmt: skip


def withheld(part: Explanation, schema: Schema) -> Explanation:
    """The explanation of a person or household without values: wherever a personal fact is read, here or below, or rows
    are counted, only yes, no and unknown remain."""
    parts = tuple(withheld(below, schema) for below in part.parts)
    if not any(below.rows or any(_guarded(fact, schema) for fact in below.facts) for below in part.walk()):
        return replace(part, parts=parts)
    judged = isinstance(part.answer, bool) or part.answer is None
    facts = tuple(_masked(fact) if _guarded(fact, schema) else fact for fact in part.facts)
    return replace(
        part,
        words=Words(part.source, part.source),
        value=part.value if judged else WITHHELD,
        answer=part.answer if judged else None,
        facts=facts,
        rows=None,
        reasons=(),
        parts=parts,
        members=(),
    )


def _masked(fact: FactShown) -> FactShown:
    return replace(fact, value=WITHHELD, exact=None, origin=None)


def unnamed(part: Explanation, schema: Schema, amounts: Collection[str]) -> Explanation:
    """The explanation of a division without the units below it by name, and without what is worked from personal
    `amounts` (texts of aggregates): of these only yes, no and unknown remain. Counts are statistics."""
    parts = tuple(unnamed(below, schema, amounts) for below in part.parts)
    found = replace(part, rows=None, reasons=(), parts=parts, members=())
    if not any(below.kind == "aggregate" and below.source in amounts for below in part.walk()):
        return found
    judged = isinstance(part.answer, bool) or part.answer is None
    worked_out = {fact.name for fact in schema.units[part.unit].values() if fact.formula is not None}
    return replace(
        found,
        words=Words(part.source, part.source),
        value=part.value if judged else WITHHELD,
        answer=part.answer if judged else None,
        facts=tuple(_masked(fact) if _name(fact) in worked_out else fact for fact in part.facts),
    )


def without_rows(needs: Needs) -> Needs:
    """What a division needs, without what any unit below it would have to change: how many is a statistic.

    A way that leads through units below is no way without them: none is given then.
    """
    below = any(change.step.path for change in needs.way)
    way = () if below else tuple(replace(change, step=replace(change.step, reasons=())) for change in needs.way)
    return Needs(_cut(needs.need), way)


def _cut(need: Need) -> Need:
    if need.step is not None:
        # Reasons name the units below that leave it open.
        return Need("never", _BELOW) if need.step.path else replace(need, step=replace(need.step, reasons=()))
    parts = tuple(map(_cut, need.parts))
    if parts and all(part.words == _BELOW for part in parts):
        return Need("never", _BELOW)
    return replace(need, parts=parts)


def _name(fact: FactShown) -> str:
    return fact.column.partition(LAG_MARK)[0]


def _guarded(fact: FactShown, schema: Schema) -> bool:
    return is_guarded_fact(schema, fact.unit, fact.column)


def _row(
    found: Screening, unit: str, unit_id: UUID | int, place: int, wanted: Sequence[str]
) -> tuple[UnitRow, CompiledPack]:
    """The unit's row with all below it that the criteria read; `place` is the code of where it stood.

    Raises SCR-023 where the files hold none: a division that the snapshot has no row of, in a county that it covers.
    """
    compiled = compiled_of(found)
    chosen: list[Checked] = [compiled.checked.by_id[name] for name in wanted]
    files = {
        name: paths
        for name in UNIT_NAMES[: rank(unit) + 1]
        if (paths := _paths(found, name, [county_of(place)] if rank(unit) <= rank("county") else _below(found, place)))
    }
    only = str(unit_id) if unit in IDENTIFIED_UNITS else f"{unit_id:d}"
    within = (place, place) if unit in IDENTIFIED_UNITS else None
    rows = read_rows(files, unit, chosen, only=only, division=within)
    if not rows:
        raise no_such_unit()
    return rows[0], compiled


def _place(by: Actor, found: Screening, unit: str, unit_id: UUID | int, near: int) -> _Place:
    """Where a unit stood. Raises SCR-023 where the snapshot has none or the actor does not see screenings there."""
    place = _find(found, unit, unit_id, near)
    if place is None or not place.lies_in(sight_of(by, Permission.SCREENING_VIEW)):
        raise no_such_unit()
    return place


def no_such_unit() -> NotFound:
    """What is raised where a screening has no such unit, or not in sight."""
    return NotFound(
        "SCR-023",
        _("This screening has no such unit in your area."),
        remedy=_("It may have been recorded after the snapshot was taken: screen a newer snapshot."),
    )


def _find(found: Screening, unit: str, unit_id: UUID | int, near: int) -> _Place | None:
    counties = sorted(found.files.filter(unit_kind=unit).values_list("county", flat=True))
    if unit not in IDENTIFIED_UNITS:
        code = int(unit_id)
        return _Place(code, None) if county_of(code) in counties else None
    first = [county for county in counties if county == county_of(near)]
    for group in (first, [county for county in counties if county not in first]):
        place = look_up(_paths(found, unit, group), unit, unit_id)
        if place is not None:
            return place
    return None


def look_up(paths: Sequence[Path], unit: str, unit_id: UUID | int) -> _Place | None:
    if not paths:
        return None
    with quick_session() as session:
        found: Any = session.execute(
            f"SELECT {division_column(unit)}, household_id FROM read_parquet(?) "  # noqa: S608 - our own names
            f"WHERE {key_column(unit)} = ?::UUID",
            [[str(path) for path in paths], str(unit_id)],
        ).fetchone()
    return None if found is None else _Place(int(found[0]), found[1])


def _paths(found: Screening, unit: str, counties: Sequence[int]) -> list[Path]:
    return snapshot_files(found.snapshot, unit, counties)


def _below(found: Screening, code: int) -> list[int]:
    """The counties of a prefecture or province, and its own six digits."""
    own = county_of(code)
    span = 100 if own % 10_000 else 10_000
    counties = found.files.values_list("county", flat=True).distinct()
    return sorted(county for county in counties if county // span == own // span)
