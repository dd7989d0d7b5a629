"""The shape of golden cases, `cases/*.yaml`: a unit with its facts, and what must be found there."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from lika.policy.choices import Verdict
from lika.policy.packs.form import Id, Scalar, Shape, Text, UnitName, choice, expected


def _told(value: Any) -> Any:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    if value == Verdict.UNKNOWN:
        return Verdict.UNKNOWN
    raise expected("0.0300, unknown")


Told = Annotated[int | Decimal | Verdict, BeforeValidator(_told)]


class Case(Shape):
    """A golden unit: facts, and the verdict of each criterion named, the value of each figure (by report and figure).

    `assume` gives parameters values for this case alone, so that a boundary can be shown where the
    document gives no number; it never becomes a value of the pack.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
    zh: Text
    en: Text
    unit: UnitName
    at: dt.date
    assume: dict[Id, Scalar] = Field(default_factory=dict)
    facts: dict[str, Any]
    expect: dict[Id, Annotated[Verdict, choice(Verdict)]] = Field(default_factory=dict)
    figures: dict[Id, dict[Id, Told]] = Field(default_factory=dict)
