"""Golden tables: small ASCII tables of facts, and a table of expressions with the answer expected for every unit.

A facts table has one row per unit; ``id`` names it, a column named like an upper unit (``household``) says where it
belongs; an empty cell is unknown. An answers table has an expression per row and a column per unit. Answers: ``met``,
``not met``, ``unknown``, a number (``2736.10``, ``1/3``), a range (``1..2``), a date or a code.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from lika.engine.fact_values import read_value
from lika.engine.population import UnitRow, Value
from lika.engine.ranges import Range
from lika.engine.reference import Answer
from lika.engine.schema import LAG_MARK, UNIT_NAMES
from lika.engine.types import BooleanType
from tests.engine.world import SCHEMA

_ANSWERS: dict[str, Answer] = {"met": True, "not met": False, "unknown": None}


@dataclass(frozen=True)
class Section:
    """One rule of the language: what it says, facts, and expressions with their answers."""

    zh: str
    en: str
    facts: Mapping[str, str]
    answers: str
    reference_date: date | None = None

    @property
    def unit(self) -> str:
        """The unit that the expressions are about: the highest that has a table."""
        return max(self.facts, key=UNIT_NAMES.index)


@dataclass(frozen=True)
class Refusals:
    """Expressions that are refused, with code and position."""

    zh: str
    en: str
    refusals: str
    unit: str = "household"


@dataclass(frozen=True)
class Chapter:
    """A chapter of the language's manual."""

    name: str
    zh: str
    en: str
    sections: tuple[Section, ...] = ()
    refusals: tuple[Refusals, ...] = field(default=())


def read_table(text: str) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of an ASCII table; cells are separated by ``|``."""
    lines = [line for line in textwrap.dedent(text).strip().splitlines() if line.strip()]
    heading, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    for row in rows:
        assert len(row) == len(heading), row
    return heading, rows


def read_answer(text: str) -> Answer:
    """What an engine must answer."""
    if text in _ANSWERS:
        return _ANSWERS[text]
    if ".." in text:
        low, high = text.split("..")
        return Range(Fraction(low), Fraction(high))
    try:
        return Fraction(text)
    except ValueError:
        return date.fromisoformat(text) if text[:4].isdigit() else text


def read_answers(section: Section) -> tuple[list[str], list[str], list[list[Answer]]]:
    """The expressions, the ids of the units, and for each unit the answers to all expressions."""
    heading, rows = read_table(section.answers)
    expressions = [row[0] for row in rows]
    return expressions, heading[1:], [[read_answer(row[index]) for row in rows] for index in range(1, len(heading))]


def read_population(section: Section) -> dict[str, UnitRow]:
    """The units of the section's highest table, by id."""
    below: dict[str, dict[str, dict[str, list[UnitRow]]]] = {}
    rows: dict[str, UnitRow] = {}
    for unit in UNIT_NAMES:
        if unit not in section.facts:
            continue
        rows = {}
        heading, lines = read_table(section.facts[unit])
        for line in lines:
            cells = dict(zip(heading, line, strict=True))
            row_id = cells.pop("id")
            uppers = {upper: cells.pop(upper) for upper in UNIT_NAMES if upper in cells}
            children = {
                lower: tuple(by_upper[unit][row_id])
                for lower, by_upper in below.items()
                if row_id in by_upper.get(unit, {})
            }
            facts = {column: _read_cell(unit, column, text) for column, text in cells.items()}
            rows[row_id] = UnitRow(unit, facts, children, row_id)
            for upper, upper_id in uppers.items():
                below.setdefault(unit, {}).setdefault(upper, {}).setdefault(upper_id, []).append(rows[row_id])
    return rows


def _read_cell(unit: str, column: str, text: str) -> Value:
    fact = SCHEMA.units[unit][column.split(LAG_MARK, maxsplit=1)[0]]
    if text and isinstance(fact.type, BooleanType):
        return {"yes": True, "no": False}[text]
    return read_value(fact, text or None, column, SCHEMA) if text else None
