"""From text to the syntax tree, or a refusal that says where and what was expected."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from lika.engine import nodes
from lika.engine.errors import ExpressionError, nearest_names
from lika.engine.messages import Words
from lika.engine.nodes import Node, Position
from lika.engine.scanner import position_at, refuse_foreign

#: Deeper nesting is refused: nobody can read it, and engines recurse.
DEEPEST = 40

_KEYWORDS = ("and", "or", "not", "if", "then", "else", "between", "in", "true", "false")
_TERMINALS: dict[str, str | Words] = {
    "NAME": Words("名称", "a name"),
    "NUMBER": Words("数", "a number"),
    "QUOTED": "'…'",
    "PARAMETER": "param.…",
    "COMPARISON": "= != < <= > >=",
    "SIGN": "+ -",
    "FACTOR": "* /",
    "LPAR": "(",
    "RPAR": ")",
    "COMMA": ",",
    "$END": Words("结尾", "the end"),
}
_OPERAND = Words("名称、数或代码", "an operand")
_OPERAND_STARTERS = {"NAME", "NUMBER", "QUOTED", "PARAMETER", "TRUE", "FALSE"}


def parse(text: str) -> Node:
    """The syntax tree of ``text``. Raises ``ExpressionError`` (ENG-001 … ENG-011) with line and column."""
    refuse_foreign(text)
    _refuse_deep_brackets(text)
    try:
        return cast(Node, _grammar().parse(text))
    except VisitError as error:
        if isinstance(error.orig_exc, ExpressionError):
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        raise _refusal(text, error) from None


def _refuse_deep_brackets(text: str) -> None:
    depth, quoted = 0, False
    for offset, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif not quoted and character in "()":
            depth += 1 if character == "(" else -1
            if depth > DEEPEST:
                raise ExpressionError("ENG-007", position_at(text, offset), limit=DEEPEST)


def _refusal(text: str, error: UnexpectedInput) -> ExpressionError:
    """What lark found unexpected, in the words of the language."""
    if isinstance(error, UnexpectedCharacters):
        found = text[error.pos_in_stream or 0 :].split(maxsplit=1)[0][:40]
        if found.startswith("."):
            return ExpressionError("ENG-001", Position(error.line, error.column), found=".")
        return ExpressionError("ENG-005", Position(error.line, error.column), found=found)
    if isinstance(error, UnexpectedEOF) or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        end = len(text.rstrip())
        return ExpressionError("ENG-002", position_at(text, end), expected=_expected(error))
    token = cast(Token, cast(UnexpectedToken, error).token)
    at = Position(token.line or 1, token.column or 1)
    if token.type == "COMPARISON" and "COMPARISON" not in _accepts(error) and "AND" in _accepts(error):
        return ExpressionError("ENG-011", at)
    wanted = [word for word in _KEYWORDS if word.upper() in _accepts(error)]
    nearest = nearest_names(str(token).lower(), wanted) if token.type == "NAME" else ()
    return ExpressionError("ENG-001", at, expected=_expected(error), nearest=nearest, found=str(token)[:40])


def _accepts(error: UnexpectedInput) -> set[str]:
    """The terminals that could have stood there."""
    expected = error.accepts if isinstance(error, UnexpectedToken) else getattr(error, "expected", None)
    return set(expected or ())


def _expected(error: UnexpectedInput) -> tuple[Words, ...]:
    accepts = _accepts(error)
    words: list[Words] = []
    if accepts >= _OPERAND_STARTERS:
        accepts -= _OPERAND_STARTERS | {"IF", "NOT", "LPAR", "SIGN"}
        words.append(_OPERAND)
    found = [_TERMINALS.get(terminal, terminal.lower()) for terminal in accepts]
    words += sorted(
        (word if isinstance(word, Words) else Words(word, word) for word in found), key=lambda word: word.en
    )
    return tuple(words)


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    text = files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="basic", transformer=_TreeBuilder())


def _built(node_type: type[Node], position: Position, below: tuple[Node, ...], *fields: Any) -> Node:
    """A node one deeper than the deepest of ``below``; refused where that is too deep."""
    depth = 1 + max((node.depth for node in below), default=0)
    if depth > DEEPEST:
        raise ExpressionError("ENG-007", position, limit=DEEPEST)
    return node_type(*fields, position=position, depth=depth)


def _at(token: Token) -> Position:
    return Position(token.line or 1, token.column or 1)


class _TreeBuilder(Transformer[Token, Node]):
    """Turns lark's reductions into nodes while parsing (no tree is kept, nothing recurses)."""

    def number(self, children: list[Any]) -> Node:
        return nodes.Number(Decimal(children[0]), position=_at(children[0]))

    def truth(self, children: list[Any]) -> Node:
        return nodes.Truth(children[0] == "true", position=_at(children[0]))

    def quoted(self, children: list[Any]) -> Node:
        return nodes.Quoted(str(children[0])[1:-1], position=_at(children[0]))

    def parameter(self, children: list[Any]) -> Node:
        return nodes.Parameter(str(children[0]).split(".", 1)[1], position=_at(children[0]))

    def name(self, children: list[Any]) -> Node:
        return nodes.Name(str(children[0]), position=_at(children[0]))

    def call(self, children: list[Any]) -> Node:
        name, *arguments = children
        return _built(nodes.Call, _at(name), tuple(arguments), str(name), tuple(arguments))

    def signed(self, children: list[Any]) -> Node:
        sign, operand = children
        if sign == "+":
            raise ExpressionError("ENG-001", _at(sign), expected=(_OPERAND,), found="+")
        return _built(nodes.Negate, _at(sign), (operand,), operand)

    def sum(self, children: list[Any]) -> Node:
        signs, terms = ("+", *map(str, children[1::2])), tuple(children[::2])
        return _built(nodes.Sum, terms[0].position, terms, signs, terms)

    def product(self, children: list[Any]) -> Node:
        operators, factors = ("*", *map(str, children[1::2])), tuple(children[::2])
        return _built(nodes.Product, factors[0].position, factors, operators, factors)

    def comparison(self, children: list[Any]) -> Node:
        left, operator, right = children
        return _built(nodes.Compare, left.position, (left, right), str(operator), left, right)

    def between(self, children: list[Any]) -> Node:
        return _built(nodes.Between, children[0].position, tuple(children), *children)

    def membership(self, children: list[Any]) -> Node:
        return _built(nodes.In, children[0].position, tuple(children), children[0], tuple(children[1:]))

    def negation(self, children: list[Any]) -> Node:
        keyword, operand = children
        return _built(nodes.Not, _at(keyword), (operand,), operand)

    def conjunction(self, children: list[Any]) -> Node:
        return _built(nodes.And, children[0].position, tuple(children), tuple(children))

    def disjunction(self, children: list[Any]) -> Node:
        return _built(nodes.Or, children[0].position, tuple(children), tuple(children))

    def conditional(self, children: list[Any]) -> Node:
        keyword, *parts = children
        return _built(nodes.If, _at(keyword), tuple(parts), *parts)
