"""The master key, the one that is to come and those that were before it.

Where the key lies in a file, a rotation first writes the coming key beside it (`….next`), then seals the data keys
under it, and at last puts it in the place of the old one, which stays as `….until-…` for the backups of its time.
Whatever moment a process is killed at, and however old the key is that a running process began with: the data keys
open under one of these.
"""

import base64
import binascii
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.core.errors import UserError
from lika.runtime.locks import exclusive

MASTER_BYTES = 32


def file() -> Path | None:
    """The file of the master key; None where the configuration gives the key itself."""
    found: Path | None = settings.LIKA.master_key_file
    return found


def coming() -> Path | None:
    """Where the key to come lies while a rotation is under way or was broken off."""
    path = file()
    return path and path.with_name(f"{path.name}.next")


def read(path: Path) -> bytes:
    """The key in a file. Raises UserError COR-012."""
    try:
        return base64.b64decode(path.read_text(encoding="ascii").strip(), validate=True)
    except (OSError, UnicodeDecodeError, binascii.Error) as error:
        raise UserError(
            "COR-012",
            _("The file with the new master key cannot be read."),
            remedy=_("Name a file with 32 random bytes in Base64."),
            file=str(path),
        ) from error


def openers() -> Iterator[bytes]:
    """The keys under which data keys may be sealed now: the one given at the start, and those in the files."""
    yield settings.LIKA_MASTER_KEY
    for path in (file(), coming()):
        if path is not None and path.exists():
            yield read(path)


def sealer() -> bytes:
    """The key under which a data key that is made now is sealed: the coming one, if there is one."""
    *_before, last = openers()
    return last


def known() -> list[bytes]:
    """`openers` and the keys of earlier times: an archive may be older than the last rotation."""
    path = file()
    retired = sorted(path.parent.glob(f"{path.name}.until-*"), reverse=True) if path is not None else []
    return list(dict.fromkeys([*openers(), *map(read, retired)]))


@contextmanager
def being_changed(path: Path) -> Iterator[bytes]:
    """The coming key, made where there is none yet; when the block is left in peace it is the present one.

    One rotation at a time: a second one waits.
    """
    following = path.with_name(f"{path.name}.next")
    with exclusive(path.with_name(f".{path.name}.lock")):
        if not following.exists():
            _write(following, base64.b64encode(os.urandom(MASTER_BYTES)) + b"\n")
        yield read(following)
        if not any(before.read_bytes() == path.read_bytes() for before in path.parent.glob(f"{path.name}.until-*")):
            os.link(path, path.with_name(f"{path.name}.until-{timezone.now():%Y%m%dT%H%M%S%f}"))
        following.replace(path)
        _sync(path.parent)


def secrets_in_words() -> frozenset[str]:
    """The secrets of this installation as their files hold them: what must not stand in an archive."""
    keys = [*known(), settings.LIKA_LINKAGE_KEY]
    return frozenset({settings.SECRET_KEY, *(base64.b64encode(key).decode() for key in keys)})


def copy_keys(folder: Path) -> list[str]:
    """Write every key of this installation into a folder, as files that a start reads; returns their names."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = Path(settings.LIKA.data_dir) / "keys"
    files = {path.name: path.read_bytes() for path in kept.glob("*.key*") if path.is_file()}
    path = file()
    if path is not None:
        beside = path.parent.glob(f"{path.name}*")
        files |= {each.name.replace(path.name, "master.key"): each.read_bytes() for each in beside}
    files["secret.key"] = settings.SECRET_KEY.encode() + b"\n"
    files["linkage.key"] = base64.b64encode(settings.LIKA_LINKAGE_KEY) + b"\n"
    files.setdefault("master.key", base64.b64encode(settings.LIKA_MASTER_KEY) + b"\n")
    for name, content in files.items():
        _write(folder / name, content)
    return sorted(files)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, for this user only, and on the disk."""
    scratch = path.with_name(f"{path.name}.part")
    scratch.unlink(missing_ok=True)
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(handle)
    scratch.rename(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
