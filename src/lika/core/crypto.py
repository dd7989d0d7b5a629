"""Encryption of personal values: AES-256-GCM under a data key, blind index by HMAC-SHA-256.

Data keys are stored wrapped by the master key (`DataKey` rows); rotating the master key re-wraps
them and touches no record. A ciphertext names its data key, so that old values stay readable after
a new data key is made:  version byte | 4-byte key number | 12-byte nonce | ciphertext and tag.

The blind index makes equality searchable without decryption. It is keyed, so that a stolen table
cannot be searched by trying all identity numbers.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction

from lika.core.errors import UserError

_VERSION = 1
_NONCE = 12
_KEY_BYTES = 32


def _derive(purpose: str) -> bytes:
    """A key for one purpose, derived from the master key."""
    return hmac.new(settings.LIKA_MASTER_KEY, purpose.encode(), hashlib.sha256).digest()


def _unwrap(number: int, wrapped: bytes) -> bytes:
    try:
        return AESGCM(_derive("wrap")).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], b"data-key")
    except InvalidTag as error:
        raise UserError(
            "COR-001",
            "The master key does not open data key %d of this database." % number,
            remedy="Start Lika with the master key that this database was made with.",
        ) from error


def wrap(data_key: bytes, master: bytes | None = None) -> bytes:
    """A data key sealed under the (given or present) master key."""
    key = _derive("wrap") if master is None else hmac.new(master, b"wrap", hashlib.sha256).digest()
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data_key, b"data-key")


@lru_cache(maxsize=64)
def _data_key(number: int) -> AESGCM:
    from lika.core.models import DataKey  # models import this module for their fields

    row = DataKey.objects.get(number=number)
    return AESGCM(_unwrap(number, bytes(row.wrapped)))


@lru_cache(maxsize=1)
def _current_number() -> int:
    from lika.core.models import DataKey  # models import this module for their fields

    with transaction.atomic():
        newest = DataKey.objects.order_by("-number").first()
        if newest is None:
            newest, _created = DataKey.objects.get_or_create(
                number=1, defaults={"wrapped": wrap(AESGCM.generate_key(_KEY_BYTES * 8))}
            )
    return newest.number


def forget_keys() -> None:
    """Drop cached keys: after a rotation, and between tests."""
    _data_key.cache_clear()
    _current_number.cache_clear()


def encrypt(value: str) -> bytes:
    """The ciphertext of a text; the same text gives different bytes each time."""
    return encrypt_many([value])[0]


def encrypt_many(values: Iterable[str]) -> list[bytes]:
    """Ciphertexts of many texts under the current data key: about 300,000 a second."""
    number = _current_number()
    cipher = _data_key(number)
    head = bytes([_VERSION]) + number.to_bytes(4, "big")
    out = []
    for value in values:
        nonce = os.urandom(_NONCE)
        out.append(head + nonce + cipher.encrypt(nonce, value.encode(), head))
    return out


def decrypt(blob: bytes | memoryview) -> str:
    """The text behind a ciphertext. Raises UserError COR-002 if it was altered."""
    data = bytes(blob)
    head, nonce, body = data[:5], data[5 : 5 + _NONCE], data[5 + _NONCE :]
    if not data or data[0] != _VERSION:
        raise UserError("COR-002", "A stored value is not in a known encrypted form.")
    try:
        return _data_key(int.from_bytes(head[1:], "big")).decrypt(nonce, body, head).decode()
    except InvalidTag as error:
        raise UserError("COR-002", "A stored value was altered and cannot be decrypted.") from error


def blind_index(value: str, purpose: str) -> bytes:
    """32 bytes that are equal for equal texts of one purpose ("identity", "account" …)."""
    return hmac.new(_derive(f"blind:{purpose}"), value.encode(), hashlib.sha256).digest()


def linkage_token(value: str) -> bytes:
    """The token that lets files of several counties be linked without identity numbers.

    Keyed by the upper level's linkage key, not by this installation's master key.
    """
    return hmac.new(settings.LIKA_LINKAGE_KEY, value.encode(), hashlib.sha256).digest()
