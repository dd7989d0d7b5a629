"""Whose words the reader goes by: `FORM`, the form's own, or `Mapped`, those of a mapping profile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from lika.collection.findings import Finding
from lika.collection.layouts.model import ForeignTable, Profile
from lika.collection.layouts.words import reader_of
from lika.collection.reading.cells import Parser
from lika.collection.schema import IGNORED_SHEETS, SHEETS, Column, Sheet, plain
from lika.core.language import chosen

NOTHING: Mapping[str, str] = {}
_FORM_SHEETS = {plain(word): (sheet.key,) for sheet in SHEETS for word in sheet.names}
_PASSED_OVER = frozenset(plain(name) for name in IGNORED_SHEETS)


class Layout(Protocol):
    """How the tables and headings of a file become our sheets and columns. `table` is what a table is called."""

    @property
    def label(self) -> str:
        """NAME@VERSION of the profile; empty for the form itself."""

    def table_names(self) -> Sequence[str]:
        """What the tables are called, in the reader's language where they are ours."""

    def sheets_in(self, table: str) -> Sequence[str] | None:
        """The keys of the sheets that a table fills: none where it is to be passed over, None where it is unknown."""

    def column(self, table: str, sheet: Sheet, heading: str) -> Column | None:
        """The column of a sheet that a heading of the table names."""

    def passes_over(self, table: str, heading: str) -> bool:
        """Whether a heading that names no column of a sheet is known all the same."""

    def parser(self, table: str, sheet: Sheet, column: Column) -> Parser | None:
        """How the cells of a column are read; None where as the form's own."""

    def fixed(self, table: str, sheet: Sheet) -> Mapping[str, str]:
        """What holds for every row of the sheet, by column."""

    def own(self, table: str, sheet: Sheet) -> frozenset[str] | None:
        """Columns of which a row must tell one to be a row of the sheet; None where any will do."""

    def named(self, finding: Finding) -> Finding:
        """The finding with the name and the headings that its table itself has."""


class Form:
    """The form's own words: official Chinese headings, English, and our names of columns."""

    label = ""

    def table_names(self) -> Sequence[str]:
        return [chosen(sheet.zh, sheet.en) for sheet in SHEETS]

    def sheets_in(self, table: str) -> Sequence[str] | None:
        word = plain(table)
        return () if word in _PASSED_OVER else _FORM_SHEETS.get(word)

    def column(self, table: str, sheet: Sheet, heading: str) -> Column | None:
        return sheet.by_heading(heading)

    def passes_over(self, table: str, heading: str) -> bool:
        return False

    def parser(self, table: str, sheet: Sheet, column: Column) -> Parser | None:
        return None

    def fixed(self, table: str, sheet: Sheet) -> Mapping[str, str]:
        return NOTHING

    def own(self, table: str, sheet: Sheet) -> frozenset[str] | None:
        return None

    def named(self, finding: Finding) -> Finding:
        return finding


FORM = Form()


@dataclass(frozen=True)
class Mapped:
    """The words of a mapping profile."""

    profile: Profile

    @property
    def label(self) -> str:
        return self.profile.label

    def table_names(self) -> Sequence[str]:
        return [table.name for table in self.profile.tables]

    def _table(self, table: str) -> ForeignTable:
        found = self.profile.table_of(table)
        if found is None:
            raise KeyError(table)
        return found

    def sheets_in(self, table: str) -> Sequence[str] | None:
        found = self.profile.table_of(table)
        return None if found is None else found.sheets

    def column(self, table: str, sheet: Sheet, heading: str) -> Column | None:
        foreign = self._table(table).column_of(heading)
        if foreign is None:
            return None
        names = [name for key, name in foreign.places if key == sheet.key]
        return sheet.column(names[0]) if names else None

    def passes_over(self, table: str, heading: str) -> bool:
        found = self._table(table)
        return found.column_of(heading) is not None or found.passes_over(heading)

    def parser(self, table: str, sheet: Sheet, column: Column) -> Parser | None:
        foreign = self._table(table).at((sheet.key, column.name))
        return None if foreign is None else reader_of(foreign, column)

    def fixed(self, table: str, sheet: Sheet) -> Mapping[str, str]:
        return {name: value for (key, name), value in self._table(table).fixed.items() if key == sheet.key}

    def own(self, table: str, sheet: Sheet) -> frozenset[str] | None:
        found = self._table(table)
        return None if len(found.sheets) == 1 else found.own(sheet.key)

    def named(self, finding: Finding) -> Finding:
        # The tables of one sheet are parts of it: they have the same headings.
        found = next((table for table in self.profile.tables if finding.sheet in table.sheets), None)
        if found is None:
            return finding
        params = dict(finding.params)
        fields = {finding.field, params.get("field", ""), params.get("other", "")}
        told = ((name, found.at((finding.sheet, name))) for name in sorted(fields) if name)
        own = tuple((name, column.heading) for name, column in told if column is not None)
        return replace(finding, own=own, table=found.name)
