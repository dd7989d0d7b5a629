"""A snapshot as it is handed up: a ZIP of its folder, with the manifest signed by the installation that took it.

    manifest.json                       pins every file by its SHA-256
    manifest.sig                        the key's name and the signature over the manifest
    household/county=621223.parquet …   as they lie in the folder, stored, for they are compressed already

Whoever holds the sender's public key can tell that nothing was changed on the way.
"""

import json
import os
import re
import shutil
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils.translation import gettext as _

from lika.core.errors import UserError
from lika.core.sealing import signing
from lika.engine.snapshots.layout import MANIFEST, SIGNATURE
from lika.engine.snapshots.manifest import Manifest

_DOMAIN = b"lika-snapshot|"  # what is signed here can never pass for a head of the audit or an appeal file
_LARGEST_MANIFEST = 64 * 1024 * 1024  # bytes; that of the whole country has three
_LARGEST_SIGNATURE = 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same snapshot gives the same bytes, whenever it is packed
_PIECE = 1 << 20
_FINGERPRINT = re.compile(r"[0-9a-f]{32}")
# What the library raises where an entry is cut off, enciphered, or packed wrongly or in a way that it does not know.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)


@dataclass(frozen=True)
class Handed:
    """What a ZIP says: the manifest as it stands, which key signed it, and the signature."""

    text: bytes
    key: str
    signature: bytes

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """Whether the manifest is as the holder of the key signed it."""
        return signing.is_signed(_DOMAIN + self.text, self.signature, key)


def write(folder: Path, manifest: Manifest, target: Path) -> None:
    """Pack a snapshot's folder, signed with this installation's key; whole under its name, or not at all.

    This user alone may read it: facts of persons are in it. Raises COR-010 where there is no signing key,
    FileExistsError where `target` is there.
    """
    text = (folder / MANIFEST).read_bytes()
    signature = {"key": signing.fingerprint(), "signature": signing.sign(_DOMAIN + text).hex()}
    if target.exists():
        raise FileExistsError(target.name)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with open_private(part) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            archive.writestr(zipfile.ZipInfo(MANIFEST, _EPOCH), text)
            archive.writestr(zipfile.ZipInfo(SIGNATURE, _EPOCH), json.dumps(signature).encode())
            for entry in manifest.files:
                with (
                    (folder / entry.path).open("rb") as source,
                    archive.open(zipfile.ZipInfo(entry.path, _EPOCH), "w", force_zip64=True) as packed,
                ):
                    shutil.copyfileobj(source, packed, _PIECE)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def open_private(path: Path) -> BinaryIO:
    """A new file that this user alone may read. Raises FileExistsError where it is there."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))


def cannot_write(error: OSError, target: Path) -> UserError:
    """SNP-038."""
    there = isinstance(error, FileExistsError)
    return UserError(
        "SNP-038",
        _("There is a file of that name already.") if there else _("The file cannot be written."),
        remedy=_("Choose another name or folder, and make room where the disk is full."),
        file=target.name,
    )


def read(path: Path) -> Handed:
    """What a ZIP says of itself; nothing of it is believed yet.

    Raises SNP-030 where it is no handed-up snapshot, SNP-044 where the file cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            text = _entry(archive, MANIFEST, _LARGEST_MANIFEST)
            told: Mapping[str, str] = json.loads(_entry(archive, SIGNATURE, _LARGEST_SIGNATURE))
        if _FINGERPRINT.fullmatch(told["key"]) is None:
            raise ValueError("no fingerprint")
        return Handed(text, told["key"], bytes.fromhex(told["signature"]))
    except OSError as error:
        raise UserError(
            "SNP-044",
            _("The file cannot be read."),
            remedy=_("Check its name and whether this user may read it."),
            file=path.name,
        ) from error
    except (*_UNREADABLE, KeyError, TypeError, ValueError) as error:
        raise no_snapshot(path) from error


def unpack(path: Path, manifest: Manifest, folder: Path) -> None:
    """Lay the files that the manifest names below `folder`, which exists; whether they are as it says is not looked at.

    An entry larger than the manifest says is not read further. Raises SNP-030 (damaged, or an entry missing) and
    SNP-035 (an entry that the manifest does not name, or twice).
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_strangers(archive, manifest)
            for entry in manifest.files:
                target = folder / entry.path
                target.parent.mkdir(exist_ok=True)
                with archive.open(entry.path) as packed, target.open("wb") as file:
                    left = entry.bytes + 1
                    while left > 0 and (piece := packed.read(min(_PIECE, left))):
                        file.write(piece)
                        left -= len(piece)
    except (*_UNREADABLE, KeyError) as error:
        raise no_snapshot(path) from error


def _refuse_strangers(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    names = Counter(archive.namelist())
    known = {MANIFEST, SIGNATURE, *(entry.path for entry in manifest.files)}
    strangers = sorted(name for name, count in names.items() if name not in known or count > 1)
    if strangers:
        raise UserError(
            "SNP-035",
            _("The file holds what the manifest does not name, or names only once."),
            remedy=_("Ask the sender for the file itself as it was handed up."),
            file=", ".join(strangers[:3]),
        )


def _entry(archive: zipfile.ZipFile, name: str, largest: int) -> bytes:
    with archive.open(name) as packed:
        text = packed.read(largest + 1)
    if len(text) > largest:
        raise ValueError(f"{name} is too long")
    return text


def no_snapshot(path: Path) -> UserError:
    """SNP-030."""
    return UserError(
        "SNP-030",
        _("This is no snapshot that was handed up, or it is damaged beyond reading."),
        remedy=_("Ask the sender for the file itself as it was handed up."),
        file=path.name,
    )
