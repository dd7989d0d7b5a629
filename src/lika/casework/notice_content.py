"""What a notice says, in one wording from which the board and the page are both made.

It holds what a board may tell and has no place for anything else: no number of a person, telephone of a household,
account, health, cause or birth date can be put in.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lika.core.audit import canonical
from lika.core.language import Said
from lika.policy.choices import Purpose

FORMAT = 1


@dataclass(frozen=True)
class Line:
    """A household by its head's full name and group (a natural village, or nothing); a village or county by its name.

    `members` is None for a village or county.
    """

    name: str
    group: str
    members: int | None


@dataclass(frozen=True)
class Content:
    """A notice or announcement about the cases of one village or county. `village` is its 12-digit code.

    `days` and `day_kind` are None for an announcement; `basis` is the clause with its words; `issuer` an office.
    """

    kind: str
    round: int
    title: Said
    village: str
    place: str
    result: Said
    basis: str
    course: str
    phone: str
    issuer: str
    days: int | None
    day_kind: str | None
    demo: bool
    lines: tuple[Line, ...]


# What the list says of those on it: before the decision, and once it is announced.
PROPOSED: Mapping[Purpose, Said] = {
    Purpose.ENTRY: Said("拟识别纳入", "to be taken in"),
    Purpose.EXIT: Said("拟退出", "to exit"),
    Purpose.RETURN: Said("拟按返贫纳入", "to be taken in again"),
    Purpose.REMOVAL: Said("拟清退", "to be removed"),
    Purpose.FULL_CHECK: Said("核查结果", "as checked"),
}
ANNOUNCED: Mapping[Purpose, Said] = {
    Purpose.ENTRY: Said("识别纳入", "taken in"),
    Purpose.EXIT: Said("退出", "exits"),
    Purpose.RETURN: Said("按返贫纳入", "taken in again"),
    Purpose.REMOVAL: Said("清退", "removed"),
    Purpose.FULL_CHECK: Said("核查结果", "as checked"),
}


def text_of(content: Content) -> str:
    """The canonical text of a content."""
    return canonical({"format": FORMAT, "content": asdict(content)})


def sha256_of(text: str) -> str:
    """The SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Content:
    """The content of a canonical text. A text of another format is our own fault: ValueError."""
    whole = json.loads(text)
    if whole["format"] != FORMAT:
        raise ValueError(f"a notice of format {whole['format']!r}")
    data: Mapping[str, Any] = whole["content"]
    words = {name: Said(**data[name]) for name in ("title", "result")}
    return Content(**{**data, **words, "lines": tuple(Line(**line) for line in data["lines"])})
