"""The only door to snapshot and verdict files: a file is handed out only if its bytes are those that were written.

Parquet has no checksum of its pages: a changed byte may read as another value. So every file is hashed before it is
read; the hash is remembered until the file's size or times change.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.core.errors import UserError
from lika.engine.snapshots.folder import Damage
from lika.engine.snapshots.layout import MANIFEST
from lika.engine.snapshots.manifest import Manifest, ManifestError, sha256_of_file
from lika.engine.snapshots.manifest import read as read_manifest
from lika.snapshots import storage
from lika.snapshots.models import Screening, Snapshot, VerdictFile

# What each damage of a snapshot is called: code and message.
DAMAGES: dict[Damage, tuple[str, Promise]] = {
    Damage.FILE_ALTERED: ("SNP-001", gettext_lazy("The file was altered after the snapshot was taken.")),
    Damage.FILE_MISSING: ("SNP-002", gettext_lazy("The file is missing from the snapshot.")),
    Damage.FILE_EXTRA: ("SNP-003", gettext_lazy("The file does not belong to the snapshot.")),
    Damage.MANIFEST_ALTERED: ("SNP-004", gettext_lazy("The manifest was altered after the snapshot was taken.")),
    Damage.MANIFEST_UNREADABLE: ("SNP-005", gettext_lazy("The manifest cannot be read.")),
    Damage.FOLDER_MISSING: ("SNP-006", gettext_lazy("The folder of the snapshot is missing.")),
}


def snapshot_files(found: Snapshot, unit: str, counties: Iterable[int]) -> list[Path]:
    """The files of a unit in some counties (six digits); a county whose units the snapshot lacks has none.

    Raises SNP-001, SNP-002, SNP-004 … SNP-006, naming the file, where one is not as it was taken.
    """
    folder, wanted = storage.folder_of(found), frozenset(counties)
    chosen = [entry for entry in manifest_of(found).files if entry.unit == unit and entry.county in wanted]
    for entry in chosen:
        actual = sha256_now(folder / entry.path)
        if actual != entry.sha256:
            raise _damaged(found, Damage.FILE_MISSING if actual is None else Damage.FILE_ALTERED, entry.path)
    return [folder / entry.path for entry in chosen]


def verdict_files(found: Screening, files: Iterable[VerdictFile]) -> list[Path]:
    """Where some verdict files of a screening lie. Raises SCR-030 (missing) and SCR-031 (altered), naming the file."""
    chosen = list(files)
    for file in chosen:
        fault = verdict_fault(found, file)
        if fault is not None:
            raise fault
    return [storage.verdicts_of(found) / file.path for file in chosen]


def verdict_fault(found: Screening, file: VerdictFile) -> UserError | None:
    """What is wrong with the bytes of a verdict file: SCR-030 or SCR-031."""
    actual = sha256_now(storage.verdicts_of(found) / file.path)
    if actual is None:
        missing = _("The verdict file is missing from the screening.")
        return UserError("SCR-030", missing, remedy=_remedy(), file=file.path)
    return None if actual == file.sha256 else altered(file)


def altered(file: VerdictFile) -> UserError:
    """SCR-031: a verdict file is not what the screening wrote."""
    message = _("The verdict file was altered after the screening.")
    return UserError("SCR-031", message, remedy=_remedy(), file=file.path)


def _remedy() -> str:
    return _("Restore its folder from a backup, or screen the snapshot again.")


def sha256_now(path: Path) -> str | None:
    """The SHA-256 of a file's bytes; None where there is no such file."""
    try:
        seen = path.stat()
        return _sha256(path, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
    except (FileNotFoundError, NotADirectoryError):
        return None


@lru_cache(maxsize=8192)
def _sha256(path: Path, *_seen: int) -> str:
    return sha256_of_file(path)


def manifest_of(found: Snapshot) -> Manifest:
    """What a snapshot says of itself. Raises SNP-001, SNP-002, SNP-004 … SNP-006 where it is not as it was taken."""
    folder = storage.folder_of(found)
    actual = sha256_now(folder / MANIFEST)
    if actual is None:
        missing = Damage.FILE_MISSING if folder.is_dir() else Damage.FOLDER_MISSING
        raise _damaged(found, missing, MANIFEST if folder.is_dir() else folder.name)
    if actual != found.manifest_sha256:
        raise _damaged(found, Damage.MANIFEST_ALTERED, MANIFEST)
    try:
        return _parsed(folder, actual)
    except ManifestError as error:
        raise _damaged(found, Damage.MANIFEST_UNREADABLE, MANIFEST) from error


@lru_cache(maxsize=32)
def _parsed(folder: Path, _sha256: str) -> Manifest:
    return read_manifest(folder)


def _damaged(found: Snapshot, damage: Damage, path: str) -> UserError:
    code, message = DAMAGES[damage]
    return UserError(
        code,
        message,
        remedy=_("Tell the operator: `lika snapshot verify %(id)s` names all that is damaged.") % {"id": found.pk},
        file=path,
    )
