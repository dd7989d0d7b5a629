"""Figures of generated townships are, in every division, what the reference engine makes of the units there."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lika.engine import reference
from lika.engine.checker import check
from lika.engine.criteria import Checked
from lika.engine.duck.population import tables_of
from lika.engine.figures.parts import ADDED_UNITS, TOP, Added, Part, part_of
from lika.engine.figures.sums import Sums, Tables, add_up
from lika.engine.nodes import Call, Name, Node
from lika.engine.parser import parse
from lika.engine.population import UnitRow
from lika.engine.reference import Evaluation
from lika.engine.snapshots.layout import Column
from tests.engine.world import CRITERIA, PARAMETERS, SCHEMA
from tests.generative.expressions import expressions
from tests.generative.populations import REFERENCE_DATES, SUPPLIED, units
from tests.generative.test_engines_agree import checked_or_none

TOWNSHIP, VILLAGE = 4, 5


@st.composite
def texts(draw: st.DrawFn) -> Node:
    """A count or sum over a unit that is added up."""
    unit = draw(st.sampled_from(ADDED_UNITS))
    if draw(st.integers(0, 9)) == 0:
        return Call("count", (Name(unit),))
    wanted = draw(st.booleans())
    body = draw(expressions(unit, only_truth=wanted, depth=2))
    if wanted:
        return Call("count", (Name(unit), body))
    inner = checked_or_none(body, unit)
    return Call("sum" if inner and inner.type.kind in ("integer", "decimal") else "count", (Name(unit), body))


def kept(trees: Sequence[Node]) -> list[Part]:
    """The parts that hold: a body that is neither truth nor number is none."""
    found = []
    for tree in trees:
        body = tree.arguments[1:] if isinstance(tree, Call) else ()
        inner = [checked_or_none(each, tree.arguments[0].name) for each in body]  # type: ignore[attr-defined]
        truth = not inner or (inner[0] is not None and inner[0].type.kind in ("boolean", "integer", "decimal"))
        if truth and (whole := checked_or_none(tree, TOP)) is not None:
            part = part_of(whole)
            assert part is not None
            found.append(part)
    return found


def summed(parts: Sequence[Part], rows: Sequence[UnitRow], day: date | None) -> Sums:
    """What the engine makes of the files of some townships."""
    with TemporaryDirectory() as folder, duckdb.connect() as session:
        files, columns = {}, {}
        for unit, table in tables_of(rows, SCHEMA).items():
            if unit in ADDED_UNITS:
                path = Path(folder) / f"{unit}.parquet"
                pq.write_table(table, path)
                files[unit] = [path]
                held = session.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
                columns[unit] = [Column(name, type_) for name, type_, *_ in held]
        pairs = [(above, below) for above in range(len(parts)) for below in range(len(parts)) if above != below]
        return add_up(parts, Tables(files, columns), highest=TOWNSHIP, reference_date=day, quotients=pairs)


def divisions(rows: Sequence[UnitRow]) -> Iterator[tuple[int, int, UnitRow]]:
    """The townships and villages with their level and the code that their files give them."""
    for index, township in enumerate(rows):
        code = 10**11 + index * 1000
        villages = township.children.get("village", ())
        if villages:
            yield TOWNSHIP, code, township
        for place, village in enumerate(villages, 1):
            yield VILLAGE, code + place, UnitRow("township", {}, {"village": (village,)})


def by_reference(part: Part, row: UnitRow, day: date | None) -> Added:
    """A part of one division, worked unit by unit."""
    run = Evaluation(day)
    whole = run.value(part.checked.root, row)
    below = row.below(part.unit)
    values = [] if part.body is None else [run.value(part.body.root, unit) for unit in below]
    undecided = sum(not reference.is_single(value) for value in values)
    ends = (None, None) if whole is None else (whole.low, whole.high)
    return Added(len(below), undecided, *ends)


def undecided(part: Part, row: UnitRow, day: date | None) -> set[int]:
    """The units, by their place, of which the part is not one value."""
    run = Evaluation(day)
    values = [] if part.body is None else [run.value(part.body.root, unit) for unit in row.below(part.unit)]
    return {place for place, value in enumerate(values) if not reference.is_single(value)}


@given(data=st.data(), supplied=SUPPLIED, day=REFERENCE_DATES)
def test_figures_are_those_of_the_reference(data: st.DataObject, supplied: frozenset[str], day: date | None) -> None:
    rows = data.draw(st.lists(units("township", supplied), min_size=1, max_size=3))
    parts = kept(data.draw(st.lists(texts(), min_size=4, max_size=8)))
    found = summed(parts, rows, day)
    known = list(divisions(rows))
    assert {(level, code) for level, codes in found.divisions.items() for code in codes} == {
        (level, code) for level, code, _ in known
    }
    for level, code, row in known:
        for place, part in enumerate(parts):
            assert found.of(level, code, place) == by_reference(part, row, day), part.checked.text
        for above, below in combinations(range(len(parts)), 2):
            both = undecided(parts[above], row, day) & undecided(parts[below], row, day)
            same = parts[above].unit == parts[below].unit
            assert found.value(level, code, (above, below)).shared == (len(both) if same else 0)


def whole(text: str) -> Checked:
    return check(parse(text), unit=TOP, schema=SCHEMA, parameters=PARAMETERS, criteria=CRITERIA)


@pytest.mark.parametrize(
    "text",
    [
        "sum(household, members) / count(household)",
        "avg(household, members)",
        "share(household, safe_water)",
        "count(township)",
        "sum_known(household, members)",
        "sum(household, members) + 1",
        "1",
    ],
)
def test_what_cannot_be_added_up_is_no_part(text: str) -> None:
    assert part_of(whole(text)) is None


def test_a_quotient_is_that_of_the_sums_and_never_the_mean_of_quotients() -> None:
    def village(members: Sequence[int | None]) -> UnitRow:
        households = tuple(
            UnitRow("household", {"members": None if number is None else reference.Fraction(number)})
            for number in members
        )
        return UnitRow("village", {}, {"household": households})

    rows = [
        UnitRow("township", {}, {"village": (village([2, 2]), village([8]))}),
        UnitRow("township", {}, {"village": (village([1, None]), village([]))}),
    ]
    parts = [part for text in ("sum(household, members)", "count(household)") if (part := part_of(whole(text)))]
    found = summed(parts, rows, None)
    answers = {
        (level, code): found.value(level, code, (0, 1)) for level, codes in found.divisions.items() for code in codes
    }
    first, second = 10**11, 10**11 + 1000
    assert {place: (figure.rounded(2), figure.undecided(["household"] * 2)) for place, figure in answers.items()} == {
        (VILLAGE, first + 1): (2, {}),
        (VILLAGE, first + 2): (8, {}),
        (TOWNSHIP, first): (4, {}),  # 12 people in 3 households; the mean of 2 and 8 would be 5
        (VILLAGE, second + 1): (None, {"household": 1}),
        (VILLAGE, second + 2): (None, {}),  # nobody there to divide by
        (TOWNSHIP, second): (None, {"household": 1}),
    }
