"""From a syntax tree to a checked tree: names resolved, types held, circles and impossible reads refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lika.engine import nodes
from lika.engine.criteria import Checked, CheckedSet, Criterion
from lika.engine.errors import ExpressionError
from lika.engine.formatter import format_node
from lika.engine.lowering.lower import Lowering, refuse_unholdable, trial_lowerings
from lika.engine.nodes import Node
from lika.engine.ordering import in_order_of_reference
from lika.engine.parser import parse
from lika.engine.schema import Fact, ParameterSpec, Schema
from lika.engine.scope import Scope, mismatch
from lika.engine.typed import Term
from lika.engine.types import KIND_NAMES, BooleanType, TextType, alike

#: Criteria and derived facts that refer to each other may together nest this deep; engines recurse.
DEEPEST_REFERENCE = 120


def check(
    node: Node,
    *,
    unit: str,
    schema: Schema,
    parameters: Mapping[str, ParameterSpec] | None = None,
    criteria: Mapping[str, Criterion] | None = None,
) -> Checked:
    """The checked form of ``node`` for ``unit``. Raises ``ExpressionError`` (ENG-020 … ENG-061).

    ``parameters`` and ``criteria`` are what ``param.…`` and ``met('…')`` may name, by English name and by id.
    """
    program = Program(schema, parameters or {}, criteria or {})
    for criterion_id in in_order_of_reference([node], program.criteria, program.trees):
        program.check_criterion(program.criteria[criterion_id])
    return program.check_text(node, unit)


def compile_set(
    criteria: Iterable[Criterion], schema: Schema, parameters: Mapping[str, ParameterSpec] | None = None
) -> CheckedSet:
    """Check criteria that may refer to each other. Raises the first ``ExpressionError``, with its ``criterion``."""
    by_id: dict[str, Criterion] = {}
    for criterion in criteria:
        if criterion.id in by_id:
            raise ExpressionError("ENG-058", nodes.Position(), name=criterion.id).within(criterion.id)
        by_id[criterion.id] = criterion
    program = Program(schema, parameters or {}, by_id)
    trees = [program.tree(criterion) for criterion in by_id.values()]
    order = in_order_of_reference(trees, by_id, program.trees)
    order += [criterion_id for criterion_id in by_id if criterion_id not in set(order)]
    checked = tuple(program.check_criterion(by_id[criterion_id]) for criterion_id in order)
    return CheckedSet(schema, program.parameters, checked)


def find_errors(
    criteria: Iterable[Criterion], schema: Schema, parameters: Mapping[str, ParameterSpec] | None = None
) -> list[ExpressionError]:
    """Every criterion's first error, in order; empty where the set compiles. For messages that name all at once.

    An error in a criterion or formula that is only referred to is not repeated for those that refer to it.
    """
    by_id = {criterion.id: criterion for criterion in criteria}
    errors: dict[str | None, ExpressionError] = {}
    for criterion in by_id.values():
        try:
            tree = _parse_criterion(criterion)
            checked = check(tree, unit=criterion.unit, schema=schema, parameters=parameters, criteria=by_id)
            _refuse_other_than_condition(criterion, checked.root)
        except ExpressionError as error:
            found = error.within(criterion.id)
            if found.criterion == criterion.id or found.criterion not in by_id:
                errors.setdefault(found.criterion, found)
    return list(errors.values())


def _parse_criterion(criterion: Criterion) -> Node:
    try:
        return parse(criterion.text)
    except ExpressionError as error:
        raise error.within(criterion.id) from None


def _refuse_other_than_condition(criterion: Criterion, root: Term) -> None:
    if not isinstance(root.type, BooleanType):
        found = KIND_NAMES[root.type.kind]
        raise ExpressionError("ENG-056", root.source.position, found=found).within(criterion.id)


@dataclass
class Program:
    """Everything that one check may refer to, and what has been checked so far."""

    schema: Schema
    parameters: Mapping[str, ParameterSpec]
    criteria: Mapping[str, Criterion]
    checked: dict[str, Checked] = field(default_factory=dict)
    trees: dict[str, Node] = field(default_factory=dict)
    formulas: dict[tuple[str, str, int], Checked] = field(default_factory=dict)
    open_formulas: list[str] = field(default_factory=list)
    trials: tuple[Lowering, ...] = field(default_factory=trial_lowerings)

    def tree(self, criterion: Criterion) -> Node:
        """The syntax tree of a criterion, parsed once."""
        if criterion.id not in self.trees:
            self.trees[criterion.id] = _parse_criterion(criterion)
        return self.trees[criterion.id]

    def check_criterion(self, criterion: Criterion) -> Checked:
        """The checked criterion; those it refers to must be checked already."""
        found = self.checked.get(criterion.id)
        if found is None:
            try:
                found = self.check_text(self.tree(criterion), criterion.unit, criterion=criterion)
                _refuse_other_than_condition(criterion, found.root)
            except ExpressionError as error:
                raise error.within(criterion.id) from None
            self.checked[criterion.id] = found
        return found

    def check_text(
        self, node: Node, unit: str, *, lag: int = 0, criterion: Criterion | None = None, formula: bool = False
    ) -> Checked:
        """Check one whole text and measure it."""
        root = Scope(self, unit, lag, within_formula=formula).check(node)
        if isinstance(root.type, TextType):
            raise ExpressionError("ENG-037", node.position, name=getattr(node, "name", "?"))
        text = criterion.text if criterion else format_node(node)
        checked = Checked(unit, text, root, self.schema, criterion)
        depth = node.depth + max((below.depth for below in checked.definitions), default=0)
        if depth > DEEPEST_REFERENCE:
            raise ExpressionError("ENG-057", node.position, limit=DEEPEST_REFERENCE)
        object.__setattr__(checked, "depth", depth)
        refuse_unholdable(checked, self.trials)
        return checked

    def formula(self, unit: str, fact: Fact, lag: int, at: Node) -> Checked:
        """The checked formula of a derived fact, ``lag`` data years earlier."""
        key, name = (unit, fact.name, lag), f"{unit}.{fact.name}"
        if name in self.open_formulas:
            path = " → ".join([*self.open_formulas[self.open_formulas.index(name) :], name])
            raise ExpressionError("ENG-054", at.position, path=path)
        if key not in self.formulas:
            self.open_formulas.append(name)
            try:
                body = self.check_text(parse(fact.formula or ""), unit, lag=lag, formula=True)
            except ExpressionError as error:
                raise error.within(name) from None
            finally:
                self.open_formulas.pop()
            if not alike(body.type, fact.type):
                raise mismatch(at, body.type, fact.type)
            self.formulas[key] = body
        return self.formulas[key]
