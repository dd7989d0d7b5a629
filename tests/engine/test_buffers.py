"""Integers between Arrow and NumPy, and that no screening waits for pandas."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from lika.engine.buffers import column_of, numbers
from tests.engine_screening.making import rows_of, write_snapshot

SCREENING = """
import sys
from pathlib import Path
from lika.engine.screening.engines import WithDuckDB
from lika.engine.screening.run import screen
from lika.engine.snapshots.manifest import read
from tests.engine_screening.making import PLAN, checked
folder = Path(sys.argv[1])
outcome = screen(folder, read(folder), checked(), PLAN, engine=WithDuckDB(), out=folder / "out")
print(outcome.total("household"), "pandas" in sys.modules)
"""


@pytest.mark.parametrize("name", ["int8", "uint8", "int16", "int32", "int64", "uint64"])
def test_there_and_back(name: str) -> None:
    values = np.array([0, 1, 127, 5], dtype=name)
    column = pa.chunked_array([column_of(values[::2]), column_of(values[:0]), column_of(values)])
    assert column.type == getattr(pa, name)()
    found = numbers(column.slice(1, 4))
    assert (found.tolist(), found.dtype) == ([127, 0, 1, 127], np.dtype(name))


def test_nulls_become_what_is_given_for_them() -> None:
    whole = pa.array([1, None, 0, None, None, 1, 0, 1, None, 1], pa.int8())
    column = pa.chunked_array([whole.slice(1, 3), whole.slice(8)])
    assert numbers(column, null=-1).tolist() == [-1, 0, -1, -1, 1]


def test_a_null_for_which_nothing_is_given_is_refused() -> None:
    with pytest.raises(ValueError, match="null"):
        numbers(pa.chunked_array([pa.array([1, None], pa.int64())]))


def test_what_is_no_integer_is_refused() -> None:
    with pytest.raises(ValueError, match="double"):
        numbers(pa.chunked_array([pa.array([1.5])]))


def test_no_rows_give_no_numbers() -> None:
    assert numbers(pa.chunked_array([], pa.int32())).dtype == np.dtype("int32")


def test_a_screening_does_not_import_pandas(tmp_path: Path) -> None:
    rows = {unit: rows_of(unit) for unit in ("person", "household", "village", "county")}
    write_snapshot(tmp_path / "one", rows)
    told = subprocess.run(
        [sys.executable, "-c", SCREENING, str(tmp_path / "one")], check=True, stdout=subprocess.PIPE, text=True
    )
    assert told.stdout.split() == [str(len(rows["household"])), "False"]
