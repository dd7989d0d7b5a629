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
class Step:
    """Columns to add, and those at hand that are still read after it: all others can be dropped."""

    adds: list[Cell]
    keeps: list[Cell]


@dataclass(frozen=True)
class Stages:
    """``inputs`` are the columns to begin with; each of ``steps`` adds columns that may use all it was left."""

    inputs: list[Cell]
    steps: list[Step]


@dataclass(frozen=True)
class Parted:
    """What a unit's cells gather from lower units, and the cells that are worked out before that is joined."""

    gathers: list[Cell]
    own: list[Cell]


def part(roots: Sequence[Cell]) -> Parted:
    """Part the cells below ``roots``: a join is the dearer the more columns it carries, and most need no gather."""
    gathers: list[Cell] = []
    rest_on_gathers: set[int] = set()
    own = {id(root): root for root in roots}
    for cell in below(roots):
        if cell.operator == "gather":
            gathers.append(cell)
        elif not any(id(operand) in rest_on_gathers for operand in cell.operands):
            continue
        else:
            own |= {id(operand): operand for operand in cell.operands}
        rest_on_gathers.add(id(cell))
    if not gathers:
        return Parted([], list(roots))
    apart = [cell for cell in own.values() if id(cell) not in rest_on_gathers]
    # Constants cost nothing where they are used.
    return Parted(gathers, [cell for cell in apart if cell.operands or cell.operator == "stored"])


def arrange(roots: Sequence[Cell], given: Sequence[Cell] = ()) -> Stages:
    """Arrange all cells that ``roots`` need, beginning with stored columns and the ``given`` cells.

    The roots themselves become columns; no other column is left at the end.
    """
    inputs: dict[int, Cell] = {id(cell): cell for cell in given}
    cells = list(below(roots, inputs))
    inputs |= {id(cell): cell for cell in cells if cell.operator == "stored"}
    uses: Counter[int] = Counter(id(root) for root in roots)
    for cell in cells:
        if id(cell) not in inputs:
            weight = 2 if cell.operator in _REPEATING else 1
            uses.update({id(operand): weight for operand in cell.operands})
    wanted = {id(root) for root in roots}
    steps: list[list[Cell]] = []
    level = dict.fromkeys(inputs, 0)
    height = dict.fromkeys(inputs, 0)
    for cell in cells:
        if id(cell) in inputs:
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
    return Stages(list(inputs.values()), _with_what_is_kept(list(inputs.values()), steps, roots))


def _with_what_is_kept(inputs: Sequence[Cell], added: Sequence[list[Cell]], roots: Sequence[Cell]) -> list[Step]:
    """The steps, each with the columns that later ones or the result still read."""
    at_hand = [list(inputs)]
    for adds in added:
        at_hand.append(at_hand[-1] + adds)
    read = {id(root) for root in roots}
    steps: list[Step] = []
    for adds, before in reversed(list(zip(added, at_hand[:-1], strict=True))):
        steps.append(Step(adds, [cell for cell in before if id(cell) in read]))
        read |= _read_by(adds, {id(cell) for cell in before})
    return steps[::-1]


def _read_by(cells: Sequence[Cell], columns: set[int]) -> set[int]:
    """The columns that the expressions of the cells read."""
    read: set[int] = set()
    stack = [operand for cell in cells for operand in cell.operands]
    while stack:
        cell = stack.pop()
        if id(cell) in columns:
            read.add(id(cell))
        else:
            stack.extend(cell.operands)
    return read
