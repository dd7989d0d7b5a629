"""The columns of a list that leaves: what stands in them, whom they name, and nothing that an office program runs."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise

from lika.core.privacy import mask_name, mask_number, mask_phone

_CENT = Decimal("0.01")
Cell = str | int | Decimal | dt.date | dt.datetime | None
Row = Mapping[str, Cell]
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Kind(StrEnum):
    """What a column holds; money is in yuan with 2 places, a share a part of 1."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    SHARE = "share"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"


class Personal(StrEnum):
    """What a column tells of one person: it leaves in full only for a reason, by whoever may read it."""

    NAME = "name"
    IDENTITY = "identity"
    PHONE = "phone"
    ACCOUNT = "account"


_MASKS: Mapping[Personal, Callable[[str], str]] = {
    Personal.NAME: mask_name,
    Personal.IDENTITY: mask_number,
    Personal.PHONE: mask_phone,
    Personal.ACCOUNT: mask_number,
}


@dataclass(frozen=True)
class Field:
    """A column; `key` names it in Parquet, whatever the language. `width` is in characters, for a workbook."""

    key: str
    label: str | Promise
    kind: Kind = Kind.TEXT
    personal: Personal | None = None
    width: int = 16


def masked(field: Field, value: Cell) -> Cell:
    """The value as it may leave without a reason; what is masked already stays as it is."""
    if field.personal is None or not isinstance(value, str) or not value:
        return value
    return _MASKS[field.personal](value)


def exact(kind: Kind, value: Cell) -> Cell | float:
    """The value as a typed column of its kind holds it."""
    if isinstance(value, Decimal):
        return value.quantize(_CENT) if kind is Kind.MONEY else float(value)
    return value


def harmless(text: str) -> str:
    """A text as it may stand in a CSV cell: one that a program would run as a formula begins with an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
