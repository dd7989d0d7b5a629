"""Model fields that know about privacy."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from lika.core import crypto
from lika.core.crypto import Place


@dataclass(frozen=True)
class Sealed:
    """A ciphertext on its way between a row and the database; only the row, which knows its id, opens it."""

    blob: bytes


class _Opening(DeferredAttribute):
    """Opens a ciphertext when the attribute is first read, at the place that the row's id gives."""

    field: "EncryptedTextField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Sealed):
            return value
        text = crypto.decrypt(value.blob, self.field.place_in(instance)) if value.blob else ""
        instance.__dict__[self.field.attname] = text
        return text

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.Field):
    """Text that is stored as ciphertext. Not searchable: keep a blind index beside it where equality is asked.

    The ciphertext is bound to table, column and the row's UUID: saving a row encrypts with a fresh nonce, reading the
    attribute decrypts. `QuerySet.update` and `values` know no row: the one refuses text, the other gives `Sealed`.
    Empty text is stored as empty bytes.
    """

    description = "Encrypted text"
    descriptor_class = _Opening

    def get_internal_type(self) -> str:
        return "BinaryField"

    def place_in(self, instance: models.Model) -> Place:
        """The place of this column in a row."""
        return crypto.place(self.model._meta.db_table, str(self.column), instance.pk)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        value = getattr(model_instance, self.attname)
        if value is None:
            return None
        return Sealed(crypto.encrypt(value, self.place_in(model_instance)) if value else b"")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None or isinstance(value, Sealed):
            return None if value is None else value.blob
        if value == "":
            return b""
        raise TypeError(f"{self.name} is encrypted for its row: save the row instead")
