"""Where packs lie: the shipped ones, and those beside a pack that is being written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lika.core.errors import NotFound
from lika.core.language import listed
from lika.policy.packs import faults
from lika.policy.packs.folder import HEAD, PackFiles, read_folder
from lika.policy.packs.form import PACK_ID


def shipped_root() -> Path:
    """The folder of the packs that come with Lika, or the one that the installation names (LIKA_PACKS_DIR)."""
    packs_dir: Path = settings.LIKA.packs_dir
    return packs_dir


def root_of(folder: Path, pack_id: str) -> Path | None:
    """The folder that a pack's id is counted from; None where folder and id disagree."""
    parts = pack_id.split("/")
    return folder.parents[len(parts) - 1] if list(folder.parts[-len(parts) :]) == parts else None


@dataclass(frozen=True)
class Library:
    """Folders that hold packs, the nearest first. Each pack is read once."""

    roots: tuple[Path, ...]

    @cached_property
    def _read(self) -> dict[Path, PackFiles]:
        return {}

    @classmethod
    def shipped(cls) -> "Library":
        """The packs that come with Lika."""
        return cls((shipped_root(),))

    @classmethod
    def around(cls, folder: Path, pack_id: str) -> "Library":
        """The packs beside one, then the shipped ones."""
        beside = root_of(folder, pack_id)
        return cls(tuple(dict.fromkeys(root for root in (beside, shipped_root()) if root is not None)))

    def ids(self) -> list[str]:
        """The ids of all packs, by their folders."""
        return sorted({path.parent.relative_to(root).as_posix() for root in self.roots for path in _heads(root)})

    def folder(self, pack_id: str) -> Path:
        """The folder of a pack. Raises NotFound (POL-050) with the nearest ids."""
        if re.fullmatch(PACK_ID, pack_id):
            for root in self.roots:
                if (root / pack_id / HEAD).is_file():
                    return root / pack_id
        near = listed(faults.nearest(pack_id, self.ids()))
        hint = _("Did you mean: %(nearest)s?") % {"nearest": near} if near else _("lika policy list shows all packs.")
        raise NotFound("POL-050", _("There is no pack %(id)s.") % {"id": pack_id}, remedy=hint)

    def files(self, folder: Path) -> PackFiles:
        """The items of a pack's folder."""
        if folder not in self._read:
            self._read[folder] = read_folder(folder)
        return self._read[folder]


def _heads(root: Path) -> Iterator[Path]:
    return root.rglob(HEAD) if root.is_dir() else iter(())
