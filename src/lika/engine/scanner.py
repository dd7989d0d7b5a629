"""Refuses foreign characters, comments and operators of other languages before the grammar sees the text.

The grammar alone would call them "unexpected"; here the author is told what to write instead.
"""

from __future__ import annotations

import re
import unicodedata

from lika.engine.errors import ExpressionError
from lika.engine.messages import Words
from lika.engine.nodes import Position
from lika.engine.schema import HAN

LONGEST_TEXT = 1_000_000

#: What people type with a Chinese keyboard or paste from a document, and what the language wants.
TYPOGRAPHIC: dict[str, str | Words] = {
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "×": "*",
    "÷": "/",
    "·": "*",
    "−": "-",
    "–": "-",
    "—": "-",
    "‘": "'",
    "’": "'",
    "“": "'",
    "”": "'",
    '"': "'",
    "`": "'",
    "、": ",",
    "。": ".",
    "【": "(",
    "】": ")",
    "〔": "(",
    "〕": ")",
    "\u3000": Words("空格", "' ' (space)"),
    "\u00a0": Words("空格", "' ' (space)"),
}
OTHER_OPERATORS = {"==": "=", "<>": "!=", "&&": "and", "||": "or", "!": "not", "**": "*", "%": "/ 100"}

_PIECE = re.compile(
    rf"(?P<quoted>'[^'\x00-\x1f\x7f]*')|(?P<open>')|(?P<comment>--|/\*|//|\#|;)"
    rf"|(?P<allowed><=|>=|!=|[A-Za-z0-9_.{HAN}]+|[ \t\r\n]+|[-+*/=<>(),](?![=>*])|[=<>(),](?=\*))"
    rf"|(?P<operator>==|<>|&&|\|\||\*\*|!|%)|(?P<plain>[-+*/=<>(),])|(?P<foreign>.)",
    re.DOTALL,
)


def position_at(text: str, offset: int) -> Position:
    """Line and column of the character at ``offset``."""
    line_start = text.rfind("\n", 0, offset) + 1
    return Position(text.count("\n", 0, offset) + 1, offset - line_start + 1)


def refuse_foreign(text: str) -> None:
    """Raise ``ExpressionError`` at the first thing that cannot belong to the language."""
    if len(text) > LONGEST_TEXT:
        raise ExpressionError("ENG-008", Position(), limit=LONGEST_TEXT)
    for piece in _PIECE.finditer(text):
        kind = piece.lastgroup
        if kind in {"quoted", "allowed", "plain"}:
            continue
        at, found = position_at(text, piece.start()), piece.group()
        if kind == "open":
            raise ExpressionError("ENG-006", at)
        if kind == "comment":
            raise ExpressionError("ENG-009", at, found=found)
        if kind == "operator":
            raise ExpressionError("ENG-010", at, found=found, instead=OTHER_OPERATORS[found])
        raise _foreign_character(found, at)


def _foreign_character(character: str, at: Position) -> ExpressionError:
    instead = TYPOGRAPHIC.get(character)
    folded = unicodedata.normalize("NFKC", character)
    if instead is None and 0xFF00 <= ord(character) <= 0xFFEF and folded.isascii():
        instead = folded
    if instead is not None:
        return ExpressionError("ENG-004", at, character=character, instead=instead)
    code_point = f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
    shown = character if character.isprintable() else "?"
    nearest = (folded,) if folded != character else ()
    return ExpressionError("ENG-003", at, character=shown, name=code_point, nearest=nearest)
