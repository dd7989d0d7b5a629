"""What procedures/*.yaml says, held against the levels, the papers and the status machine: no notice can be skipped."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from lika.policy.choices import (
    BODY_LEVELS,
    CAPACITY_LEVELS,
    CLOSING_KINDS,
    DECIDING_KINDS,
    END_KINDS,
    OPTIONAL_KINDS,
    POSTED_KINDS,
    PURPOSE_STATUS,
    STAGE_LEVELS,
    STATUS_MOVES,
    UNIT_AXES,
    UNIT_LEVELS,
    Basis,
    ProcedureUnit,
    StageKind,
    ValueType,
)
from lika.policy.packs import faults
from lika.policy.packs.faults import Fault, Place
from lika.policy.packs.folder import Item, PackFiles
from lika.policy.packs.procedure_form import ProcedureFields, ProcedureItem, Stage
from lika.policy.packs.resolved import ResolvedPack

# What the parameter that a field names must be.
_PARAMETER_TYPES = {"days": ValueType.INTEGER, "quorum": ValueType.DECIMAL, "crossing": ValueType.BOOLEAN}

_ENDS = [[kind] for kind in END_KINDS]


def faults_of(files: PackFiles, pack: ResolvedPack) -> Iterator[Fault]:
    """Everything that is wrong with the procedures of a pack, and with inherited ones that lost what they name."""
    for item in files.procedures:
        yield from _purpose_faults(item)
        yield from _order_faults(item)
        yield from _ending_faults(item)
        for index, stage in enumerate(item.value.stages):
            yield from _stage_faults(item, index, stage)
            yield from _posting_faults(item, index, stage)
        yield from _name_faults(item, files, pack)
    yield from _value_faults(files, pack)
    yield from _inherited_faults(files, pack)


def _purpose_faults(item: Item[ProcedureItem]) -> Iterator[Fault]:
    """A purpose has its units, and its effect is a legal move to the one status that it is for."""
    own, known = item.value, PURPOSE_STATUS[item.value.purpose]
    if own.unit not in known:
        yield faults.purpose_of_other_unit(item.place("unit"), own.unit, known)
        return
    wanted, moves = known[own.unit], STATUS_MOVES[UNIT_AXES[own.unit]]
    if wanted is None:
        if own.effect is not None:
            yield faults.effect_illegal(item.place("effect"), own.id, "–")
        return
    before = [status for status, after in moves.items() if wanted in after]
    shown = f"from: [{', '.join(before)}], to: '{wanted}'"
    effect = own.effect
    if effect is None:
        yield faults.effect_illegal(item.place(), own.id, shown)
    elif effect.after != wanted or not set(effect.before) <= set(before):
        yield faults.effect_illegal(item.place("effect"), own.id, shown)
    elif not set(effect.confirms) <= set(moves) - set(effect.before):
        yield faults.effect_illegal(item.place("effect", "confirms"), own.id, shown)


def _order_faults(item: Item[ProcedureItem]) -> Iterator[Fault]:
    """Ids once; returns to earlier stages; levels from the unit's own upward, none passed over, up to what is posted.

    The announcement and what follows it stand outside the order: the county announces what the prefecture confirmed.
    """
    seen: list[str] = []
    height = STAGE_LEVELS.index(UNIT_LEVELS[item.value.unit])
    decided = False
    for index, stage in enumerate(item.value.stages):
        if stage.id in seen:
            yield faults.stage_twice(item.place("stages", index, "id"), stage.id)
        for at, back in enumerate(stage.returns):
            if back not in seen:
                yield faults.return_not_earlier(item.place("stages", index, "returns", at), back, seen)
        seen.append(stage.id)
        decided = decided or stage.kind is StageKind.ANNOUNCEMENT
        if decided:
            continue
        allowed = STAGE_LEVELS[height : height + 2] if index else STAGE_LEVELS[height : height + 1]
        if stage.level not in allowed:
            yield faults.level_skipped(item.place("stages", index, "level"), stage.id, allowed)
        height = max(height, STAGE_LEVELS.index(stage.level))


def _ending_faults(item: Item[ProcedureItem]) -> Iterator[Fault]:
    """Every path ends; where a status changes it passes a notice, a decision and one announcement, in this order."""
    own = item.value
    kinds = [stage.kind for stage in own.stages]
    # Where the last stages are left out, the one before them must be an end as well.
    if [kind for kind, stage in zip(kinds, own.stages, strict=True) if not stage.optional][-1:] not in _ENDS:
        yield faults.procedure_without_end(item.place("stages", len(kinds) - 1, "kind"), own.id, sorted(END_KINDS))
    announced = kinds.index(StageKind.ANNOUNCEMENT) if StageKind.ANNOUNCEMENT in kinds else None
    if own.effect is not None:
        before = [] if announced is None else kinds[:announced]
        if StageKind.PUBLIC_NOTICE not in before or not DECIDING_KINDS & set(before):
            wanted = [StageKind.PUBLIC_NOTICE.value, " / ".join(sorted(DECIDING_KINDS))]
            yield faults.stage_lacking(item.place("stages"), own.id, wanted)
    if announced is None:
        return
    for index, stage in enumerate(own.stages[announced:], start=announced):
        if index > announced and stage.kind not in CLOSING_KINDS:
            place = item.place("stages", index, "kind")
            yield faults.stage_after_announcement(place, stage.id, sorted(CLOSING_KINDS))
        if stage.returns:
            place = item.place("stages", index, "returns")
            yield faults.return_not_earlier(place, stage.returns[0], ())
        if stage.strike_out:
            yield faults.strike_out_too_late(item.place("stages", index, "strike_out"), stage.id)


def _stage_faults(item: Item[ProcedureItem], index: int, stage: Stage) -> Iterator[Fault]:
    """Who acts and signs stands at the stage's level; what is mandatory cannot be left out; what is read is noted."""
    for at, body in enumerate(stage.by):
        if stage.level not in BODY_LEVELS[body]:
            known = [each.value for each, levels in BODY_LEVELS.items() if stage.level in levels]
            yield faults.body_elsewhere(item.place("stages", index, "by", at), body, stage.level, known)
    own_slots = [each.value for each, level in CAPACITY_LEVELS.items() if level is stage.level]
    twice = len(set(stage.signatures)) != len(stage.signatures)
    missing = stage.kind is StageKind.SIGNATURES and not stage.signatures
    if twice or missing or not set(stage.signatures) <= set(own_slots):
        yield faults.slots_wrong(item.place("stages", index, "signatures"), stage.id, own_slots)
    if stage.optional and stage.kind not in OPTIONAL_KINDS:
        yield faults.stage_not_optional(item.place("stages", index, "optional"), stage.id, sorted(OPTIONAL_KINDS))
    if stage.basis is not Basis.GIVEN and stage.note is None:
        yield faults.note_missing(item.place("stages", index), stage.id)


def _posting_faults(item: Item[ProcedureItem], index: int, stage: Stage) -> Iterator[Fault]:
    """A notice has places and days of a kind; an announcement places; nothing else hangs anywhere."""
    posted = stage.kind in POSTED_KINDS
    timed = stage.days is not None
    wrong = (
        bool(stage.places) != posted
        or timed != (stage.day_kind is not None)
        or (timed and not posted)
        or (stage.kind is StageKind.PUBLIC_NOTICE and not timed)
    )
    if wrong:
        yield faults.posting_incomplete(item.place("stages", index), stage.id)
    if stage.quorum is not None and stage.kind is not StageKind.MEETING:
        yield faults.parameter_unfit(item.place("stages", index, "quorum"), stage.quorum, "kind: meeting", ())


def _name_faults(item: Item[ProcedureItem], files: PackFiles, pack: ResolvedPack) -> Iterator[Fault]:
    """Criteria and parameters that stages name."""
    types = _types(pack)
    criteria = _criteria(pack, item.value)
    for index, stage in enumerate(item.value.stages):
        for at, name in enumerate(stage.criteria):
            if name not in criteria and name not in files.broken:
                place = item.place("stages", index, "criteria", at)
                yield faults.criterion_of_guard_unknown(place, name, item.value.unit, criteria)
        for field, named in (("days", stage.days), ("quorum", stage.quorum)):
            yield from _parameter_faults(item.place("stages", index, field), field, named, files, types)
    yield from _parameter_faults(item.place("crossing"), "crossing", item.value.crossing, files, types)
    if item.value.crossing is not None and item.value.unit is not ProcedureUnit.HOUSEHOLD:
        yield faults.parameter_unfit(item.place("crossing"), item.value.crossing, "unit: household", ())


def _parameter_faults(
    place: Place, field: str, named: int | str | None, files: PackFiles, types: Mapping[str, ValueType]
) -> Iterator[Fault]:
    """A field that names a parameter names one of its type."""
    wanted = _PARAMETER_TYPES[field]
    if isinstance(named, str) and types.get(named) is not wanted and named not in files.broken:
        known = [name for name, kind in types.items() if kind is wanted]
        yield faults.parameter_unfit(place, named, wanted.value, known)


def _value_faults(files: PackFiles, pack: ResolvedPack) -> Iterator[Fault]:
    """Values of parameters that own or inherited procedures name: at least a day, a share of one at most."""
    asked = {name: field for each in pack.procedures for name, field in each.parameters().items()}
    for item in files.parameters:
        field = asked.get(item.value.id)
        if field == "crossing":
            continue  # yes or no: its type says it all
        for index, dated in enumerate(item.value.values if field else ()):
            value = dated.value
            fits = isinstance(value, int | Decimal) and (value >= 1 if field == "days" else 0 < value <= 1)
            if not fits:
                yield faults.stage_value_unfit(item.place("values", index, "value"), item.value.id)


def _inherited_faults(files: PackFiles, pack: ResolvedPack) -> Iterator[Fault]:
    """An overlay may remove a criterion or parameter; what an inherited procedure names must stay."""
    if files.head is None:
        return
    types = _types(pack)
    for procedure in pack.procedures:
        if procedure.origin == pack.reference:
            continue
        named = {name for stage in procedure.stages for name in stage.criteria}
        lost = named - _criteria(pack, procedure).keys()
        asked = {name: _PARAMETER_TYPES[field] for name, field in procedure.parameters().items()}
        lost |= {name for name, wanted in asked.items() if types.get(name) is not wanted}
        for name in sorted(lost - files.broken):
            yield faults.inherited_procedure_fails(files.head.place("extends"), procedure.id, name)


def _types(pack: ResolvedPack) -> Mapping[str, ValueType]:
    return {parameter.id: parameter.type for parameter in pack.parameters}


def _criteria(pack: ResolvedPack, procedure: ProcedureFields) -> dict[str, None]:
    """The ids of the criteria about a procedure's unit, in the pack's order."""
    return {item.id: None for item in pack.criteria if item.unit == procedure.unit}
