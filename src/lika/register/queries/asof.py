"""What the register said of an earlier day.

Memberships, placements and status carry their days in their rows. Values that do not (base records, persons, yearly
rows) are told by the changes in force: those that took effect after the day are taken back, the last first. What an
import or an entry wrote over before changes were kept is in the audit, not here.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from lika.register.choices import ChangeState
from lika.register.models import ChangeField, Membership, Placement
from lika.register.queries.lines import column_of, steps_of

Then = Mapping[tuple[UUID, str], Any]


def held_on(first: str, last: str, day: dt.date | None) -> Q:
    """The condition that a period (half-open) holds a day; None: that it is open now. An empty date is no limit."""
    if day is None:
        return Q(**{last: None})
    began = Q(**{f"{first}__isnull": True}) | Q(**{f"{first}__lte": day})
    return began & (Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gt": day}))


def taken_back(rows: Iterable[models.Model], day: dt.date) -> Then:
    """Put rows in memory back to a day; returns what was put back, by row and field, collected items among it."""
    known = {row.pk: row for row in rows}
    later = ChangeField.objects.filter(
        subject_id__in=list(known), is_new=False, change__state=ChangeState.APPLIED, change__effective_on__gt=day
    ).order_by("-change__closed_at", "-position")
    then: dict[tuple[UUID, str], Any] = {}
    for step in steps_of(later):
        then[step.row, step.field] = step.old
    for (row, field), value in then.items():
        if column_of(type(known[row]), field) is not None:
            setattr(known[row], field, value)
    return then


def composition(memberships: Iterable[Membership], day: dt.date | None) -> list[Membership]:
    """The memberships as they stood on a day (None: now), in memory, each person's stay as one row.

    What never held is left out, and so is whoever joined later; who left later belongs still. A row that ended because
    the relation to the head became another is told with the one that follows.
    """
    stays: dict[UUID, list[Membership]] = {}
    for row in sorted(memberships, key=lambda each: each.joined_on or dt.date.min):
        if row.left_on is not None and row.left_on == row.joined_on:
            continue
        if day is not None and row.joined_on is not None and row.joined_on > day:
            continue
        if day is not None and row.left_on is not None and row.left_on > day:
            row.left_on, row.leave_reason = None, ""
        earlier = stays.setdefault(row.person_id, [])
        if earlier and earlier[-1].left_on == row.joined_on and not earlier[-1].leave_reason:
            row.joined_on, row.join_reason = earlier[-1].joined_on, earlier[-1].join_reason
            earlier.pop()
        earlier.append(row)
    return [row for rows in stays.values() for row in rows]


def places(placements: Sequence[Placement], day: dt.date | None) -> list[Placement]:
    """The placements up to a day, in memory; the one that held on it is the open one."""
    shown = []
    for row in placements:
        never_held = row.ended_on is not None and row.ended_on == row.started_on
        if never_held or (day is not None and row.started_on is not None and row.started_on > day):
            continue
        if day is not None and row.ended_on is not None and row.ended_on > day:
            row.ended_on = None
        shown.append(row)
    return shown
