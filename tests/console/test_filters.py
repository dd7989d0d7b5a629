"""Numbers, money, shares, days and hours on screens: one filter each, in the reader's own form."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

import lika
from lika.console import facts
from lika.console.templatetags import console
from lika.engine.schema import Fact
from lika.engine.types import BooleanType, DateType, DecimalType, IntegerType, Type

PACKAGE = Path(lika.__file__).parent
AFTERNOON = dt.datetime(2016, 12, 31, 6, 5, tzinfo=dt.UTC)  # 14:05 in China


def in_both(show: Callable[[], str]) -> tuple[str, str]:
    """What Chinese and English readers see."""
    told = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told.append(show())
    return told[0], told[1]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("number", 24876, ("24,876", "24,876")),
        ("number", 0, ("0", "0")),
        ("number", None, ("—", "—")),
        ("money", Decimal("2736.1"), ("2,736.10", "2,736.10")),
        ("money", None, ("—", "—")),
        ("share", 0.1234, ("12.3%", "12.3%")),
        ("share", None, ("—", "—")),
        ("day", dt.date(2016, 12, 31), ("2016年12月31日", "31 December 2016")),
        ("day", dt.date(2017, 1, 2), ("2017年1月2日", "2 January 2017")),
        ("day", None, ("—", "—")),
        ("day", dt.datetime(2016, 12, 31, 18, 46, tzinfo=dt.UTC), ("2017年1月1日", "1 January 2017")),
        ("moment", AFTERNOON, ("2016年12月31日 14:05", "31 December 2016, 14:05")),
        ("moment", None, ("—", "—")),
        ("weekday", dt.date(2016, 12, 31), ("星期六", "Saturday")),
    ],
)
def test_a_filter_writes_as_the_reader_does(name: str, value: Any, shown: tuple[str, str]):
    assert in_both(lambda: getattr(console, name)(value)) == shown


@pytest.mark.parametrize(
    ("type_", "unit", "value", "shown"),
    [
        (IntegerType(4), ("年", "year"), 2014, ("2014", "2014")),
        (IntegerType(), ("人", "people"), 12345, ("12,345", "12,345")),
        (DecimalType(2), ("元", "yuan"), Decimal("2736.1"), ("2,736.10", "2,736.10")),
        (DecimalType(6), ("比率", "ratio"), Decimal("0.0312"), ("3.12%", "3.12%")),
        (DateType(), (None, None), dt.date(2016, 12, 31), ("2016年12月31日", "31 December 2016")),
        (BooleanType(), (None, None), False, ("否", "No")),
        (IntegerType(), ("人", "people"), None, ("—", "—")),
    ],
)
def test_a_fact_stands_as_its_type_and_unit_ask(
    type_: Type, unit: tuple[str | None, str | None], value: Any, shown: tuple[str, str]
):
    fact = Fact("x", "某", "some", type_, *unit)
    assert in_both(lambda: facts.shown(fact, value)) == shown


def test_templates_write_numbers_and_days_by_these_filters_only():
    """Other formats are for machines: attributes like `datetime`, written in single quotes."""
    other = re.compile(r"\|(floatformat|intcomma|localize|time)\b|\|(date|stringformat)(?!:')")
    found = {
        f"{path.relative_to(PACKAGE)}:{number}": line.strip()
        for path in sorted(PACKAGE.rglob("templates/**/*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if other.search(line)
    }
    assert found == {}
