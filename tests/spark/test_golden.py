"""The golden tables and generated expressions hold on Spark as on the other two engines."""

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lika.engine import reference
from lika.engine.formatter import format_node
from lika.engine.spark.facts import evaluate_rows
from tests.engine.world import checked
from tests.generative.expressions import expressions
from tests.generative.populations import REFERENCE_DATES, SUPPLIED, units
from tests.generative.test_engines_agree import checked_or_none
from tests.spec.tables import Section, read_answers, read_population
from tests.spec.test_spec import DAY, SECTIONS

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.mark.parametrize("section", SECTIONS)
def test_answers(spark: "SparkSession", section: Section) -> None:
    texts, ids, expected = read_answers(section)
    population = read_population(section)
    found = evaluate_rows(
        spark,
        [checked(text, section.unit) for text in texts],
        [population[row_id] for row_id in ids],
        reference_date=section.reference_date or DAY,
    )
    assert found == expected


@pytest.mark.generative
@pytest.mark.parametrize("unit", ["person", "household", "village", "township"])
@given(data=st.data(), supplied=SUPPLIED, day=REFERENCE_DATES)
@settings(max_examples=2)  # each is a job of two dozen columns
def test_generated_expressions_give_the_same_as_columns_of_one_job(
    spark: "SparkSession", unit: str, data: st.DataObject, supplied: frozenset[str], day: date | None
) -> None:
    trees = data.draw(st.lists(expressions(unit), min_size=20, max_size=24))
    rows = data.draw(st.lists(units(unit, supplied), min_size=2, max_size=6))
    kept = [one for tree in trees if (one := checked_or_none(tree, unit)) is not None]
    assert kept
    expected = [[reference.evaluate(one, row, reference_date=day) for one in kept] for row in rows]
    for row_found, row_wanted in zip(evaluate_rows(spark, kept, rows, reference_date=day), expected, strict=True):
        for one, value, want in zip(kept, row_found, row_wanted, strict=True):
            assert value == want, f"{format_node(one.root.source)}: {value} != {want}"
