"""The data keys: re-sealing them under a new master key. No record is touched."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lika.core import audit, crypto
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.models import DataKey
from lika.core.permissions import Permission

MASTER_BYTES = 32


@transaction.atomic
def rotate_master_key(*, by: Actor, old: bytes, new: bytes) -> int:
    """Seal every data key under another master key; returns how many there are.

    All or none: afterwards only `new` opens them. Processes that run go on with the keys they hold; whatever
    starts later needs `new` in its configuration. Raises ACC-001, COR-001 (`old` does not open them), COR-011.
    """
    by.require(Permission.KEYS_ROTATE)
    if len(new) != MASTER_BYTES or new == old:
        raise UserError(
            "COR-011",
            _("The new master key is not a key of 32 bytes that differs from the present one."),
            remedy=_("Make a new one: 32 random bytes, in Base64."),
        )
    rows = list(DataKey.objects.select_for_update().order_by("number"))
    for row in rows:
        row.wrapped = crypto.wrap(row.number, crypto.unwrap(row.number, bytes(row.wrapped), old), new)
    DataKey.objects.bulk_update(rows, ["wrapped"])
    audit.record(by=by, action="keys.rotated", change=audit.Change("data_key", "all", label=f"{len(rows)}"))
    return len(rows)
