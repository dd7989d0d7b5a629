"""What expressions may name: units, facts, code lists and parameters. Declared by the apps, read by the engine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from lika.engine.errors import SchemaError, nearest_names
from lika.engine.messages import Words, enumerated
from lika.engine.types import CodeType, Type

Privacy = Literal["public", "internal", "personal", "sensitive"]
ParameterValue = bool | int | Decimal | date | str | None

#: A name: an English identifier or a Chinese label made of the same kind of characters.
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
NAME_PATTERN = f"[A-Za-z_{HAN}][A-Za-z0-9_{HAN}]*"
RESERVED = frozenset({"and", "or", "not", "if", "then", "else", "between", "in", "true", "false", "reference_date"})

#: Between the name of a fact and the number of data years back, in column names.
LAG_MARK = "__lag"
#: After the name of a column, in the name of the column that says in which rows it is given.
GIVEN_MARK = "__given"


@dataclass(frozen=True)
class Unit:
    """A kind of unit that facts describe."""

    name: str
    zh: str
    en: str


#: From the lowest to the highest.
UNITS: tuple[Unit, ...] = (
    Unit("person", "人", "person"),
    Unit("household", "户", "household"),
    Unit("village", "村", "village"),
    Unit("township", "乡镇", "township"),
    Unit("county", "县", "county"),
    Unit("prefecture", "市州", "prefecture"),
    Unit("province", "省", "province"),
)
UNIT_NAMES: tuple[str, ...] = tuple(unit.name for unit in UNITS)
_UNITS_BY_WORD = {word: unit for unit in UNITS for word in (unit.name, unit.zh)}


def find_unit(word: str) -> Unit | None:
    """The unit with this English name or Chinese label."""
    return _UNITS_BY_WORD.get(word)


def unit_words(*names: str) -> Words:
    """The labels of units, for messages; a dash where there are none."""
    units = [_UNITS_BY_WORD[name] for name in names]
    return Words(enumerated(unit.zh for unit in units).zh, enumerated(unit.en for unit in units).en)


def rank(unit: str) -> int:
    """Position of a unit in ``UNITS``: a lower unit has a smaller rank."""
    return UNIT_NAMES.index(unit)


@dataclass(frozen=True)
class CodeItem:
    """One code with its labels."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class CodeList:
    """A list of codes; ``id`` is what types and mappings refer to."""

    id: str
    zh: str
    en: str
    items: tuple[CodeItem, ...]

    @property
    def type(self) -> CodeType:
        """The type of facts that hold a code of this list."""
        return CodeType(self.id, tuple(item.code for item in self.items))

    def item(self, code: str) -> CodeItem | None:
        """The item with this code."""
        return next((item for item in self.items if item.code == code), None)


@dataclass(frozen=True)
class Fact:
    """A typed column of a unit.

    ``unit`` and ``unit_en`` are how amounts are shown ("元", "yuan"). ``lags`` is how many earlier data years are kept.
    ``formula`` makes a derived fact: expression text over the same unit, used where the value itself is not supplied.
    """

    name: str
    zh: str
    en: str
    type: Type
    unit: str | None = None
    unit_en: str | None = None
    meaning_zh: str = ""
    meaning_en: str = ""
    privacy: Privacy = "internal"
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    lags: int = 0
    formula: str | None = None
    source: str = ""


def column_name(fact: str, lag: int) -> str:
    """The column that holds a fact ``lag`` data years earlier (0: this year)."""
    return f"{fact}{LAG_MARK}{lag}" if lag else fact


def given_column(column: str) -> str:
    """The column that says in which rows the value of a derived fact's ``column`` is given; in the others the formula
    holds. Where a table has no such column, it is given in all rows, unknown values included."""
    return f"{column}{GIVEN_MARK}"


@dataclass(frozen=True)
class ParameterSpec:
    """A parameter of a policy as it stands at the date in question.

    ``value`` None means that the sources do not give it (待补充依据): everything that needs it is unknown.
    ``since`` is the day from which the value holds, where one is written.
    """

    name: str
    zh: str
    en: str
    type: Type
    value: ParameterValue
    unit: str | None = None
    clause: str = ""
    unit_en: str | None = None
    since: date | None = None


@dataclass(frozen=True)
class Schema:
    """All facts by unit and name, and all code lists by id. Checked for contradictions on construction."""

    units: Mapping[str, Mapping[str, Fact]]
    code_lists: Mapping[str, CodeList] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse double or unusable names and code lists that are missing or differ."""
        for unit, facts in self.units.items():
            if unit not in UNIT_NAMES:
                raise SchemaError("ENG-091", name=unit)
            _refuse_bad_names(unit, facts.values())
            for fact in facts.values():
                self._refuse_bad_list(fact)

    def _refuse_bad_list(self, fact: Fact) -> None:
        if not isinstance(fact.type, CodeType):
            return
        code_list = self.code_lists.get(fact.type.list_id)
        if code_list is None:
            raise SchemaError("ENG-092", name=fact.type.list_id, owner=fact.name)
        if code_list.type != fact.type:
            raise SchemaError("ENG-093", name=fact.type.list_id)

    def fact(self, unit: str, word: str) -> Fact | None:
        """The fact of ``unit`` with this English name or Chinese label."""
        facts = self.units.get(unit, {})
        found = facts.get(word)
        return found or next((fact for fact in facts.values() if fact.zh == word), None)

    def nearest(self, unit: str, word: str) -> tuple[str, ...]:
        """Names and labels of facts of ``unit`` that look like ``word``."""
        facts = self.units.get(unit, {}).values()
        return nearest_names(word, [name for fact in facts for name in (fact.name, fact.zh)])

    def owners(self, word: str) -> tuple[str, ...]:
        """The units that have a fact with this name or label, lowest first."""
        return tuple(unit for unit in UNIT_NAMES if self.fact(unit, word) is not None)


def _refuse_bad_names(unit: str, facts: Iterable[Fact]) -> None:
    # Databases do not tell upper from lower case in the names of columns.
    seen: set[str] = set()
    for fact in facts:
        for word in {fact.name.casefold(), fact.zh.casefold()}:
            if word in seen:
                raise SchemaError("ENG-090", name=fact.name, owner=unit_words(unit))
            seen.add(word)
        usable = re.fullmatch(NAME_PATTERN, fact.name) and fact.name not in RESERVED and LAG_MARK not in fact.name
        usable = usable and not fact.name.endswith(GIVEN_MARK)
        if not usable:
            raise SchemaError("ENG-091", name=fact.name)
