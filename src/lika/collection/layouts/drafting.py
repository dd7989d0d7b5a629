"""The page on which somebody assigns the columns of a file: what they chose, what is missing, the profile it makes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lika.collection.layouts.model import Place, Profile
from lika.collection.layouts.proposing import SHARED, Proposed, SeenColumn, SeenTable, codes_of, is_coded, propose
from lika.collection.layouts.words import ours_of
from lika.collection.schema import Column, Kind, Sheet
from lika.core.errors import UserError
from lika.core.language import chosen

FACTORS = tuple(Decimal(text) for text in ("1", "10000", "1000", "15", "0.5", "0.001"))

Posted = Mapping[str, str]


@dataclass(frozen=True)
class CodeLine:
    """A word of the file and what it is taken for."""

    field: str
    word: str
    ours: str


@dataclass(frozen=True)
class ColumnLine:
    """A column of the file as the page shows it; `field` names its input, `choices` our codes where it is coded."""

    seen: SeenColumn
    field: str
    value: str
    why: str
    suggestion: str
    factor: str
    is_number: bool
    codes: Sequence[CodeLine] = ()
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class FixedLine:
    """Something that a sheet requires and no column tells: it may be the same for all rows."""

    field: str
    label: str
    value: str
    choices: Sequence[tuple[str, str]] = ()
    required: bool = True


@dataclass(frozen=True)
class TableLine:
    """A table of the file."""

    name: str
    rows: int
    columns: Sequence[ColumnLine]
    fixed: Sequence[FixedLine]

    @property
    def unused(self) -> Sequence[str]:
        """Headings that are assigned to nothing."""
        return [line.seen.heading for line in self.columns if not line.value]


class Fields:
    """Our fields by the words in which a page names them: “户信息 · 联系电话”."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.sheets = {sheet.key: sheet for sheet in sheets}
        self._places: dict[str, Place] = {}
        for sheet in sheets:
            for column in sheet.columns:
                place = (sheet.key, column.name)
                for sheet_word, word in ((sheet.zh, column.zh), (sheet.en, column.en)):
                    self._places.setdefault(f"{sheet_word} · {word}", place)

    def label(self, place: Place) -> str:
        """What a field is called on the page."""
        sheet, column = self.sheets[place[0]], self.column(place)
        return f"{chosen(sheet.zh, sheet.en)} · {chosen(column.zh, column.en)}"

    def labels(self) -> list[str]:
        """Every field, in the order of the sheets."""
        return [self.label((sheet.key, column.name)) for sheet in self.sheets.values() for column in sheet.columns]

    def column(self, place: Place) -> Column:
        """The column of ours behind a field."""
        return self.sheets[place[0]].column(place[1])

    def place(self, text: str) -> Place | None:
        """The field of this name; None where there is none."""
        return self._places.get(text.strip())


class Draft:
    """The choices of one page: those that were posted, else what is proposed, else those of the profile changed."""

    def __init__(
        self,
        tables: Sequence[SeenTable],
        sheets: Sequence[Sheet],
        known: Sequence[Profile],
        base: Profile | None = None,
        posted: Posted | None = None,
    ) -> None:
        self.fields = Fields(sheets)
        self._tables, self._base, self._posted = tables, base, posted
        self._proposed = [propose(table, sheets, known, base) for table in tables]

    def lines(self) -> list[TableLine]:
        """The page's tables."""
        return [
            TableLine(table.name, table.rows, self._column_lines(at, table), list(self._fixed_lines(at, table)))
            for at, table in enumerate(self._tables)
        ]

    def data(self, about: Mapping[str, Any]) -> dict[str, Any]:
        """The profile that the choices make, for `layouts.actions.save_profile`.

        Raises COL-054 where a column is assigned to a field that there is not, or two to one.
        """
        self._require_fields()
        tables = [self._table_data(at, table) for at, table in enumerate(self._tables)]
        return {**about, "tables": [table for table in tables if table["columns"]]}

    def _require_fields(self) -> None:
        for at, table in enumerate(self._tables):
            seen: set[Place] = set()
            for position, column in enumerate(table.columns):
                place = self._place(at, position, column)
                if (place is None and self._text(at, position)) or place in seen:
                    raise UserError(
                        "COL-054",
                        _("“%(heading)s” is assigned to no field of ours, or to one that another column has.")
                        % {"heading": column.heading},
                        remedy=_("Choose another field of the list, or leave the input empty."),
                        column=column.letter,
                    )
                if place is not None:
                    seen.add(place)

    def missing(self) -> list[str]:
        """What is required and neither a column nor a value for all rows tells."""
        return [
            f"{table.name}: {line.label}"
            for at, table in enumerate(self._tables)
            for line in self._fixed_lines(at, table)
            if line.required and not line.value
        ]

    def _place(self, at: int, position: int, column: SeenColumn) -> Place | None:
        proposed = self._proposed[at][column.heading]
        if self._posted is None:
            return proposed.place
        if self._posted.get(f"take-{at}-{position}") and proposed.suggested is not None:
            return proposed.suggested
        return self.fields.place(self._text(at, position))

    def _text(self, at: int, position: int) -> str:
        return (self._posted or {}).get(f"field-{at}-{position}", "").strip()

    def _column_lines(self, at: int, table: SeenTable) -> list[ColumnLine]:
        return [self._column_line(at, position, column) for position, column in enumerate(table.columns)]

    def _column_line(self, at: int, position: int, column: SeenColumn) -> ColumnLine:
        place, proposed = self._place(at, position, column), self._proposed[at][column.heading]
        ours = self.fields.column(place) if place else None
        suggestion = self.fields.label(proposed.suggested) if proposed.suggested and place is None else ""
        return ColumnLine(
            seen=column,
            field=f"{at}-{position}",
            value=self.fields.label(place) if place else self._text(at, position),
            why=proposed.why if place == proposed.place else "",
            suggestion=suggestion,
            factor=f"{self._factor(at, position, place, proposed):f}",
            is_number=ours is not None and ours.kind in (Kind.INTEGER, Kind.DECIMAL),
            codes=self._code_lines(at, position, column, place, proposed),
            choices=_choices(ours) if ours is not None and is_coded(ours) else (),
        )

    def _factor(self, at: int, position: int, place: Place | None, proposed: Proposed) -> Decimal:
        if self._posted is None:
            return proposed.factor
        asked = self._posted.get(f"factor-{at}-{position}")
        if asked in {f"{factor:f}" for factor in FACTORS}:
            return Decimal(str(asked))
        return proposed.factor if place == proposed.place else Decimal(1)

    def _code_lines(
        self, at: int, position: int, column: SeenColumn, place: Place | None, proposed: Proposed
    ) -> list[CodeLine]:
        ours = self.fields.column(place) if place else None
        if ours is None or not is_coded(ours):
            return []
        told = proposed.codes if place == proposed.place else codes_of(column, ours)
        known = {code for code, _label in _choices(ours)}
        lines = []
        for number, word in enumerate(column.words):
            field = f"code-{at}-{position}-{number}"
            asked = told.get(word, "") if self._posted is None or field not in self._posted else self._posted[field]
            lines.append(CodeLine(field, word, asked if asked in known else ""))
        return lines

    def _places(self, at: int, table: SeenTable) -> dict[str, Place]:
        chosen_places = {column.heading: self._place(at, n, column) for n, column in enumerate(table.columns)}
        return {heading: place for heading, place in chosen_places.items() if place is not None}

    def _fixed_lines(self, at: int, table: SeenTable) -> Iterator[FixedLine]:
        places = set(self._places(at, table).values())
        names = {name for _sheet, name in places}
        for key in (key for key in self.fields.sheets if any(place[0] == key for place in places)):
            for column in self.fields.sheets[key].columns:
                shared = column.name in SHARED and column.name in names
                if column.required and (key, column.name) not in places and not shared:
                    field = f"fixed-{at}-{key}.{column.name}"
                    value = self._fixed(table, (key, column.name), field)
                    yield FixedLine(field, self.fields.label((key, column.name)), value, _choices(column))

    def _fixed(self, table: SeenTable, place: Place, field: str) -> str:
        if self._posted is not None:
            return self._posted.get(field, "").strip()
        found = self._base.table_of(table.name) if self._base is not None else None
        return found.fixed.get(place, "") if found is not None else ""

    def _table_data(self, at: int, table: SeenTable) -> dict[str, Any]:
        lines, places = self._column_lines(at, table), self._places(at, table)
        sheets = list(dict.fromkeys(place[0] for place in places.values()))
        columns = []
        for line in lines:
            place = places.get(line.seen.heading)
            if place is not None:
                shared = [(key, place[1]) for key in sheets if place[1] in SHARED and key != place[0]]
                taken = set(places.values())
                fields = [place, *(each for each in shared if each not in taken)]
                columns.append(_column_data(line, fields))
        fixed = {line.field.partition("-")[2].partition("-")[2]: line.value for line in self._fixed_lines(at, table)}
        return {
            "name": table.name,
            "columns": columns,
            "fixed": {name: value for name, value in fixed.items() if value},
            "ignored": [line.seen.heading for line in lines if line.seen.heading not in places],
        }


def _column_data(line: ColumnLine, places: Sequence[Place]) -> dict[str, Any]:
    codes: dict[str, list[str]] = {}
    for code in line.codes:
        if code.ours:
            codes.setdefault(code.ours, []).append(code.word)
    data: dict[str, Any] = {"heading": line.seen.heading, "fields": [".".join(place) for place in places]}
    if line.is_number and line.factor != "1":
        data["factor"] = line.factor
    return data | ({"codes": codes} if codes else {})


def _choices(column: Column) -> list[tuple[str, str]]:
    return [(code, chosen(*labels)) for code, labels in ours_of(column)]
