"""Checks a whole pack: form, meaning, inheritance, expressions, golden cases. Every fault found is told.

Later looks build on earlier ones, and what follows from a fault already told is not told again: a name
that belongs to an item left out, a formula's fault in each criterion that uses it. SOURCES.md is compared, and
golden cases run, only on a pack that holds otherwise.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lika.core import facts as registry
from lika.core.errors import NotFound
from lika.engine.checker import check, find_errors
from lika.engine.errors import ExpressionError
from lika.engine.parser import parse
from lika.engine.schema import NAME_PATTERN, RESERVED, UNIT_NAMES, ParameterSpec, Schema, rank
from lika.policy import resolve
from lika.policy.packs import cases, faults, patterns, procedures, reach, record, reports, sources
from lika.policy.packs.faults import Fault, PackRefused, Place
from lika.policy.packs.folder import Item, PackFiles
from lika.policy.packs.form import CollectedItem, Criterion, DerivedFact, Head, QualityRule
from lika.policy.packs.library import Library, root_of
from lika.policy.packs.resolution import Resolution
from lika.policy.packs.resolved import ResolvedPack

# Refusals of a name that may only follow from an item left out: unknown fact, parameter, criterion; another unit's.
_UNKNOWN_NAME = ("ENG-020", "ENG-021", "ENG-022", "ENG-026")

# What stands where such a name is refused: fact, param.name or 'criterion'.
_NAME = re.compile(rf"(?:(?:param|参数)\.|met\s*\(\s*)?'?(?P<name>{NAME_PATTERN})")

# The ids on the way round a circle (ENG-053), as its message lists them.
_STEP_OF_CIRCLE = re.compile(NAME_PATTERN)

# Finds a pinned version, by `id@version`, before any folder is looked at.
FindStored = Callable[[str], ResolvedPack | None]


@dataclass
class Report:
    """What checking a folder found. `pack` is there where there is no fault."""

    folder: Path
    pack: ResolvedPack | None = None
    faults: list[Fault] = field(default_factory=list)
    cases: int = 0

    def accepted(self) -> ResolvedPack:
        """The pack. Raises `PackRefused` (POL-001) with all faults where there are any."""
        if self.pack is None:
            raise PackRefused(self.folder.name, self.faults)
        return self.pack


def nothing_stored(reference: str) -> None:
    """For work on files alone."""


def check_folder(folder: Path, *, stored: FindStored = nothing_stored, with_cases: bool = True) -> Report:
    """Look at everything in a pack's folder; the faults are in the report.

    Without cases it is as far as running the pack needs: SOURCES.md is not compared either.
    """
    folder = folder.resolve()
    head = Library(()).files(folder).head
    library = Library.around(folder, head.value.id) if head else Library.shipped()
    return _Look(folder, library, stored).report(with_cases=with_cases)


def read_pack(folder: Path, *, stored: FindStored = nothing_stored) -> ResolvedPack:
    """The resolved pack of a folder, its golden cases not run. Raises `PackRefused` (POL-001)."""
    return check_folder(folder, stored=stored, with_cases=False).accepted()


class _Look:
    """One pack being looked at."""

    def __init__(self, folder: Path, library: Library, stored: FindStored) -> None:
        self.folder = folder
        self.library = library
        self.stored = stored
        self.files = library.files(folder)
        self.faults: list[Fault] = list(self.files.faults)

    def report(self, *, with_cases: bool) -> Report:
        pack = self._pack()
        found = Report(self.folder)
        if pack is not None and not self.faults and with_cases:
            found.cases = len(pack.cases)
            self.faults += sources.faults_of(self.files)
            self.faults += cases.faults_of(pack, self.files)
        found.faults = sorted({str(fault): fault for fault in self.faults}.values(), key=lambda fault: fault.order)
        found.pack = None if self.faults else pack
        return found

    def _pack(self) -> ResolvedPack | None:
        head = self.files.head
        if head is None:
            return None
        if root_of(self.folder, head.value.id) is None:
            shown = "/".join(self.folder.parts[-2:])
            self.faults.append(faults.wrong_folder(head.place("id"), head.value.id, shown))
        base = self._base(head) if head.value.extends else None
        if head.value.extends and base is None:
            return None
        self.faults += reach.faults_of(head, base)
        work = Resolution(self.files, head.value, base, registry.schema().code_lists)
        pack = work.resolve()
        self.faults += work.faults
        self.faults += _expression_faults(self.files, pack)
        return pack

    def _base(self, head: Item[Head]) -> ResolvedPack | None:
        """The exact version that the pack extends; None and a fault where there is none that holds."""
        reference, place = head.value.extends or "", head.place("extends")
        if (pinned := self.stored(reference)) is not None:
            return pinned
        pack_id, version = reference.split("@")
        if circle := self._circle(head.value.id, pack_id):
            self.faults.append(faults.circle(place, circle))
            return None
        try:
            folder = self.library.folder(pack_id)
        except NotFound:
            others = [other for other in self.library.ids() if other != head.value.id]
            self.faults.append(faults.base_missing(place, reference, others))
            return None
        there = self.library.files(folder).head
        if there is not None and there.value.version != version:
            self.faults.append(faults.base_missing(place, reference, [f"{pack_id}@{there.value.version}"]))
            return None
        report = _Look(folder, self.library, self.stored).report(with_cases=False)
        if report.pack is None:
            self.faults.append(faults.base_refused(place, reference))
        return report.pack

    def _circle(self, pack_id: str, base_id: str) -> list[str]:
        """The way from a pack back to a pack already met; empty where there is none."""
        path = [pack_id]
        following: str | None = base_id
        while following is not None:
            path.append(following)
            if following in path[:-1]:
                return path
            try:
                head = self.library.files(self.library.folder(following)).head
            except NotFound:
                return []
            following = head.value.extends.split("@")[0] if head and head.value.extends else None
        return []


def _expression_faults(files: PackFiles, pack: ResolvedPack) -> Iterator[Fault]:
    """What is wrong with names and expressions, against the facts known today."""
    taken = list(_taken_names(files, registry.schema()))
    if taken or files.unreadable:
        yield from taken
        return
    parameters = resolve.parameters_of(pack, pack.valid.first)
    schema = resolve.schema_of(pack)
    formulas = list(_formula_faults(files, schema, parameters))
    yield from formulas
    if formulas:
        return
    yield from _field_faults(files, schema)
    yield from patterns.faults_of(files, pack, schema)
    yield from record.faults_of(files, pack)
    yield from procedures.faults_of(files, pack)
    own: dict[str, Item[Criterion] | Item[QualityRule]] = {item.value.id: item for item in files.criteria}
    own |= {item.value.id: item for item in files.quality}
    refused = (
        error
        for items in (resolve.engine_criteria(pack), resolve.engine_rules(pack))
        for error in find_errors(items, schema, parameters)
    )
    for error in _each_circle_once(refused):
        item = own.get(error.criterion or "")
        if item is not None:
            if not _follows(error, item.value.expression or "", files.broken):
                yield faults.expression(_inside(item, "expression", error), error)
        elif files.head is not None:
            yield faults.inherited_fails(files.head.place("extends"), error.criterion or "", error)
    yield from reports.faults_of(files, pack, lambda error, text: _follows(error, text, files.broken))


def _field_faults(files: PackFiles, schema: Schema) -> Iterator[Fault]:
    """Rules of quality that point at what is no fact, of the unit or of one below."""
    for item in files.quality:
        rule = item.value
        unit = rule.field_unit
        held = unit in UNIT_NAMES and rank(unit) <= rank(rule.unit) and schema.fact(unit, rule.field_name) is not None
        if not held and rule.field_name not in files.broken:
            near = schema.nearest(unit, rule.field_name) if unit in UNIT_NAMES else ()
            yield faults.field_of_rule(item.place("field"), rule.field, near)


def _each_circle_once(errors: Iterable[ExpressionError]) -> Iterator[ExpressionError]:
    """The engine finds a circle from each criterion on it, each time at another point of the same way round."""
    circles: set[frozenset[str]] = set()
    for error in errors:
        if error.code == "ENG-053":
            members = frozenset(_STEP_OF_CIRCLE.findall(error.message_en.partition(":")[2]))
            if members in circles:
                continue
            circles.add(members)
        yield error


def _formula_faults(files: PackFiles, schema: Schema, parameters: Mapping[str, ParameterSpec]) -> Iterator[Fault]:
    for item in files.facts:
        try:
            check(parse(item.value.id), unit=item.value.unit, schema=schema, parameters=parameters)
        except ExpressionError as error:
            if not _follows(error, item.value.formula, files.broken):
                yield faults.expression(_inside(item, "formula", error), error)


def _taken_names(files: PackFiles, schema: Schema) -> Iterator[Fault]:
    """Names that mean something already: what a pack collects or derives never hides what the register declares."""
    own: set[tuple[str, str]] = set()
    declared: list[Item[CollectedItem] | Item[DerivedFact]] = [*files.items, *files.facts]
    for item in declared:
        for name_field in ("id", "zh"):
            word = getattr(item.value, name_field)
            named = (item.value.unit, word)
            if word in RESERVED or named in own or schema.fact(item.value.unit, word) is not None:
                yield faults.name_taken(item.place(name_field), word)
            own.add(named)
    criteria = {item.value.id for item in files.criteria}
    for rule in files.quality:
        if rule.value.id in criteria:
            yield faults.name_taken(rule.place("id"), rule.value.id)
    for parameter in files.parameters:
        if parameter.value.id == resolve.BASIS_MISSING.name:
            yield faults.name_taken(parameter.place("id"), parameter.value.id)


def _follows(error: ExpressionError, text: str, broken: Iterable[str]) -> bool:
    """Whether the refused name is that of an item already told to be at fault."""
    if error.code not in _UNKNOWN_NAME:
        return False
    rest = text.split("\n")[error.line - 1][error.column - 1 :]
    named = _NAME.match(rest)
    return named is not None and named["name"] in set(broken)


def _inside(item: Item[Criterion] | Item[DerivedFact] | Item[QualityRule], name: str, error: ExpressionError) -> Place:
    """Where in the file the engine's position is; of a missing expression, where the item is."""
    return item.document.place_inside((*item.path, name), error.line, error.column)
