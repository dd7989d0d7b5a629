"""Amounts in capital numerals: a golden table, what is refused, and reading back what was written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lika.core.capitals import DIGITS, LARGEST, capital_money

GOLDEN = {
    # the examples of 《支付结算办法》, annex 1
    "1409.50": "壹仟肆佰零玖元伍角整",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元零叁角贰分",
    "107000.53": "壹拾万柒仟元零伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    # nothing, and parts of a yuan
    "0": "零元整",
    "0.05": "伍分",
    "0.50": "伍角整",
    "0.56": "伍角陆分",
    # whole yuan and zeros
    "1200": "壹仟贰佰元整",
    "10": "壹拾元整",
    "1001": "壹仟零壹元整",
    "1010": "壹仟零壹拾元整",
    "10.50": "壹拾元零伍角整",
    # 万, 亿, 万亿
    "10000": "壹万元整",
    "100010": "壹拾万零壹拾元整",
    "10010000": "壹仟零壹万元整",
    "20000001": "贰仟万零壹元整",
    "100000000": "壹亿元整",
    "100010000": "壹亿零壹万元整",
    "100001000": "壹亿零壹仟元整",
    "1200000000": "壹拾贰亿元整",
    "1000000000000": "壹万亿元整",
    "1000200000000": "壹万零贰亿元整",
    "9999999999999999.99": "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    "-12.30": "负壹拾贰元叁角整",
}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(("amount", "words"), GOLDEN.items())
def test_the_golden_table(amount: str, words: str):
    assert capital_money(Decimal(amount)) == f"人民币{words}"


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity", "10000000000000000"])
def test_what_cannot_be_written_is_refused(amount: str):
    with pytest.raises(ValueError, match=r"amount"):
        capital_money(Decimal(amount))


def read(words: str) -> Decimal:
    """The amount that the words say, read without any knowledge of how zeros are placed."""
    body = words.removeprefix("人民币").removesuffix("整")
    yuan, _, rest = body.rpartition("元")
    parts = [0, 0, 0]  # 亿, 万, units
    digit = four = 0
    for sign in yuan:
        if sign in DIGITS:
            digit = DIGITS.index(sign)
        elif sign in UNITS:
            four, digit = four + digit * UNITS[sign], 0
        elif sign == "万":
            parts[1], four, digit = four + digit, 0, 0
        else:
            parts[0], parts[1] = parts[1] * 10_000 + four + digit, 0
            four = digit = 0
    parts[2] = four + digit
    value = Decimal(parts[0] * 10**8 + parts[1] * 10**4 + parts[2])
    for sign, worth in (("角", Decimal("0.1")), ("分", Decimal("0.01"))):
        if sign in rest:
            value += DIGITS.index(rest[rest.index(sign) - 1]) * worth
    return value


@given(st.decimals(min_value=0, max_value=LARGEST, places=2))
def test_what_is_written_reads_back(amount: Decimal):
    assert read(capital_money(amount)) == amount


@given(st.decimals(min_value=0, max_value=LARGEST, places=2))
def test_zero_is_never_said_twice_nor_at_the_end(amount: Decimal):
    words = capital_money(amount).removeprefix("人民币")
    assert "零零" not in words
    assert words == "零元整" or "零元" not in words
    assert not words.startswith("零") or words == "零元整"
