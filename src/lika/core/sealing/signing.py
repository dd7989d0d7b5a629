"""The signing key of this installation and what it signs.

The key is a file beside the other keys, made on first use, never in the database: whoever rewrites the tables cannot
sign what they wrote. The public key is exported beside the copies of the heads, for those who check elsewhere.
"""

import hashlib
import os
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lika.core.errors import UserError

LINK_BYTES = 32
_SEED_BYTES = 32


def key_file() -> Path:
    """Where the private key is kept."""
    return Path(settings.LIKA.data_dir) / "keys" / "audit.key"


def public_key_file() -> Path:
    """Where the public key is exported to."""
    return Path(settings.LIKA.data_dir) / "audit" / "audit-public-key.pem"


def head_message(county: int, position: int, link: bytes, sealed_at: datetime) -> bytes:
    """The bytes that a head's signature covers."""
    moment = sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"lika-audit-head|{county}|{position}|{link.hex()}|{moment}".encode()


def next_link(previous: bytes, content_hash: bytes) -> bytes:
    """The link of an entry: `SHA-256(previous link | content hash)`; the first follows 32 zero bytes."""
    return hashlib.sha256(previous + content_hash).digest()


FIRST_LINK = bytes(LINK_BYTES)


def sign(message: bytes) -> bytes:
    """The Ed25519 signature of this installation."""
    return _private_key(key_file()).sign(message)


def is_signed(message: bytes, signature: bytes, public_key: Ed25519PublicKey) -> bool:
    """Whether the signature is that of the key."""
    try:
        public_key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def public_key(given: Path | None = None) -> Ed25519PublicKey:
    """The public key of a PEM file, or this installation's own. Raises COR-010 where there is none."""
    if given is None:
        if not key_file().exists():
            raise _no_key(key_file())
        return _private_key(key_file()).public_key()
    try:
        key = load_pem_public_key(given.read_bytes())
    except (OSError, ValueError) as error:
        raise _no_key(given) from error
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(given)
    return key


def fingerprint() -> str:
    """What tells this installation's public key from others; empty before the first sealing."""
    if not key_file().exists():
        return ""
    return fingerprint_of(_private_key(key_file()).public_key())


def fingerprint_of(key: Ed25519PublicKey) -> str:
    """What tells a public key from others: 32 hexadecimal digits."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:32]


def ensure_key(*, may_make: bool) -> None:
    """Make the key on first use, where that may be, and export its public half. Raises COR-010."""
    path = key_file()
    if not path.exists():
        if not may_make:
            raise _no_key(path)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(path)
        _private_key.cache_clear()
    exported = public_key_file()
    text = _private_key(path).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    if not exported.exists() or exported.read_bytes() != text:
        exported.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        exported.write_bytes(text)


def _make(path: Path) -> None:
    """A fresh key of mode 600; of two processes that try at once, one makes it and both use it."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(os.urandom(_SEED_BYTES).hex() + "\n")
        file.flush()
        os.fsync(handle)
    try:
        os.link(scratch, path)  # unlike a rename, it never replaces a key that is there
    except FileExistsError:
        pass
    finally:
        scratch.unlink()


@lru_cache(maxsize=4)
def _private_key(path: Path) -> Ed25519PrivateKey:
    try:
        seed = bytes.fromhex(path.read_text(encoding="ascii").strip())
        return Ed25519PrivateKey.from_private_bytes(seed)
    except (OSError, ValueError) as error:
        raise _no_key(path) from error


def _no_key(path: Path) -> UserError:
    return UserError(
        "COR-010",
        _("There is no usable signing key of the audit log."),
        remedy=_("Restore the file from backup, or run `lika audit seal` where nothing was sealed yet."),
        file=str(path),
    )
