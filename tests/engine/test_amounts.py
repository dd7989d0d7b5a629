"""Values stand as officials write them, in each language's own form."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from lika.engine.amounts import RATIO, YEAR, many, one, telling_places, value_words
from lika.engine.messages import Words
from lika.engine.ranges import Range
from lika.engine.types import BooleanType, DateType, DecimalType, IntegerType, Type
from tests.engine.world import GRADES, SCHEMA

YUAN, PEOPLE = Words("元", "yuan"), Words("人", "people")


@pytest.mark.parametrize(
    ("value", "type_", "measure", "words"),
    [
        (None, IntegerType(), PEOPLE, ("未知", "unknown")),
        (True, BooleanType(), None, ("是", "yes")),
        (False, BooleanType(), None, ("否", "no")),
        ("B", GRADES.type, None, ("B级", "grade B")),
        (date(2016, 12, 31), DateType(), None, ("2016年12月31日", "31 December 2016")),
        (date(2016, 1, 1), DateType(), None, ("2016年1月1日", "1 January 2016")),
        (Fraction(2014), IntegerType(4), YEAR, ("2014年", "2014")),
        (Range(Fraction(2014), Fraction(2016)), IntegerType(4), YEAR, ("2014至2016年", "2014 to 2016")),
        (Fraction(123456), IntegerType(), PEOPLE, ("123,456人", "123,456 people")),
        (Fraction(1), IntegerType(), PEOPLE, ("1人", "1 person")),
        (Range(Fraction(0), Fraction(1)), IntegerType(), PEOPLE, ("0至1人", "0 to 1 people")),
        (Fraction("2736.1"), DecimalType(2), YUAN, ("2,736.10元", "2,736.10 yuan")),
        (Fraction("-0.005"), DecimalType(2), YUAN, ("-0.01元", "-0.01 yuan")),
        (Fraction(90), DecimalType(2), Words("%", "%"), ("90.00%", "90.00%")),
        (Fraction("0.03"), DecimalType(4), RATIO, ("3%", "3%")),
        (Fraction("0.0305"), DecimalType(4), RATIO, ("3.05%", "3.05%")),
        (Fraction(2, 3), DecimalType(4), RATIO, ("66.67%", "66.67%")),
        (Fraction(1), IntegerType(), RATIO, ("100%", "100%")),
        (Fraction(10), IntegerType(), RATIO, ("1,000%", "1,000%")),
        (Fraction(1234), IntegerType(), None, ("1,234", "1,234")),
    ],
)
def test_a_value_in_words(value: Any, type_: Type, measure: Words | None, words: tuple[str, str]) -> None:
    assert value_words(value, type_, SCHEMA, measure) == words


def test_more_places_where_asked() -> None:
    assert value_words(Fraction(1, 3), DecimalType(2), SCHEMA, YUAN, 4).zh == "0.3333元"


@pytest.mark.parametrize(
    ("noun", "plural"),
    [("person", "people"), ("county", "counties"), ("household", "households"), ("village", "villages")],
)
def test_plurals_and_back(noun: str, plural: str) -> None:
    assert (many(noun), one(plural)) == (plural, noun)


def test_what_is_no_plural_stays() -> None:
    assert (one("yuan"), one("yuan a head"), one("mu")) == ("yuan", "yuan a head", "mu")


@pytest.mark.parametrize(
    ("left", "right", "places"),
    [
        ("2736.10", "2736.10", 2),
        ("2736.1011", "2736.10", 3),
        ("2736.106", "2736.10", 2),
        ("0.0300001", "0.03", 7),
        ("0.0300000000001", "0.03", 8),
    ],
)
def test_places_tell_two_numbers_apart(left: str, right: str, places: int) -> None:
    assert telling_places(Fraction(left), Range(Fraction(right), Fraction(right)), 2) == places


def test_places_stay_where_a_side_is_not_one_number() -> None:
    assert telling_places(None, Fraction(1), 2) == 2
    assert telling_places(Range(Fraction(1), Fraction(Decimal("1.001"))), Fraction(1), 2) == 2
