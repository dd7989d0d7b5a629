"""Invented names, numbers and accounts that cannot belong to anybody.

Identity numbers carry a province-level code (620000, 450000) that no identity card was ever issued
under. Telephones begin with 10 and accounts with 0000, which no operator and no bank assigns.
"""

import datetime as dt
from collections import Counter
from functools import cached_property

from stdnum.cn import ric

from lika.demo.table import Draw


class Names:
    """Names drawn from the table."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._table = draw.table

    @cached_property
    def _surnames(self) -> dict[str, float]:
        words = self._table["surnames"].split()
        return {
            word.rstrip("0123456789"): float(word.lstrip("".join(c for c in word if not c.isdigit()))) for word in words
        }

    def surname(self) -> str:
        return self._draw.pick(self._surnames)

    def given(self, sex: str) -> str:
        name = self._draw.one_of(self._table["given_male" if sex == "1" else "given_female"].split())
        if self._draw.yes(self._table["rare_share"]):
            return str(self._draw.one_of(self._table["rare_names"]))
        return str(name)

    def tibetan(self, sex: str) -> str:
        words = self._table["tibetan_names_male" if sex == "1" else "tibetan_names_female"].split()
        return f"{self._draw.one_of(words)}{self._draw.one_of(words)}"


class Numbers:
    """Identity numbers, each once in a place. The order of asking decides, so ask village by village in code order."""

    def __init__(self, prefix: str = "620000") -> None:
        self._prefix = prefix
        self._used: Counter[tuple[dt.date, str]] = Counter()

    def identity(self, birth: dt.date, sex: str) -> str:
        """18 characters with a right check digit; the last digit of the sequence tells the sex."""
        key = (birth, sex)
        self._used[key] += 1
        sequence = 2 * self._used[key] - (1 if sex == "1" else 0)
        if sequence > 999:
            raise ValueError(f"more than 499 people of one sex born on {birth}")
        body = f"{self._prefix}{birth:%Y%m%d}{sequence:03d}"
        return body + ric.calc_check_digit(f"{body}0")  # it wants a place for the digit


def telephone(draw: Draw) -> str:
    """11 digits."""
    return f"10{draw.whole(0, 999_999_999):09d}"


def account(draw: Draw) -> str:
    """19 digits."""
    return f"0000{draw.whole(0, 10**15 - 1):015d}"
