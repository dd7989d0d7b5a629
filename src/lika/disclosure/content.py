"""What stands in a publication: plain data in both languages, read back as it was written.

The canonical text is what is hashed; anybody can fetch it from the public page and hash it again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lika.core.audit import canonical
from lika.core.language import Said

FORMAT = 1
TOTAL, MET, NOT_MET, UNKNOWN = range(4)  # the columns of a line of figures


@dataclass(frozen=True)
class Line:
    """The counts of one place: total, met, not met, unknown; None where hidden."""

    code: str
    name: str
    counts: tuple[int | None, ...]

    @property
    def is_hidden(self) -> bool:
        """Whether its counts are hidden, save for parts that are zero."""
        return None in self.counts


@dataclass(frozen=True)
class Block:
    """A place and the places directly below it that are counted."""

    own: Line
    below: tuple[Line, ...]


@dataclass(frozen=True)
class Figures:
    """How many households of each place meet the criterion that sums up a pack, as of a day."""

    as_of: str
    pack: str
    pack_title: Said
    criterion: Said
    clause: str
    demo: bool
    snapshot: str
    digest: str
    smallest: int
    top: Line
    townships: tuple[Block, ...]

    @property
    def hides(self) -> bool:
        """Whether any line is hidden."""
        return any(line.is_hidden for block in self.townships for line in (block.own, *block.below))


@dataclass(frozen=True)
class Criterion:
    """A criterion in plain words. `words` is None where the document does not say how: 待补充依据."""

    label: Said
    words: Said | None
    clause: str
    clause_text: str
    note: Said | None
    missing: bool
    demo: bool


@dataclass(frozen=True)
class Parameter:
    """A standard with its value; `value` is None where the document gives none: 待补充依据."""

    label: Said
    value: Said | None
    clause: str
    clause_text: str
    demo: bool


@dataclass(frozen=True)
class Group:
    """A heading and what stands below it."""

    label: Said | None
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Criteria:
    """The criteria of a pack as they stand on a day."""

    as_of: str
    pack: str
    pack_title: Said
    document: Said
    demo: bool
    valid_from: str
    valid_to: str | None
    groups: tuple[Group, ...]
    parameters: tuple[Parameter, ...]


Content = Figures | Criteria


def text_of(kind: str, content: Content) -> str:
    """The canonical text of a content."""
    return canonical({"format": FORMAT, "kind": kind, "content": asdict(content)})


def sha256_of(text: str) -> str:
    """The SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Content:
    """The content of a canonical text. A text of another format is our own fault: ValueError."""
    whole = json.loads(text)
    if whole["format"] != FORMAT:
        raise ValueError(f"a publication of format {whole['format']!r}")
    return _READERS[whole["kind"]](whole["content"])


def _figures(data: Mapping[str, Any]) -> Figures:
    blocks = tuple(Block(_line(one["own"]), tuple(_line(line) for line in one["below"])) for one in data["townships"])
    texts = {"pack_title": _both(data["pack_title"]), "criterion": _both(data["criterion"])}
    return Figures(**{**data, **texts, "top": _line(data["top"]), "townships": blocks})


def _criteria(data: Mapping[str, Any]) -> Criteria:
    groups = tuple(
        Group(_either(one["label"]), tuple(_criterion(each) for each in one["criteria"])) for one in data["groups"]
    )
    parameters = tuple(
        Parameter(**{**one, "label": _both(one["label"]), "value": _either(one["value"])}) for one in data["parameters"]
    )
    texts = {"pack_title": _both(data["pack_title"]), "document": _both(data["document"])}
    return Criteria(**{**data, **texts, "groups": groups, "parameters": parameters})


def _criterion(data: Mapping[str, Any]) -> Criterion:
    texts = {"label": _both(data["label"]), "words": _either(data["words"]), "note": _either(data["note"])}
    return Criterion(**{**data, **texts})


def _line(data: Mapping[str, Any]) -> Line:
    return Line(data["code"], data["name"], tuple(data["counts"]))


def _both(data: Mapping[str, str]) -> Said:
    return Said(data["zh"], data["en"])


def _either(data: Mapping[str, str] | None) -> Said | None:
    return None if data is None else _both(data)


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Content]] = {"figures": _figures, "criteria": _criteria}
