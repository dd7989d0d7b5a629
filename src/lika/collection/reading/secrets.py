"""Values that are stored encrypted: they leave this module as ciphertext, bound to the id that the row was given."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Model

from lika.collection.findings import FindingLog
from lika.collection.reading.sheets import OpenSheet
from lika.core import crypto
from lika.core.ids import uuid7_batch
from lika.register.identity import account_index, phone_index
from lika.register.models import Household

_MOBILE_DIGITS = 11

Column = list[str | None]


def encrypted(values: Sequence[str | None], model: type[Model], column: str, rows: Sequence[UUID]) -> Column:
    """The ciphertexts of a column, each for its row, as PostgreSQL writes bytes; nothing stays nothing."""
    table = model._meta.db_table
    known = [(value, crypto.place(table, column, row)) for value, row in zip(values, rows, strict=True) if value]
    ciphertexts = iter(crypto.encrypt_many([value for value, _at in known], [at for _value, at in known]))
    return [as_bytea(next(ciphertexts)) if value else None for value in values]


def as_bytea(value: bytes) -> str:
    """Bytes in PostgreSQL's notation."""
    return "\\x" + value.hex()


def encrypt_household(opened: OpenSheet, rows: list[int], values: dict[str, Column], log: FindingLog) -> None:
    """Replace address, telephone, account and position by ciphertexts; adds ids and blind indexes.

    The telephone is looked at on the way: once encrypted, no check can.
    """
    numbers = values["number"]
    for row, number, phone in zip(rows, numbers, values.get("phone", ()), strict=False):
        if phone is None:
            log.add(opened.at("COL-407", row, "phone", number or ""))
        elif len(phone) != _MOBILE_DIGITS:
            log.add(opened.at("COL-408", row, "phone", number or ""))
    if "bank_account" in values:
        values["bank_account_index"] = [
            as_bytea(account_index(account)) if account else None for account in values["bank_account"]
        ]
    if "phone" in values:
        values["phone_index"] = [as_bytea(phone_index(phone)) if phone else None for phone in values["phone"]]
    _join_position(opened, rows, values, log)
    ids = give_ids(values, len(rows))
    for name in ("address", "phone", "bank_account", "position"):
        if name in values:
            values[name] = encrypted(values[name], Household, name, ids)


def give_ids(values: dict[str, Column], count: int) -> list[UUID]:
    """An id for each row, which its ciphertexts are bound to and which it keeps if the register does not know it."""
    ids = uuid7_batch(count)
    values["bound_to"] = [str(each) for each in ids]
    return ids


def _join_position(opened: OpenSheet, rows: list[int], values: dict[str, Column], log: FindingLog) -> None:
    nothing: Column = [None] * len(rows)
    given = {name: values.pop(name, nothing) for name in ("longitude", "latitude")}
    systems = values.get("coordinate_system", nothing)
    joined: Column = []
    for index, row in enumerate(rows):
        parts = {name: column[index] for name, column in given.items()} | {"coordinate_system": systems[index]}
        missing = [name for name, value in parts.items() if value is None]
        joined.append(None if missing else f"{parts['longitude']},{parts['latitude']}")
        for name in missing if len(missing) < len(parts) else ():
            other = next(known for known, value in parts.items() if value is not None)
            log.add(opened.at("COL-218", row, name, values["number"][index] or "", field=name, other=other))
    if "longitude" in opened.positions:
        values["position"] = joined
