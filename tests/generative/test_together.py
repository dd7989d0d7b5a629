"""Units whose queries share what they gather of households get the verdicts that each gets by itself."""

from typing import Any

import ibis
from hypothesis import given
from hypothesis import strategies as st

from lika.engine import duck
from lika.engine.checker import compile_set
from lika.engine.criteria import Criterion
from lika.engine.duck.population import tables_of
from lika.engine.duck.sources import Source
from lika.engine.duck.together import together
from lika.engine.formatter import format_node
from tests.engine.world import CRITERIA, PARAMETERS, SCHEMA
from tests.generative.expressions import expressions
from tests.generative.populations import REFERENCE_DATES, SUPPLIED, units
from tests.generative.test_engines_agree import checked_or_none

ABOVE = ("village", "township")


def rows_in_order(table: Any) -> list[dict[str, Any]]:
    return sorted(table.to_pylist(), key=lambda row: next(iter(row.values())))


@given(data=st.data(), supplied=SUPPLIED, day=REFERENCE_DATES)
def test_shared_gathering_changes_no_verdict(data: st.DataObject, supplied: frozenset[str], day: Any) -> None:
    own = []
    for unit in ("household", *ABOVE):
        trees = data.draw(st.lists(expressions(unit, only_truth=True), min_size=2, max_size=6))
        texts = [format_node(tree) for tree in trees if checked_or_none(tree, unit) is not None]
        own += [Criterion(f"{unit}_{place}", unit, unit, unit, text) for place, text in enumerate(texts)]
    criteria = compile_set([*CRITERIA.values(), *own], SCHEMA, PARAMETERS)
    rows = data.draw(st.lists(units("township", supplied), min_size=1, max_size=3))
    backend = ibis.duckdb.connect()
    try:
        tables = {name: backend.create_table(name, table) for name, table in tables_of(rows, SCHEMA).items()}
        asked = [unit for unit in ("household", *ABOVE) if criteria.of_unit(unit)]
        sources = {name: Source(name, table) for name, table in tables.items()}
        found = together(criteria, asked, sources, backend, kept="kept", reference_date=day)
        households = backend.con.sql(found.texts["household"]).to_arrow_table()
        backend.con.register("kept", households.select(found.carried))
        backend.drop_table("household")  # the units above have what they need
        shared = {unit: backend.con.sql(found.texts[unit]).to_arrow_table() for unit in asked[1:]}
        backend.create_table("household", tables_of(rows, SCHEMA)["household"])
        for unit in asked:
            table = households if unit == "household" else shared[unit]
            alone = duck.run(criteria, unit, tables, connection=backend, reference_date=day).to_pyarrow()
            assert rows_in_order(table.select(alone.column_names)) == rows_in_order(alone)
    finally:
        backend.disconnect()
