"""Short ways to declare facts: one line of the official form, one call.

The Chinese label is the heading of the official spreadsheet without its unit in brackets, so that the
same word serves the workbook, the screen and the criteria. The privacy class is that of the column.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from lika.core.privacy import Privacy
from lika.engine.schema import CodeList, Fact
from lika.engine.types import BooleanType, DateType, DecimalType, IntegerType

# What flows covers the reference period; everything else is as it stands at its end (DOMAIN §1.2).
FLOW = ("标准时期内的合计", "The total of the reference period")
STATE = ("标准时点的情况", "As it stands at the time point")
RECORD = ("基本登记项", "From the base record")

_NOTHING = Decimal(0)


def money(name: str, zh: str, en: str, source: str, meaning: tuple[str, str] = ("", ""), **more: Any) -> Fact:
    """Yuan with two places, never below zero."""
    return _fact(name, zh, en, DecimalType(2), source, meaning, unit=("元", "yuan"), minimum=_NOTHING, **more)


def measure(
    name: str, zh: str, en: str, unit: tuple[str, str], source: str, meaning: tuple[str, str] = ("", ""), **more: Any
) -> Fact:
    """An area, a distance or a rate with two places, never below zero."""
    return _fact(name, zh, en, DecimalType(2, digits=10), source, meaning, unit=unit, minimum=_NOTHING, **more)


def count(
    name: str, zh: str, en: str, unit: tuple[str, str], source: str, meaning: tuple[str, str] = ("", ""), **more: Any
) -> Fact:
    """A whole number, never below zero."""
    return _fact(name, zh, en, IntegerType(), source, meaning, unit=unit, minimum=_NOTHING, **more)


def year(name: str, zh: str, en: str, source: str, meaning: tuple[str, str] = ("", "")) -> Fact:
    """A calendar year."""
    limits = {"minimum": Decimal(1900), "maximum": Decimal(2100)}
    return _fact(name, zh, en, IntegerType(digits=4), source, meaning, unit=("年", "year"), **limits)


def flag(name: str, zh: str, en: str, source: str, meaning: tuple[str, str] = ("", "")) -> Fact:
    """Yes or no."""
    return _fact(name, zh, en, BooleanType(), source, meaning)


def code(
    name: str, zh: str, en: str, code_list: CodeList, source: str, meaning: tuple[str, str] = ("", ""), **more: Any
) -> Fact:
    """A code of a list."""
    return _fact(name, zh, en, code_list.type, source, meaning, **more)


def day(name: str, zh: str, en: str, source: str, meaning: tuple[str, str] = ("", "")) -> Fact:
    """A calendar day."""
    return _fact(name, zh, en, DateType(), source, meaning)


def formula(fact: Fact, text: str) -> Fact:
    """A derived fact: the expression is its whole definition, so the limits of a column do not apply."""
    return replace(fact, formula=text, minimum=None, maximum=None)


def _fact(
    name: str,
    zh: str,
    en: str,
    fact_type: Any,
    source: str,
    meaning: tuple[str, str],
    *,
    unit: tuple[str | None, str | None] = (None, None),
    **more: Any,
) -> Fact:
    return Fact(
        name, zh, en, fact_type, unit[0], unit[1], meaning_zh=meaning[0], meaning_en=meaning[1], source=source, **more
    )


def classed(
    facts: Iterable[Fact], privacy: Mapping[str, Privacy], meaning: tuple[str, str] = STATE
) -> tuple[Fact, ...]:
    """The facts with the privacy class of the columns of the same name, and a meaning where they bring none."""
    return tuple(
        replace(
            fact,
            privacy=privacy[fact.name].value,
            meaning_zh=fact.meaning_zh or meaning[0],
            meaning_en=fact.meaning_en or meaning[1],
        )
        for fact in facts
    )


def kept(facts: Iterable[Fact], lags: int) -> tuple[Fact, ...]:
    """The facts with so many earlier data years kept beside this one, for `previous()`."""
    return tuple(replace(fact, lags=lags) for fact in facts)


def columns(facts: Iterable[Fact], table: str) -> str:
    """The select list of columns that are named as their facts."""
    return ", ".join(f"{table}.{fact.name}" for fact in facts)
