"""A line of the report of `lika doctor`."""

from dataclasses import dataclass
from enum import Enum

from lika.runtime.faults import Words


class State(Enum):
    """How a check ended."""

    GOOD = "✓"
    DOUBTFUL = "!"
    BAD = "✗"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    state: State
    subject: Words
    detail: Words
    remedy: Words | None = None


def both(text: str) -> Words:
    """A text that is alike in both languages: names, versions, paths."""
    return Words(text, text)
