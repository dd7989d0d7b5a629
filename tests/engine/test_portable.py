"""What runs on DuckDB can be said in Spark's SQL too: only portable expressions are used."""

import ibis
import pytest
from ibis.backends.sql.compilers.pyspark import compiler

from lika.engine.duck.emit import data_type
from lika.engine.duck.frames import Frames
from lika.engine.duck.population import tables_of
from lika.engine.duck.run import values_table
from lika.engine.duck.sources import Source
from lika.engine.lowering.cells import Cells
from lika.engine.lowering.lower import Lowering
from lika.engine.schema import UNIT_NAMES
from tests.engine.world import SCHEMA, checked
from tests.spec.contents import CHAPTERS
from tests.spec.tables import Section, read_answers, read_population

SECTIONS = [
    pytest.param(section, id=f"{chapter.name}-{number}")
    for chapter in CHAPTERS
    for number, section in enumerate(chapter.sections, 1)
]


@pytest.mark.parametrize("section", SECTIONS)
def test_the_golden_expressions_compile_for_spark(section: Section) -> None:
    made = tables_of(list(read_population(section).values()), SCHEMA)
    schemas = {unit: ibis.Schema.from_pyarrow(table.schema) for unit, table in made.items() if unit in UNIT_NAMES}
    sources = {unit: Source(unit, ibis.table(schema, name=unit)) for unit, schema in schemas.items()}
    expressions = [checked(text, section.unit) for text in read_answers(section)[0]]
    frames = Frames(sources, section.reference_date, on_duckdb=False)
    table, _ = values_table(frames, section.unit, expressions, Lowering())
    sql = compiler.to_sqlglot(table).sql(dialect="spark")
    assert sql.startswith("SELECT")
    assert "HUGEINT" not in sql


def test_integers_are_narrow_while_they_fit() -> None:
    cells = Cells()
    narrow, wide = (cells.stored(f"digits{digits}", "int", 0, digits) for digits in (18, 19))
    assert (str(data_type(narrow)), str(data_type(wide))) == ("int64", "decimal(38, 0)")
    assert str(data_type(cells.add([narrow, cells.integer(1)]))) == "decimal(38, 0)"
