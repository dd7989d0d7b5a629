"""Values as officials write them, in Chinese and English: 2,736.10元, 2014年, 2016年12月31日, 66.67%, A级."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lika.engine import typed
from lika.engine.messages import Words
from lika.engine.ranges import Range, round_half_away
from lika.engine.schema import Schema, unit_words
from lika.engine.typed import Term
from lika.engine.types import BooleanType, CodeType, Type, is_number, places_of

UNKNOWN = Words("未知", "unknown")
TRUTH = {True: Words("是", "yes"), False: Words("否", "no")}
#: The measure of calendar years: such a number names a year, its digits are never grouped.
YEAR = Words("年", "year")
#: The measure of ratios: 0.03 is shown as 3%.
RATIO = Words("比率", "ratio")
#: Decimal places at which a number is no longer shown more exactly.
MOST_PLACES = 8
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def date_words(day: date) -> Words:
    """A day: 2016年12月31日, 31 December 2016."""
    return Words(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


def number_text(value: Fraction, places: int) -> str:
    """A number with thousands separators, rounded half away from zero to ``places``."""
    rounded = round_half_away(value, places)
    return f"{Decimal(rounded.numerator) / Decimal(rounded.denominator):,.{places}f}"


def value_words(
    value: Any, type_: Type, schema: Schema, measure: Words | None = None, places: int | None = None
) -> Words:
    """A value as it is shown: numbers with their measure ("元"), codes by label, ranges with both ends.

    ``places`` shows a number with so many decimal places instead of those of its type.
    """
    if value is None:
        return UNKNOWN
    if isinstance(type_, BooleanType):
        return TRUTH[value]
    if isinstance(type_, CodeType):
        item = schema.code_lists[type_.list_id].item(value)
        return Words(item.zh, item.en) if item else Words(value, value)
    if isinstance(value, date):
        return date_words(value)
    if isinstance(value, str):
        return Words(value, value)
    return _number_words(value, places_of(type_) if places is None else places, measure)


def _number_words(value: Fraction | Range, places: int, measure: Words | None) -> Words:
    low, high = (value.low, value.high) if isinstance(value, Range) else (value, value)
    first = _figure(low, places, measure)
    last = first if low == high else _figure(high, places, measure)
    text = Words(first, first) if low == high else Words(f"{first}至{last}", f"{first} to {last}")
    if measure is None or measure == RATIO:
        return text
    if measure == YEAR:
        return Words(f"{text.zh}年", text.en)
    counted = one(measure.en) if low == high == 1 else measure.en
    return Words(text.zh + measure.zh, text.en + ("" if measure.en == "%" else " ") + counted)


def _figure(value: Fraction, places: int, measure: Words | None) -> str:
    if measure == YEAR:
        return number_text(value, places).replace(",", "")
    if measure != RATIO:
        return number_text(value, places)
    percent, places = value * 100, max(places - 2, 0)
    while places and percent * 10 ** (places - 1) % 1 == 0:
        places -= 1
    return f"{number_text(percent, places)}%"


def many(noun: str) -> str:
    """The plural of an English noun of our own units: person, household, county."""
    if noun == "person":
        return "people"
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def one(noun: str) -> str:
    """The singular of an English measure: people, channels; what is no plural ("yuan") stays."""
    if noun == "people":
        return "person"
    return f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")


def measure_of(term: Term) -> Words | None:
    """What a number counts ("元", "yuan"), where the expression tells."""
    match term:
        case typed.FactRead(fact=fact) | typed.Derived(fact=fact):
            return Words(fact.unit, fact.unit_en or fact.unit) if fact.unit else None
        case typed.ParameterRead(spec=spec):
            return Words(spec.unit, spec.unit_en or spec.unit) if spec.unit else None
        case typed.Aggregate(function="count", unit=unit):
            words = unit_words(unit)
            return Words(words.zh, many(words.en))
        case typed.Aggregate(function="share" | "known_share"):
            return RATIO
        case typed.Aggregate(function="sum" | "avg" | "min" | "max" | "sum_known", body=body) if body is not None:
            return measure_of(body)
        case typed.Sum() | typed.Negate() | typed.If() | typed.Round() | typed.Extreme() | typed.Coalesce():
            operands = [part for part in typed.children(term) if is_number(part.type)]
            return next((found for part in operands if (found := measure_of(part)) is not None), None)
    return None


def telling_places(left: Any, right: Any, places: int) -> int:
    """As many decimal places that two different numbers do not look equal: 2,736.1011 is over 2,736.10.

    At most eight, and ``places`` where one of the two is not a single known number.
    """
    first, second = _single(left), _single(right)
    if first is None or second is None or first == second:
        return places
    while places < MOST_PLACES and round_half_away(first, places) == round_half_away(second, places):
        places += 1
    return places


def _single(value: Any) -> Fraction | None:
    if isinstance(value, Range):
        return value.low if value.low == value.high else None
    return value if isinstance(value, Fraction) else None


def told_exactly(value: Any) -> bool | str | None:
    """A value for machines: truth as it is, a number as its decimals or as a fraction, a day as ISO 8601, a code."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return _decimals(value)
    return str(value)


def _decimals(value: Fraction) -> str:
    rest = value.denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest != 1 or not places:
        return str(value)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
