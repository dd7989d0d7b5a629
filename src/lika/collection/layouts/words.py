"""Codes of another system as cells hold them: `01`, `因病`, and back. No number is ever taken for one of ours."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from lika.collection.layouts.model import NO, YES, Codes, ForeignColumn
from lika.collection.reading.cells import CellFault, Parser, folded, is_empty, parser_of, separated
from lika.collection.schema import Column, Kind
from lika.core.language import listed
from lika.register.choices import lists

_SHOWN = 24
_SEPARATOR = "、"
_LOOSE_PLACES = 12


def fold(word: Any) -> str:
    """A word or code of the other system as it is compared."""
    return folded(word).casefold()


def ours_of(column: Column) -> Iterator[tuple[str, tuple[str, str]]]:
    """Our codes of a column and what they are called in Chinese and English."""
    code_list = lists.YES_NO if column.kind is Kind.BOOLEAN else column.code_list
    if code_list is not None:
        yield from ((item.code, (item.zh, item.en)) for item in code_list.items)


def codes_read(foreign: ForeignColumn, column: Column) -> Codes:
    """What is read of a coded column: the profile's codes; where it gives none, our labels, and never a bare number.

    In the order of our list: the database does not keep the order in which somebody wrote them.
    """
    return {code: foreign.codes.get(code, ()) or labels for code, labels in ours_of(column)
            if not foreign.codes or code in foreign.codes}  # fmt: skip


def reader_of(foreign: ForeignColumn, column: Column) -> Parser | None:
    """The parser of a column in the file's own codes or units; None where it holds neither."""
    if column.kind in (Kind.CODE, Kind.BOOLEAN):
        return _coded(codes_read(foreign, column), column, foreign.heading)
    if column.kind is Kind.HEALTH:
        return _several(codes_read(foreign, column), column, foreign.heading)
    if foreign.factor != 1:
        return _scaled(foreign.factor, column)
    return None


def writer_of(foreign: ForeignColumn, column: Column) -> Callable[[Any], Any]:
    """How a value of ours stands in the file: their first word for a code, their unit. Raises KeyError where none."""
    if column.kind is Kind.HEALTH:
        words = {code: theirs[0] for code, theirs in codes_read(foreign, column).items()}
        return lambda codes: _SEPARATOR.join(words[code] for code in codes)
    if column.kind is Kind.BOOLEAN:
        words = {code: theirs[0] for code, theirs in codes_read(foreign, column).items()}
        return lambda value: words[YES if value else NO]
    if column.kind is Kind.CODE:
        return {code: theirs[0] for code, theirs in codes_read(foreign, column).items()}.__getitem__
    if foreign.factor != 1:
        return lambda value: (Decimal(value) / foreign.factor).normalize()
    return lambda value: value


def _known(codes: Codes) -> dict[str, str]:
    """Their words to our codes; a spreadsheet that took `01` for a number left `1` of it."""
    known = {fold(word): ours for ours, theirs in codes.items() for word in theirs}
    for word, ours in list(known.items()):
        known.setdefault(word.lstrip("0") or word, ours)
    return known


def _unknown(codes: Codes, heading: str) -> CellFault:
    words = [" ".join(theirs) for theirs in codes.values()]
    return CellFault("COL-126", heading=heading, allowed=listed(words[:_SHOWN]) + ("…" if len(words) > _SHOWN else ""))


def _coded(codes: Codes, column: Column, heading: str) -> Parser:
    known = _known(codes)
    staged = {YES: "t", NO: "f"} if column.kind is Kind.BOOLEAN else {}

    def parse(raw: Any) -> str | None:
        if is_empty(raw):
            return None
        ours = known.get(fold(raw))
        if ours is None:
            raise _unknown(codes, heading)
        return staged.get(ours, ours)

    return parse


def _several(codes: Codes, column: Column, heading: str) -> Parser:
    known, parse_ours = _known(codes), parser_of(column)

    def parse(raw: Any) -> str | None:
        if is_empty(raw):
            return None
        parts = [known.get(fold(part)) for part in separated(raw)]
        if None in parts:
            raise _unknown(codes, heading)
        return parse_ours(_SEPARATOR.join(part for part in parts if part))

    return parse


def _scaled(factor: Decimal, column: Column) -> Parser:
    loose = parser_of(replace(column, minimum=None, maximum=None, places=_LOOSE_PLACES, unit_zh=""))
    parse_ours = parser_of(column)

    def parse(raw: Any) -> str | None:
        number = loose(raw)
        if number is None:
            return None
        try:
            return parse_ours(Decimal(number) * factor)
        except CellFault as fault:
            raise _in_their_unit(fault, factor) from None

    return parse


def _in_their_unit(fault: CellFault, factor: Decimal) -> CellFault:
    """The limits of a number as the file counts."""
    limits = {
        name: f"{Decimal(value) / factor:f}"
        for name, value in fault.params.items()
        if name in ("low", "high") and value != "…"
    }
    return CellFault(fault.code, **{**fault.params, **limits})
