"""A file that leaves: a ZIP whose manifest names every entry with its SHA-256 and is signed by the installation.

Appeal files and archives are such files. The same entries give the same bytes, whoever makes the file and whenever.
Whoever holds it and the published public key can have it checked by `lika case verify`, far from any database.
"""

import hashlib
import io
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lika.casework import proof
from lika.core.errors import UserError
from lika.core.sealing import signing

FORMAT = "lika-appeal/1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
RECORDS = "records/"  # below it lies one record a case, which has to agree with itself
_DOMAIN = b"lika-appeal|"  # what is signed here can never pass for a head of the audit
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can name: the time of making is not in the file
_UNIX, _READABLE = 3, 0o644 << 16
_LARGEST_MANIFEST = 16 * 1024 * 1024  # bytes; that of a case with ten thousand documents is far below
# What the libraries raise where an entry is cut off, enciphered, or packed wrongly or in a way that they do not know.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)

MESSAGES: Mapping[str, Promise] = {
    "CAS-121": _("An entry was changed."),
    "CAS-122": _("An entry is missing."),
    "CAS-123": _("An entry was added, or stands twice."),
    "CAS-124": _("The file was signed with another key than the one given."),
    "CAS-125": _("The signature does not fit: the manifest was changed."),
    proof.UNREADABLE: _("The record of a case cannot be read."),
    proof.STEPS: _("A step of the case does not follow from the one before, or leads where the procedure does not."),
    proof.TEXT: _("What was laid before those who sign at this stage is not what the record tells."),
    proof.SIGNED: _("A signature is over something else than what it is said to be over."),
    proof.ROSTER: _("The hash of a roster is not that of its lines, or the case is not on it."),
    proof.UNSIGNED: _("A slot that had to be signed holds no signature."),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was signed. `entry` is the name within the ZIP, empty for the file as a whole;
    `where` the place within the record of a case: a step, a stage with a slot, a roster."""

    code: str
    entry: str = ""
    where: str = ""

    @property
    def message(self) -> Promise:
        """What happened, in the reader's language."""
        return MESSAGES[self.code]


@dataclass(frozen=True)
class Checked:
    """What a file says it is, with which key it says it was signed, and what is wrong with it."""

    case: str
    key: str
    entries: int
    findings: tuple[Finding, ...]

    @property
    def is_valid(self) -> bool:
        """Whether it is as it was signed."""
        return not self.findings


def write(case: str, entries: Mapping[str, bytes]) -> bytes:
    """The signed ZIP of a case's entries, in the order of their names. Raises COR-010 where there is no signing key."""
    signing.ensure_key(may_make=False)
    told = {
        "format": FORMAT,
        "case": case,
        "key": signing.fingerprint(),
        "entries": [
            {"name": name, "bytes": len(entries[name]), "sha256": hashlib.sha256(entries[name]).hexdigest()}
            for name in sorted(entries)
        ],
    }
    manifest = json.dumps(told, ensure_ascii=False, indent=1).encode()
    signature = signing.sign(_DOMAIN + manifest).hex().encode()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, held in ((MANIFEST, manifest), (SIGNATURE, signature), *sorted(entries.items())):
            put(archive, name, held)
    return content.getvalue()


def put(archive: zipfile.ZipFile, name: str, held: bytes) -> None:
    """Add an entry without anything of this machine or moment. Stored: compressors differ from version to version."""
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system, info.external_attr = _UNIX, _READABLE
    archive.writestr(info, held, zipfile.ZIP_STORED)


def verify(content: bytes, key: Ed25519PublicKey) -> Checked:
    """Everything in a file that is not as the holder of the key signed it. Raises CAS-120: no appeal file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            manifest = _read(archive, MANIFEST)
            signature = _read(archive, SIGNATURE) if SIGNATURE in archive.namelist() else b""
            told = _manifest(manifest)
            findings = [*_of_signature(manifest, signature, told["key"], key), *_of_entries(archive, told["entries"])]
    except (*_UNREADABLE, KeyError, TypeError, ValueError) as error:
        raise UserError(
            "CAS-120",
            _("This is no appeal file of a case, or it is damaged beyond reading."),
            remedy=_("Ask for the ZIP itself as the office gave it out."),
        ) from error
    return Checked(told["case"], told["key"], len(told["entries"]), tuple(findings))


def _manifest(text: bytes) -> Mapping[str, Any]:
    told: Mapping[str, Any] = json.loads(text)
    if told["format"] != FORMAT or not isinstance(told["case"], str) or not isinstance(told["key"], str):
        raise ValueError("another format")
    for each in told["entries"]:
        if not (isinstance(each["name"], str) and isinstance(each["bytes"], int) and isinstance(each["sha256"], str)):
            raise TypeError("an entry without name, size and digest")
    return told


def _of_signature(manifest: bytes, signature: bytes, named: str, key: Ed25519PublicKey) -> Iterator[Finding]:
    if named != signing.fingerprint_of(key):
        yield Finding("CAS-124")
    elif not signing.is_signed(_DOMAIN + manifest, _hexadecimal(signature), key):
        yield Finding("CAS-125")


def _hexadecimal(text: bytes) -> bytes:
    try:
        return bytes.fromhex(text.decode("ascii"))
    except ValueError:
        return b""


def _of_entries(archive: zipfile.ZipFile, told: list[Mapping[str, Any]]) -> Iterator[Finding]:
    there = Counter(archive.namelist())
    for each in told:
        name = each["name"]
        if name not in there:
            yield Finding("CAS-122", name)
        elif _digest(archive, name, each["bytes"]) != each["sha256"]:
            yield Finding("CAS-121", name)
        elif name.startswith(RECORDS):
            yield from (Finding(code, name, where) for code, where in proof.findings(archive.read(name)))
    named = {each["name"] for each in told} | {MANIFEST, SIGNATURE}
    yield from (Finding("CAS-123", name) for name, count in sorted(there.items()) if name not in named or count > 1)


def _digest(archive: zipfile.ZipFile, name: str, size: int) -> str:
    """Of an entry as it is in the file; empty where it has another size or its own check sum fails."""
    if archive.getinfo(name).file_size != size:  # looked at first: a small file may claim to unfold without end
        return ""
    try:
        return hashlib.sha256(archive.read(name)).hexdigest()
    except _UNREADABLE:
        return ""


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _LARGEST_MANIFEST:
        raise ValueError("larger than any manifest")
    return archive.read(name)
