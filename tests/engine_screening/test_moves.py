"""Households of two snapshots joined by their id: who moved, came and went, and what nobody knows. 演示数据"""

from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from lika.engine.figures.moves import ABSENT, moves_between
from lika.engine.figures.parts import Added

CODES = ("none", "poor", "exited", "removed")
FIRST, SECOND, COUNTY = 621223100201, 621223100203, 621223000000
Row = tuple[int, int, str | None, int | None]  # number, village, code, members


def written(folder: Path, name: str, rows: list[Row]) -> Path:
    path = folder / name
    columns = {
        "household_id": pa.array([UUID(int=number).bytes for number, *_ in rows], pa.uuid().storage_type).cast(
            pa.binary(16)
        ),
        "village": pa.array([row[1] for row in rows], pa.int64()),
        "poverty": pa.array([row[2] for row in rows], pa.string()),
        "members": pa.array([row[3] for row in rows], pa.int32()),
    }
    pq.write_table(pa.table(columns), path)
    return path


def added(low: int | None, units: int, *, undecided: int = 0, high: int | None = None) -> Added:
    ends = (None, None) if low is None else (Fraction(low), Fraction(low if high is None else high))
    return Added(units, undecided, *ends)


def test_who_moved_came_and_went(tmp_path: Path) -> None:
    before = written(tmp_path, "b.parquet", [(1, FIRST, "poor", 3), (2, FIRST, "poor", 2), (3, SECOND, "exited", 5)])
    after = written(tmp_path, "a.parquet", [(1, FIRST, "exited", 4), (2, SECOND, "poor", 2), (4, SECOND, "poor", 7)])
    found = moves_between([before], [after], "poverty", CODES, "members", highest=3)
    assert found.divisions == {3: (COUNTY,), 4: (621223100000,), 5: (FIRST, SECOND)}
    # People as they are now; of those who went, as they were. A household that moved house counts where it stands now.
    assert {
        move: (found.households(COUNTY, move).low, found.people(COUNTY, move).low)
        for move in (("poor", "exited"), ("poor", "poor"), (ABSENT, "poor"), ("exited", ABSENT), ("poor", ABSENT))
    } == {
        ("poor", "exited"): (1, 4), ("poor", "poor"): (1, 2), (ABSENT, "poor"): (1, 7), ("exited", ABSENT): (1, 5),
        ("poor", ABSENT): (0, 0),
    }  # fmt: skip
    assert found.households(FIRST, ("poor", "poor")) == added(0, 1)
    assert found.households(SECOND, ("poor", "poor")) == added(1, 3)


def test_what_nobody_knows_leaves_open_what_it_may_be(tmp_path: Path) -> None:
    before = written(tmp_path, "b.parquet", [(1, FIRST, None, 3), (2, FIRST, "poor", 2), (3, FIRST, "poor", None)])
    after = written(tmp_path, "a.parquet", [(1, FIRST, "exited", 3), (2, FIRST, "exited", 2), (3, FIRST, "poor", None)])
    found = moves_between([before], [after], "poverty", CODES, "members", highest=5)
    assert found.households(FIRST, ("poor", "exited")) == added(1, 3, undecided=1, high=2)
    assert found.people(FIRST, ("poor", "exited")) == added(2, 3, undecided=1, high=5)
    assert found.households(FIRST, ("none", "exited")) == added(0, 3, undecided=1, high=1)
    assert found.households(FIRST, ("poor", "poor")) == added(1, 3)
    assert found.people(FIRST, ("poor", "poor")) == added(None, 3, undecided=1)
    # It was on record before, so it did not come.
    assert found.households(FIRST, (ABSENT, "exited")) == added(0, 3)


def test_a_code_that_the_list_does_not_have_says_nothing_and_is_not_lost(tmp_path: Path) -> None:
    before = written(tmp_path, "b.parquet", [(1, FIRST, "of old", 3), (2, FIRST, "poor", 2)])
    after = written(tmp_path, "a.parquet", [(1, FIRST, "exited", 3), (2, FIRST, "it's", 2)])
    found = moves_between([before], [after], "poverty", CODES, "members", highest=5)
    assert found.households(FIRST, ("poor", "exited")) == added(0, 2, undecided=2, high=2)
    assert found.people(FIRST, ("none", "exited")) == added(0, 2, undecided=1, high=3)
    assert found.households(FIRST, (ABSENT, "exited")) == added(0, 2)
