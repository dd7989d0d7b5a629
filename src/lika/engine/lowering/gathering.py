"""Aggregates over a lower unit, as cells of the upper unit.

An empty group: count 0, any not met, all met, everything else null.
"""

from __future__ import annotations

from typing import cast

from lika.engine.lowering.cells import Cell, Cells
from lika.engine.lowering.ratios import Ratio
from lika.engine.lowering.spans import Span, Spans, exactly


def gathered(spans: Spans, unit: str, function: str, body: Span | Cell | None, known: Cell | None) -> Span | Cell:
    """The aggregate ``function`` over the rows of ``unit``.

    ``body`` is the translation of what is aggregated (None for a plain count of rows); ``known`` says whether the body
    has one known value, and is given for ``sum_known`` and ``known_share``.
    """
    cells = spans.cells
    rows = cells.gather(unit, "rows", None)
    if body is None:
        return exactly(Ratio(rows))
    if known is not None:
        return _of_the_known(spans, unit, function, body, known)
    if function in ("count", "share", "any", "all"):
        return _of_condition(spans, unit, function, cast(Cell, body))
    if isinstance(body, Span):
        return _of_numbers(spans, unit, function, body)
    complete = _complete(cells, unit, body)
    return cells.cases([(complete, cells.gather(unit, function, body, body.kind))])


def _of_condition(spans: Spans, unit: str, function: str, body: Cell) -> Span | Cell:
    cells = spans.cells
    if function in ("any", "all"):
        # Kleene over the rows: one row decides, else one unknown row leaves it open.
        decided = cells.some(unit, body if function == "any" else cells.opposite(body))
        answer = cells.truth(function == "any")
        unsure = _some_unknown(cells, unit, body)
        return cells.cases([(decided, answer), (unsure, cells.truth(None))], cells.opposite(answer))
    certain = cells.gather(unit, "certain", body)
    possible = cells.gather(unit, "possible", body) if body.nullable else certain
    low = Ratio(certain)
    count = exactly(low) if possible is certain else Span(low, Ratio(possible))
    return count if function == "count" else spans.divide(count, exactly(Ratio(cells.gather(unit, "rows", None))))


def _of_the_known(spans: Spans, unit: str, function: str, body: Span | Cell, known: Cell) -> Span:
    cells = spans.cells
    rows = cells.gather(unit, "rows", None)
    if function == "known_share":
        return spans.divide(exactly(Ratio(cells.gather(unit, "certain", known))), exactly(Ratio(rows)))
    number = cast(Span, body).low
    total = cells.gather(unit, "sum", cells.cases([(known, number.number)]))
    some = cells.cases([(cells.known(total), total)], cells.integer(0))
    present = cells.compare(">", rows, cells.integer(0))
    return exactly(Ratio(cells.cases([(present, some)]), number.places, number.divisor))


def _of_numbers(spans: Spans, unit: str, function: str, body: Span) -> Span:
    cells = spans.cells
    complete = _complete(cells, unit, body.low.number)

    def end(ratio: Ratio) -> Ratio:
        total = cells.gather(unit, "sum" if function == "avg" else function, ratio.number)
        return Ratio(cells.cases([(complete, total)]), ratio.places, ratio.divisor)

    low = end(body.low)
    result = exactly(low) if body.single else Span(low, end(body.high))
    if function != "avg":
        return result
    return spans.divide(result, exactly(Ratio(cells.gather(unit, "rows", None))))


def _complete(cells: Cells, unit: str, body: Cell) -> Cell:
    """Whether there are rows and the body is known in all of them."""
    rows = cells.gather(unit, "rows", None)
    present = cells.compare(">", rows, cells.integer(0))
    return cells.both(present, cells.opposite(_some_unknown(cells, unit, body)))


def _some_unknown(cells: Cells, unit: str, body: Cell) -> Cell:
    if not body.nullable:
        return cells.truth(False)
    return cells.some(unit, cells.opposite(cells.known(body)))
