"""A mapping profile: which sheet, column and code of another system, in a year, means which of ours (DOMAIN §0.4).

Profiles hold words and codes, never values. A version never changes: what was read with it can be read again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lika.collection.schema import SHEETS_BY_KEY, Column, Sheet, plain
from lika.collection.schema.columns import without_unit

# Our code -> the other system's words for it. The first is written, all are read.
Codes = Mapping[str, tuple[str, ...]]
# A sheet's key and the name of one of its columns.
Place = tuple[str, str]

# Our codes where a column has no list: yes and no.
YES, NO = "yes", "no"


@dataclass(frozen=True)
class ForeignColumn:
    """A column of the other system. `factor` makes its numbers ours: 10000 where it counts in 万元 and we in 元."""

    heading: str
    places: tuple[Place, ...]
    zh: str = ""
    aliases: tuple[str, ...] = ()
    factor: Decimal = Decimal(1)
    codes: Codes = field(default_factory=dict)
    source: str = ""

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading under which the column may stand."""
        return (self.heading, *self.aliases)


@dataclass(frozen=True)
class ForeignTable:
    """A sheet or file of the other system. `fixed` says for every row what no column of it tells."""

    name: str
    columns: tuple[ForeignColumn, ...]
    aliases: tuple[str, ...] = ()
    fixed: Mapping[Place, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the table may have."""
        return (self.name, *self.aliases)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The keys of our sheets that it fills, in our order."""
        filled = {sheet for column in self.columns for sheet, _name in column.places}
        return tuple(key for key in SHEETS_BY_KEY if key in filled)

    def column_of(self, heading: str) -> ForeignColumn | None:
        """The column that a heading names; case, spaces, marks and a unit in brackets do not matter."""
        return self._named().get(plain(heading)) or self._named().get(plain(without_unit(heading)))

    def passes_over(self, heading: str) -> bool:
        """Whether the profile knows the heading and says that it means nothing to us."""
        return plain(heading) in {plain(each) for each in self.ignored}

    def at(self, place: Place) -> ForeignColumn | None:
        """The column that tells a field of ours."""
        return next((column for column in self.columns if place in column.places), None)

    def own(self, sheet: str) -> frozenset[str]:
        """The fields of a sheet that no other sheet shares a column with: a row without any of them says nothing of it.

        All of them where the table fills one sheet only.
        """
        if len(self.sheets) == 1:
            return frozenset(name for column in self.columns for _sheet, name in column.places)
        alone = (column.places[0] for column in self.columns if len(column.places) == 1)
        return frozenset(name for key, name in alone if key == sheet)

    def _named(self) -> dict[str, ForeignColumn]:
        return {plain(heading): column for column in self.columns for heading in column.headings}


@dataclass(frozen=True)
class Profile:
    """The layout of another system in a year. `division` is whose it is; empty for those that ship with the program."""

    name: str
    version: int
    zh: str
    en: str
    system: str
    tables: tuple[ForeignTable, ...]
    year: int | None = None
    sources: tuple[str, ...] = ()
    # Of which households the other system holds a record: field of ours -> our codes. Empty: of all.
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    division: str = ""
    sha256: str = ""

    @property
    def label(self) -> str:
        """How it is asked for and what a batch records: NAME@VERSION."""
        return f"{self.name}@{self.version}"

    def table_of(self, name: str) -> ForeignTable | None:
        """The table of this name."""
        return next((table for table in self.tables if plain(name) in {plain(each) for each in table.names}), None)

    def missing(self, sheets: Sequence[Sheet]) -> Iterator[tuple[ForeignTable, Sheet, Column]]:
        """What a sheet requires and neither a column nor a fixed value of its table tells."""
        by_key = {sheet.key: sheet for sheet in sheets}
        for table in self.tables:
            for key in table.sheets:
                for column in by_key[key].columns:
                    place = (key, column.name)
                    if column.required and table.at(place) is None and place not in table.fixed:
                        yield table, by_key[key], column
