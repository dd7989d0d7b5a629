"""What was tried, arranged for the screen: the tree of the explanation, and the text with the error marked in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lika.core.language import chosen, listed
from lika.engine.explain import Explanation
from lika.engine.messages import Words
from lika.snapshots.choices import Result

_RESULTS = {True: Result.MET, False: Result.NOT_MET, None: Result.UNKNOWN}
_WORD = re.compile(r"[\w.]+|.", re.DOTALL)
_IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Node:
    """A step of the working, its value in its words. `result` is empty where it is a number or a code and no condition.

    `facts` are the values it was worked from, where there are several.
    """

    result: str
    title: str
    why: str
    facts: tuple[str, ...]
    children: tuple["Node", ...]


@dataclass(frozen=True)
class Marked:
    """A text in three parts: before the fault, what is at fault, after it."""

    before: str
    fault: str
    after: str
    line: int
    column: int


def node_of(part: Explanation, members: Mapping[str, str]) -> Node:
    """The explanation as a tree; `members` names persons by id."""
    condition = part.answer is None or isinstance(part.answer, bool)
    title, body = _said(part.words), part
    if len(part.parts) == 1 and part.source.isidentifier():
        # A derived fact and its formula are one step: 人均纯收入=纯收入÷家庭人口：9,711.00元
        body = part.parts[0]
        title = chosen("{}={}", "{} = {}").format(_said(part.facts[0].label), _said(body.words))
    return Node(
        result=_RESULTS[part.answer] if condition else "",  # type: ignore[index]
        title=_named(title, members),
        why=_named(listed(_said(reason) for reason in part.reasons), members),
        facts=tuple(f"{_said(fact.label)} {_said(fact.value)}" for fact in body.facts) if len(body.facts) > 1 else (),
        children=tuple(node_of(below, members) for below in body.parts),
    )


def marked(text: str, line: int, column: int) -> Marked:
    """The text cut at a position (both from 1); what is at fault is the word there, or the end of the text."""
    lines = text.split("\n")
    start = sum(len(one) + 1 for one in lines[: line - 1]) + column - 1
    word = _WORD.match(text, start)
    end = word.end() if word else len(text)
    return Marked(text[:start], text[start:end], text[end:], line, column)


def _said(words: Words) -> str:
    return chosen(words.zh, words.en)


def _named(text: str, members: Mapping[str, str]) -> str:
    return _IDENTIFIER.sub(lambda found: members.get(found.group(), found.group()), text)
