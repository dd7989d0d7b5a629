"""Which criteria refer to which, and the order in which they can be checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields

from lika.engine import nodes
from lika.engine.criteria import Criterion
from lika.engine.errors import ExpressionError
from lika.engine.nodes import Node
from lika.engine.parser import parse


def find_criterion(criteria: Mapping[str, Criterion], word: str) -> Criterion | None:
    """The criterion with this id, or else with this Chinese title."""
    return criteria.get(word) or next((known for known in criteria.values() if known.zh == word), None)


def references(tree: Node) -> Iterator[nodes.Quoted]:
    """The quoted names of all ``met('…')`` in a syntax tree."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, nodes.Call) and node.name == "met":
            yield from (argument for argument in node.arguments if isinstance(argument, nodes.Quoted))
        for field in fields(node):
            value = getattr(node, field.name)
            below = value if isinstance(value, tuple) else (value,)
            stack.extend(item for item in below if isinstance(item, Node))


def in_order_of_reference(
    trees: Sequence[Node], criteria: Mapping[str, Criterion], parsed: dict[str, Node]
) -> list[str]:
    """Ids of all criteria that ``trees`` need, each after those it refers to. A circle is refused (ENG-053).

    Names that no criterion has are left to the checker. ``parsed`` keeps each criterion's tree.
    """
    order: list[str] = []
    path: list[str] = []
    # A stack instead of recursion: a chain of criteria may be longer than Python's call stack.
    stack: list[Iterator[nodes.Quoted]] = [quoted for tree in trees for quoted in [references(tree)]][::-1]
    owners: list[str | None] = [None] * len(stack)
    while stack:
        quoted = next(stack[-1], None)
        if quoted is None:
            stack.pop()
            owner = owners.pop()
            if owner is not None:
                order.append(path.pop())
            continue
        criterion = find_criterion(criteria, quoted.value)
        if criterion is None or criterion.id in order:
            continue
        if criterion.id in path:
            circle = " → ".join([*path[path.index(criterion.id) :], criterion.id])
            raise ExpressionError("ENG-053", quoted.position, path=circle).within(path[-1])
        path.append(criterion.id)
        stack.append(references(_tree(criterion, parsed)))
        owners.append(criterion.id)
    return order


def _tree(criterion: Criterion, parsed: dict[str, Node]) -> Node:
    if criterion.id not in parsed:
        try:
            parsed[criterion.id] = parse(criterion.text)
        except ExpressionError as error:
            raise error.within(criterion.id) from None
    return parsed[criterion.id]
