"""Overlap of measures against the reference numbers of METHODS §9 (O1, O2). 演示数据"""

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lika.core import facts as registry
from lika.engine.figures.parts import FigureValue
from lika.engine.figures.sums import Tables, add_up
from lika.engine.snapshots.layout import Column, fact_columns, key_columns
from lika.policy import figures
from lika.policy.packs.checking import read_pack
from lika.policy.packs.resolved import ResolvedPack
from tests.policy.conftest import FILES, WritePack, write_pack

__all__ = ["write_pack"]
# Cells 000 … 111 of O1, and the county that their households stand in.
CELLS = (56, 283, 1279, 5882, 24, 90, 429, 1957)
MEASURES = ("batch_industry", "batch_ecology", "batch_education")
COUNTY = 621223000000


@pytest.fixture
def pack(write_pack: WritePack) -> ResolvedPack:
    """The small sound pack with three measures and how they overlap."""
    return overlapping(write_pack, "")


def overlapping(write_pack: WritePack, among: str) -> ResolvedPack:
    """The same, of the households of which a condition holds."""
    criterion = (
        "- {{id: cat{n}, unit: household, zh: 第{n}批, en: Set {n}, kind: exit, group: exit, order: {n},"
        " expression: {fact}, clause: {{ref: T §1, text: 超过标准}}}}\n"
    )
    report = (
        "- {id: sets, zh: 交集, en: Overlap, clause: {ref: T §1, text: 超过标准},"
        f" overlap: {{criteria: [cat0, cat1, cat2]{among}}}}}\n"
    )
    criteria = "".join(criterion.format(n=n, fact=fact) for n, fact in enumerate(MEASURES))
    files = {**FILES, "criteria/sets.yaml": criteria, "reports/sets.yaml": report}
    return read_pack(write_pack(files))


def households(folder: Path, cells: tuple[int, ...]) -> Tables:
    """A file with so many households of each combination, the sets as three yes/no columns."""
    columns: dict[str, list[object]] = {name: [] for name in ("household_id", "village", "members", *MEASURES)}
    for cell, number in enumerate(cells):
        for _each in range(number):
            columns["household_id"].append(len(columns["household_id"]))
            columns["village"].append(COUNTY + 1 + cell % 2)
            columns["members"].append(2)
            for place, name in enumerate(MEASURES):
                columns[name].append(bool(cell >> (2 - place) & 1))
    path = folder / "household.parquet"
    pq.write_table(pa.table(columns), path)
    types = {column.name: column.type for column in fact_columns(registry.schema().units["household"].values())}
    types |= {column.name: column.type for column in key_columns("household")}
    held = [Column(name, "BIGINT" if name == "household_id" else types[name]) for name in columns]
    return Tables({"household": [path]}, {"household": held})


def overlap(pack: ResolvedPack, tables: Tables) -> dict[str, FigureValue]:
    """The figures of the county."""
    made = figures.compiled_figures(pack, pack.reports[0], at=dt.date(2016, 12, 31))
    parts = [part for each in made for part in each.parts]
    at = iter(range(len(parts)))
    places = {each.item.id: [next(at) for _ in each.parts] for each in made}
    sums = add_up(parts, tables, highest=3, quotients=[(of[0], of[1]) for of in places.values() if len(of) > 1])
    return {name: sums.value(3, COUNTY, of) for name, of in places.items()}


def numbers(found: dict[str, FigureValue], *names: str) -> tuple[Fraction | None, ...]:
    return tuple(found[name].rounded(6) for name in names)


def test_the_reference_numbers(pack: ResolvedPack, tmp_path: Path):
    found = overlap(pack, households(tmp_path, CELLS))
    exact = ("none", "only_cat2", "only_cat1", "only_cat1__cat2", "only_cat0", "only_cat0__cat2", "only_cat0__cat1",
             "only_cat0__cat1__cat2")  # fmt: skip
    assert numbers(found, *exact) == CELLS
    assert numbers(found, "in_cat0", "in_cat1", "in_cat2", "all_together") == (2500, 9547, 8212, 20259)
    assert numbers(found, "both_cat0__cat1", "both_cat0__cat2", "both_cat1__cat2") == (2386, 2047, 7839)
    assert numbers(found, "union", "union_people") == (9944, 19888)
    assert found["per_covered"].value.low == Fraction(20259, 9944)  # type: ignore[union-attr]
    assert numbers(found, "per_covered") == (Fraction("2.037309"),)


def test_one_unknown_set_leaves_open_only_what_needs_it(pack: ResolvedPack, tmp_path: Path):
    tables = households(tmp_path, (1, 0, 0, 0, 1, 0, 0, 0))
    path = tables.files["household"][0]
    table = pq.read_table(path)
    unknown = pa.array([None, None], pa.bool_())
    pq.write_table(table.set_column(table.schema.get_field_index(MEASURES[1]), MEASURES[1], unknown), path)
    found = overlap(pack, tables)
    # The one household is in the first set whatever the second is; the other may be in the second.
    assert numbers(found, "in_cat0", "in_cat2", "union", "only_cat0") == (1, 0, None, None)
    union, only = found["union"], found["only_cat0"]
    assert (union.numerator.low, union.numerator.high, union.undecided(["household"])) == (1, 2, {"household": 1})
    assert (only.numerator.low, only.numerator.high, only.undecided(["household"])) == (0, 1, {"household": 1})
    # The one household that is undecided leaves open both how many are reached and by how many measures.
    assert found["per_covered"].undecided(["household", "household"]) == {"household": 2}


def test_an_overlap_is_of_the_households_that_it_is_about(write_pack: WritePack, tmp_path: Path):
    # Those in no set at all have one member in the file, the others two.
    tables = households(tmp_path, (3, 0, 0, 2, 5, 0, 0, 0))
    path = tables.files["household"][0]
    table = pq.read_table(path)
    members = pa.array([1, 1, 1, 2, 2, 2, 2, 2, None, 2], table.schema.field("members").type)
    pq.write_table(table.set_column(table.schema.get_field_index("members"), "members", members), path)
    found = overlap(overlapping(write_pack, ", among: members > 1"), tables)
    asked = ("none", "union", "in_cat0", "in_cat1", "both_cat1__cat2", "only_cat0")
    assert numbers(found, *asked) == (0, None, None, 2, 2, None)
    # Whether the silent household is among them, nobody knows: it may be one more wherever it is in a set.
    assert {name: found[name].undecided(["household"]) for name in asked} == {
        "none": {}, "union": {"household": 1}, "in_cat0": {"household": 1}, "in_cat1": {}, "both_cat1__cat2": {},
        "only_cat0": {"household": 1},
    }  # fmt: skip
