"""In which order the cells of one unit become columns, so that no shared work is written twice into the query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lika.engine.lowering.cells import Cell, below

#: Expressions nested deeper than this become columns of their own, to keep the query's text shallow.
DEEPEST_INLINE = 8
#: Operators whose SQL repeats their operands.
_REPEATING = frozenset({"years_between"})


@dataclass(frozen=True)
class Stages:
    """``inputs`` are the columns read or gathered; each of ``steps`` adds columns that may use all earlier ones."""

    inputs: list[Cell]
    steps: list[list[Cell]]


def arrange(roots: Sequence[Cell]) -> Stages:
    """Arrange all cells that ``roots`` need; the roots themselves become columns."""
    cells = list(below(roots))
    uses: Counter[int] = Counter(id(root) for root in roots)
    for cell in cells:
        if cell.operator != "gather":
            weight = 2 if cell.operator in _REPEATING else 1
            uses.update({id(operand): weight for operand in cell.operands})
    wanted = {id(root) for root in roots}
    inputs: list[Cell] = []
    steps: list[list[Cell]] = []
    level: dict[int, int] = {}
    height: dict[int, int] = {}
    for cell in cells:
        if cell.operator in ("stored", "gather"):
            inputs.append(cell)
            level[id(cell)], height[id(cell)] = 0, 0
            continue
        operands = cell.operands
        here = max((level[id(operand)] for operand in operands), default=0)
        inline = 1 + max((height[id(operand)] for operand in operands), default=-1)
        shared = bool(operands) and uses[id(cell)] > 1
        if id(cell) in wanted or shared or inline > DEEPEST_INLINE:
            while len(steps) <= here:
                steps.append([])
            steps[here].append(cell)
            here, inline = here + 1, 0
        level[id(cell)], height[id(cell)] = here, inline
    return Stages(inputs, steps)
