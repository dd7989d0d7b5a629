"""Every golden table holds on both engines, and the manual is what the tables say."""

from datetime import date

import pytest

from lika.engine import duck, reference
from lika.engine.errors import ExpressionError
from tests.engine.world import checked
from tests.spec.contents import CHAPTERS
from tests.spec.tables import Refusals, Section, read_answers, read_population, read_table

SECTIONS = [
    pytest.param(section, id=f"{chapter.name}-{number}")
    for chapter in CHAPTERS
    for number, section in enumerate(chapter.sections, 1)
]
REFUSALS = [
    pytest.param(group, id=f"{chapter.name}-{number}")
    for chapter in CHAPTERS
    for number, group in enumerate(chapter.refusals, 1)
]
DAY = date(2016, 12, 31)


@pytest.mark.parametrize("engine", ["reference", "duckdb"])
@pytest.mark.parametrize("section", SECTIONS)
def test_answers(section: Section, engine: str) -> None:
    texts, ids, expected = read_answers(section)
    units = read_population(section)
    expressions = [checked(text, section.unit) for text in texts]
    rows = [units[row_id] for row_id in ids]
    day = section.reference_date or DAY
    if engine == "duckdb":
        found = duck.evaluate_rows(expressions, rows, reference_date=day)
    else:
        found = [[reference.evaluate(one, row, reference_date=day) for one in expressions] for row in rows]
    assert found == expected


@pytest.mark.parametrize("group", REFUSALS)
def test_refusals(group: Refusals) -> None:
    _, rows = read_table(group.refusals)
    for text, code, column in rows:
        with pytest.raises(ExpressionError) as caught:
            checked(text, group.unit)
        assert (caught.value.code, caught.value.line, caught.value.column) == (code, 1, int(column)), text
