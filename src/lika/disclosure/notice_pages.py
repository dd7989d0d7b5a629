"""A notice as everybody reads it on the web: made from the same frozen wording as the board's, and less of it.

No pack lays down how names are masked, so the program's own masking holds: of a name the first character stays. Groups
and the number of members stay on the board.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lika.casework.notice_content import Content
from lika.core.audit import canonical
from lika.core.language import Said
from lika.core.privacy import mask_name

FORMAT = 1


@dataclass(frozen=True)
class Page:
    """What the page of a notice says. `names` are masked, or those of villages and counties; `board` is the SHA-256 of
    the wording that hangs on the board."""

    kind: str
    title: Said
    place: str
    result: Said
    basis: str
    phone: str
    issuer: str
    days: int | None
    day_kind: str | None
    demo: bool
    names: tuple[str, ...]
    board: str


def page_of(content: Content, board: str) -> Page:
    """The page of a notice whose wording has the hash `board`."""
    return Page(
        kind=content.kind,
        title=Said(content.title.zh, content.title.en),
        place=content.place,
        result=Said(content.result.zh, content.result.en),
        basis=content.basis,
        phone=content.phone,
        issuer=content.issuer,
        days=content.days,
        day_kind=content.day_kind,
        demo=content.demo,
        names=tuple(each.name if each.members is None else mask_name(each.name) for each in content.lines),
        board=board,
    )


def text_of(page: Page) -> str:
    """The canonical text of a page."""
    return canonical({"format": FORMAT, "notice": asdict(page)})


def read(text: str) -> Page:
    """The page of a canonical text. A text of another format is our own fault: ValueError."""
    whole = json.loads(text)
    if whole["format"] != FORMAT:
        raise ValueError(f"a notice page of format {whole['format']!r}")
    data: Mapping[str, Any] = whole["notice"]
    both = {name: Said(**data[name]) for name in ("title", "result")}
    return Page(**{**data, **both, "names": tuple(data["names"])})
