"""One page of help for each role: `data/help.yaml`, with the names of buttons in the reader's language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from ruamel.yaml import YAML

from lika.accounts.choices import Role
from lika.core.language import chosen

DATA = Path(__file__).parent / "data" / "help.yaml"
_QUOTED = re.compile(r"\[\[(.+?)\]\]")


@dataclass(frozen=True)
class Task:
    """Something that a role does often, step by step."""

    title: SafeString
    steps: Sequence[SafeString]


@dataclass(frozen=True)
class RoleHelp:
    """What waits for a role, its tasks, whom it asks, what it may not do."""

    role: Role
    waits: SafeString
    tasks: Sequence[Task]
    ask: SafeString
    may_not: Sequence[SafeString]


def help_of(role: Role) -> RoleHelp:
    """The help of a role in the reader's language."""
    entry = _table()["roles"][role.value]
    tasks = _table()["tasks"]
    return RoleHelp(
        role,
        _words(entry["waits"]),
        [
            Task(_words(tasks[name]), [_words(step) for step in tasks[name]["steps"]])
            for name in entry["tasks"]
        ],
        _words(entry["ask"]),
        [_words(line) for line in entry["not"]],
    )  # fmt: skip


def labels_quoted() -> Iterator[str]:
    """The message ids of all labels that the texts name, those of both languages."""
    for text in _texts(_table()):
        yield from _QUOTED.findall(text)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def _words(entry: Mapping[str, str]) -> SafeString:
    """The text in the reader's language, each [[label]] as it stands on the screen."""
    parts = _QUOTED.split(chosen(entry["zh"], entry["en"]))
    shown = (
        format_html('<b class="label-quoted">{}</b>', translation.gettext(part)) if place % 2 else _tight(part)
        for place, part in enumerate(parts)
    )
    return format_html_join("", "{}", ((part,) for part in shown))


def _tight(text: str) -> str:
    """Chinese sets no space around a label; English does."""
    return text.strip(" ") if chosen("zh", "en") == "zh" else text


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = YAML(typ="safe").load(DATA.read_text(encoding="utf-8"))
    return table
