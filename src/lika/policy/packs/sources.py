"""SOURCES.md: where each clause of the document went, held against the items of the pack.

One table row for each clause: clause, its content, and where it went. The last cell names files and ids,
`criteria/household.yaml`: income, exit; `parameters.yaml`: exit_line
or says `not software`, `not yet in this pack: …`, `not in the sources: …`. Every item of the pack stands in the row
of the clause that it cites.

A pack that has clauses.yaml holds there, for each of these rows, the words of the clause.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lika.policy.choices import Fate
from lika.policy.packs import faults
from lika.policy.packs.faults import Fault, Place
from lika.policy.packs.folder import Item, PackFiles
from lika.policy.packs.form import (
    AccountItem,
    ChangeItem,
    Clause,
    ClauseEntry,
    CollectedItem,
    Criterion,
    Deadline,
    DerivedFact,
    Parameter,
    PatternItem,
    QualityRule,
)
from lika.policy.packs.procedure_form import ProcedureItem
from lika.policy.packs.report_form import ReportItem
from lika.policy.packs.yamltree import Document

CELLS = 3
_RULE = re.compile(r"\|[\s:|-]+\|")
_ELSEWHERE = re.compile(r"(?P<fate>not software)(: .+)?|(?P<open>not yet in this pack|not in the sources): .+")
_FATES = {
    "not software": Fate.NOT_SOFTWARE,
    "not yet in this pack": Fate.NOT_YET,
    "not in the sources": Fate.NOT_IN_SOURCES,
}
_NAMED = re.compile(r"`(?P<file>[\w./-]+)`: (?P<ids>.+)")
_OPEN = (Fate.NOT_YET, Fate.NOT_IN_SOURCES)

Citing = (
    Item[Parameter]
    | Item[CollectedItem]
    | Item[DerivedFact]
    | Item[Criterion]
    | Item[QualityRule]
    | Item[PatternItem]
    | Item[Deadline]
    | Item[ChangeItem]
    | Item[AccountItem]
    | Item[ProcedureItem]
    | Item[ReportItem]
)


@dataclass(frozen=True)
class Row:
    """A row of the table: `where` is the last cell as written, None in a row that has not three cells."""

    line: int
    clause: str
    where: str | None

    @property
    def place(self) -> Place:
        """Where the row stands."""
        return Place("SOURCES.md", self.line, 1)

    @property
    def fate(self) -> Fate:
        """Where the clause went; a row that names items is carried by them."""
        elsewhere = _ELSEWHERE.fullmatch(self.where or "")
        return _FATES[elsewhere["fate"] or elsewhere["open"]] if elsewhere else Fate.CARRIED

    @property
    def named(self) -> list[tuple[str, str]] | None:
        """The (file, id) pairs that the row names, none where the clause went elsewhere; None: not understood."""
        if self.where is None:
            return None
        if _ELSEWHERE.fullmatch(self.where):
            return []
        parts = [_NAMED.fullmatch(part.strip()) for part in self.where.split(";")]
        if not all(parts):
            return None
        return [(part["file"], item.strip()) for part in parts if part for item in part["ids"].split(",")]


def rows_of(document: Document) -> list[Row]:
    """The rows of all tables, without their headings."""
    lines = [line.strip() for line in document.text.split("\n")]
    found = []
    for number, (line, after) in enumerate(zip(lines, [*lines[1:], ""], strict=True), start=1):
        if line.startswith("|") and not _RULE.fullmatch(line) and not _RULE.fullmatch(after):
            clause, *rest = (cell.strip() for cell in line.strip("|").split("|"))
            found.append(Row(number, clause, rest[-1] if len(rest) == CELLS - 1 else None))
    return found


def faults_of(files: PackFiles) -> Iterator[Fault]:
    """Rows that are wrong in themselves, then items that stand in no row of their clause."""
    if files.sources is None:
        return
    rows = rows_of(files.sources)
    items = {(item.document.file, item.value.id): item for item in _items(files)}
    cited: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        if row.clause in cited:
            yield faults.clause_twice(row.place, row.clause)
        cited.setdefault(row.clause, set()).update(row.named or ())
        yield from _row_faults(row, files, items)
    for key, item in items.items():
        yield from _item_faults(key, item, cited)
    if files.clauses:
        yield from _clause_faults(files.clauses, {row.clause: row for row in rows})


def _clause_faults(entries: Iterable[Item[ClauseEntry]], rows: Mapping[str, Row]) -> Iterator[Fault]:
    """clauses.yaml beside SOURCES.md: the same clauses, each once; what is open says in both languages what is."""
    seen: set[str] = set()
    for entry in entries:
        ref = entry.value.ref
        row = rows.get(ref)
        if ref in seen:
            yield faults.words_twice(entry.place("ref"), ref)
        elif row is None:
            yield faults.clause_without_row(entry.place("ref"), ref, rows)
        elif row.fate in _OPEN and entry.value.note is None:
            yield faults.fate_without_note(entry.place(), ref)
        seen.add(ref)
    for ref, row in rows.items():
        if ref not in seen:
            yield faults.clause_without_words(row.place, ref)


def _items(files: PackFiles) -> Iterable[Citing]:
    sets: tuple[Iterable[Citing], ...] = (
        files.parameters, files.items, files.facts, files.criteria, files.quality, files.patterns, files.calendar,
        files.changes, files.accounts, files.procedures, files.reports,
    )  # fmt: skip
    return [item for items in sets for item in items]


def _row_faults(row: Row, files: PackFiles, items: Mapping[tuple[str, str], Citing]) -> Iterator[Fault]:
    named = row.named
    if named is None:
        yield faults.row_not_understood(row.place)
        return
    for missing in sorted({file for file, _id in named if not (files.folder / file).is_file()}):
        yield faults.source_file_missing(row.place, missing)
    for file, item_id in named:
        item = items.get((file, item_id))
        if item is None:
            if (files.folder / file).is_file():
                yield faults.source_id_unknown(row.place, file, item_id, [known for at, known in items if at == file])
        elif row.clause not in {clause.ref for clause in _clauses(item).values()}:
            yield faults.source_other_clause(row.place, item_id, item.value.clause.ref)


def _clauses(item: Citing) -> Mapping[tuple[str | int, ...], Clause]:
    """The clauses in whose rows the item stands, by the path to each: also those of its stages or figures."""
    value = item.value
    return value.clauses() if isinstance(value, ProcedureItem | ReportItem) else {("clause",): value.clause}


def _item_faults(key: tuple[str, str], item: Citing, cited: Mapping[str, set[tuple[str, str]]]) -> Iterator[Fault]:
    for path, clause in _clauses(item).items():
        place = item.place(*path, "ref")
        if clause.ref not in cited:
            yield faults.clause_without_row(place, clause.ref, cited)
        elif key not in cited[clause.ref]:
            yield faults.item_without_row(place, item.value.id, clause.ref)
    if isinstance(item.value, Parameter):
        for index, value in enumerate(item.value.values):
            if value.clause is not None and value.clause.ref not in cited:
                yield faults.clause_without_row(item.place("values", index, "clause", "ref"), value.clause.ref, cited)
