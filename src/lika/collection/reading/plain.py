"""Cells that need no reading one by one: told for a whole column which already are what the staging table wants.

Whatever is in any way out of the ordinary (a space, a full-width digit, a sign of thousands) is left to
`cells.parser_of`, which alone decides what a cell means; here stands only what that parser would give back unchanged.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from lika.collection.schema import Column, Kind

# Letters, digits and the common Chinese characters: nothing of it is folded, composed or cut away.
_WORD = r"[0-9A-Za-z\x{4e00}-\x{9fff}]"
_WHOLE = "-?(0|[1-9][0-9]{0,14})"
_PATTERNS: Mapping[Kind, Callable[[Column], str]] = {
    Kind.TEXT: lambda column: f"{_WORD}{{1,{column.max_length}}}",
    Kind.IDENTITY: lambda column: f"[0-9A-Za-z]{{1,{column.max_length}}}",
    Kind.DIGITS: lambda column: f"[0-9]{{1,{column.max_length}}}",
    Kind.DIVISION: lambda _column: "[1-9][0-9]{11}",
    Kind.DECIMAL: lambda column: _WHOLE + (rf"(\.[0-9]{{0,{column.places - 1}}}[1-9])?" if column.places else ""),
    Kind.INTEGER: lambda _column: _WHOLE,
}
_NUMBERS = frozenset({Kind.DECIMAL, Kind.INTEGER})
# Wide enough for every number that the pattern lets through or that fits a column's own type.
_WIDE = pa.decimal128(38, 6)


def settled(column: Column, cells: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Which cells are settled (no nulls in this mask), and their text; nothing settled is told of any other cell."""
    kind = cells.type
    if pa.types.is_null(kind):
        return pa.array([True] * len(cells), pa.bool_()), cells.cast(pa.string())
    if pa.types.is_string(kind) and column.kind in _PATTERNS:
        return _texts(column, cells)
    if column.kind in _NUMBERS and (pa.types.is_integer(kind) or _fits(column, kind)):
        return _within(column, cells), _without_idle_zeros(cells.cast(pa.string()))
    if column.kind is Kind.DATE and pa.types.is_date32(kind):
        return pa.array([True] * len(cells), pa.bool_()), cells.cast(pa.string())
    return pa.array([False] * len(cells), pa.bool_()), pa.nulls(len(cells), pa.string())


def _fits(column: Column, kind: pa.DataType) -> bool:
    return pa.types.is_decimal128(kind) and 0 <= kind.scale <= min(column.places, _WIDE.scale)


def _without_idle_zeros(numbers: pa.Array) -> pa.Array:
    """12.50 -> 12.5, 3.00 -> 3: part of what is written encrypted, and compared as text when it comes again."""
    return pc.replace_substring_regex(numbers, r"(\.[0-9]*[1-9])0+$|\.0+$", r"\1")


def _texts(column: Column, cells: pa.Array) -> tuple[pa.Array, pa.Array]:
    matched = pc.fill_null(pc.match_substring_regex(cells, f"^(?:{_PATTERNS[column.kind](column)})?$"), True)
    text = pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)
    if column.kind in _NUMBERS and pc.any(matched).as_py():
        numbers = pc.if_else(matched, text, pa.scalar(None, pa.string())).cast(_WIDE)
        matched = pc.and_(matched, _within(column, numbers))
    return matched, text


def _within(column: Column, numbers: pa.Array) -> pa.Array:
    """Whether numbers lie in the bounds of their column; nothing does."""
    inside = pa.array([True] * len(numbers), pa.bool_())
    for limit, compare in ((column.minimum, pc.greater_equal), (column.maximum, pc.less_equal)):
        if limit is not None:
            inside = pc.and_(inside, pc.fill_null(compare(numbers, pa.scalar(Decimal(limit), _WIDE)), True))
    return inside
