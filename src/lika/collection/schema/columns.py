"""What a column of the workbook is: its headings, its kind, and what a cell of it may hold."""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from lika.engine.schema import CodeList, Fact
from lika.engine.types import BooleanType, CodeType, DateType, DecimalType, IntegerType


class Kind(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    DIGITS = "digits"  # an account, a telephone: digits that are not a number
    IDENTITY = "identity"
    DIVISION = "division"  # a 12-digit code
    CODE = "code"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    HEALTH = "health"  # 健康状况: several answers in one cell


# Kinds whose cells must stay text in a spreadsheet: as numbers they lose leading zeros and digits after the fifteenth.
TEXT_KINDS = frozenset({Kind.TEXT, Kind.DIGITS, Kind.IDENTITY, Kind.DIVISION})


@dataclass(frozen=True)
class Column:
    """One column. `name` is also its name in the staging table; `zh` is the official heading."""

    name: str
    zh: str
    en: str
    kind: Kind = Kind.TEXT
    required: bool = False
    code_list: CodeList | None = None
    places: int = 0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int = 200
    aliases: tuple[str, ...] = ()
    source: str = ""
    note_zh: str = ""
    note_en: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    collected: bool = False  # an item of one jurisdiction: staged apart from the columns of the common form

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading that names the column."""
        return (self.zh, self.en, self.name, *self.aliases)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its names, its columns in the official order, and the columns that together name a row."""

    key: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    aliases: tuple[str, ...] = ()
    _by_heading: dict[str, Column] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for column in self.columns:
            for heading in column.headings:
                known = self._by_heading.setdefault(plain(heading), column)
                if known is not column:
                    raise ValueError(f"{self.key}: {heading} heads both {known.name} and {column.name}")

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that a sheet of this kind may have."""
        return (self.zh, self.en, self.key, *self.aliases)

    def column(self, name: str) -> Column:
        """The column of this name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def by_heading(self, heading: str) -> Column | None:
        """The column that a heading names: required marks, units in brackets, case and spaces do not matter."""
        return self._by_heading.get(plain(heading)) or self._by_heading.get(plain(without_unit(heading)))


_MARKS = re.compile(r"[\s*_]+")
_UNIT = re.compile(r"[((][^()()]*[))]\s*[**]*\s*$")


def plain(heading: str) -> str:
    """A heading as it is compared: full-width forms folded, without spaces and required marks, in lower case."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", heading)).casefold()


def without_unit(heading: str) -> str:
    """A heading without the unit or remark in brackets at its end."""
    return _UNIT.sub("", heading)


def of_fact(fact: Fact, code_lists: dict[str, CodeList], *, required: bool = False) -> Column:
    """The column of a registered fact: labels, type and bounds are the fact's own."""
    common = {
        "name": fact.name,
        "zh": fact.zh,
        "en": fact.en,
        "required": required,
        "minimum": fact.minimum,
        "maximum": fact.maximum,
        "source": fact.source,
        "note_zh": fact.meaning_zh,
        "note_en": fact.meaning_en,
        "unit_zh": fact.unit or "",
        "unit_en": fact.unit_en or "",
    }
    match fact.type:
        case BooleanType():
            return Column(kind=Kind.BOOLEAN, **common)  # type: ignore[arg-type]
        case IntegerType(digits=digits):
            common["maximum"] = Decimal(10**digits - 1) if fact.maximum is None else fact.maximum
            common["minimum"] = Decimal(0) if fact.minimum is None else fact.minimum
            return Column(kind=Kind.INTEGER, **common)  # type: ignore[arg-type]
        case DecimalType(places=places, digits=digits):
            if fact.maximum is None:
                common["maximum"] = Decimal(10) ** (digits - places) - Decimal(1).scaleb(-places)
            return Column(kind=Kind.DECIMAL, places=places, **common)  # type: ignore[arg-type]
        case DateType():
            return Column(kind=Kind.DATE, **common)  # type: ignore[arg-type]
        case CodeType(list_id=list_id):
            return Column(kind=Kind.CODE, code_list=code_lists[list_id], **common)  # type: ignore[arg-type]
    return Column(**common)  # type: ignore[arg-type]
