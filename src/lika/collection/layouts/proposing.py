"""A first profile for a file: which of our fields each of its columns tells, as far as its headings say so.

Exact headings and those of known profiles are taken over; headings that only resemble ours are shown as suggestions
and count for nothing until somebody confirms them. Sample values are masked.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import islice
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from lika.collection.layouts.model import ForeignColumn, Place, Profile
from lika.collection.layouts.words import fold, ours_of
from lika.collection.reading.cells import is_empty, typed_text
from lika.collection.reading.tables import Book, Table
from lika.collection.schema import Column, Kind, Sheet, plain
from lika.collection.schema.columns import without_unit

EXACT, ALIAS, NOTHING = "exact", "alias", ""
# The fields that name a row of several sheets: who maps one of them has mapped the same field of the others.
SHARED = frozenset(("number",))

_LOOKED_AT = 20_000
_HEADING_ROWS = 8
_LIKE_ENOUGH = 0.6
# A column of more different values than this holds no codes.
_MOST_WORDS = 60
_SAMPLES = 3
# Values are shown in clear where rows share them so often that none can be a person's own.
_ROWS_A_WORD = 10
_LONGEST_WORD = 12
_LONG_NUMBER = re.compile(r"\d{8}")
_BRACKETS = re.compile(r"[((]\s*([^()()]+?)\s*[))]\s*$")
# Their unit, ours -> by what their number is multiplied.
_UNITS: Mapping[tuple[str, str], Decimal] = {
    ("万元", "元"): Decimal(10_000), ("千元", "元"): Decimal(1_000), ("公顷", "亩"): Decimal(15),
    ("米", "公里"): Decimal("0.001"), ("里", "公里"): Decimal("0.5"),
}  # fmt: skip


@dataclass(frozen=True)
class SeenColumn:
    """A column of a file: heading, letter, masked samples, and its different values where they may be codes."""

    heading: str
    letter: str
    samples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeenTable:
    """A table of a file with its columns; `rows` are those that were looked at."""

    name: str
    rows: int
    columns: tuple[SeenColumn, ...]


@dataclass(frozen=True)
class Proposed:
    """What a column is taken for, by what; `suggested` only resembles."""

    place: Place | None = None
    why: str = NOTHING
    suggested: Place | None = None
    factor: Decimal = Decimal(1)
    codes: Mapping[str, str] = field(default_factory=dict)  # their word -> our code


def look_at(book: Book, sheets: Sequence[Sheet], known: Sequence[Profile]) -> list[SeenTable]:
    """The tables of a book that have headings."""
    words = {plain(heading) for sheet in sheets for column in sheet.columns for heading in column.headings}
    words |= {plain(heading) for column in _columns(known) for heading in column.headings}
    names = dict.fromkeys(book.label(name) for name in book.names)  # parts of one sheet are one table
    first = {book.label(name): name for name in reversed(book.names)}
    tables = ((name, book.table(first[name])) for name in names)
    return [seen for name, table in tables if table is not None and (seen := _look(name, table, words)).columns]


def propose(
    table: SeenTable, sheets: Sequence[Sheet], known: Sequence[Profile], base: Profile | None = None
) -> dict[str, Proposed]:
    """What the columns of a table may tell, by heading; no field twice. What `base` says goes before all else."""
    by_key = {sheet.key: sheet for sheet in sheets}
    candidates = {
        column.heading: list(_named_in(base, column.heading)) or list(_candidates(column.heading, sheets, known))
        for column in table.columns
    }
    weight = Counter(place[0] for found in candidates.values() for place, _why, _column in found)
    taken: set[Place] = set()
    proposed: dict[str, Proposed] = {}
    for column in table.columns:
        best = sorted(candidates[column.heading], key=lambda each: 0 if each[0][1] in SHARED else -weight[each[0][0]])
        free = [each for each in best if each[0] not in taken]
        if free:
            place, why, foreign = free[0]
            taken.add(place)
            ours = by_key[place[0]].column(place[1])
            proposed[column.heading] = Proposed(
                place, why, factor=_factor(column.heading, ours, foreign), codes=codes_of(column, ours, foreign)
            )
    for column in table.columns:
        if column.heading not in proposed:
            proposed[column.heading] = Proposed(suggested=_resembling(column.heading, sheets, weight, taken))
    return proposed


def codes_of(column: SeenColumn, ours: Column, foreign: ForeignColumn | None = None) -> dict[str, str]:
    """Our codes for the words of a coded column, as far as a known profile or our own labels tell; never by number."""
    known: dict[str, str] = {}
    for code, labels in ours_of(ours):
        known |= {fold(label): code for label in labels}
    if foreign is not None:
        known |= {fold(word): code for code, words in foreign.codes.items() for word in words}
    found = {}
    for word in column.words:
        told = known.get(fold(word)) or known.get(fold(word).lstrip("0123456789.、:-"))
        if told is not None:
            found[word] = told
    return found


def is_coded(column: Column) -> bool:
    """Whether the values of a column of ours are codes that another system may write otherwise."""
    return column.kind in (Kind.CODE, Kind.BOOLEAN, Kind.HEALTH)


def _columns(profiles: Iterable[Profile]) -> Iterator[ForeignColumn]:
    return (column for profile in profiles for table in profile.tables for column in table.columns)


def _candidates(
    heading: str, sheets: Sequence[Sheet], known: Sequence[Profile]
) -> Iterator[tuple[Place, str, ForeignColumn | None]]:
    for sheet in sheets:
        column = sheet.by_heading(heading)
        if column is not None:
            yield (sheet.key, column.name), EXACT, None
    for profile in known:
        yield from _named_in(profile, heading)


def _named_in(profile: Profile | None, heading: str) -> Iterator[tuple[Place, str, ForeignColumn | None]]:
    for table in profile.tables if profile is not None else ():
        foreign = table.column_of(heading)
        if foreign is not None:
            yield from ((place, ALIAS, foreign) for place in foreign.places)


def _resembling(heading: str, sheets: Sequence[Sheet], weight: Counter[str], taken: set[Place]) -> Place | None:
    word = plain(without_unit(heading))
    best: tuple[float, int, Place] | None = None
    for sheet in sheets:
        for column in sheet.columns:
            place = (sheet.key, column.name)
            if place in taken:
                continue
            likeness = max(SequenceMatcher(None, word, plain(each)).ratio() for each in column.headings)
            if likeness >= _LIKE_ENOUGH and (best is None or (likeness, weight[sheet.key]) > best[:2]):
                best = (likeness, weight[sheet.key], place)
    return best[2] if best else None


def _factor(heading: str, ours: Column, foreign: ForeignColumn | None) -> Decimal:
    if ours.kind not in (Kind.INTEGER, Kind.DECIMAL):
        return Decimal(1)
    bracket = _BRACKETS.search(heading)
    if bracket is not None:
        return _UNITS.get((bracket[1], ours.unit_zh), Decimal(1))
    return foreign.factor if foreign is not None else Decimal(1)


def _look(name: str, table: Table, words: set[str]) -> SeenTable:
    rows = table.rows()
    first = list(islice(rows, _HEADING_ROWS))
    at = _heading_row(first, words)
    if at is None:
        return SeenTable(name, 0, ())
    headings = [(position, typed_text(cell)) for position, cell in enumerate(first[at]) if not is_empty(cell)]
    counts: dict[int, Counter[str]] = {position: Counter() for position, _heading in headings}
    looked = 0
    for row in (*first[at + 1 :], *islice(rows, _LOOKED_AT)):
        looked += 1
        for position, counter in counts.items():
            if position < len(row) and not is_empty(row[position]) and len(counter) <= _LOOKED_AT:
                counter[typed_text(row[position])] += 1
    return SeenTable(
        name,
        looked,
        tuple(_seen(heading, xl_col_to_name(table.left + at), counts[at]) for at, heading in headings),
    )


def _heading_row(first: Sequence[Sequence[Any]], words: set[str]) -> int | None:
    """The row with most headings that somebody knows; where nobody knows any, the one with most different texts."""
    if not first:
        return None
    known = [sum(not is_empty(c) and {plain(str(c)), plain(without_unit(str(c)))} & words != set() for c in row)
             for row in first]  # fmt: skip
    if max(known):
        return known.index(max(known))
    texts = [len({cell for cell in row if isinstance(cell, str) and not is_empty(cell)}) for row in first]
    return texts.index(max(texts)) if max(texts) else None


def _seen(heading: str, letter: str, counter: Counter[str]) -> SeenColumn:
    rows = counter.total()
    common = bool(counter) and len(counter) <= _MOST_WORDS and max(map(len, counter)) <= _LONGEST_WORD
    open_to_all = common and rows >= _ROWS_A_WORD * len(counter) and not any(map(_LONG_NUMBER.search, counter))
    samples = [word for word, _count in counter.most_common(_SAMPLES)]
    return SeenColumn(
        heading,
        letter,
        tuple(samples if open_to_all else dict.fromkeys(map(masked, samples))),
        tuple(sorted(counter)) if common else (),
    )


def masked(value: str) -> str:
    """The first sign, and that there is more: enough to tell a name from a number."""
    return value[:1] + "*" * min(6, max(1, len(value) - 1))
