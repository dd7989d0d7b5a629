"""Writing the audit log: one row per change, in the transaction of the change.

Sealing and verifying the chain is in `lika.core.sealing`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone

from lika.core import crypto
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL
from lika.core.ids import uuid7, uuid7_batch
from lika.core.models import AuditEntry

Values = Mapping[str, Any]
_TABLE = AuditEntry._meta.db_table
_COUNTY_SPAN = 10 ** (CODE_LENGTH - DIGITS_OF_LEVEL[3])


@dataclass(frozen=True)
class Change:
    """What happened to one subject. `label` and `action` never hold personal data; `old` and `new` may."""

    subject_kind: str
    subject_id: str | UUID
    county: int = 0
    label: str = ""
    old: Values | None = None
    new: Values | None = None


def chain_of(division: int | str) -> int:
    """The chain that holds what was done about a division: that of its county, 0 for what lies above counties."""
    code = int(division.ljust(CODE_LENGTH, "0")) if isinstance(division, str) else division
    county = code // _COUNTY_SPAN
    return county if county % 100 else 0


_CANONICAL = DjangoJSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical(values: Values) -> str:
    """The one text of some values: sorted keys, no spaces, decimals and dates as text."""
    return _CANONICAL.encode(values)


def content_hash(entry: AuditEntry) -> bytes:
    """SHA-256 over every field of an entry but its hash and `sealed`; lengths keep neighbouring fields apart."""
    parts = (
        entry.id.bytes,
        entry.at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds").encode(),
        str(entry.county).encode(),
        entry.actor.encode(),
        entry.action.encode(),
        entry.subject_kind.encode(),
        entry.subject_id.encode(),
        entry.label.encode(),
        entry.reason.encode(),
        b"" if entry.old is None else bytes(entry.old),
        b"" if entry.new is None else bytes(entry.new),
    )
    return hashlib.sha256(b"".join([len(part).to_bytes(8, "big") + part for part in parts])).digest()


def told(entry: AuditEntry) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Old and new values of an entry, opened. Raises UserError COR-002 where one was altered or is of another entry."""
    old, new = (
        None if blob is None else json.loads(crypto.decrypt(blob, crypto.place(_TABLE, side, entry.id)))
        for side, blob in (("old", entry.old), ("new", entry.new))
    )
    return old, new


def record(*, by: Actor, action: str, change: Change, reason: str = "") -> AuditEntry:
    """Write one audit row. Must run inside the transaction of the change it tells of."""
    return record_many(by=by, action=action, changes=[change], reason=reason)[0]


def record_many(*, by: Actor, action: str, changes: Sequence[Change], reason: str = "") -> list[AuditEntry]:
    """Write the audit rows of a bulk change: one insert, one moment, all or none."""
    entries = entries_of(by=by, action=action, changes=changes, reason=reason)
    keep(entries)
    return entries


def entries_of(*, by: Actor, action: str, changes: Sequence[Change], reason: str = "") -> list[AuditEntry]:
    """The audit rows of a bulk change, for `keep`. Asks the database nothing once the key is there (`crypto.ready`)."""
    now = timezone.now()
    identifiers = [uuid7()] if len(changes) == 1 else uuid7_batch(len(changes))
    sides = [
        (canonical(value), crypto.place(_TABLE, side, identifier))
        for identifier, change in zip(identifiers, changes, strict=True)
        for side, value in (("old", change.old), ("new", change.new))
        if value is not None
    ]
    blobs = iter(crypto.encrypt_many([text for text, _at in sides], [at for _text, at in sides]))
    return [
        _entry(identifier, now, by.name, action, reason, change, blobs)
        for identifier, change in zip(identifiers, changes, strict=True)
    ]


def keep(entries: Sequence[AuditEntry]) -> None:
    """Write audit rows, by COPY: there is one for each of hundred thousands of households of a bulk load."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit row belongs in the transaction of its change")
    fields = [field for field in AuditEntry._meta.concrete_fields if field.name != "sealed"]
    names = ", ".join(str(field.column) for field in fields)
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY {_TABLE} ({names}) FROM STDIN") as copy:
        for entry in entries:
            copy.write_row([getattr(entry, field.attname) for field in fields])


def _entry(
    identifier: UUID, at: datetime, actor: str, action: str, reason: str, change: Change, blobs: Any
) -> AuditEntry:
    entry = AuditEntry(
        id=identifier,
        at=at,
        county=change.county,
        actor=actor,
        action=action,
        subject_kind=change.subject_kind,
        subject_id=str(change.subject_id),
        label=change.label,
        reason=reason,
        old=None if change.old is None else next(blobs),
        new=None if change.new is None else next(blobs),
    )
    entry.content_hash = content_hash(entry)
    return entry
