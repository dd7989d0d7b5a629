"""Amounts of money in capital numerals (人民币大写), as receipts, vouchers and agreements write them.

The form is that of 《支付结算办法》, annex 1, the first of its forms where it allows several; zeros in
between are said once; an amount without 分 ends in 整.
"""

from decimal import Decimal
from itertools import groupby

DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
LARGEST = Decimal(10) ** 16 - Decimal("0.01")


def capital_money(amount: Decimal | int) -> str:
    """`Decimal("1200")` -> 人民币壹仟贰佰元整; a negative amount begins 人民币负.

    Raises `ValueError` for more than two places (no fen can be said) and beyond 9,999 万亿.
    """
    value = Decimal(amount)
    if not value.is_finite() or abs(value) > LARGEST:
        raise ValueError(f"not an amount that can be written: {amount}")
    cents = abs(value) * 100
    if cents != cents.to_integral_value():
        raise ValueError(f"an amount has at most two places: {amount}")
    yuan, fraction = divmod(int(cents), 100)
    sign = "负" if value < 0 else ""
    return f"人民币{sign}{_yuan(yuan, fraction)}{_jiao_fen(yuan, *divmod(fraction, 10))}"


def _yuan(yuan: int, fraction: int) -> str:
    if yuan:
        return _spoken(yuan) + "元"
    return "" if fraction else "零元"


def _jiao_fen(yuan: int, jiao: int, fen: int) -> str:
    if not jiao and not fen:
        return "整"
    if not fen:
        return _bridge(yuan, jiao) + DIGITS[jiao] + "角整"
    if not jiao:
        return ("零" if yuan else "") + DIGITS[fen] + "分"
    return _bridge(yuan, jiao) + DIGITS[jiao] + "角" + DIGITS[fen] + "分"


def _bridge(yuan: int, jiao: int) -> str:
    """壹拾元 + 伍角 -> 壹拾元零伍角: a yuan figure that ends in zero is told apart from what follows."""
    return "零" if jiao and yuan and yuan % 10 == 0 else ""


def _spoken(number: int) -> str:
    """A whole number from 1: digits with their places, each run of zeros said once, none at the end of a group."""
    text = ""
    zero_waits = False
    for index, four in _groups(number):
        if four == 0:
            zero_waits = bool(text)
            continue
        if text and (zero_waits or four < 1000):
            text += DIGITS[0]
        text += _four(four) + _GROUPS[index]
        zero_waits = False
    return _one_trillion_unit(text)


def _groups(number: int) -> list[tuple[int, int]]:
    """Groups of four digits with the index of their unit, the highest first."""
    groups = []
    index = 0
    while number:
        number, four = divmod(number, 10_000)
        groups.append((index, four))
        index += 1
    return groups[::-1]


def _four(four: int) -> str:
    digits = [(DIGITS[int(digit)], _PLACES[place]) for place, digit in zip(range(3, -1, -1), f"{four:04}", strict=True)]
    runs = [(zero, list(run)) for zero, run in groupby(digits, key=lambda each: each[0] == DIGITS[0])]
    runs = runs[1:] if runs[0][0] else runs
    runs = runs[:-1] if runs[-1][0] else runs
    return "".join(DIGITS[0] if zero else "".join(digit + place for digit, place in run) for zero, run in runs)


def _one_trillion_unit(text: str) -> str:
    """壹万亿零贰亿 -> 壹万零贰亿: the unit 亿 is said once."""
    return text.replace("万亿", "万", 1) if text.count("亿") > 1 else text
