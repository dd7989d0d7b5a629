"""Cells as people and spreadsheets leave them -> the text that the staging table wants.

A parser takes what the reader found in a cell (text, float, bool, date …) and gives text in PostgreSQL's
notation; it raises `CellFault` where it cannot. Equal cells are parsed once: `Cells` remembers them.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from lika.collection.schema import Column, Kind
from lika.register.choices import lists
from lika.register.names import clean_name

# 15 digits are what a spreadsheet keeps of a number.
_EXACT = 10**15
_SCIENTIFIC = re.compile(r"\d(\.\d*)?E\+?\d+", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[年./\-](\d{1,2})[月./\-](\d{1,2})日?(?:[ T]00:00(?::00)?(?:\.0+)?)?")
_COMPACT_DATE = re.compile(r"\d{8}")
_WHOLE_TAIL = re.compile(r"(\d+)\.0+")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(E[+-]?\d+)?", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u200b\u200c\u200d\ufeff]+")
# A cell of nothing but these is empty.
SPACES = " \t\r\n\u3000\xa0\u200b\ufeff"
_SEPARATORS = re.compile(r"[、,;/\s]+")
_CODE_AND_LABEL = re.compile(r"([0-9A-Z]{1,3}?)[.、:\-]*([^\dA-Z.、:\-].*)")
# Full-width digits, Latin letters and the space; other full-width signs belong to the text.
_HALF_WIDTH = {code: code - 0xFEE0 for low, high in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
               for code in range(low, high + 1)} | {0x3000: " ", 0xA0: " "}  # fmt: skip

# An apostrophe that keeps a spreadsheet from running a text as a formula: exports write it.
_GUARDED = re.compile(r"'[=+\-@]")

_EPOCH = dt.date(1899, 12, 30)
_LAST_SERIAL = (dt.date(2100, 12, 31) - _EPOCH).days
# Whole numbers in this range are years that somebody typed where a date was asked, not day counts.
_YEARS = range(1900, 2101)

_TRUE = frozenset(("是", "有", "对", "√", "y", "yes", "true", "1"))
_FALSE = frozenset(("否", "无", "没有", "×", "n", "no", "false", "0"))
_HEALTHY, _CHRONIC, _SERIOUS, _DISABLED = (item.code for item in lists.HEALTH.items)

Parser = Callable[[Any], str | None]


class CellFault(Exception):
    """A cell that cannot be read; `code` is a rule, `params` fill its message."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Cells(dict[Any, str | None]):
    """What cells of a column mean, each distinct one parsed once; `faults` holds those that cannot be read."""

    def __init__(self, parse: Parser) -> None:
        super().__init__()
        self._parse = parse
        self.faults: dict[Any, CellFault] = {}

    def __missing__(self, raw: Any) -> str | None:
        try:
            value = self._parse(raw)
        except CellFault as fault:
            self.faults[raw] = fault
            value = None
        self[raw] = value
        return value


def parser_of(column: Column) -> Parser:
    """The parser of a column's cells. Identity numbers are read by `reading.persons`."""
    make = _MAKERS[column.kind]
    parse = make(column)

    def checked(raw: Any) -> str | None:
        return None if is_empty(raw) else parse(raw)

    return checked


def is_empty(raw: Any) -> bool:
    """Whether a cell holds nothing, or nothing but spaces."""
    return raw is None or raw == "" or (isinstance(raw, str) and not raw.strip(SPACES))


def typed_text(raw: Any) -> str:
    """What a person sees in a cell: 621223001.0 -> 621223001; full-width digits and letters become half-width."""
    if isinstance(raw, str):
        return _SPACES.sub(" ", raw.translate(_HALF_WIDTH)).strip()
    if isinstance(raw, bool):
        return "1" if raw else "0"
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < _EXACT:
        return str(int(raw))
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat() if raw.time() == dt.time() else raw.isoformat(" ")
    return str(raw)


def folded(raw: Any) -> str:
    """The text with all full-width forms folded and without spaces, for what is a code or a number."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", typed_text(raw)))


def _text(column: Column) -> Parser:
    rounded = "COL-121" if column.kind is Kind.IDENTITY else "COL-112"

    def parse(raw: Any) -> str | None:
        if isinstance(raw, float) and abs(raw) >= _EXACT:
            raise CellFault(rounded)
        text = typed_text(raw)
        if _GUARDED.match(text):
            text = text[1:]
        if column.name == "name":
            text = clean_name(text)
        if "\0" in text:
            raise CellFault("COL-114")
        if len(text) > column.max_length:
            raise CellFault("COL-111", length=str(column.max_length))
        return text or None  # nothing but characters without width

    return parse


def _digits(column: Column) -> Parser:
    def parse(raw: Any) -> str | None:
        if isinstance(raw, float) and abs(raw) >= _EXACT:
            raise CellFault("COL-112")
        text = folded(raw).replace("-", "")
        if _SCIENTIFIC.fullmatch(text):
            raise CellFault("COL-112")
        if whole := _WHOLE_TAIL.fullmatch(text):
            text = whole[1]
        if not (text.isascii() and text.isdigit()):
            raise CellFault("COL-113")
        if len(text) > column.max_length:
            raise CellFault("COL-111", length=str(column.max_length))
        return text

    return parse


def _division(column: Column) -> Parser:
    short = column.name == "county"

    def parse(raw: Any) -> str | None:
        text = folded(raw)
        if whole := _WHOLE_TAIL.fullmatch(text):
            text = whole[1]
        if short and len(text) == 6:
            text += "000000"
        if not (len(text) == 12 and text.isascii() and text.isdigit()) or text.startswith("0"):
            raise CellFault("COL-120")
        return text

    return parse


def _code(column: Column) -> Parser:
    words = code_words(column)

    def parse(raw: Any) -> str | None:
        text = folded(raw).casefold()
        found = words.get(text)
        if found is None and (both := _CODE_AND_LABEL.fullmatch(folded(raw))):
            found = words.get(both[2].casefold())  # "01 因病": the label decides
        if found is None:
            raise CellFault("COL-105")
        return found

    return parse


def code_words(column: Column) -> dict[str, str]:
    """Every word for a code of the column's list: our code, its number without zeros, both labels."""
    assert column.code_list is not None  # noqa: S101 - a code column without a list is refused by `parser_of`'s table
    words: dict[str, str] = {}
    for item in column.code_list.items:
        for word in (item.code, item.code.lstrip("0") or item.code, item.zh, item.en):
            words.setdefault(_SPACES.sub("", unicodedata.normalize("NFKC", word)).casefold(), item.code)
    return words


def separated(raw: Any) -> list[str]:
    """The answers in a cell that may hold several."""
    return [part for part in _SEPARATORS.split(unicodedata.normalize("NFKC", typed_text(raw)).casefold()) if part]


def _health(column: Column) -> Parser:
    words = code_words(column)

    def parse(raw: Any) -> str | None:
        codes = set()
        for part in separated(raw):
            if part not in words:
                raise CellFault("COL-105")
            codes.add(words[part])
        if _HEALTHY in codes and len(codes) > 1:
            raise CellFault("COL-125")
        return "".join("t" if code in codes else "f" for code in (_CHRONIC, _SERIOUS, _DISABLED))

    return parse


def _boolean(column: Column) -> Parser:
    def parse(raw: Any) -> str | None:
        text = folded(raw).casefold()
        if text in _TRUE:
            return "t"
        if text in _FALSE:
            return "f"
        raise CellFault("COL-110")

    return parse


def _number(column: Column) -> Parser:
    def parse(raw: Any) -> str | None:
        value = _decimal(raw, column)
        if value.as_tuple().exponent < -column.places:  # type: ignore[operator]  # the value is finite
            raise CellFault("COL-108", places=str(column.places))
        low, high = column.minimum, column.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            raise CellFault("COL-107", low=_shown(low), high=_shown(high))
        return f"{value:f}"

    return parse


def _shown(limit: Decimal | None) -> str:
    return "…" if limit is None else f"{limit:f}"


def _decimal(raw: Any, column: Column) -> Decimal:
    """The number in a cell, without the noise that binary fractions leave after the fifteenth digit."""
    if isinstance(raw, Decimal):
        text = f"{raw:f}"
    elif isinstance(raw, int):
        text = str(int(raw))
    elif isinstance(raw, float):
        # 15 digits: what the spreadsheet itself shows.
        text = f"{raw:.15g}"
    elif isinstance(raw, str):
        text = folded(raw).replace(",", "").removesuffix(unicodedata.normalize("NFKC", column.unit_zh or "\0"))
    else:
        raise CellFault("COL-106")
    if not _NUMBER.fullmatch(text):
        raise CellFault("COL-106")
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise CellFault("COL-106") from None
    return (
        value.quantize(Decimal(1)) if value == value.to_integral_value() and abs(value) < _EXACT else value.normalize()
    )


def _date(column: Column) -> Parser:
    return lambda raw: _day(raw).isoformat()


def _day(raw: Any) -> dt.date:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    if isinstance(raw, bool):
        raise CellFault("COL-109")  # no day count, though Python takes it for a number
    text = folded(raw) if not isinstance(raw, str) else unicodedata.normalize("NFKC", typed_text(raw))
    if matched := _DATE.fullmatch(text.strip()):
        return _possible(int(matched[1]), int(matched[2]), int(matched[3]))
    text = text.replace(" ", "")
    if matched := _DATE.fullmatch(text):
        return _possible(int(matched[1]), int(matched[2]), int(matched[3]))
    if _COMPACT_DATE.fullmatch(text):
        return _possible(int(text[:4]), int(text[4:6]), int(text[6:]))
    if text.isdigit() and int(text) not in _YEARS and 0 < int(text) <= _LAST_SERIAL:
        return _EPOCH + dt.timedelta(days=int(text))
    raise CellFault("COL-109")


def _possible(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise CellFault("COL-109") from None


_MAKERS: dict[Kind, Callable[[Column], Parser]] = {
    Kind.TEXT: _text,
    Kind.IDENTITY: _text,
    Kind.DIGITS: _digits,
    Kind.DIVISION: _division,
    Kind.CODE: _code,
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _number,
    Kind.DECIMAL: _number,
    Kind.DATE: _date,
    Kind.HEALTH: _health,
}
