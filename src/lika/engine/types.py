"""The types that facts, parameters and expressions have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lika.engine.messages import Words

#: Digits of a number computed by an expression: as many as every engine can hold exactly.
MOST_DIGITS = 38


@dataclass(frozen=True)
class BooleanType:
    """Met or not met (yes or no)."""

    kind: ClassVar[str] = "boolean"


@dataclass(frozen=True)
class IntegerType:
    """A whole number of at most ``digits`` digits."""

    digits: int = 9
    kind: ClassVar[str] = "integer"


@dataclass(frozen=True)
class DecimalType:
    """A decimal number with ``places`` decimal places and at most ``digits`` digits, places included."""

    places: int
    digits: int = 14
    kind: ClassVar[str] = "decimal"


@dataclass(frozen=True)
class DateType:
    """A calendar day."""

    kind: ClassVar[str] = "date"


@dataclass(frozen=True)
class CodeType:
    """One code of the code list ``list_id``; ``values`` are the codes in order."""

    list_id: str
    values: tuple[str, ...]
    kind: ClassVar[str] = "code"


@dataclass(frozen=True)
class TextType:
    """Free text: no expression may read it except ``is_known``."""

    kind: ClassVar[str] = "text"


Type = BooleanType | IntegerType | DecimalType | DateType | CodeType | TextType
NUMBERS = (IntegerType, DecimalType)


def is_number(type_: Type) -> bool:
    """Whether values of the type are numbers."""
    return isinstance(type_, NUMBERS)


def places_of(type_: Type) -> int:
    """Decimal places of a number type; 0 for whole numbers and all other types."""
    return type_.places if isinstance(type_, DecimalType) else 0


def alike(left: Type, right: Type) -> bool:
    """Whether values of the two types may be compared with each other."""
    if is_number(left) and is_number(right):
        return True
    if isinstance(left, CodeType) and isinstance(right, CodeType):
        return left.list_id == right.list_id
    return type(left) is type(right)


#: How the kinds of type are called in messages.
KIND_NAMES = {
    "boolean": Words("是/否", "yes/no"),
    "integer": Words("数", "a number"),
    "decimal": Words("数", "a number"),
    "date": Words("日期", "a date"),
    "code": Words("代码", "a code"),
    "text": Words("文字", "text"),
}
