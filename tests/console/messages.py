"""Find the translatable messages of an app without gettext's tools.

Python is read by its syntax tree, templates by Django's own reader.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

# function -> what its arguments are
_ARGUMENTS = {
    "_": ("text",),
    "gettext": ("text",),
    "gettext_lazy": ("text",),
    "gettext_noop": ("text",),
    "ngettext": ("text", "plural"),
    "ngettext_lazy": ("text", "plural"),
    "pgettext": ("context", "text"),
    "pgettext_lazy": ("context", "text"),
}
_CALL = re.compile(r"\b(n?gettext|pgettext|_)\(")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@dataclass(frozen=True, order=True)
class Message:
    """A msgid with the place that uses it; `plural` and `context` are empty for plain messages."""

    text: str
    plural: str = ""
    context: str = ""
    place: str = ""


def in_python(source: str, place: str) -> Iterator[Message]:
    """Messages of gettext calls, whatever name the module imported the function by."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in _ARGUMENTS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield _message(node, names[node.func.id], f"{place}:{node.lineno}")


def in_template(source: str, place: str) -> Iterator[Message]:
    """Messages of `translate` and `blocktranslate` tags and of `_("…")` in templates."""
    calls = templatize(source)
    for found in _CALL.finditer(calls):
        node = _parse_call(calls[found.start() :])
        if node is not None:
            yield _message(node, found.group(1), f"{place}:{calls.count(chr(10), 0, found.start()) + 1}")


def in_app(folder: Path) -> list[Message]:
    """Every message of an app's Python files and templates, by text and place."""
    found: list[Message] = []
    for path in sorted(folder.rglob("*.py")):
        found += in_python(path.read_text(encoding="utf-8"), str(path.relative_to(folder)))
    for path in sorted([*folder.rglob("templates/**/*.html"), *folder.rglob("templates/**/*.txt")]):
        found += in_template(path.read_text(encoding="utf-8"), str(path.relative_to(folder)))
    return sorted(found)


def placeholders(text: str) -> list[str]:
    """The placeholders of a message, sorted: a translation must have the same."""
    return sorted(_PLACEHOLDER.findall(text.replace("%%", "")))


def _parse_call(text: str) -> ast.Call | None:
    """The call that a text begins with: cut at each closing bracket until it can be read."""
    for end in (match.end() for match in re.finditer(r"\)", text)):
        try:
            node = ast.parse(text[:end].replace("\n", " "), mode="eval").body
        except SyntaxError:
            continue
        return node if isinstance(node, ast.Call) else None
    return None


def _message(call: ast.Call, function: str, place: str) -> Message:
    parts = {}
    for name, argument in zip(_ARGUMENTS[function], call.args, strict=False):
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            raise TypeError(f"{place}: the message must be a plain text, so that it can be translated")
        parts[name] = argument.value
    return Message(**parts, place=place)
