"""Model fields that know about privacy."""

from typing import Any

from django.db import models

from lika.core import crypto


class EncryptedTextField(models.BinaryField):
    """Text that is stored as ciphertext. Not searchable: keep a blind index beside it where equality is asked.

    Reading decrypts; writing encrypts with a fresh nonce. Empty text is stored as empty bytes.
    """

    description = "Encrypted text"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        if value is None:
            return None
        data = bytes(value)
        return crypto.decrypt(data) if data else ""

    def to_python(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = crypto.encrypt(value) if value else b""
        return super().get_db_prep_value(value, connection, prepared)
