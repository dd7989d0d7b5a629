"""What the engine refuses: every refusal has a stable code, both languages and, for expressions, a position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Protocol

from lika.engine.messages import MESSAGES, Words, enumerated


class Positioned(Protocol):
    """Anything that knows its line and column in an expression (both from 1)."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


class EngineError(Exception):
    """A refusal with a stable ``code`` and a message in Chinese and in English."""

    def __init__(self, code: str, /, **details: object) -> None:
        """Fill the message templates of ``code`` with ``details``; ``Words`` are put in by language."""
        template_zh, template_en = MESSAGES[code]
        self.code = code
        self.message_zh = template_zh.format(**_in_language(0, details))
        self.message_en = template_en.format(**_in_language(1, details))
        super().__init__(self.message_en)

    def message(self, language: str) -> str:
        """The message in ``language``: Chinese for ``zh…``, else English."""
        return self.message_zh if language.startswith("zh") else self.message_en


def _in_language(index: int, details: Mapping[str, object]) -> dict[str, object]:
    chosen = {name: value[index] if isinstance(value, Words) else value for name, value in details.items()}
    return {name: _printable(value) if isinstance(value, str) else value for name, value in chosen.items()}


def _printable(text: str) -> str:
    """The text with control characters and the like written out: what was given must not steer a terminal."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


class ExpressionError(EngineError):
    """An expression that is refused, with where, what was expected there, and the nearest known names.

    ``criterion`` is the id of the criterion whose text holds the position, or ``unit.fact`` where that text is a
    derived fact's formula; None where it is the text that was handed in.
    """

    def __init__(
        self,
        code: str,
        at: Positioned,
        *,
        expected: Iterable[str | Words] = (),
        nearest: Iterable[str] = (),
        **details: object,
    ) -> None:
        """Refuse with ``code`` at the position ``at``."""
        super().__init__(code, **details)
        self.line = at.line
        self.column = at.column
        self.expected_words = tuple(word if isinstance(word, Words) else Words(word, word) for word in expected)
        self.expected = tuple(word.en for word in self.expected_words)
        self.nearest = tuple(nearest)
        self.criterion: str | None = None

    def within(self, criterion: str) -> ExpressionError:
        """The same refusal, its text now known to be that of ``criterion``, unless a text inside was named before."""
        if self.criterion is None:
            self.criterion = criterion
        return self

    def describe(self, language: str) -> str:
        """Position, code, message, what was expected and the nearest names, on one line."""
        chinese = language.startswith("zh")
        parts = [f"{self.line}:{self.column}: {self.code} {self.message(language)}"]
        if self.expected:
            words = enumerated(word.zh for word in self.expected_words), enumerated(self.expected)
            parts.append(f"应为：{words[0].zh}" if chinese else f"Expected: {words[1].en}")
        if self.nearest:
            near = enumerated(self.nearest)
            parts.append(f"是否指：{near.zh}" if chinese else f"Did you mean: {near.en}")
        return " ".join(parts)

    def __str__(self) -> str:
        """``line:column: code message``, in English; see ``describe`` for Chinese."""
        return self.describe("en")


class FactsError(EngineError):
    """A facts document that is refused; ``path`` says where in it, e.g. ``person[2].age``."""

    def __init__(self, code: str, path: str, *, nearest: Iterable[str] = (), **details: object) -> None:
        """Refuse the document with ``code`` at ``path``."""
        super().__init__(code, path=path or "$", **details)
        self.path = path
        self.nearest = tuple(nearest)


class SchemaError(EngineError):
    """Declarations of facts or code lists that contradict each other: a mistake of whoever declares them."""


class TableError(EngineError):
    """A table handed to an engine that lacks a column or holds it in an unusable type."""


class ClusterError(EngineError):
    """Spark cannot be used, gives no answer, or gave a job up."""


def nearest_names(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most three of ``known`` that look like ``name``, the most alike first."""
    return tuple(get_close_matches(name, list(known), n=3, cutoff=0.7))
