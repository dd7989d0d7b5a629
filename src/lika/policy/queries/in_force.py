"""One parameter by its name, as it holds in a place on a day, whichever pack says it."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from lika.core.areas import range_of
from lika.engine.schema import ParameterValue
from lika.policy.models import PackVersion
from lika.policy.packs.resolved import ResolvedPack


@dataclass(frozen=True)
class InForce:
    """A value, the pack (`id@version`) that says it, and its clause."""

    value: ParameterValue
    pack: str
    clause_ref: str


def parameter_in_force(name: str, *, division: str, at: dt.date) -> InForce | None:
    """The value that an active pack gives in a whole division on a day; None where none does (待补充依据)."""
    return parameters_in_force((name,), division=division, at=at).get(name)


def parameters_in_force(
    names: Collection[str], *, division: str, at: dt.date, packs: Sequence[ResolvedPack] | None = None
) -> dict[str, InForce]:
    """The same of several, by name, without those that no pack gives. One query, or none where `packs` are given.

    Of two packs that of the narrower area holds.
    """
    there = [pack for pack in (active_packs() if packs is None else packs) if pack.covers(division)]
    holding = [pack for pack in there if pack.is_valid_at(at)]
    found: dict[str, InForce] = {}
    for pack in sorted(holding, key=lambda pack: (-_size(pack), pack.reference)):  # the widest first: overwritten
        for item in pack.parameters:
            if item.id in names and (value := item.value_at(at)) is not None:
                found[item.id] = InForce(value, pack.reference, item.clause.ref)
    return found


def active_packs() -> list[ResolvedPack]:
    """Every pack in use, for who asks of several places. One query."""
    return [_stored(*row) for row in PackVersion.objects.filter(active=True).values_list("pk", "sha256")]


def _size(pack: ResolvedPack) -> int:
    low, high = range_of(pack.jurisdiction)
    return high - low


@lru_cache(maxsize=64)
def _stored(key: UUID, sha256: str) -> ResolvedPack:
    """A loaded version, which never changes."""
    return PackVersion.objects.get(pk=key, sha256=sha256).pack()
