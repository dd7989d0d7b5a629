"""What an import found, with its place in the workbook. A finding holds no value from it."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy

from lika.collection.choices import Severity
from lika.collection.rules import Rule, rule_of
from lika.collection.schema import SHEETS_BY_KEY, column_of
from lika.core.language import chosen, listed

# Of one rule in one column so many are kept with their place; the rest is only counted. A column that is wrong from
# top to bottom would otherwise bury everything else.
KEPT_OF_ONE_KIND = 1_000
# These say that a value is missing.
MISSING = frozenset(("COL-104", "COL-216", "COL-217", "COL-218", "COL-219", "COL-222", "COL-407"))
# Rules about one cell: its value was not read.
_UNREAD = "COL-1"
_SHOWN_CHOICES = 16


@dataclass(frozen=True)
class Part:
    """One of the tables in which the rows of a sheet come; they are numbered on from `offset`."""

    offset: int
    name: str


@dataclass(frozen=True, order=True)
class Finding:
    """One fault. `row` and `column` are as the spreadsheet counts them; 0 and "" where the whole sheet is meant.

    `file` tells which of several files holds the row.
    `severity` is told by whoever knows it at the moment of finding: to look a rule of quality up asks the database.
    """

    sheet: str
    row: int
    column: str
    code: str
    field: str = ""
    household: str = ""
    params: tuple[tuple[str, str], ...] = ()
    file: str = ""
    severity: str = dataclasses.field(default="", compare=False)
    # Where a mapping profile says what they mean: the file's own name of the sheet, and its headings by column.
    table: str = ""
    own: tuple[tuple[str, str], ...] = ()

    @property
    def rule(self) -> Rule:
        """The rule that it breaks."""
        return rule_of(self.code)

    @property
    def is_error(self) -> bool:
        """Whether it keeps the household out."""
        return (self.severity or self.rule.severity) == Severity.ERROR

    @property
    def message(self) -> str:
        """What is wrong, in the language of the moment."""
        return self.rule.text(self._named_params())

    @property
    def remedy(self) -> str:
        """What to do."""
        params = self._named_params()
        return str(self.rule.remedy) % params if params else str(self.rule.remedy)

    @property
    def sheet_label(self) -> str:
        """The sheet as people call it."""
        if self.table:
            return self.table
        sheet = SHEETS_BY_KEY.get(self.sheet)
        return self.sheet if sheet is None else chosen(sheet.zh, sheet.en)

    @property
    def field_label(self) -> str:
        """The heading of the column; where the file has one of its own, that and ours."""
        return self._label_of(self.field)

    def _label_of(self, name: str) -> str:
        ours, own = field_label(self.sheet, name), dict(self.own).get(name)
        return ours if own is None or own == ours else f"{own} ({ours})"

    def _named_params(self) -> dict[str, str]:
        params = dict(self.params)
        if self.code == "COL-105":
            params.update(_choices_of(self.sheet, self.field))
        # The names of columns and levels are chosen by language when the finding is shown, not when it is made.
        if "field" in params:
            params["field"] = self._label_of(params["field"])
        if "other" in params:
            params["other"] = self._label_of(params["other"])
        if "level" in params:
            params["level"] = str(LEVELS[params["level"]])
        return params

    def as_json(self) -> dict[str, Any]:
        """The stored form; `from_json` reads it."""
        return {
            "sheet": self.sheet, "row": self.row, "column": self.column, "code": self.code, "field": self.field,
            "household": self.household, "params": dict(self.params), "file": self.file,
            **({"table": self.table, "own": dict(self.own)} if self.table else {}),
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Finding":
        """The finding behind its stored form."""
        return cls(**{**data, "params": tuple(data["params"].items()), "own": tuple(data.get("own", {}).items())})


LEVELS = {"village": gettext_lazy("village"), "county": gettext_lazy("county")}


def field_label(sheet_key: str, name: str) -> str:
    """The heading of a column in the language of the moment; the name itself where there is none."""
    sheet = SHEETS_BY_KEY.get(sheet_key)
    if sheet is None:
        return name
    try:
        column = column_of(sheet_key, name)
    except KeyError:
        return name
    return chosen(column.zh, column.en)


def _choices_of(sheet_key: str, name: str) -> dict[str, str]:
    """The name of a column's code list and, as far as it fits on a line, what it allows."""
    code_list = column_of(sheet_key, name).code_list
    if code_list is None:
        return {"list": name, "allowed": ""}
    words = [item.zh for item in code_list.items]
    shown = listed(words[:_SHOWN_CHOICES]) + ("…" if len(words) > _SHOWN_CHOICES else "")
    return {"list": chosen(code_list.zh, code_list.en), "allowed": shown}


Named = Callable[[Finding], Finding]


@dataclass
class FindingLog:
    """Collects findings; keeps every faulty household but not every one of ten thousand equal faults."""

    kept: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    # Households with an error, by number; villages and counties with an error in their yearly row, by sheet and row.
    faulty_households: set[str] = field(default_factory=set)
    faulty_rows: set[tuple[str, int]] = field(default_factory=set)
    _faulty_cells: set[tuple[str, int, str]] = field(default_factory=set)
    _unread_rows: set[tuple[str, int]] = field(default_factory=set)
    _of_kind: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        """Note one finding.

        That a value is missing is not news where it could not be read, and warnings about such a row are guesses.
        """
        cell = (finding.sheet, finding.row, finding.field)
        if finding.code in MISSING and cell in self._faulty_cells:
            return
        if not finding.is_error and (finding.sheet, finding.row) in self._unread_rows:
            return
        self.counts[finding.code] += 1
        if finding.is_error:
            self.faulty_rows.add((finding.sheet, finding.row))
            self._faulty_cells.add(cell)
            if finding.code.startswith(_UNREAD):
                self._unread_rows.add((finding.sheet, finding.row))
            if finding.household:
                self.faulty_households.add(finding.household)
        kind = (finding.code, finding.sheet, finding.field)
        self._of_kind[kind] += 1
        if self._of_kind[kind] <= KEPT_OF_ONE_KIND:
            self.kept.append(finding)

    def name_households(self, sheet: str, numbers: Mapping[int, str]) -> None:
        """Tell which household the rows with errors belong to: who found a formula did not know."""
        self.faulty_households.update(numbers.values())
        for position, finding in enumerate(self.kept):
            if finding.sheet == sheet and not finding.household and finding.row in numbers:
                self.kept[position] = replace(finding, household=numbers[finding.row])

    def as_json(self) -> dict[str, Any]:
        """All that was noted, to go on with another time; `from_json` reads it."""
        return {
            "kept": [finding.as_json() | {"severity": finding.severity} for finding in self.kept],
            "counts": dict(self.counts),
            "of_kind": [[*kind, count] for kind, count in self._of_kind.items()],
            "households": sorted(self.faulty_households),
            "rows": sorted(self.faulty_rows),
            "cells": sorted(self._faulty_cells),
            "unread": sorted(self._unread_rows),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "FindingLog":
        """The log behind its stored form."""
        return cls(
            kept=[Finding.from_json(finding) for finding in data["kept"]],
            counts=Counter(data["counts"]),
            faulty_households=set(data["households"]),
            faulty_rows={(sheet, row) for sheet, row in data["rows"]},
            _faulty_cells={(sheet, row, name) for sheet, row, name in data["cells"]},
            _unread_rows={(sheet, row) for sheet, row in data["unread"]},
            _of_kind=Counter({(code, sheet, name): count for code, sheet, name, count in data["of_kind"]}),
        )

    def is_faulty(self, sheet: str, row: int, column: str) -> bool:
        """Whether an error was found in a cell."""
        return (sheet, row, column) in self._faulty_cells

    @property
    def errors(self) -> int:
        """How many errors were found, kept or not."""
        return sum(count for code, count in self.counts.items() if rule_of(code).severity is Severity.ERROR)

    @property
    def warnings(self) -> int:
        """How many warnings were found, kept or not."""
        return sum(self.counts.values()) - self.errors

    def in_order(self, parts: Mapping[str, Sequence[Part]], named: Named) -> tuple[Finding, ...]:
        """The kept findings by sheet, row and column, as somebody walks through the workbook or file after file.

        `named` gives each the words of its own file.
        """
        order = {key: position for position, key in enumerate(SHEETS_BY_KEY)}
        found = sorted(self.kept, key=lambda f: (order.get(f.sheet, -1), f.row, len(f.column), f.column, f.code))
        return tuple(named(_within(finding, parts.get(finding.sheet, ()))) for finding in found)


def _within(finding: Finding, parts: Sequence[Part]) -> Finding:
    """The finding with its rows counted in its own file, where a sheet came in several."""
    if finding.file or len(parts) < 2:
        return finding
    part = _part_of(finding.row, parts)
    params = dict(finding.params)
    if params.get("other", "").isdigit():
        other = _part_of(int(params["other"]), parts)
        row = str(int(params["other"]) - other.offset)
        params["other"] = row if other == part else f"{other.name} {row}"
    return replace(finding, row=finding.row - part.offset, file=part.name, params=tuple(params.items()))


def _part_of(row: int, parts: Sequence[Part]) -> Part:
    return next((part for part in reversed(parts) if row > part.offset), parts[0])
