"""What the public sends is closed with a key that the public pages do not have: they can shut the box, not open it.

An ephemeral X25519 key, HKDF-SHA-256, AES-256-GCM: 32 bytes of the ephemeral public key, 12 of the nonce, the
ciphertext. The key that opens comes from the installation's data key 0, which outlives the master key.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils.translation import gettext_lazy as _

from lika.core import crypto
from lika.core.errors import UserError

_KEY, _NONCE = 32, 12
_PURPOSE = b"lika disclosure inbox"


def closing_key() -> bytes:
    """The key with which boxes are shut; it stands on the page of each notice."""
    return _opener().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def shut(text: str, key: bytes) -> bytes:
    """A box that only the offices open."""
    once = X25519PrivateKey.generate()
    public = once.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    secret = _derived(once.exchange(X25519PublicKey.from_public_bytes(key)), public)
    nonce = os.urandom(_NONCE)
    return public + nonce + AESGCM(secret).encrypt(nonce, text.encode(), _PURPOSE)


def opened(box: bytes) -> str:
    """What is in a box. Raises UserError DIS-030: it was altered, or shut for another installation."""
    public, nonce, body = box[:_KEY], box[_KEY : _KEY + _NONCE], box[_KEY + _NONCE :]
    try:
        secret = _derived(_opener().exchange(X25519PublicKey.from_public_bytes(public)), public)
        return AESGCM(secret).decrypt(nonce, body, _PURPOSE).decode()
    except (InvalidTag, ValueError) as error:
        raise unreadable() from error


def unreadable() -> UserError:
    """DIS-030: what is in a box is not what was sent from a page."""
    return UserError(
        "DIS-030",
        _("What was sent cannot be opened: it was altered, or sent to another installation."),
        remedy=_("Ask whoever sent it to call the office."),
    )


def _opener() -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(crypto.derived_key("inbox"))


def _derived(shared: bytes, public: bytes) -> bytes:
    return HKDF(SHA256(), _KEY, salt=public, info=_PURPOSE).derive(shared)
