"""Values that are stored encrypted: they leave this module as ciphertext, bound to the id that the row was given."""

from collections.abc import Callable, Sequence
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Model

from lika.collection.findings import FindingLog
from lika.collection.reading.sheets import OpenSheet
from lika.core import crypto
from lika.core.ids import uuid7_batch
from lika.register.identity import account_index, phone_index
from lika.register.models import Household

_MOBILE_DIGITS = 11

Column = list[str | None]


def encrypted(values: Sequence[str | None], model: type[Model], column: str, rows: Sequence[UUID]) -> pa.Array:
    """The ciphertexts of a column, each for its row, as PostgreSQL writes bytes; nothing stays nothing."""
    table = model._meta.db_table
    known = [(value, crypto.place(table, column, row)) for value, row in zip(values, rows, strict=True) if value]
    ciphertexts = iter(crypto.encrypt_many([value for value, _at in known], [at for _value, at in known]))
    return pa.array([as_bytea(next(ciphertexts)) if value else None for value in values], pa.string())


def as_bytea(value: bytes) -> str:
    """Bytes in PostgreSQL's notation."""
    return "\\x" + value.hex()


def encrypt_household(opened: OpenSheet, rows: Sequence[int], values: dict[str, pa.Array], log: FindingLog) -> None:
    """Replace address, telephone, account and position by ciphertexts; adds ids and blind indexes.

    The telephone is looked at on the way: once encrypted, no check can.
    """
    if "phone" in values:
        _look_at_phones(opened, rows, values, log)
        values["phone_index"] = _indexes(values["phone"], phone_index)
    if "bank_account" in values:
        values["bank_account_index"] = _indexes(values["bank_account"], account_index)
    _join_position(opened, rows, values, log)
    ids = give_ids(values, len(rows))
    for name in ("address", "phone", "bank_account", "position"):
        if name in values:
            values[name] = encrypted(values[name].to_pylist(), Household, name, ids)


def _look_at_phones(opened: OpenSheet, rows: Sequence[int], values: dict[str, pa.Array], log: FindingLog) -> None:
    lengths = pc.utf8_length(values["phone"])
    for at in pc.indices_nonzero(pc.fill_null(pc.not_equal(lengths, _MOBILE_DIGITS), True)).to_pylist():
        code = "COL-408" if lengths[at].is_valid else "COL-407"
        log.add(opened.at(code, rows[at], "phone", values["number"][at].as_py() or ""))


def _indexes(values: pa.Array, index: Callable[[str], bytes]) -> pa.Array:
    return pa.array([as_bytea(index(value)) if value else None for value in values.to_pylist()], pa.string())


def give_ids(values: dict[str, pa.Array], count: int) -> list[UUID]:
    """An id for each row, which its ciphertexts are bound to and which it keeps if the register does not know it."""
    ids = uuid7_batch(count)
    values["bound_to"] = pa.array([each.hex for each in ids], pa.string())
    return ids


def _join_position(opened: OpenSheet, rows: Sequence[int], values: dict[str, pa.Array], log: FindingLog) -> None:
    nothing = pa.nulls(len(rows), pa.string())
    parts = {name: values.pop(name, nothing) for name in ("longitude", "latitude")}
    parts["coordinate_system"] = values.get("coordinate_system", nothing)
    whole, any_of = pa.repeat(True, len(rows)), pa.repeat(False, len(rows))
    for column in parts.values():
        whole, any_of = pc.and_(whole, column.is_valid()), pc.or_(any_of, column.is_valid())
    for at in pc.indices_nonzero(pc.and_not(any_of, whole)).to_pylist():
        other = next(name for name, column in parts.items() if column[at].is_valid)
        for name in (name for name, column in parts.items() if not column[at].is_valid):
            log.add(opened.at("COL-218", rows[at], name, values["number"][at].as_py() or "", field=name, other=other))
    if "longitude" in opened.positions:
        joined = pc.binary_join_element_wise(parts["longitude"], parts["latitude"], ",")
        values["position"] = pc.if_else(whole, joined, nothing)
