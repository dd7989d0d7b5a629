"""The data keys: re-sealing them under a new master key. No record is touched."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lika.core import audit, crypto
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.master import MASTER_BYTES, being_changed, file
from lika.core.models import DataKey
from lika.core.permissions import Permission


@transaction.atomic
def rotate_master_key(*, by: Actor, old: bytes, new: bytes) -> int:
    """Seal every data key under another master key; returns how many were not yet.

    All or none: afterwards only `new` opens them. Processes that run go on with the keys they hold; whatever
    starts later needs `new` in its configuration. A second time it changes nothing.
    Raises ACC-001, COR-001 (neither key opens them), COR-011.
    """
    by.require(Permission.KEYS_ROTATE)
    if len(new) != MASTER_BYTES or new == old:
        raise UserError(
            "COR-011",
            _("The new master key is not a key of 32 bytes that differs from the present one."),
            remedy=_("Make a new one: 32 random bytes, in Base64."),
        )
    rows = [row for row in DataKey.objects.select_for_update().order_by("number") if not _opens(row, new)]
    for row in rows:
        row.wrapped = crypto.wrap(row.number, crypto.unwrap(row.number, bytes(row.wrapped), [old]), new)
    DataKey.objects.bulk_update(rows, ["wrapped"])
    if rows:
        audit.record(by=by, action="keys.rotated", change=audit.Change("data_key", "all", label=f"{len(rows)}"))
    return len(rows)


def rotate(*, by: Actor) -> int:
    """Make a new master key, seal the data keys under it and put it in the place of the old one, while the site runs.

    Broken off at any moment, it goes on when it is called again, and meanwhile everything opens. Returns how many data
    keys were sealed. Raises ACC-001, COR-001, COR-013 (the configuration gives the key itself, not a file).
    """
    by.require(Permission.KEYS_ROTATE)
    path = file()
    if path is None:
        raise UserError(
            "COR-013",
            _("The master key is given by LIKA_MASTER_KEY, not by a file: it cannot be put in its place."),
            remedy=_("Name a file with the new key (--new-key-file) and change the configuration afterwards."),
        )
    with being_changed(path) as new:
        return rotate_master_key(by=by, old=settings.LIKA_MASTER_KEY, new=new)


def _opens(row: DataKey, secret: bytes) -> bool:
    try:
        crypto.unwrap(row.number, bytes(row.wrapped), [secret])
    except UserError:
        return False
    return True
