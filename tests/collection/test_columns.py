"""Whole columns are read as the parser of their cells reads them one by one. 演示数据"""

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lika.collection.reading.cells import CellFault, parser_of
from lika.collection.reading.columns import ColumnReader
from lika.collection.schema import SHEETS, Column, Kind

COLUMNS = [column for sheet in SHEETS for column in sheet.columns]
ODD = [
    "", " ", "\u3000", "王 小明", "王\u3000小明", "１２３", "12.50", "12.5", "-0", "007", "+5", "1e3", "1,200",
    "'=1+1", "是", "否", "01 因病", "2016-02-29", "2016年2月3日", "20160230", "42000", "621223101200",
    "６２１２２３101200", "621223", "买买提•艾力", "60岁", "13812345678", "138-1234-5678", "62122319800101001X",
    "62122319800101001x", "é", "\u2f00", "999999999999999999", "0.001", "100.005", "-3", "1.0", "x" * 300,
    "健康、残疾", "02,03",
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(ODD), st.text(max_size=12), st.from_regex(r"[0-9.\-]{1,8}", fullmatch=True))
TYPED: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "text": (pa.string(), TEXTS),
    "money": (pa.decimal128(18, 2), st.decimals(Decimal(-10**9), Decimal(10**9), places=2)),
    "fine": (pa.decimal128(18, 6), st.decimals(-200, 200, places=6)),
    "whole": (pa.int64(), st.integers(-10**6, 10**16)),
    "float": (pa.float64(), st.one_of(st.floats(allow_nan=False), st.integers(-500, 50_000).map(float))),
    "day": (pa.date32(), st.dates(dt.date(1000, 1, 1), dt.date(2200, 1, 1))),
    "moment": (pa.timestamp("us"), st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1))),
    "answer": (pa.bool_(), st.booleans()),
}  # fmt: skip


def read(column: Column, cells: Any) -> tuple[list[str | None], dict[int, tuple[str, dict[str, str]]]]:
    text, faults = ColumnReader(column).read(cells)
    return text.to_pylist(), {at: (fault.code, fault.params) for at, fault in faults.items()}


def one_by_one(column: Column, cells: list[Any]) -> tuple[list[str | None], dict[int, tuple[str, dict[str, str]]]]:
    parse, texts, faults = parser_of(column), [], {}
    for at, cell in enumerate(cells):
        try:
            texts.append(parse(cell))
        except CellFault as fault:
            texts.append(None)
            faults[at] = (fault.code, fault.params)
    return texts, faults


@pytest.mark.parametrize("kind", TYPED)
@given(data=st.data())
def test_a_column_means_what_its_cells_mean(kind: str, data: st.DataObject) -> None:
    arrow, cells = TYPED[kind]
    column = data.draw(st.sampled_from(COLUMNS), label="column")
    given_cells = data.draw(st.lists(st.one_of(st.none(), cells), min_size=1, max_size=20), label="cells")

    assert read(column, pa.array(given_cells, arrow)) == one_by_one(column, given_cells)


@given(st.lists(st.one_of(st.none(), *(cells for _type, cells in TYPED.values())), min_size=1, max_size=20))
def test_cells_of_mixed_types_are_read_one_by_one(cells: list[Any]) -> None:
    column = Column("wage", "工资", "Wage", Kind.DECIMAL, places=2, minimum=Decimal(0), maximum=Decimal(10**9))

    text, faults = ColumnReader(column).read(cells)

    assert (text.to_pylist(), {at: (fault.code, fault.params) for at, fault in faults.items()}) == one_by_one(
        column, cells
    )


def test_a_dictionary_and_a_column_of_nothing_are_read_too() -> None:
    column = Column("name", "姓名", "Name")

    words = pa.array(["王", None, "李 四", "王"]).dictionary_encode()
    assert ColumnReader(column).read(words) == (pa.array(["王", None, "李四", "王"]), {})
    assert ColumnReader(column).read(pa.nulls(2)) == (pa.nulls(2, pa.string()), {})


def test_a_fault_is_told_again_in_the_next_block() -> None:
    reader = ColumnReader(Column("sex", "数", "Number", Kind.INTEGER, minimum=Decimal(0), maximum=Decimal(9)))

    for _block in range(2):
        text, faults = reader.read(pa.array(["1", "many", "77", "many"]))
        assert text.to_pylist() == ["1", None, None, None]
        assert {at: fault.code for at, fault in faults.items()} == {1: "COL-106", 2: "COL-107", 3: "COL-106"}
