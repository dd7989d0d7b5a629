"""Reads one value of a fact: the right type, within the declared digits, or unknown."""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lika.engine.errors import FactsError, nearest_names
from lika.engine.messages import Words, enumerated
from lika.engine.population import Value
from lika.engine.schema import Fact, Schema
from lika.engine.types import (
    MOST_DIGITS,
    BooleanType,
    CodeType,
    DateType,
    DecimalType,
    IntegerType,
    TextType,
)

_DECIMAL_TEXT = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TooLong(str):
    """A number as it is written, with more digits or a larger exponent than can be worked with."""

    __slots__ = ()


def read_value(fact: Fact, value: Any, path: str, schema: Schema) -> Value:
    """The value of ``fact`` as engines hold it. Raises ``FactsError`` (ENG-070, ENG-072, ENG-073) at ``path``."""
    if value is None:
        return None
    match fact.type:
        case BooleanType():
            if isinstance(value, bool):
                return value
            raise FactsError("ENG-070", path, expected=Words("true、false 或 null", "true, false or null"))
        case IntegerType(digits=digits):
            return _read_number(value, 0, digits, path)
        case DecimalType(places=places, digits=digits):
            return _read_number(value, places, digits, path)
        case DateType():
            return read_date(value, path)
        case CodeType():
            return _read_code(fact.type, value, path, schema)
        case TextType():
            if isinstance(value, str) and not isinstance(value, TooLong):
                return value
            raise FactsError("ENG-070", path, expected=Words("文字或 null", "text or null"))


def read_date(value: Any, path: str) -> date | None:
    """A day, from ``YYYY-MM-DD`` or a date; None stays None."""
    if value is None or (isinstance(value, date) and type(value) is date):
        return value
    if isinstance(value, str) and _DATE_TEXT.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise FactsError(
        "ENG-070", path, expected=Words('日期，如 "2016-12-31"，或 null', 'a day such as "2016-12-31", or null')
    )


def _read_number(value: Any, places: int, digits: int, path: str) -> Fraction | None:
    if isinstance(value, TooLong):
        raise FactsError("ENG-073", path, digits=digits, places=places)
    number = _decimal(value, places, path)
    if not number:
        return None if number is None else Fraction(0)
    if isinstance(number, Decimal) and abs(number.adjusted()) > MOST_DIGITS:
        # 1e99999999 is ten characters long and would be worked out digit by digit.
        raise FactsError("ENG-073", path, digits=digits, places=places)
    scaled = Fraction(number) * 10**places
    if scaled.denominator != 1:
        raise FactsError("ENG-089", path, places=places) if places else FactsError("ENG-094", path)
    if abs(scaled) >= 10**digits:
        raise FactsError("ENG-073", path, digits=digits, places=places)
    return Fraction(number)


def _decimal(value: Any, places: int, path: str) -> Decimal | int | None:
    """The number, or None where it is NaN or infinite (unknown)."""
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float):
        # The shortest text that gives this double is what was written: 2736.1, not its binary neighbour.
        return Decimal(repr(value)) if math.isfinite(value) else None
    if isinstance(value, str):
        if _DECIMAL_TEXT.fullmatch(value):
            return Decimal(value)
        if value in ("NaN", "Infinity", "-Infinity"):
            return None
    expected = Words("数，如 2736.10，或 null", "a number such as 2736.10, or null")
    raise FactsError("ENG-070", path, expected=expected if places else Words("整数或 null", "a whole number or null"))


def _read_code(type_: CodeType, value: Any, path: str, schema: Schema) -> str:
    if isinstance(value, str) and value in type_.values:
        return value
    code_list = schema.code_lists[type_.list_id]
    by_label = tuple(item.code for item in code_list.items if value in (item.zh, item.en))
    raise FactsError(
        "ENG-072",
        path,
        value=value,
        list=Words(code_list.zh, code_list.en),
        values=enumerated(type_.values),
        nearest=by_label or nearest_names(str(value), type_.values),
    )
