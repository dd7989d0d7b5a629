"""The pack of a stored screening, compiled as it was when it ran."""

import datetime as dt
from functools import lru_cache

from lika.engine.criteria import CheckedSet
from lika.policy import resolve
from lika.policy.resolve import CompiledPack
from lika.snapshots.models import Screening
from lika.snapshots.queries.screenings import same_pack


def criteria_checked(found: Screening) -> CheckedSet:
    """The criteria as a screening worked them. Raises POL-051 and SCR-006 where its pack is not there any more."""
    return compiled_of(found).checked


def compiled_of(found: Screening) -> CompiledPack:
    """The compiled pack that a screening was run with; versions never change. Raises POL-051 and SCR-006."""
    return _compiled(found.pack, found.pack_sha256, found.snapshot.at)


@lru_cache(maxsize=8)
def _compiled(reference: str, sha256: str, at: dt.date) -> CompiledPack:
    return resolve.compiled(same_pack(reference, sha256), at=at)
