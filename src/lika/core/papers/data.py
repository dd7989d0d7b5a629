"""What a template is given: plain frozen dataclasses, told to Typst as JSON."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from django.utils.functional import Promise

from lika.core.capitals import capital_money


@dataclasses.dataclass(frozen=True, kw_only=True)
class PaperData:
    """What every paper has: its title, and the day that it bears, which is also the date of the file."""

    title: str
    made_on: dt.date


@dataclasses.dataclass(frozen=True)
class Money:
    """An amount in yuan that somebody signs for: in figures, and in capital numerals that take no further stroke."""

    amount: Decimal

    def plain(self) -> Mapping[str, str]:
        """As templates read it: `figure` and `capital`."""
        return {"figure": f"{self.amount:,.2f}", "capital": capital_money(self.amount)}


def plain(value: Any) -> Any:
    """The value in JSON's types. A date is ISO 8601, a decimal its digits, an enum its value.

    Raises `TypeError` for anything else, models above all: a template sees only what its dataclass names.
    """
    if isinstance(value, Money):
        return value.plain()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal | Promise):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Sequence):
        return [plain(each) for each in value]
    raise TypeError(f"no paper holds a {type(value).__name__}")
