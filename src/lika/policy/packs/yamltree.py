"""YAML text to plain values that remember where they stand.

Built on the node tree and not on loaded objects: only there does a number keep its digits (2736.10 stays a
decimal) and every value its line and column. Anchors, tags and duplicate keys are refused: a pack says
each thing once, in plain sight.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from lika.policy.packs import faults
from lika.policy.packs.faults import Fault, Place

Path = tuple[str | int, ...]
Scalar = str | int | Decimal | bool | dt.date | None

_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# No number of a pack comes near; Python itself refuses to read one of some thousands of digits.
_MOST_DIGITS = 100
# Lists and mappings inside each other: a pack needs half a dozen. Named where reading has run out of stack.
_MOST_DEPTH = 100


@dataclass
class Document:
    """One file: its values, and for each path into them where the value and its key stand."""

    file: str
    text: str
    values: Any = None
    faults: list[Fault] = field(default_factory=list)
    _nodes: dict[Path, Node] = field(default_factory=dict)
    _keys: dict[Path, Node] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """Where the value at a path stands; where there is none, the nearest thing around it."""
        while path and path not in self._nodes:
            path = path[:-1]
        node = self._nodes.get(path)
        if node is None:
            return Place(self.file)
        if node.start_mark.index == node.end_mark.index and path in self._keys:
            return self.key_place(path)  # `expression:` and nothing after it: YAML puts the nothing on the next line
        return _place(self.file, node.start_mark)

    def key_place(self, path: Path) -> Place:
        """Where the key at a path stands."""
        key = self._keys.get(path)
        return self.place(path) if key is None else _place(self.file, key.start_mark)

    def place_inside(self, path: Path, line: int, column: int) -> Place:
        """Where a character of the text at a path stands in the file, whatever style it is written in.

        `line` and `column` (from 1) count in the value. Folding and indenting change only white space, so the
        character is found again by counting the others; escapes in double quotes are the one exception,
        and give the start of the value.
        """
        node = self._nodes.get(path)
        if not isinstance(node, ScalarNode) or (node.style == '"' and "\\" in self._source(node)):
            return self.place(path)
        before = "\n".join([*node.value.split("\n")[: line - 1], node.value.split("\n")[line - 1][: column - 1]])
        wanted = sum(not character.isspace() for character in before)
        offset = node.start_mark.index
        for found, at in enumerate(_visible(self._source(node), node.style)):
            offset = node.start_mark.index + at
            if found == wanted:
                return _offset_place(self.file, self.text, offset)
        return _offset_place(self.file, self.text, offset + 1)

    def _source(self, node: Node) -> str:
        return self.text[node.start_mark.index : node.end_mark.index]


def read(file: str, text: str) -> Document:
    """The values of a YAML text; faults (POL-002 … POL-005, POL-024 …) are on the document, never raised."""
    document = Document(file, text)
    try:
        root = YAML(typ="safe", pure=True).compose(text)
        builder = _Builder(document)
        values = None if root is None else builder.value(root, ())
    except RecursionError:
        return Document(file, text, faults=[faults.too_deep(_deep_place(file, text))])
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file) if mark is None else _place(file, mark)
        document.faults.append(faults.not_yaml(place, str(error.problem or error.context or "")))
        return document
    except YAMLError as error:
        document.faults.append(faults.not_yaml(Place(file), str(error).split("\n", 1)[0]))
        return document
    if root is None:
        document.faults.append(faults.file_empty(Place(file)))
    document.values = values if builder.plain else None
    return document


def _deep_place(file: str, text: str) -> Place:
    """Where a text goes deeper than any pack. Events come one after another, without a stack of their own."""
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > _MOST_DEPTH:
            return _place(file, event.start_mark)
    return Place(file)


class _Builder:
    """Turns nodes into values, noting places and faults on the way."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.plain = True

    def value(self, node: Node, path: Path) -> Any:
        document = self.document
        if node.anchor:
            self._refuse_unplain(node)
            return None
        document._nodes[path] = node
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(cast(ScalarNode, node))

    def _refuse_unplain(self, node: Node) -> None:
        self.plain = False
        self.document.faults.append(faults.not_plain(_place(self.document.file, node.start_mark)))

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            place = _place(self.document.file, key.start_mark)
            if not isinstance(key, ScalarNode) or key.value == "<<":
                self._refuse_unplain(key)
                continue
            if key.value in found:
                self.document.faults.append(faults.double_key(place, key.value))
                continue
            self.document._keys[*path, key.value] = key
            found[key.value] = self.value(value, (*path, key.value))
        return found

    def _scalar(self, node: ScalarNode) -> Scalar:
        """A scalar by its tag. What looks like a number but is not written plainly (0o17, 1_000, 1e3) is refused."""
        text: str = node.value
        kind = (node.tag or "").removeprefix(_TAG)
        if kind == "str":
            return text
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        place = _place(self.document.file, node.start_mark)
        if kind in ("int", "float") and len(text) > _MOST_DIGITS:
            self.document.faults.append(faults.number_too_long(place, _MOST_DIGITS))
        elif kind == "int" and _INTEGER.fullmatch(text):
            return int(text)
        elif kind == "float" and _DECIMAL.fullmatch(text):
            return Decimal(text)
        elif kind == "timestamp" and _DATE.fullmatch(text):
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                self.document.faults.append(faults.no_such_day(place, text))
        else:
            self.document.faults.append(faults.odd_scalar(place, text))
        return None


def _visible(source: str, style: str | None) -> Iterator[int]:
    """Offsets of the characters of a scalar's source that are characters of its value, white space aside."""
    start, end = 0, len(source)
    if style in ("'", '"'):
        start, end = 1, end - 1
    elif style in ("|", ">"):
        start = source.find("\n")
    offset = start
    while offset < end:
        if not source[offset].isspace():
            yield offset
            if style == "'" and source[offset] == "'":
                offset += 1  # '' stands for one quote
        offset += 1


def _place(file: str, mark: StringMark) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)


def _offset_place(file: str, text: str, offset: int) -> Place:
    start = text.rfind("\n", 0, offset) + 1
    return Place(file, text.count("\n", 0, offset) + 1, offset - start + 1)
