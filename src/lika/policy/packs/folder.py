"""A pack folder -> its items with their places, and every fault of form in it.

pack.yaml, parameters.yaml, SOURCES.md           must be there
clauses, items, facts, patterns, calendar, changes, accounts *.yaml may be, and in folders criteria, measures, quality,
procedures, reports and cases
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lika.policy.packs import faults
from lika.policy.packs.case_form import Case
from lika.policy.packs.faults import Fault, Place
from lika.policy.packs.form import (
    AccountItem,
    ChangeItem,
    ClauseEntry,
    CollectedItem,
    Criterion,
    Deadline,
    DerivedFact,
    Head,
    Parameter,
    PatternItem,
    QualityRule,
    Shape,
)
from lika.policy.packs.procedure_form import ProcedureItem
from lika.policy.packs.report_form import ReportItem
from lika.policy.packs.yamltree import Document, read

HEAD = "pack.yaml"
NEEDED = (HEAD, "parameters.yaml", "SOURCES.md")
KNOWN = (
    *(*NEEDED, "clauses.yaml", "items.yaml", "facts.yaml", "patterns.yaml", "calendar.yaml", "changes.yaml"),
    "accounts.yaml",
    *("criteria/*.yaml", "measures/*.yaml", "quality/*.yaml", "procedures/*.yaml", "reports/*.yaml"),
    "cases/*.yaml",
)
IGNORED_PREFIX = "."
# What a flow mapping makes of the thousands of `50,000.00`: a key of its own.
_AFTER_A_COMMA = re.compile(r"[0-9]{3}(\.[0-9]+)?")

S = TypeVar("S", bound=Shape)


@dataclass(frozen=True)
class Item(Generic[S]):
    """Something read from a file, and where: `path` leads to it in the document."""

    value: S
    document: Document
    path: tuple[str | int, ...]

    def place(self, *inside: str | int) -> Place:
        """Where the item, or a value in it, stands."""
        return self.document.place((*self.path, *inside))

    def key_place(self, *inside: str | int) -> Place:
        """Where the key of a value in it stands."""
        return self.document.key_place((*self.path, *inside))


@dataclass
class PackFiles:
    """What a folder holds. `head` is None where pack.yaml itself is at fault.

    `sources` is the text of SOURCES.md. `broken` are ids of items that were left out: a reference to one of them is
    no second fault. Where a whole file is `unreadable`, nobody knows what was in it.
    """

    folder: Path
    head: Item[Head] | None = None
    parameters: list[Item[Parameter]] = field(default_factory=list)
    items: list[Item[CollectedItem]] = field(default_factory=list)
    facts: list[Item[DerivedFact]] = field(default_factory=list)
    criteria: list[Item[Criterion]] = field(default_factory=list)
    quality: list[Item[QualityRule]] = field(default_factory=list)
    patterns: list[Item[PatternItem]] = field(default_factory=list)
    calendar: list[Item[Deadline]] = field(default_factory=list)
    changes: list[Item[ChangeItem]] = field(default_factory=list)
    accounts: list[Item[AccountItem]] = field(default_factory=list)
    procedures: list[Item[ProcedureItem]] = field(default_factory=list)
    reports: list[Item[ReportItem]] = field(default_factory=list)
    cases: list[Item[Case]] = field(default_factory=list)
    clauses: list[Item[ClauseEntry]] = field(default_factory=list)
    sources: Document | None = None
    faults: list[Fault] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    unreadable: bool = False


def read_folder(folder: Path) -> PackFiles:
    """Read all files of a pack. Never raises for what is in them: faults are in the result."""
    found = PackFiles(folder)
    found.faults += [faults.file_missing(Place(name)) for name in NEEDED if not (folder / name).is_file()]
    for path in sorted(_files(folder)):
        name = path.relative_to(folder).as_posix()
        if not any(path.relative_to(folder).match(pattern) and _depth(name) == _depth(pattern) for pattern in KNOWN):
            found.faults.append(faults.file_unknown(Place(name), KNOWN))
            continue
        document = _document(path, name)
        if document.faults or path.suffix == ".yaml":
            _take(found, document)
        else:
            found.sources = document
    return found


def _files(folder: Path) -> Iterator[Path]:
    return (
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(IGNORED_PREFIX) for part in path.relative_to(folder).parts)
    )


def _depth(name: str) -> int:
    return name.count("/")


def _document(path: Path, name: str) -> Document:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return Document(name, "", faults=[faults.not_utf_8(Place(name))])
    return read(name, text) if path.suffix == ".yaml" else Document(name, text)


def _take(found: PackFiles, document: Document) -> None:
    """Put the items of one file where they belong."""
    found.faults += document.faults
    if document.values is None and document.faults:
        found.unreadable = True
        return
    section = document.file.split("/")[0]
    if section == HEAD:
        found.head = _shaped(found, Head, document, ())
        return
    lists: dict[str, tuple[list[Any], type[Shape]]] = {
        "parameters.yaml": (found.parameters, Parameter),
        "clauses.yaml": (found.clauses, ClauseEntry),
        "items.yaml": (found.items, CollectedItem),
        "facts.yaml": (found.facts, DerivedFact),
        "patterns.yaml": (found.patterns, PatternItem),
        "calendar.yaml": (found.calendar, Deadline),
        "changes.yaml": (found.changes, ChangeItem),
        "accounts.yaml": (found.accounts, AccountItem),
        "criteria": (found.criteria, Criterion),
        "measures": (found.criteria, Criterion),
        "quality": (found.quality, QualityRule),
        "procedures": (found.procedures, ProcedureItem),
        "reports": (found.reports, ReportItem),
        "cases": (found.cases, Case),
    }
    kept, shape = lists[section]
    kept += _items(found, shape, document)


def _items(found: PackFiles, shape: type[S], document: Document) -> Iterator[Item[S]]:
    """Each entry of a file that is a list."""
    if not isinstance(document.values, list):
        found.faults.append(faults.wrong_value(document.place(()), document.file, "- id: …"))
        return
    for index in range(len(document.values)):
        item = _shaped(found, shape, document, (index,))
        if item is not None:
            yield item


def _shaped(found: PackFiles, shape: type[S], document: Document, path: tuple[int, ...]) -> Item[S] | None:
    value = document.values[path[0]] if path else document.values
    try:
        return Item(shape.model_validate(value), document, path)
    except ValidationError as error:
        if isinstance(value, Mapping) and isinstance(value.get("id"), str):
            found.broken.add(value["id"])
        told = {fault.spot for fault in document.faults}  # what cannot be read is not also the wrong kind of value
        refusals = (_fault(shape, document, path, detail) for detail in error.errors())
        found.faults += [fault for fault in refusals if fault.spot not in told]
        return None


def _fault(shape: type[BaseModel], document: Document, path: tuple[int, ...], detail: ErrorDetails) -> Fault:
    """A refusal by Pydantic in the words of packs, at the place in the file."""
    inside = tuple(part for part in detail["loc"] if not _is_union_branch(part))
    place, name = document.place((*path, *inside)), ".".join(map(str, inside)) or document.file
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return faults.field_missing(place, name)
        case "extra_forbidden" if _AFTER_A_COMMA.fullmatch(str(inside[-1])):
            return faults.comma_in_number(document.key_place((*path, *inside)), str(inside[-1]))
        case "extra_forbidden":
            known = _fields_at(shape, inside[:-1])
            return faults.field_unknown(document.key_place((*path, *inside)), str(inside[-1]), known)
        case "choice":
            return faults.wrong_choice(place, name, context["value"], context["known"])
        case "literal_error":
            return faults.wrong_choice(place, name, str(detail["input"]), [context["expected"]])
        case "expected":
            return faults.wrong_value(place, name, context["expected"])
        case _:
            return faults.wrong_value(place, name, _wanted(detail))


def _is_union_branch(part: str | int) -> bool:
    """Pydantic puts the name of a union's branch into the path; no field of a pack is called so."""
    return isinstance(part, str) and part in ("bool", "int", "decimal", "date", "str", "[key]")


def _wanted(detail: ErrorDetails) -> str:
    """What a standard refusal of Pydantic wants, in a form to copy."""
    kind, given = detail["type"], detail["input"]
    if kind == "string_type" and isinstance(given, (bool, int, Decimal, dt.date)):
        shown = str(given).lower() if isinstance(given, bool) else str(given)
        return _("text in quotes, like %(example)s") % {"example": f"'{shown}'"}
    wanted = {
        "string_type": _("text"),
        "string_too_short": _("a text that is not empty"),
        "int_type": "1, 2, 3",
        "bool_type": "true, false",
        "date_type": "2016-12-31",
        "list_type": "- …",
        "dict_type": "name: …",
        "model_type": "name: …",
        "too_short": _("at least one entry"),
    }
    return wanted.get(kind) or str(detail.get("ctx", {}).get("pattern") or detail["msg"])


def _fields_at(shape: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """The field names of the shape that a path leads to, as written in files."""
    current: Any = shape
    for part in path:
        if isinstance(part, str):
            current = _model_in(current.model_fields[part].annotation)
    return [info.alias or name for name, info in current.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel]:
    """The model inside an annotation such as `list[Model]` or `Model | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(found for part in annotation.__args__ if (found := _model_in_or_none(part)) is not None)


def _model_in_or_none(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        if (found := _model_in_or_none(part)) is not None:
            return found
    return None
