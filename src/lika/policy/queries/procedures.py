"""Procedures as they hold in a place on a day, for casework; as a pack gives them, for its page.

A procedure is a row of stages. A case goes forward to `following`, back to `returns`, or out where `strike_out` says
so; a case sent back passes every stage from there again.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from lika.accounts.choices import Role
from lika.core.errors import NotFound
from lika.core.language import Said, listed
from lika.engine.schema import ParameterValue
from lika.policy.choices import (
    BODY_ROLES,
    CAPACITY_LEVELS,
    UNIT_AXES,
    Basis,
    Body,
    Capacity,
    DayKind,
    Paper,
    PostingPlace,
    ProcedureUnit,
    Purpose,
    StageKind,
    StageLevel,
)
from lika.policy.packs import faults
from lika.policy.packs.procedure_form import Effect, Stage
from lika.policy.packs.resolved import ResolvedPack, ResolvedProcedure
from lika.policy.queries.basis import Based
from lika.policy.queries.packs import get
from lika.policy.ruling import active_packs, ruling_in
from lika.policy.words import said


@dataclass(frozen=True)
class Slot:
    """A place for one signature, in a capacity, at a level."""

    capacity: Capacity
    level: StageLevel


@dataclass(frozen=True)
class ProcedureStage(Based):
    """A stage on a day. `days` and `quorum` None with `open_days`, `open_quorum`: 待补充依据.

    `roles` are those of the accounts that act here; the household acts without one.
    """

    id: str
    title: Said
    kind: StageKind
    level: StageLevel
    by: tuple[Body, ...]
    roles: frozenset[Role]
    days: int | None
    open_days: bool
    day_kind: DayKind | None
    quorum: Decimal | None
    open_quorum: bool
    places: tuple[PostingPlace, ...]
    documents: tuple[Paper, ...]
    slots: tuple[Slot, ...]
    criteria: tuple[str, ...]
    returns: tuple[str, ...]
    strike_out: bool
    optional: bool
    clause_ref: str
    clause_text: str
    basis: Basis
    note: Said | None


@dataclass(frozen=True)
class StatusEffect:
    """What the announcement writes: on an axis, from any status of `before` to `after`; `confirms` stay as they are."""

    axis: str
    before: tuple[str, ...]
    after: str
    confirms: tuple[str, ...]
    support_kept: bool
    clause_ref: str
    clause_text: str


@dataclass(frozen=True)
class Procedure:
    """A procedure as a version of a pack (`id@version`) gives it on a day. `effect` None: it ends in a record.

    `crossing`: whether the household with which a village's number is passed is taken; None: nothing lays it down,
    with `open_crossing` the pack awaits it (待补充依据).
    """

    id: str
    title: Said
    unit: ProcedureUnit
    purpose: Purpose
    stages: tuple[ProcedureStage, ...]
    effect: StatusEffect | None
    crossing: bool | None
    open_crossing: bool
    clause_ref: str
    clause_text: str
    basis: Basis
    note: Said | None
    pack: str

    def stage(self, stage_id: str) -> ProcedureStage:
        """The stage with an id. Raises KeyError."""
        return self.stages[self._at(stage_id)]

    def following(self, stage_id: str | None = None) -> tuple[str, ...]:
        """Where a case may go from a stage (None: where it begins): the next, and what is behind optional ones."""
        found: list[str] = []
        for stage in self.stages[0 if stage_id is None else self._at(stage_id) + 1 :]:
            found.append(stage.id)
            if not stage.optional:
                break
        return tuple(found)

    def may_end_at(self, stage_id: str) -> bool:
        """Whether nothing but what may be left out comes after a stage."""
        return all(stage.optional for stage in self.stages[self._at(stage_id) + 1 :])

    @property
    def waits(self) -> tuple[ProcedureStage, ...]:
        """The stages that cannot be run until their days are laid down: 待补充依据."""
        return tuple(stage for stage in self.stages if stage.open_days)

    def _at(self, stage_id: str) -> int:
        for index, stage in enumerate(self.stages):
            if stage.id == stage_id:
                return index
        raise KeyError(stage_id)


def procedures_for(
    division: str, purpose: Purpose, at: dt.date, *, unit: ProcedureUnit | None = None
) -> tuple[Procedure, ...]:
    """What the active packs that rule in a whole division (code of 2 to 12 digits) on a day prescribe for a purpose.

    Of two packs with a procedure of one id, that of the narrower area holds; what it removes does not hold there.
    """
    found: dict[str, Procedure] = {}
    for pack in ruling_in(division, at, active_packs()):
        for removed in pack.removed:
            if removed.kind == "procedure":
                found.pop(removed.id, None)
        found |= {procedure.id: procedure for procedure in procedures_of(pack, at=at)}
    return tuple(each for each in found.values() if each.purpose is purpose and (unit is None or each.unit is unit))


def procedures_of(pack: ResolvedPack, *, at: dt.date) -> tuple[Procedure, ...]:
    """The procedures of a pack, their parameters as of a day."""
    values = {item.id: item.value_at(at) for item in pack.parameters}
    return tuple(_procedure(item, values, pack.reference) for item in pack.procedures)


def procedure_in(reference: str, procedure_id: str, *, at: dt.date) -> Procedure:
    """A procedure of an exact pack version (`id@version`), as a running batch keeps it.

    Raises NotFound: POL-051 where the version is not loaded, POL-106 where it has no such procedure.
    """
    found = procedures_of(get(reference).pack(), at=at)
    for procedure in found:
        if procedure.id == procedure_id:
            return procedure
    near = listed(faults.nearest(procedure_id, [each.id for each in found]))
    raise NotFound(
        "POL-106",
        _("The pack %(reference)s has no procedure %(id)s.") % {"reference": reference, "id": procedure_id},
        remedy=_("Did you mean: %(nearest)s?") % {"nearest": near} if near else "",
    )


def _procedure(item: ResolvedProcedure, values: dict[str, ParameterValue], pack: str) -> Procedure:
    crossing = None if item.crossing is None else values.get(item.crossing)
    return Procedure(
        id=item.id,
        title=Said(item.zh, item.en),
        unit=item.unit,
        purpose=item.purpose,
        stages=tuple(_stage(stage, values) for stage in item.stages),
        effect=None if item.effect is None else _effect(item.unit, item.effect),
        crossing=crossing if isinstance(crossing, bool) else None,
        open_crossing=item.crossing is not None and crossing is None,
        clause_ref=item.clause.ref,
        clause_text=item.clause.text,
        basis=item.basis,
        note=said(item.note),
        pack=pack,
    )


def _stage(stage: Stage, values: dict[str, ParameterValue]) -> ProcedureStage:
    days = values.get(stage.days) if isinstance(stage.days, str) else stage.days
    quorum = None if stage.quorum is None else values.get(stage.quorum)
    return ProcedureStage(
        id=stage.id,
        title=Said(stage.zh, stage.en),
        kind=stage.kind,
        level=stage.level,
        by=tuple(stage.by),
        roles=frozenset(role for body in stage.by if (role := BODY_ROLES[body]) is not None),
        days=days if isinstance(days, int) else None,
        open_days=stage.days is not None and days is None,
        day_kind=stage.day_kind,
        quorum=quorum if isinstance(quorum, Decimal) else None,
        open_quorum=stage.quorum is not None and quorum is None,
        places=tuple(stage.places),
        documents=tuple(stage.documents),
        slots=tuple(Slot(capacity, CAPACITY_LEVELS[capacity]) for capacity in stage.signatures),
        criteria=tuple(stage.criteria),
        returns=tuple(stage.returns),
        strike_out=stage.strike_out,
        optional=stage.optional,
        clause_ref=stage.clause.ref,
        clause_text=stage.clause.text,
        basis=stage.basis,
        note=said(stage.note),
    )


def _effect(unit: ProcedureUnit, effect: Effect) -> StatusEffect:
    return StatusEffect(
        axis=UNIT_AXES[unit],
        before=tuple(effect.before),
        after=effect.after,
        confirms=tuple(effect.confirms),
        support_kept=effect.support_kept,
        clause_ref=effect.clause.ref,
        clause_text=effect.clause.text,
    )
