"""Status on the three axes: entered after a decision, never edited (DESIGN §5, DOMAIN §5.0)."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.engine.snapshots.layout import county_of
from lika.register.actions.common import change_of, locked_household, refuse_future, require_whole
from lika.register.choices import MOVES, Axis, UnitKind
from lika.register.models import AreaStatus, StatusEvent

_COLUMN = {Axis.POVERTY: "poverty_status", Axis.MONITORING: "monitoring_status"}
_KINDS = {Level.VILLAGE: UnitKind.VILLAGE, Level.COUNTY: UnitKind.COUNTY}


@dataclass(frozen=True)
class Decision:
    """What a status rests on: a decision of an app above, or a document; and the pack version that judged."""

    kind: str = ""
    id: UUID | None = None
    label: str = ""
    pack_version: str = ""


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
    """A household's poverty or monitoring status from a day on.

    Whether the criteria are met is casework's business, not this action's. Raises ACC-001, ACC-002, REG-001,
    REG-029 (a day in the future), REG-040 (no such move), REG-041 (before the last change), REG-042 (the axis is not a
    household's).
    """
    record = locked_household(by, Permission.REGISTER_STATUS, household)
    if axis not in _COLUMN:
        raise _wrong_axis(axis)
    column = _COLUMN[axis]
    before = getattr(record, column)
    earlier = StatusEvent.objects.filter(household_id=record.id, axis=axis)
    _refuse_move(axis, before, to, effective_on, earlier)
    event = _event(UnitKind.HOUSEHOLD, axis, before, to, effective_on, decision, household_id=record.id)
    setattr(record, column, to)
    record.save(update_fields=[column])
    change = change_of(record, old={axis.value: before}, new={axis.value: to, "effective_on": effective_on})
    audit.record(by=by, action=f"status.{axis.value}", change=change, reason=reason)
    return event


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
    now = AreaStatus.objects.select_for_update().get(division=area.number)
    before = now.poor_area
    earlier = StatusEvent.objects.filter(division=area.number, axis=Axis.POOR_AREA)
    _refuse_move(Axis.POOR_AREA, before, to, effective_on, earlier)
    kind = _KINDS[Level(area.level)]
    event = _event(kind, Axis.POOR_AREA, before, to, effective_on, decision, division=area.number)
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


def _wrong_axis(axis: str) -> UserError:
    return UserError(
        "REG-042", _("Households have no status on this axis."), remedy=_("Choose poverty or monitoring."), axis=axis
    )


def _refuse_move(axis: Axis, before: str, to: str, effective_on: dt.date, earlier: QuerySet[StatusEvent]) -> None:
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
    last = earlier.aggregate(day=Max("effective_on"))["day"]
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
    return StatusEvent.objects.create(
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
