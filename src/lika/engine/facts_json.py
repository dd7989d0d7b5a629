"""Reads a facts document: one unit with the units below it, as JSON or as the mapping that JSON gives.

``{"household": {"income": 24624.90, "previous": [{"income": 20000}]}, "person": [{"age": 7}, {"age": null}],
"reference_date": "2016-12-31"}``. The one object names the unit; lists hold lower units, at the top level or inside the
unit they belong to. Facts go by English name or Chinese label. null and NaN are unknown, and so is a fact not given,
but a derived fact whose value is not given in its row is worked by its formula.
``[]`` is an empty group; a list that an expression reads must be given. ``previous`` holds earlier data years, last
year first; ``id`` names a row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from lika.engine.criteria import Checked
from lika.engine.errors import FactsError, nearest_names
from lika.engine.fact_values import TooLong, read_date, read_value
from lika.engine.facts_lists import refuse_missing_lists
from lika.engine.messages import Words, enumerated
from lika.engine.population import UnitRow, Value
from lika.engine.schema import UNIT_NAMES, UNITS, Schema, column_name, find_unit, rank, unit_words
from lika.engine.typed import Aggregate, walk

#: Python refuses to read much longer whole numbers; no fact has so many digits.
_LONGEST_NUMBER = 1000


@dataclass(frozen=True)
class FactsDocument:
    """A checked document. ``unplaced`` are pairs (upper, lower) of units whose rows stand side by side, so that nothing
    says which lower row belongs to which upper one. ``complete`` says that what lists no lower units has none: so it is
    with the rows of a register, not with what people write."""

    root: UnitRow
    reference_date: date | None
    unplaced: frozenset[tuple[str, str]] = frozenset()
    complete: bool = False

    def refuse_unfit(self, checked: Checked) -> None:
        """Raise ``FactsError`` where the document cannot answer the expression: another unit (ENG-079), rows not placed
        (ENG-078), a list of lower units that is read but not given (ENG-086)."""
        if checked.unit != self.root.unit:
            raise FactsError("ENG-079", self.root.unit, found=unit_words(self.root.unit), unit=unit_words(checked.unit))
        for upper, lower in sorted(_aggregated(checked) & self.unplaced if self.unplaced else ()):
            raise FactsError("ENG-078", lower, upper=unit_words(upper), lower=unit_words(lower))
        if not self.complete:
            refuse_missing_lists(checked, self.root)


#: What may be handed to an engine as the facts of one unit.
Facts = FactsDocument | UnitRow | Mapping[str, Any]


def as_document(facts: Facts, schema: Schema) -> FactsDocument:
    """The facts as a checked document."""
    if isinstance(facts, FactsDocument):
        return facts
    return FactsDocument(facts, None, complete=True) if isinstance(facts, UnitRow) else read_facts(facts, schema)


def load_facts(text: str | bytes, schema: Schema) -> FactsDocument:
    """Read JSON text, numbers digit by digit as decimals. Raises ``FactsError`` or ``json.JSONDecodeError``."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise FactsError("ENG-087", "", position=error.start + 1) from None
    try:
        document = json.loads(
            text,
            parse_int=_whole_number,
            parse_float=_decimal_number,
            parse_constant=lambda _: None,
            object_pairs_hook=_refuse_double_keys,
        )
    except RecursionError:
        raise FactsError("ENG-088", "") from None
    return read_facts(document, schema)


def _whole_number(text: str) -> int | TooLong:
    return int(text) if len(text) <= _LONGEST_NUMBER else TooLong(text)


def _decimal_number(text: str) -> Decimal | TooLong:
    try:
        return Decimal(text)
    except InvalidOperation:
        # The exponent itself is beyond all bounds.
        return TooLong(text)


def _refuse_double_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; of two values under one key JSON readers would silently keep the second."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FactsError("ENG-085", key)
        found[key] = value
    return found


def read_facts(document: Any, schema: Schema) -> FactsDocument:
    """Check a document against ``schema``. Raises ``FactsError`` with the path of the first fault."""
    if not isinstance(document, Mapping):
        raise FactsError("ENG-070", "", expected='{"household": {…}, "person": [{…}]}')
    entries = dict(document)
    reference_date = read_date(entries.pop("reference_date", None), "reference_date")
    for word in entries:
        _unit_name(word)
    roots = [word for word, value in entries.items() if isinstance(value, Mapping)]
    if not roots:
        _refuse_non_units(entries)
    if len(roots) != 1:
        raise FactsError("ENG-074", "", found=enumerated(roots))
    (root,) = roots
    body = dict(entries.pop(root))
    body |= _not_twice(body, {word: _rows(rows, word) for word, rows in entries.items()}, root)
    reader = _Reader(schema)
    row = reader.row(_unit_name(root), body, root)
    return FactsDocument(row, reference_date, frozenset(reader.unplaced))


def _refuse_non_units(entries: Mapping[str, Any]) -> None:
    for word, value in entries.items():
        if not isinstance(value, list | tuple):
            expected = Words("该单位的指标，如 {…}", "an object with the facts of the unit, such as {…},")
            raise FactsError("ENG-070", word, expected=expected)


def _unit_name(word: str) -> str:
    unit = find_unit(word)
    if unit is None:
        known = [name for unit in UNITS for name in (unit.name, unit.zh)]
        raise FactsError("ENG-075", word, name=word, nearest=nearest_names(word, known))
    return unit.name


def _rows(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise FactsError("ENG-070", path, expected=Words("名单，如 [{…}, …]", "a list such as [{…}, …]"))
    return list(value)


def _aggregated(checked: Checked) -> frozenset[tuple[str, str]]:
    """Pairs (upper, lower) of units that the expression aggregates over, also through what it refers to."""
    pairs: set[tuple[str, str]] = set()
    pending = [(checked.unit, checked.root)]
    while pending:
        unit, root = pending.pop()
        for term in walk(root):
            if isinstance(term, Aggregate):
                pairs.add((unit, term.unit))
        pending += [
            (term.unit, term.body) for term in walk(root) if isinstance(term, Aggregate) and term.body is not None
        ]
    return frozenset(pairs).union(*(_aggregated(below) for below in checked.definitions))


def _not_twice(known: Mapping[str, Any], more: dict[str, Any], path: str) -> dict[str, Any]:
    """``more``, refused where its name is known already: a label and an English name may mean the same."""
    if not known.keys().isdisjoint(more):
        raise FactsError("ENG-085", path)
    return more


class _Reader:
    """Reads unit objects; remembers which rows stand side by side."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.unplaced: set[tuple[str, str]] = set()

    def row(self, unit: str, body: Any, path: str) -> UnitRow:
        if not isinstance(body, Mapping):
            raise FactsError("ENG-070", path, expected="{…}")
        facts: dict[str, Value] = {}
        children: dict[str, tuple[UnitRow, ...]] = {}
        row_id = None
        for key, value in body.items():
            below = find_unit(key)
            if key == "previous":
                for lag, year in enumerate(_rows(value, f"{path}.previous"), 1):
                    facts |= self.year(unit, year, lag, f"{path}.previous[{lag - 1}]")
            elif key == "id" and self.schema.fact(unit, "id") is None:
                row_id = str(value)
            elif below is not None and (isinstance(value, list | tuple) or self.schema.fact(unit, key) is None):
                rows = {below.name: self.rows(unit, below.name, _rows(value, f"{path}.{key}"), f"{path}.{key}")}
                children |= _not_twice(children, rows, f"{path}.{key}")
            else:
                facts |= _not_twice(facts, self.year(unit, {key: value}, 0, path), f"{path}.{key}")
        kinds = [kind for kind in reversed(UNIT_NAMES) if children.get(kind)]
        self.unplaced |= {(upper, lower) for upper in kinds for lower in kinds if rank(lower) < rank(upper)}
        return UnitRow(unit, facts, children, row_id)

    def rows(self, upper: str, lower: str, bodies: list[Any], path: str) -> tuple[UnitRow, ...]:
        if rank(lower) >= rank(upper):
            raise FactsError("ENG-076", path, lower=unit_words(lower), upper=unit_words(upper))
        return tuple(self.row(lower, body, f"{path}[{index}]") for index, body in enumerate(bodies))

    def year(self, unit: str, body: Any, lag: int, path: str) -> dict[str, Value]:
        if not isinstance(body, Mapping):
            raise FactsError("ENG-070", path, expected="{…}")
        facts: dict[str, Value] = {}
        for word, value in body.items():
            here = f"{path}.{word}"
            fact = self.schema.fact(unit, word)
            if fact is None:
                raise FactsError(
                    "ENG-071", here, unit=unit_words(unit), name=word, nearest=self.schema.nearest(unit, word)
                )
            if lag > fact.lags:
                raise FactsError("ENG-077", here, name=fact.name, lags=fact.lags)
            column = column_name(fact.name, lag)
            facts |= _not_twice(facts, {column: read_value(fact, value, here, self.schema)}, here)
        return facts
