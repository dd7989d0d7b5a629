"""The text of an expression that was tried, with the error marked in it."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"[\w.]+|.", re.DOTALL)


@dataclass(frozen=True)
class Marked:
    """A text in three parts: before the fault, what is at fault, after it."""

    before: str
    fault: str
    after: str
    line: int
    column: int


def marked(text: str, line: int, column: int) -> Marked:
    """The text cut at a position (both from 1); what is at fault is the word there, or the end of the text."""
    lines = text.split("\n")
    start = sum(len(one) + 1 for one in lines[: line - 1]) + column - 1
    word = _WORD.match(text, start)
    end = word.end() if word else len(text)
    return Marked(text[:start], text[start:end], text[end:], line, column)
