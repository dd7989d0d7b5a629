"""Where and when a pack rules: an area that exists, days in order, both within those of the pack it extends."""

import datetime as dt
from collections.abc import Iterator

from lika.divisions import sources
from lika.policy.packs import faults
from lika.policy.packs.faults import Fault
from lika.policy.packs.folder import Item
from lika.policy.packs.form import Head, Validity
from lika.policy.packs.resolved import ResolvedPack


def faults_of(head: Item[Head], base: ResolvedPack | None) -> Iterator[Fault]:
    """What is wrong with jurisdiction and validity. Asks the official codes that come with Lika, no database."""
    area, valid = head.value.jurisdiction, head.value.valid
    if not sources.is_official(area):
        yield faults.no_such_area(head.place("jurisdiction"), area)
    elif base is not None and not base.covers(area):
        yield faults.area_outside_base(head.place("jurisdiction"), base.reference, base.jurisdiction)
    if valid.last is not None and valid.last < valid.first:
        yield faults.validity_reversed(head.place("valid", "to"))
    elif base is not None and not _within(valid, base.valid):
        days = f"{base.valid.first} – {base.valid.last or '…'}"
        yield faults.validity_outside_base(head.place("valid"), base.reference, days)


def _within(inner: Validity, outer: Validity) -> bool:
    last, end = inner.last or dt.date.max, outer.last or dt.date.max
    return outer.first <= inner.first and last <= end
