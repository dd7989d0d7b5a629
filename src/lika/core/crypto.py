"""Encryption of personal values: AES-256-GCM under a data key, blind index by HMAC-SHA-256.

Data keys are stored wrapped by the master key (`DataKey` rows); rotating the master key re-wraps
them and touches no record. A ciphertext names its data key, so that old values stay readable after
a new data key is made:  version byte | 4-byte key number | 12-byte nonce | ciphertext and tag.

A ciphertext is bound to its place, the column of one row (`Place`): copied to another row or column it opens no more.

The blind index makes equality searchable without decryption. It is keyed, so that a stolen table
cannot be searched by trying all identity numbers. Its key is data key 0, so that it outlives the master key.
"""

import contextlib
import hashlib
import hmac
import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from lika.core import master
from lika.core.errors import UserError

_VERSION = 2  # 1 was not bound to a place; no release wrote it
_NONCE = 12
_KEY_BYTES = 32
_INDEX_KEY = 0
_FIRST_KEY = 1


Place = bytes


def place(table: str, column: str, row: UUID) -> Place:
    """Where a ciphertext stands: a column of one row. Names hold no point, so that no two places are alike."""
    return f"{table}.{column}.".encode() + row.bytes


def _wrapping_key(secret: bytes) -> AESGCM:
    """The cipher that seals data keys, from a master key."""
    return AESGCM(hmac.new(secret, b"wrap", hashlib.sha256).digest())


def unwrap(number: int, wrapped: bytes, masters: Iterable[bytes] | None = None) -> bytes:
    """The data key behind a sealed one, by the first master key that opens it: of those given, else of the present.

    The master key may have been changed since this process began: its file is read again. Raises UserError COR-001.
    """
    for secret in master.openers() if masters is None else masters:
        with contextlib.suppress(InvalidTag):
            return _wrapping_key(secret).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _place_of_key(number))
    raise UserError(
        "COR-001",
        _("The master key does not open the data keys of this database."),
        remedy=_("Start Lika with the master key that this database was made with."),
        data_key=number,
    )


def wrap(number: int, data_key: bytes, secret: bytes | None = None) -> bytes:
    """The data key of that number, sealed under the (given or present) master key."""
    nonce = os.urandom(_NONCE)
    return nonce + _wrapping_key(secret or master.sealer()).encrypt(nonce, data_key, _place_of_key(number))


def _place_of_key(number: int) -> Place:
    return f"data-key.{number}".encode()


@lru_cache(maxsize=64)
def _key(number: int) -> bytes:
    from lika.core.models import DataKey  # models import this module for their fields

    row = DataKey.objects.filter(number=number).first()
    if row is not None:
        return unwrap(number, bytes(row.wrapped))
    if number not in (_INDEX_KEY, _FIRST_KEY):
        raise UserError(
            "COR-003",
            _("A stored value names a data key that this database does not hold."),
            remedy=_("Restore the table of data keys from the backup of the same day."),
            data_key=number,
        )
    return unwrap(number, _make_key(number))


def _make_key(number: int) -> bytes:
    """Make one of the first two keys, sealed, on a connection of its own.

    In the caller's transaction it would vanish with a rollback while this process went on using it.
    """
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_datakey (number, wrapped, made_at) VALUES (%s, %s, now()) ON CONFLICT DO NOTHING",
                [number, wrap(number, os.urandom(_KEY_BYTES))],
            )
            cursor.execute("SELECT wrapped FROM core_datakey WHERE number = %s", [number])
            return bytes(cursor.fetchone()[0])
    finally:
        own.close()


@lru_cache(maxsize=64)
def _cipher(number: int) -> AESGCM:
    return AESGCM(_key(number))


@lru_cache(maxsize=1)
def _current_number() -> int:
    from lika.core.models import DataKey  # models import this module for their fields

    newest = DataKey.objects.filter(number__gte=_FIRST_KEY).order_by("-number").first()
    return newest.number if newest is not None else _FIRST_KEY


def ready() -> None:
    """Have the current key at hand, for a thread that has no connection to ask for it."""
    _cipher(_current_number())


def forget_keys() -> None:
    """Drop cached keys: after a rotation, and between tests."""
    for cache in (_key, _cipher, _index_key, _current_number):
        cache.cache_clear()


def encrypt(value: str, at: Place) -> bytes:
    """The ciphertext of a text for one place; the same text gives different bytes each time."""
    return encrypt_many([value], [at])[0]


def encrypt_many(values: Iterable[str], places: Sequence[Place]) -> list[bytes]:
    """Ciphertexts of many texts, each for its place, under the current data key. None for none: no key is asked."""
    texts = list(values)
    return seal_many([text.encode() for text in texts], places) if texts else []


def seal(data: bytes, at: Place) -> bytes:
    """The ciphertext of bytes for one place: of a whole file, which is held in memory twice meanwhile."""
    return seal_many([data], [at])[0]


def seal_many(values: Sequence[bytes], places: Sequence[Place]) -> list[bytes]:
    """`encrypt_many` for bytes."""
    number = _current_number()
    cipher = _cipher(number)
    head = bytes([_VERSION]) + number.to_bytes(4, "big")
    random = os.urandom(_NONCE * len(values))
    out = []
    for start, value, at in zip(range(0, len(random), _NONCE), values, places, strict=True):
        nonce = random[start : start + _NONCE]
        out.append(head + nonce + cipher.encrypt(nonce, value, head + at))
    return out


def decrypt(blob: bytes | memoryview, at: Place) -> str:
    """The text behind a ciphertext that stands at a place. Raises UserError COR-002: altered, or of another place."""
    return unseal(blob, at).decode()


def unseal(blob: bytes | memoryview, at: Place) -> bytes:
    """The bytes behind a ciphertext that stands at a place. Raises UserError COR-002."""
    data = bytes(blob)
    head, nonce, body = data[:5], data[5 : 5 + _NONCE], data[5 + _NONCE :]
    if not data or data[0] != _VERSION:
        raise _altered()
    try:
        return _cipher(int.from_bytes(head[1:], "big")).decrypt(nonce, body, head + at)
    except InvalidTag as error:
        raise _altered() from error


def _altered() -> UserError:
    return UserError(
        "COR-002",
        _("A stored value was altered, or moved here from another row or column, and cannot be decrypted."),
        remedy=_("Restore the row from the backup; `lika audit verify` tells what else was altered."),
    )


@lru_cache(maxsize=8)
def _index_key(purpose: str) -> bytes:
    return hmac.new(_key(_INDEX_KEY), purpose.encode(), hashlib.sha256).digest()


def blind_index(value: str, purpose: str) -> bytes:
    """32 bytes that are equal for equal texts of one purpose ("identity", "account" …)."""
    return hmac.digest(_index_key(purpose), value.encode(), "sha256")


def derived_key(purpose: str) -> bytes:
    """32 secret bytes for another kind of key of this installation; they outlive the master key."""
    return _index_key(f"key: {purpose}")


def linkage_token(value: str) -> bytes:
    """The token that lets files of several counties be linked without identity numbers.

    Keyed by the upper level's linkage key, not by this installation's master key.
    """
    return hmac.new(settings.LIKA_LINKAGE_KEY, value.encode(), hashlib.sha256).digest()


def linkage_key_name() -> str:
    """What tells the linkage key from others, and nothing of it: tokens of two keys can never be compared."""
    return hmac.digest(settings.LIKA_LINKAGE_KEY, b"lika-linkage-key", "sha256").hex()[:16]
