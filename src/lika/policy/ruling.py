"""Which packs have a say in a place on a day, beside the libraries that ship with Lika and hold unloaded."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from uuid import UUID

from lika.core.areas import range_of
from lika.policy.models import PackVersion
from lika.policy.packs.checking import read_pack
from lika.policy.packs.folder import HEAD
from lika.policy.packs.library import shipped_root
from lika.policy.packs.resolved import ResolvedPack


def widest_first(national: str, division: str, at: dt.date) -> list[ResolvedPack]:
    """The active packs that cover a whole division on a day, the narrowest last.

    The shipped library `national` is among them unless a version of it was loaded, which takes its place.
    """
    packs = active_packs()
    if not PackVersion.objects.filter(pack_id=national).exists():
        packs += shipped(national)
    return ruling_in(division, at, packs)


def ruling_in(division: str, at: dt.date, packs: Iterable[ResolvedPack]) -> list[ResolvedPack]:
    """Of some packs those that cover a whole division on a day, the narrowest last."""
    ruling = [pack for pack in packs if pack.is_valid_at(at) and pack.covers(division)]
    return sorted(ruling, key=lambda pack: (-_size(pack), pack.id))


def active_packs() -> list[ResolvedPack]:
    """Every pack in use, for whoever asks of several places. One query."""
    return [_stored(*row) for row in PackVersion.objects.filter(active=True).values_list("pk", "sha256")]


def ever_loaded(national: str) -> Iterator[ResolvedPack]:
    """Every pack that was ever loaded, the active ones first, then the shipped library."""
    for row in PackVersion.objects.order_by("-active", "-loaded_at").values_list("pk", "sha256"):
        yield _stored(*row)
    yield from shipped(national)


def _size(pack: ResolvedPack) -> int:
    """How many codes lie in the pack's jurisdiction."""
    low, high = range_of(pack.jurisdiction)
    return high - low


@lru_cache(maxsize=4)
def shipped(national: str) -> tuple[ResolvedPack, ...]:
    """A national library as it comes with Lika; none where the installation names a folder of packs without it.

    Raises `PackRefused` (POL-001).
    """
    folder = shipped_root() / national
    return (read_pack(folder),) if (folder / HEAD).is_file() else ()


@lru_cache(maxsize=64)
def _stored(key: UUID, sha256: str) -> ResolvedPack:
    """A loaded version, which never changes."""
    return PackVersion.objects.get(pk=key, sha256=sha256).pack()
