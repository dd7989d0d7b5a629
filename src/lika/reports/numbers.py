"""Figures as they are kept: exact numbers as JSON, and which of them are so small that they point at people."""

import tomllib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from lika.engine.figures.parts import Added, FigureValue

_DATA = Path(__file__).with_name("small.toml")
_PEOPLE = frozenset({"household", "person"})


@cache
def smallest_unmarked() -> int:
    """Counts of people or households above nothing and below this are marked where they leave the screen."""
    return int(tomllib.loads(_DATA.read_text(encoding="utf-8"))["small"]["smallest_unmarked"])


def kept(value: FigureValue) -> list[Any]:
    """A figure as JSON: what is above, what is below, and how many units are undecided in both."""
    below = None if value.denominator is None else _part(value.denominator)
    return [_part(value.numerator), below, value.shared]


def read(told: Sequence[Any]) -> FigureValue:
    """The figure that was kept so."""
    above, below, shared = told
    return FigureValue(_added(above), None if below is None else _added(below), shared)


def small_in(value: FigureValue | None, units: Sequence[str]) -> int:
    """How many of the counts that a figure is made of are small: of people or households, and whole numbers."""
    if value is None:
        return 0
    parts = zip(units, (value.numerator, value.denominator), strict=False)
    return sum(part is not None and unit in _PEOPLE and _is_small(part) for unit, part in parts)


def small_among(values: Mapping[tuple[int, str], FigureValue], units: Mapping[str, Sequence[str]]) -> int:
    """The same over all figures of all divisions."""
    return sum(small_in(value, units[figure]) for (_division, figure), value in values.items())


def _is_small(part: Added) -> bool:
    """Also where nobody knows whether it is 0: between 0 and 3 points at three."""
    low, high = part.low, part.high
    whole = low is not None and high is not None and low.denominator == high.denominator == 1
    return whole and high is not None and 0 < high < smallest_unmarked()


def _part(part: Added) -> list[Any]:
    return [part.units, part.undecided, _number(part.low), _number(part.high)]


def _number(value: Fraction | None) -> int | str | None:
    return value if value is None else value.numerator if value.denominator == 1 else str(value)


def _added(told: Sequence[Any]) -> Added:
    units, undecided, low, high = told
    return Added(units, undecided, *(None if end is None else Fraction(end) for end in (low, high)))
