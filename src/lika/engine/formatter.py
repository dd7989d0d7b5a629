"""Canonical text of a syntax tree: parsing it again gives the same tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lika.engine import nodes
from lika.engine.nodes import Node

# How tightly each node binds, after the grammar: an operand that binds less tightly than its place needs brackets.
_LOOSE, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _FACTOR, _ATOM = range(9)
_BINDING: dict[type[Node], int] = {
    nodes.If: _LOOSE,
    nodes.Or: _OR,
    nodes.And: _AND,
    nodes.Not: _NOT,
    nodes.Compare: _COMPARE,
    nodes.Between: _COMPARE,
    nodes.In: _COMPARE,
    nodes.Sum: _SUM,
    nodes.Product: _PRODUCT,
    nodes.Negate: _FACTOR,
}


def format_node(node: Node) -> str:
    """The canonical text of ``node``: one space around operators, brackets only where needed."""
    return _FORMATS[type(node)](node)


def _operand(node: Node, binding: int) -> str:
    text = format_node(node)
    return text if _BINDING.get(type(node), _ATOM) >= binding else f"({text})"


def _listed(parts: Iterable[Node]) -> str:
    return ", ".join(map(format_node, parts))


def _if(node: nodes.If) -> str:
    return f"if {format_node(node.condition)} then {format_node(node.yes)} else {format_node(node.no)}"


def _negate(node: nodes.Negate) -> str:
    # A space keeps two minus signs from looking like a comment.
    gap = " " if isinstance(node.operand, nodes.Negate) else ""
    return f"-{gap}{_operand(node.operand, _FACTOR)}"


def _compare(node: nodes.Compare) -> str:
    return f"{_operand(node.left, _SUM)} {node.operator} {_operand(node.right, _SUM)}"


def _between(node: nodes.Between) -> str:
    return f"{_operand(node.value, _SUM)} between {_operand(node.low, _SUM)} and {_operand(node.high, _SUM)}"


def _chain(operators: tuple[str, ...], operands: tuple[Node, ...], binding: int) -> str:
    first, *rest = (_operand(operand, binding) for operand in operands)
    return first + "".join(f" {operator} {text}" for operator, text in zip(operators[1:], rest, strict=True))


_FORMATS: dict[type[Node], Callable[[Any], str]] = {
    nodes.Number: lambda node: f"{node.value:f}",
    nodes.Truth: lambda node: "true" if node.value else "false",
    nodes.Quoted: lambda node: f"'{node.value}'",
    nodes.Name: lambda node: str(node.name),
    nodes.Parameter: lambda node: f"param.{node.name}",
    nodes.Call: lambda node: f"{node.name}({_listed(node.arguments)})",
    nodes.If: _if,
    nodes.Or: lambda node: " or ".join(_operand(term, _AND) for term in node.terms),
    nodes.And: lambda node: " and ".join(_operand(term, _NOT) for term in node.terms),
    nodes.Not: lambda node: f"not {_operand(node.operand, _NOT)}",
    nodes.Negate: _negate,
    nodes.Compare: _compare,
    nodes.Between: _between,
    nodes.In: lambda node: f"{_operand(node.value, _SUM)} in ({_listed(node.options)})",
    nodes.Sum: lambda node: _chain(node.signs, node.terms, _PRODUCT),
    nodes.Product: lambda node: _chain(node.operators, node.factors, _FACTOR),
}
