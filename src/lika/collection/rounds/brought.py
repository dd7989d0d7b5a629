"""What came of a round's workbook, and its stored form."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from lika.collection.rounds.reading import Problem

Tell = Callable[[int, int], None]


@dataclass
class Brought:
    """What came of a workbook: households kept as drafts, finished, as recorded before, and those it does not name.

    `differing` counts the kept ones that differ from last year. A household with a problem is left out whole.
    """

    drafts: int = 0
    finished: int = 0
    same: int = 0
    unnamed: int = 0
    differing: int = 0
    village: bool = False
    problems: list[Problem] = field(default_factory=list)

    def as_text(self) -> str:
        """The stored form; `brought_of` reads it."""
        return json.dumps(asdict(self), ensure_ascii=False)


def brought_of(text: str) -> Brought:
    """What came of a workbook, behind its stored form."""
    told: dict[str, Any] = json.loads(text)
    return Brought(**told | {"problems": [Problem(**each) for each in told["problems"]]})


def nobody(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""
