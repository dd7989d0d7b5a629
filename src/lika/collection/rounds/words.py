"""Values of a yearly form in words, beside the field that asks for them."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from lika.core import facts as registry
from lika.core.language import chosen
from lika.engine.amounts import date_words
from lika.engine.schema import CodeList, Fact
from lika.engine.types import CodeType, IntegerType

NOTHING = "—"


@lru_cache(maxsize=1)
def _lists() -> dict[str, CodeList]:
    """All code lists. The apps declare them when they start."""
    return dict(registry.schema().code_lists)


def codes_of(fact: Fact) -> list[tuple[str, str]]:
    """The codes of a fact's list with their words."""
    assert isinstance(fact.type, CodeType)  # noqa: S101 - narrows the type; the caller asked
    held = _lists().get(fact.type.list_id)
    return [(item.code, chosen(item.zh, item.en)) for item in held.items] if held else []


def label_of(fact: Fact) -> str:
    """What the field is called."""
    return chosen(fact.zh, fact.en)


def unit_of(fact: Fact) -> str:
    """The unit that stands beside the field; empty where there is none."""
    return chosen(fact.unit or "", fact.unit_en or fact.unit or "")


def words_of(fact: Fact, value: Any) -> str:
    """A value as people read it, without its unit; nothing is —."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.date):
        return chosen(*date_words(value))
    if isinstance(fact.type, CodeType):
        return next((words for code, words in codes_of(fact) if code == value), str(value))
    if isinstance(fact.type, IntegerType) or not isinstance(value, int | Decimal):
        return str(value)
    return f"{value:,.2f}"
