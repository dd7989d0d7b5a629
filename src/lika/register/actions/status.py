"""Status on the three axes: entered after a decision, never edited (DESIGN §5, DOMAIN §5.0)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.engine.snapshots.layout import county_of
from lika.register.actions.common import change_of, refuse_future, require_whole
from lika.register.choices import MOVES, Axis, UnitKind
from lika.register.models import AreaStatus, Household, StatusEvent
from lika.register.queries.scope import no_such_household, scope_of

_COLUMN = {Axis.POVERTY: "poverty_status", Axis.MONITORING: "monitoring_status"}
_KINDS = {Level.VILLAGE: UnitKind.VILLAGE, Level.COUNTY: UnitKind.COUNTY}


@dataclass(frozen=True)
class Decision:
    """What a status rests on: a decision of an app above, or a document; and the pack version that judged."""

    kind: str = ""
    id: UUID | None = None
    label: str = ""
    pack_version: str = ""


@dataclass(frozen=True)
class StatusMove:
    """One household's new status on an axis, and what that rests on."""

    household: UUID
    to: str
    decision: Decision = Decision()


@transaction.atomic
def record_household_status(
    *,
    by: Actor,
    household: UUID,
    axis: Axis,
    to: str,
    effective_on: dt.date,
    decision: Decision = Decision(),
    reason: str = "",
) -> StatusEvent:
    """A household's poverty or monitoring status from a day on. Raises as `record_household_statuses`."""
    move = StatusMove(household, to, decision)
    return record_household_statuses(by=by, axis=axis, moves=[move], effective_on=effective_on, reason=reason)[0]


@transaction.atomic
def record_household_statuses(
    *, by: Actor, axis: Axis, moves: Sequence[StatusMove], effective_on: dt.date, reason: str = ""
) -> list[StatusEvent]:
    """The poverty or monitoring status of households from a day on: all of them or none. One move a household.

    Whether the criteria are met is casework's business, not this action's. Raises ACC-001, ACC-002, REG-001,
    REG-029 (a day in the future), REG-040 (no such move), REG-041 (before the last change), REG-042 (the axis is not a
    household's), REG-043 (it came to the status on that day already).
    """
    held = _held(by, axis, [each.household for each in moves])
    column = _COLUMN[axis]
    earlier = StatusEvent.objects.filter(household_id__in=list(held), axis=axis)
    that_day = set(earlier.filter(effective_on=effective_on).values_list("household_id", "to_status"))
    last = dict(earlier.values_list("household_id").annotate(Max("effective_on")).order_by())
    events, changes, by_status = [], [], defaultdict(list)
    for move in moves:
        record = held[move.household]
        before = getattr(record, column)
        _refuse_move(axis, before, move.to, effective_on, last.get(record.id))
        if (record.id, move.to) in that_day:
            raise _twice_a_day(effective_on)
        events.append(
            _event(UnitKind.HOUSEHOLD, axis, before, move.to, effective_on, move.decision, household_id=record.id)
        )
        new = {axis.value: move.to, "effective_on": effective_on}
        changes.append(change_of(record, old={axis.value: before}, new=new))
        by_status[move.to].append(record.id)
    StatusEvent.objects.bulk_create(events, batch_size=1000)
    for to, households in by_status.items():
        Household.objects.filter(id__in=households).update(**{column: to})
    audit.record_many(by=by, action=f"status.{axis.value}", changes=changes, reason=reason)
    return events


def hold_household_statuses(*, by: Actor, axis: Axis, households: Collection[UUID]) -> dict[UUID, str]:
    """Where households stand on an axis, held so until the end of the caller's transaction.

    Raises ACC-001, ACC-002, REG-001, REG-042.
    """
    column = _COLUMN.get(axis, "")
    return {key: str(getattr(record, column)) for key, record in _held(by, axis, households).items()}


@transaction.atomic
def record_area_status(
    *,
    by: Actor,
    division: str,
    to: str,
    effective_on: dt.date,
    decision: Decision = Decision(),
    reason: str = "",
) -> StatusEvent:
    """A village's or county's poor-area status from a day on.

    Raises ACC-001, ACC-002, REG-016, REG-029, REG-040, REG-041.
    """
    area, now = _held_area(by, division)
    before = now.poor_area
    earlier = StatusEvent.objects.filter(division=area.number, axis=Axis.POOR_AREA)
    _refuse_move(Axis.POOR_AREA, before, to, effective_on, earlier.aggregate(day=Max("effective_on"))["day"])
    kind = _KINDS[Level(area.level)]
    event = _event(kind, Axis.POOR_AREA, before, to, effective_on, decision, division=area.number)
    event.save(force_insert=True)
    now.poor_area = to
    now.save(update_fields=["poor_area"])
    change = audit.Change(
        kind.value,
        area.code,
        county_of(area.number),
        area.name,
        {"poor_area": before},
        {"poor_area": to, "effective_on": effective_on},
    )
    audit.record(by=by, action="status.poor_area", change=change, reason=reason)
    return event


def hold_area_status(*, by: Actor, division: str) -> str:
    """Where a village or county stands on the poor-area axis, held so until the end of the caller's transaction.

    Raises ACC-001, ACC-002, REG-016.
    """
    return str(_held_area(by, division)[1].poor_area)


def _held(by: Actor, axis: Axis, households: Collection[UUID]) -> dict[UUID, Household]:
    """The households, locked in the order of their ids, so that two who lock many never wait for each other."""
    by.require(Permission.REGISTER_STATUS)
    seen = Household.objects.select_for_update().filter(scope_of(by).where(), id__in=households).order_by("id")
    found = {each.id: each for each in seen}
    if set(households) != set(found):
        raise no_such_household()
    for village in {each.village for each in found.values()}:
        by.require(Permission.REGISTER_STATUS, village=village)
    if axis not in _COLUMN:
        raise _wrong_axis(axis)
    return found


def _held_area(by: Actor, division: str) -> tuple[Division, AreaStatus]:
    by.require(Permission.REGISTER_STATUS)
    area = Division.objects.filter(pk=division, level__in=_KINDS).first()
    if area is None:
        raise UserError(
            "REG-016",
            _("There is no village or county with this code."),
            remedy=_("Choose a village or a county."),
            division=division,
        )
    require_whole(by, Permission.REGISTER_STATUS, area.code)
    AreaStatus.objects.get_or_create(division=area.number)
    return area, AreaStatus.objects.select_for_update().get(division=area.number)


def _twice_a_day(day: dt.date) -> UserError:
    return UserError(
        "REG-043",
        _("The household came to this status on that day already and left it again."),
        remedy=_("Enter the change from the next day on."),
        day=day,
    )


def _wrong_axis(axis: str) -> UserError:
    return UserError(
        "REG-042", _("Households have no status on this axis."), remedy=_("Choose poverty or monitoring."), axis=axis
    )


def _refuse_move(axis: Axis, before: str, to: str, effective_on: dt.date, last: dt.date | None) -> None:
    refuse_future(effective_on, "生效日期")
    allowed = MOVES[axis].get(before, frozenset())
    if to not in allowed:
        raise UserError(
            "REG-040",
            _("This change of status is not allowed."),
            remedy=_("Follow the order of the procedure, step by step."),
            axis=axis.value,
            status_now=before,
            allowed=", ".join(sorted(map(str, allowed))),
        )
    if last is not None and effective_on < last:
        raise UserError(
            "REG-041",
            _("The change lies before the last change of this status."),
            remedy=_("Check the date."),
            last_change=last,
        )


def _event(
    kind: UnitKind, axis: Axis, before: str, to: str, effective_on: dt.date, decision: Decision, **unit: object
) -> StatusEvent:
    return StatusEvent(
        unit_kind=kind,
        axis=axis,
        from_status=before,
        to_status=to,
        effective_on=effective_on,
        decision_kind=decision.kind,
        decision_id=decision.id,
        decision_label=decision.label,
        pack_version=decision.pack_version,
        **unit,
    )
