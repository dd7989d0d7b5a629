"""Model fields that know about privacy."""

from typing import Any

from django.db import models

from lika.core import crypto


class EncryptedTextField(models.Field):
    """Text that is stored as ciphertext. Not searchable: keep a blind index beside it where equality is asked.

    Reading decrypts; writing encrypts with a fresh nonce. Empty text is stored as empty bytes.
    """

    description = "Encrypted text"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        if value is None:
            return None
        data = bytes(value)
        return crypto.decrypt(data) if data else ""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        return crypto.encrypt(value) if value else b""
