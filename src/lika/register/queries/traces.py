"""What the audit tells of one household: who wrote or looked at what, when. Values stay in the audit."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from lika.core import audit
from lika.core.actors import Actor
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.register.queries.scope import household_visible_to, seen_in_full


@dataclass(frozen=True)
class Trace:
    """One entry of the audit about a household, its yearly rows or its members.

    `field` names what was looked at, and `reason` says what for; both are empty for a reader without
    `register.personal` where the household stands.
    """

    at: dt.datetime
    actor: str
    action: str
    reason: str
    field: str

    @property
    def is_look(self) -> bool:
        """Whether a masked value was shown in full."""
        return self.action.endswith(".revealed")


def household_traces(*, by: Actor, household: UUID) -> tuple[Trace, ...]:
    """The latest entries, at most 100, newest first. Raises ACC-001, ACC-002, REG-001; COR-002 for an altered entry."""
    record = household_visible_to(by, household)
    by.require(Permission.AUDIT_VIEW, village=record.village)
    in_full = seen_in_full(by).holds(village=record.village, household=record.id)
    with connection.cursor() as cursor:
        # Behind the second wall nothing of the audit is read but by this door (`lika.config.wall`).
        cursor.execute("SELECT id, at, actor, action, reason, new FROM lika_household_traces(%s)", [record.id])
        rows = cursor.fetchall()
    traces = (
        Trace(at, actor, action, reason if in_full else "", _field(identifier, new) if in_full else "")
        for identifier, at, actor, action, reason, new in rows
    )
    return tuple(dict.fromkeys(traces))  # a move across counties stands in two chains


def _field(identifier: UUID, new: bytes | None) -> str:
    """What was looked at, as the entry keeps it."""
    told = audit.told(AuditEntry(id=identifier, new=new))[1]
    return str(told["field"]) if told else ""
